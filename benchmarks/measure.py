"""Errors and times of solvers on one problem, all taken in one process and in turn.

Times are processor time of the whole process, so that a busy machine or a hidden thread does not
flatter anyone; the wall clock is kept beside it. Solvers take turns, tolerance by tolerance, so
that a slow minute of the machine falls on all of them; the figure is the median over rounds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.base import Outcome, Peer, Prepared
from benchmarks.problems import Problem
from benchmarks.reference import relative_errors

Array = NDArray[np.float64]


@dataclass(slots=True)
class Case:
    """One solver at one tolerance, and what was measured of it."""

    peer: str
    method: str
    rtol: float
    prepared: Prepared
    errors: Array
    outcome: Outcome
    processor: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    with_outputs: list[float] = field(default_factory=list)
    in_solver: list[float] = field(default_factory=list)

    def record(self, problem: Problem) -> dict[str, Any]:
        """The figures, as they stand in result files."""
        return {
            "peer": self.peer,
            "method": self.method,
            "rtol": self.rtol,
            "atol": self.rtol * problem.floor,
            "error_median": float(np.median(self.errors)),
            "error_worst": float(self.errors.max()),
            "us_per_trajectory": _microseconds(self.processor),
            "us_wall": _microseconds(self.wall),
            "us_with_outputs": _microseconds(self.with_outputs),
            "us_in_solver": _microseconds(self.in_solver),
            "trajectories": problem.n_trajectories,
            "trajectories_per_call": self.prepared.trajectories,
            "failed": int(np.isinf(self.errors).sum()),
            "threads": 1,
            "rounds": len(self.processor),
            "steps": self.outcome.steps,
            "rhs": self.outcome.rhs,
            "factorisations": self.outcome.factorisations,
        }


def _microseconds(seconds: list[float]) -> float | None:
    return 1e6 * median(seconds) if seconds else None


def check_accuracy(
    peers: Iterable[Peer], problem: Problem, reference: Array
) -> tuple[list[Case], dict[str, str]]:
    """Solve once at every tolerance; also the warm-up.

    Returns
    -------
    cases ready to be timed, and the reasons why others could not run, by peer and method
    """
    cases: list[Case] = []
    not_run: dict[str, str] = {}
    for peer in peers:
        for method, tolerances in peer.methods.items():
            print(f"accuracy of {peer.name} {method}", file=sys.stderr)
            # A peer may fail in any way of its own; that it did is part of the result.
            try:
                prepared = peer.prepare(problem, method)
                for rtol in tolerances:
                    outcome = prepared.solve(rtol, problem.t_out)
                    errors = relative_errors(outcome.values, reference, floor=problem.floor)
                    cases.append(Case(peer.name, method, rtol, prepared, errors, outcome))
            except Exception as error:
                text = (str(error).strip() or type(error).__name__).splitlines()[0]
                not_run[f"{peer.name} {method}"] = text
    return cases, not_run


def take_times(cases: list[Case], problem: Problem, *, rounds: int, seconds: float) -> None:
    """Time every case in every round, until it has had its share of seconds.

    The time of a case is that of solving all trajectories for their state at the final time; the
    same with all output times is taken beside it.
    """
    final, all_times = problem.t_out[-1:], problem.t_out
    for number in range(rounds):
        print(f"timing, round {number + 1} of {rounds}", file=sys.stderr)
        for case in cases if number % 2 == 0 else reversed(cases):
            if case.wall and sum(case.wall) * case.prepared.trajectories >= seconds:
                continue
            share = 1 / case.prepared.trajectories
            processor, wall, outcome = timed(case.prepared, case.rtol, final)
            case.processor.append(processor * share)
            case.wall.append(wall * share)
            if outcome.solver_seconds is not None:
                case.in_solver.append(outcome.solver_seconds * share)
            processor, _, _ = timed(case.prepared, case.rtol, all_times)
            case.with_outputs.append(processor * share)


def timed(prepared: Prepared, rtol: float, t_out: Array) -> tuple[float, float, Outcome]:
    """Processor and wall-clock seconds of one solve, and its outcome."""
    processor, wall = time.process_time(), time.perf_counter()
    outcome = prepared.solve(rtol, t_out)
    return time.process_time() - processor, time.perf_counter() - wall, outcome
