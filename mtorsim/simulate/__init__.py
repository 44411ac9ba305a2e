"""Running models: the numbers of a run, many runs at once, and their results."""
