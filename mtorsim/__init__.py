"""Mass-action models of mTOR signalling under drugs, solved for many doses at once."""

__version__ = "0.1.0"
