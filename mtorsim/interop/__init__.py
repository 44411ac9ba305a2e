"""Models of other tools, read and written."""
