"""Bare arrays of a sweep while it runs, and what became of each trajectory."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.options import Status
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.solvers.task import LARGEST_NUMBER

Array = NDArray[np.float64]
Counts = NDArray[np.int32]

REASONS = {
    Status.MAX_STEPS: "took all of its max_steps without reaching the end",
    Status.STEP_UNDERFLOW: "its step became too small to go on",
    Status.NON_FINITE: "a state became infinite or not a number",
    Status.BAD_INPUT: "a parameter, amount or rate constant is negative, above "
    f"{LARGEST_NUMBER:g}, or not a number",
    Status.INTERRUPTED: "interrupted before it was finished",
    Status.NOT_SETTLED: "it does not settle: it oscillates, grows without end, or is very slow",
}


@dataclass(slots=True)
class Timing:
    """Where the seconds of a run went.

    Parameters
    ----------
    compile_s : deriving, compiling or loading kernels
    equilibrate_s : steady states before the drug
    run_s : the trajectories, with putting their numbers together
    n_trajectories, n_baselines : trajectories, and states before the drug they start from
    """

    compile_s: float = 0.0
    equilibrate_s: float = 0.0
    run_s: float = 0.0
    n_trajectories: int = 0
    n_baselines: int = 0

    @property
    def us_per_trajectory(self) -> float:
        """Wall-clock µs per trajectory, compilation left out."""
        seconds = self.equilibrate_s + self.run_s
        return 1e6 * seconds / self.n_trajectories if self.n_trajectories else float("nan")


@dataclass(slots=True)
class Counters:
    """Deterministic costs per trajectory; shaped like the sweep when read from a result."""

    steps: Counts
    rejected: Counts
    rhs_evaluations: Counts
    factorisations: Counts

    @staticmethod
    def zeros(size: int) -> Counters:
        """Nothing counted yet."""
        return Counters(*(np.zeros(size, dtype=np.int32) for _ in range(4)))

    def reshaped(self, shape: tuple[int, ...]) -> Counters:
        """The same counts in another shape."""
        return Counters(**{name: getattr(self, name).reshape(shape) for name in COUNTER_NAMES})


COUNTER_NAMES = ("steps", "rejected", "rhs_evaluations", "factorisations")


@dataclass(slots=True)
class Outcome:
    """Results of all trajectories, filled block by block.

    Parameters
    ----------
    values : (m, t, q) readouts; NaN where a trajectory has not come
    status : (m,) values of ``Status``; interrupted until a trajectory has been run
    t_reached : (m,) s
    failed_before_drug : (m,) whether the state before the drug could not be reached
    drift : (m,) largest relative change of a conserved total
    """

    values: Array
    status: NDArray[np.int8]
    t_reached: Array
    failed_before_drug: NDArray[np.bool_]
    drift: Array
    counters: Counters
    timing: Timing = field(default_factory=Timing)
    method: str = ""
    precision: str = ""
    lanes: int = 0

    @staticmethod
    def empty(size: int, n_times: int, n_readouts: int) -> Outcome:
        """Nothing run yet."""
        return Outcome(
            values=np.full((size, n_times, n_readouts), np.nan),
            status=np.full(size, Status.INTERRUPTED, dtype=np.int8),
            t_reached=np.zeros(size),
            failed_before_drug=np.zeros(size, dtype=np.bool_),
            drift=np.full(size, np.nan),
            counters=Counters.zeros(size),
        )

    def put(
        self, at: NDArray[np.intp], solution: EnsembleSolution, values: Array, drift: Array
    ) -> None:
        """Take over what became of the trajectories ``at``."""
        done = solution.status == Status.OK
        self.values[at] = values
        self.t_reached[at] = solution.t_reached
        self.drift[at] = np.where(done, drift, np.nan)
        for name in COUNTER_NAMES:
            getattr(self.counters, name)[at] = getattr(solution.counters, name)
        self.method, self.precision = solution.method, solution.precision
        self.lanes = solution.lanes
        # Last, so that an interrupt in between leaves these trajectories marked as not run.
        self.status[at] = solution.status

    def is_interrupted(self, at: NDArray[np.intp]) -> bool:
        """Whether some of the trajectories ``at`` were not finished."""
        return bool((self.status[at] == Status.INTERRUPTED).any())

    def put_failed(
        self, at: NDArray[np.intp], status: NDArray[np.int8], *, before_drug: bool
    ) -> None:
        """Note trajectories that could not start."""
        self.failed_before_drug[at] = before_drug
        self.status[at] = status
