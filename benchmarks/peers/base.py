"""What a solver must offer to be measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems import Problem

Array = NDArray[np.float64]

DECADES = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
"""Relative tolerances that cover errors from 1e-3 to 1e-8 for most solvers."""

LOOSE = 1e-2
"""For solvers that are more accurate than asked: else none of their errors is above 1e-3."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one solve of all trajectories gave.

    Parameters
    ----------
    values : (m, t, n); NaN where a trajectory failed
    steps, rhs, factorisations : means over trajectories; None where the solver does not tell
    solver_seconds : time in the solver by its own account, over all trajectories; None likewise
    """

    values: Array
    steps: float | None = None
    rhs: float | None = None
    factorisations: float | None = None
    solver_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A solver with the problem loaded and compiled.

    Parameters
    ----------
    solve : ``solve(rtol, t_out)`` solves all trajectories from their start
    trajectories : how many one call solves; a multiple of those of the problem where a solver
        that works on many at once is given them several times over
    """

    solve: Callable[[float, Array], Outcome]
    trajectories: int


@dataclass(frozen=True, slots=True)
class Peer:
    """A solver that may be installed.

    Parameters
    ----------
    name : as on the command line and in records
    library : module whose presence tells that it is installed
    version : version text
    methods : tolerances at which each method is run
    prepare : ``prepare(problem, method)``; not timed
    """

    name: str
    library: str
    version: Callable[[], str]
    methods: Mapping[str, Sequence[float]]
    prepare: Callable[[Problem, str], Prepared]


def mean(counts: Sequence[float] | NDArray[np.generic]) -> float | None:
    """Mean of a counter over trajectories; None where there is none."""
    return float(np.mean(counts)) if len(counts) else None
