"""Whether a state has come to rest."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.options import Status
from mtorsim.solvers.solution import EnsembleSolution, SolutionCounters

Array = NDArray[np.float64]

#: 30 years: far beyond the slowest process of a cell, s
SETTLING_TIME = 1e9
#: a settled species changes by less than this share of itself ...
RELATIVE_CHANGE = 1e-6
#: ... or of this amount (nM) ...
SMALL_AMOUNT = 1e-3
#: ... in this time, s
WATCHED_TIME = 3600.0


def is_unchanged(before: Array, after: Array) -> NDArray[np.bool_]:
    """Which states (n_trajectories, n_species) are the same; false where one is not a number."""
    allowed = RELATIVE_CHANGE * np.maximum(np.abs(before), SMALL_AMOUNT)
    unchanged: NDArray[np.bool_] = np.all(np.abs(after - before) <= allowed, axis=1)
    return unchanged


def settled(solution: EnsembleSolution, watched: EnsembleSolution) -> EnsembleSolution:
    """``solution`` with the final states that it has after being ``watched``.

    A trajectory that has moved in that time has the status max_steps.
    """
    ended = solution.status == Status.OK
    at_rest = is_unchanged(solution.final_state, watched.final_state)
    moving = np.where(watched.status == Status.INTERRUPTED, watched.status, Status.MAX_STEPS)
    counters = SolutionCounters(
        *(
            getattr(solution.counters, field.name) + getattr(watched.counters, field.name)
            for field in fields(SolutionCounters)
        )
    )
    return replace(
        solution,
        final_state=np.where(
            (ended & at_rest)[:, np.newaxis], watched.final_state, solution.final_state
        ),
        status=np.where(ended & ~at_rest, moving, solution.status).astype(np.int8),
        counters=counters,
    )
