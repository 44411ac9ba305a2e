"""The main job beside SciPy: time of its sweep, of the first result, and its memory.

    python -m benchmarks.compare_speed [--json FILE]

``mtorsim.compare`` of a rapalog and a dual inhibitor over 200 doses, two genotypes and all loop
settings runs on one core. A sample of its trajectories, with the very states and rate constants
that the sweep passed to the solver, is solved again by ``solve_ivp(method="BDF")`` with
right-hand side and Jacobian compiled by numba. SciPy is not charged for finding the states before
the drug, the sweep is. The ratio is read off where BDF reaches the median error of the sweep.
The sweep is timed by the wall clock and SciPy by its processor time: what a busy machine adds
counts against mtorsim.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.first_result import first_results
from benchmarks.machine import machine
from benchmarks.measure import timed
from benchmarks.peers import scipy as scipy_peer
from benchmarks.problems import PICOMOLAR, Problem
from benchmarks.ratios import time_at_error
from benchmarks.reference import reference_solution, relative_errors
from benchmarks.work_precision import write_json
from mtorsim.codegen.kernel import CompiledKernel
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]

DRUGS = ("everolimus", "vistusertib")
CONTEXTS = ("PTEN-intact", "PTEN-lost")
TOLERANCES = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
LEAST_SWEEP = 50
"""Fewer trajectories in one call are not a dose curve: time courses, or a run to compile."""


@dataclass(frozen=True, slots=True)
class SolverCall:
    """What one sweep passed to the compiled kernel."""

    structure: MassActionStructure
    y0: Array
    k: Array
    t_out: Array
    options: SolverOptions


@contextmanager
def recorded_calls() -> Iterator[list[SolverCall]]:
    """Keep what is passed to compiled kernels; they run as ever."""
    calls: list[SolverCall] = []
    original = CompiledKernel.solve

    def solve(kernel: CompiledKernel, y0: Array, k: Array, **rest: Any) -> Any:
        if len(y0) >= LEAST_SWEEP and not rest.get("events") and np.size(rest["t_out"]):
            options = rest.get("options") or SolverOptions()
            times = np.array(rest["t_out"])
            calls.append(SolverCall(kernel.structure, y0.copy(), k.copy(), times, options))
        return original(kernel, y0, k, **rest)

    CompiledKernel.solve = solve  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        CompiledKernel.solve = original  # type: ignore[method-assign]


def sample_of(calls: list[SolverCall], n_trajectories: int) -> Problem:
    """Every so-manieth trajectory of all sweeps, as a problem."""
    y0, k = (np.concatenate([getattr(call, name) for call in calls]) for name in ("y0", "k"))
    chosen = np.linspace(0, len(y0) - 1, n_trajectories).round().astype(np.intp)
    structure = calls[0].structure
    names = tuple(f"s{i}" for i in range(structure.n_species))
    return Problem(
        "compare", structure, names, y0[chosen], k[chosen], calls[0].t_out, floor=PICOMOLAR
    )


def run_sweep(rounds: int) -> tuple[dict[str, Any], list[SolverCall]]:
    """Run the comparison several times; the median round counts, all are kept."""
    import mtorsim as mt

    model = mt.load("mtor-core")
    with recorded_calls() as calls:
        mt.compare(model, DRUGS, contexts=CONTEXTS)
    seconds = []
    for _ in range(rounds):
        comparison = mt.compare(model, DRUGS, contexts=CONTEXTS)
        seconds.append(comparison.timing["run"])
    return {
        "trajectories": comparison.n_trajectories,
        "failed": len(comparison.failures),
        "sweep_seconds": seconds,
        "us_per_trajectory": 1e6 * float(np.median(seconds)) / comparison.n_trajectories,
        "fit_seconds": comparison.timing["fit"],
    }, calls


def error_of_sweep(problem: Problem, reference: Array, options: SolverOptions) -> Array:
    """Errors (m,) of the sampled trajectories, all species."""
    from mtorsim.codegen.kernel import compile_kernel

    kernel = compile_kernel(problem.structure)
    solution = kernel.solve(problem.y0, problem.k, t_out=problem.t_out, options=options)
    return relative_errors(solution.values, reference, floor=problem.floor)


def time_bdf(problem: Problem, reference: Array) -> list[dict[str, Any]]:
    """Records of SciPy's BDF on the sampled trajectories, looser tolerances first."""
    prepared = scipy_peer.prepare(problem, "BDF")
    prepared.solve(TOLERANCES[0], problem.t_out)
    records = []
    for rtol in TOLERANCES:
        processor, wall, outcome = timed(prepared, rtol, problem.t_out)
        errors = relative_errors(outcome.values, reference, floor=problem.floor)
        records.append(
            {
                "peer": "scipy",
                "method": "BDF",
                "rtol": rtol,
                "error_median": float(np.median(errors)),
                "error_worst": float(errors.max()),
                "us_per_trajectory": 1e6 * processor / problem.n_trajectories,
                "us_wall": 1e6 * wall / problem.n_trajectories,
            }
        )
    return records


def measure(n_trajectories: int, rounds: int) -> dict[str, Any]:
    """Sweep, errors and SciPy's times, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sweep, calls = run_sweep(rounds)
    problem = sample_of(calls, n_trajectories)
    reference = reference_solution(problem)
    errors = error_of_sweep(problem, reference, calls[0].options)
    records = time_bdf(problem, reference)
    error = float(np.median(errors))
    equal = time_at_error(records, error)
    return {
        **sweep,
        "sampled": n_trajectories,
        "rtol": calls[0].options.rtol,
        "error_median": error,
        "error_worst": float(errors.max()),
        "scipy": records,
        "us_scipy_at_equal_error": None if equal is None else equal[0],
        "ratio": None if equal is None else equal[0] / sweep["us_per_trajectory"],
    }


def print_result(result: dict[str, Any]) -> None:
    """Print what was found."""
    print(f"{result['processor']}, {result['date']}")
    print(
        f"compare: {result['trajectories']} trajectories on one core, "
        f"{result['us_per_trajectory']:.1f} us each with the states before the drug; "
        f"median error {result['error_median']:.1e}"
    )
    for row in result["scipy"]:
        print(
            f"  BDF at {row['rtol']:.0e}: {row['us_per_trajectory']:.0f} us, "
            f"median error {row['error_median']:.1e}"
        )
    ratio = result["ratio"]
    told = "not reached by BDF" if ratio is None else f"{ratio:.0f} times faster than BDF"
    print(f"at equal error: {told}")
    for name, value in result["first_result"].items():
        print(f"{name}: {value:.2f}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare_speed")
    parser.add_argument("--trajectories", type=int, default=40, help="sample for SciPy")
    parser.add_argument("--rounds", type=int, default=5, help="timings of the sweep")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args(arguments)
    print("first results, cold and warm", file=sys.stderr)
    began = time.perf_counter()
    result = {"first_result": first_results()}
    result |= measure(options.trajectories, options.rounds)
    result |= {"seconds_in_all": time.perf_counter() - began, **machine()}
    print_result(result)
    if options.json:
        write_json(Path(options.json), result)


if __name__ == "__main__":
    main()
