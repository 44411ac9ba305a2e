"""Whether a state has come to rest."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution, SolutionCounters

Array = NDArray[np.float64]

#: a way to rest need only end in the right basin; its end is exact to rounding
SETTLING_RTOL = 1e-4
#: 30 years: far beyond the slowest process of a cell, s
SETTLING_TIME = 1e9
#: a settled species changes by less than this share of itself ...
RELATIVE_CHANGE = 1e-6
#: ... or of this amount (nM) ...
SMALL_AMOUNT = 1e-3
#: ... in this time, s
WATCHED_TIME = 3600.0


def settling_options(options: SolverOptions) -> SolverOptions:
    """``options`` for the state before a run, which no tolerance of the run makes better."""
    if options.method.startswith("scipy-"):
        return options
    return replace(options, method="auto", rtol=max(options.rtol, SETTLING_RTOL))


def is_unchanged(before: Array, after: Array) -> NDArray[np.bool_]:
    """Which states (n_trajectories, n_species) are the same; false where one is not a number."""
    allowed = RELATIVE_CHANGE * np.maximum(np.abs(before), SMALL_AMOUNT)
    unchanged: NDArray[np.bool_] = np.all(np.abs(after - before) <= allowed, axis=1)
    return unchanged


def settled(solution: EnsembleSolution, watched: EnsembleSolution) -> EnsembleSolution:
    """``solution`` with the final states that it has after being ``watched``.

    One that has moved in that time, or has spent all of its steps before, is not settled.
    """
    ended = solution.status == Status.OK
    at_rest = is_unchanged(solution.final_state, watched.final_state)
    moving = np.where(watched.status == Status.INTERRUPTED, watched.status, Status.NOT_SETTLED)
    before = np.where(solution.status == Status.MAX_STEPS, Status.NOT_SETTLED, solution.status)
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
        status=np.where(ended & ~at_rest, moving, before).astype(np.int8),
        counters=counters,
    )
