"""What a solve of many trajectories returns, in arrays without names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SolutionCounters:
    """Deterministic costs per trajectory, each (n_trajectories,)."""

    steps: NDArray[np.int64]
    rejected: NDArray[np.int64]
    rhs_evaluations: NDArray[np.int64]
    factorisations: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EnsembleSolution:
    """Outputs of ``n_trajectories`` solves over the same output times.

    Parameters
    ----------
    values : (n_trajectories, n_times, n_outputs), nM; NaN from the time a trajectory failed
    final_state : (n_trajectories, n_species), nM, at ``t_reached``; NaN for a start that can not
        be used
    t_reached : (n_trajectories,), s
    status : (n_trajectories,) values of ``Status``
    counters : costs per trajectory
    method : the method that ran, ``"rodas4"`` and so on
    precision : ``"double"`` or ``"mixed"``
    lanes : width of the lane vectors that ran (1 for scalar methods)
    """

    values: Array
    final_state: Array
    t_reached: Array
    status: NDArray[np.int8]
    counters: SolutionCounters
    method: str = ""
    precision: str = "double"
    lanes: int = field(default=1)
