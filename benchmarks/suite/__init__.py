"""What asv follows from commit to commit; uses public names and the compiled kernel alone."""
