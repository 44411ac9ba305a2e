"""Writes, compiles and keeps the code of one network; nothing outside this package makes code."""
