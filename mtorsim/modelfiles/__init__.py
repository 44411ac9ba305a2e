"""Where models are written down: reading, composing and writing the TOML format of ``models/``."""
