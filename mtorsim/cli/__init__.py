"""The command line: thin verbs over the public names of the package."""
