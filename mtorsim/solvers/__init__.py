"""The numerics: methods as data, the driver of lanes, options, results."""
