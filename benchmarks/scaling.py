"""Time and compilation against the size of the network.

    python -m benchmarks.scaling [--problems kinases-25,egfr_net,...] [--peers libroadrunner]

Generated kinase cascades of 25 to 400 species, and the shared BioNetGen networks. The two largest,
BCR and fceri_gamma2, run when they are named: with ``--peers ""``, for libRoadRunner takes tens of
minutes to load the smaller of them. Each problem is compiled in an empty cache folder. Errors are
against SciPy's Radau, or for those two against the stored final state.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from benchmarks.measure import timed
from benchmarks.peers import OURS, find_peers
from benchmarks.peers.base import Peer
from benchmarks.problems import SCALING_SIZES, Problem, load_problem
from benchmarks.reference import reference_solution, relative_errors
from benchmarks.work_precision import write_json

Array = NDArray[np.float64]

CASCADES = tuple(f"kinases-{size}" for size in SCALING_SIZES)
SHARED = ("multistate", "multisite2", "egfr_net")
RTOL = 1e-4
FIRST_METHOD = {OURS: "auto", "scipy": "BDF", "sksundae": "sparse"}


def measure(peer: Peer, problem: Problem, reference: Array, *, rtol: float) -> dict[str, Any]:
    """Compile, solve once, and solve again for the time."""
    method = FIRST_METHOD.get(peer.name, next(iter(peer.methods)))
    began = time.perf_counter()
    prepared = peer.prepare(problem, method)
    outcome = prepared.solve(rtol, problem.t_out[-1:])
    until_first = time.perf_counter() - began
    full = prepared.solve(rtol, problem.t_out)
    processor, _, _ = timed(prepared, rtol, problem.t_out[-1:])
    errors = relative_errors(full.values, reference, floor=problem.floor)
    return {
        "problem": problem.name,
        "species": problem.structure.n_species,
        "reactions": problem.structure.n_reactions,
        "peer": peer.name,
        "method": method,
        "rtol": rtol,
        "us_per_trajectory": 1e6 * processor / prepared.trajectories,
        "compile_seconds": until_first - processor,
        "error_median": float(np.median(errors)),
        "error_worst": float(errors.max()),
        "steps": outcome.steps,
    }


def run(names: list[str], peers: list[Peer], *, n_trajectories: int, rtol: float) -> list[Any]:
    """One row a problem and peer; a peer that fails leaves its reason."""
    rows: list[Any] = []
    for name in names:
        problem = load_problem(name, n_trajectories)
        reference = reference_solution(problem)
        for peer in peers:
            print(f"{name}: {peer.name}", file=sys.stderr)
            # A peer may fail in any way of its own; that it did is part of the result.
            try:
                rows.append(measure(peer, problem, reference, rtol=rtol))
                print_row(rows[-1])
            except Exception as error:
                reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                rows.append({"problem": name, "peer": peer.name, "not_run": reason})
                print(f"{name:<14}{peer.name:<14} not run: {reason}")
    return rows


def print_row(row: dict[str, Any]) -> None:
    """Print a row of the table."""
    print(
        f"{row['problem']:<14}{row['peer']:<14}{row['species']:>6}{row['reactions']:>7}"
        f"{row['us_per_trajectory']:>12.1f}{row['compile_seconds']:>9.2f}"
        f"{row['error_median']:>9.1e}{row['error_worst']:>9.1e}",
        flush=True,
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling")
    parser.add_argument("--problems", default=",".join(CASCADES + SHARED))
    parser.add_argument("--peers", default="libroadrunner")
    parser.add_argument("--trajectories", type=int, default=4)
    parser.add_argument("--rtol", type=float, default=RTOL)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args(arguments)
    peers, missing = find_peers(options.peers.split(",") if options.peers else [])
    print("problem       peer         species  react.  us/traject. compile   median    worst")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["MTORSIM_CACHE_DIR"] = cache
        rows = run(
            options.problems.split(","),
            peers,
            n_trajectories=options.trajectories,
            rtol=options.rtol,
        )
    for name in missing:
        print(f"missing: {name} is not installed")
    if options.json:
        write_json(Path(options.json), {"rows": rows, "missing": missing, **machine()})


if __name__ == "__main__":
    main()
