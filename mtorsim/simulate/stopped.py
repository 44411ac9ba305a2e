"""The error of a run that can not go on, with the status that its row gets in a table of many."""

from __future__ import annotations

from mtorsim.errors import SolverError
from mtorsim.solvers.options import Status


class StoppedError(SolverError):
    """A run can not go on.

    Parameters
    ----------
    message : one line that names the time
    status : how its trajectory ended
    """

    def __init__(self, message: str, status: Status) -> None:
        self.status = status
        super().__init__(message)
