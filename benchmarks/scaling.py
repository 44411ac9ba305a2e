"""Time, error and compilation against the size of the network.

    python -m benchmarks.scaling [--networks kinases-25,BCR,...] [--peers libroadrunner] [--json]

Generated kinase cascades of 25 to 400 species, and the shared BioNetGen networks of 9 to 3,744.
Each network is compiled in an empty cache folder (but for the driver, which is the same for all),
and solved at several tolerances. ``--json`` stores one file a network, so that the networks can be
measured one by one, in any order: the largest take a minute by themselves and much longer with
some peers (libRoadRunner loads BCR in five minutes; ``--peers ""`` leaves peers out).

Errors are against SciPy's Radau, or for the two largest against the stored final state. Where
BioNetGen's groups are stored, ``error_of_peak`` is the worst error of a group at any of their
times, relative to the peak of that group.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.groups import StoredGroups, stored_groups
from benchmarks.machine import machine
from benchmarks.measure import timed
from benchmarks.peers import OURS, find_peers
from benchmarks.peers.base import Peer, Prepared
from benchmarks.problems import SCALING_SIZES, Problem, load_problem
from benchmarks.ratios import ratios_at
from benchmarks.reference import reference_solution, relative_errors
from benchmarks.work_precision import write_json
from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

CASCADES = tuple(f"kinases-{size}" for size in SCALING_SIZES)
SHARED = ("multistate", "multisite2", "egfr_net", "BCR", "fceri_gamma2")
TOLERANCES = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
TARGETS = {f"1e-{power}": 10.0**-power for power in range(2, 7)}
#: our own choice of method, and in float64 the method that it takes at the usual tolerances
METHODS = {OURS: ("auto", "rodas5p"), "scipy": ("BDF",), "sksundae": ("sparse",)}
#: networks for which our choice is Rodas5P in float64 already, or a factorisation takes a minute
ONLY_AUTO = ("BCR", "fceri_gamma2")
TRAJECTORIES = 4
#: share of the time by which everything is compiled and nothing yet solved
ALMOST_NOTHING = 1e-9
#: a solve that took less is repeated, and the shortest time counts (s)
LONG, REPEATS = 2.0, 3
RESULTS = Path(__file__).parent / "results"


def methods_of(peer: Peer, network: str) -> tuple[str, ...]:
    """The methods by which a peer is measured here."""
    methods = METHODS.get(peer.name) or tuple(peer.methods)[:1]
    return methods[:1] if network in ONLY_AUTO else methods


def measure(
    peer: Peer,
    problem: Problem,
    reference: Array,
    *,
    method: str,
    tolerances: tuple[float, ...],
    groups: StoredGroups | None = None,
) -> Iterator[dict[str, Any]]:
    """Compile; then a record a tolerance, as they come."""
    began = time.process_time()
    prepared = peer.prepare(problem, method)
    compile_seconds = None
    for rtol in tolerances:
        prepared.solve(rtol, problem.t_out[-1:] * ALMOST_NOTHING)
        if compile_seconds is None:
            compile_seconds = time.process_time() - began
        processor, outcome = _shortest(prepared, rtol, problem.t_out[-1:])
        full = outcome.values
        if len(problem.t_out) > 1:
            full = prepared.solve(rtol, problem.t_out).values
        errors = relative_errors(full, reference, floor=problem.floor)
        of_peak = None
        if groups is not None:
            of_peak = groups.error(prepared.solve(rtol, groups.times).values[0])
        yield {
            "network": problem.name,
            "species": problem.structure.n_species,
            "reactions": problem.structure.n_reactions,
            "peer": peer.name,
            "method": method,
            "rtol": rtol,
            "atol": rtol * problem.floor,
            "us_per_trajectory": 1e6 * processor / prepared.trajectories,
            "compile_seconds": compile_seconds,
            "error_median": float(np.median(errors)),
            "error_worst": float(errors.max()),
            "error_of_peak": of_peak,
            "trajectories_per_call": prepared.trajectories,
            "steps": outcome.steps,
            "rhs": outcome.rhs,
            "factorisations": outcome.factorisations,
        }


def _shortest(prepared: Prepared, rtol: float, t_out: Array) -> tuple[float, Any]:
    """Least processor time of a few solves, and what they gave."""
    processor, _, outcome = timed(prepared, rtol, t_out)
    for _ in range(REPEATS - 1):
        if processor < LONG:
            processor = min(processor, timed(prepared, rtol, t_out)[0])
    return processor, outcome


def run(
    name: str,
    peers: list[Peer],
    *,
    n_trajectories: int,
    tolerances: tuple[float, ...],
    floor: float | None = None,
) -> dict[str, Any]:
    """Records of a network, the reasons of peers that failed, and ratios at equal error.

    ``floor`` takes the place of that of the problem, in absolute tolerances and errors.
    """
    problem, groups = load_problem(name, n_trajectories), stored_groups(name)
    problem = replace(problem, floor=floor or problem.floor)
    reference = reference_solution(problem)
    records: list[dict[str, Any]] = []
    not_run: dict[str, str] = {}
    for peer in peers:
        for method in methods_of(peer, name):
            print(f"{name}: {peer.name} {method}", file=sys.stderr)
            # A peer may fail in any way of its own; that it did is part of the result.
            try:
                for record in measure(
                    peer, problem, reference, method=method, tolerances=tolerances, groups=groups
                ):
                    records.append(record)
                    print_record(record)
            except Exception as error:
                reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                not_run[f"{peer.name} {method}"] = reason
                print(f"{name:<14}{peer.name:<14} not run: {reason}")
    ratios = ratios_at(records, TARGETS)
    print_ratios(name, ratios)
    return {"network": name, "records": records, "ratios": ratios, "not_run": not_run}


def compile_driver() -> None:
    """Compile what is the same for all networks, so that it counts for none of them."""
    # the first import decides where compiled code is kept
    from mtorsim.codegen.kernel import compile_kernel

    exchange = MassActionStructure(2, ((0,), (1,)), (((0, -1), (1, 1)), ((0, 1), (1, -1))))
    compile_kernel(exchange).solve(np.ones(2), np.ones(2), t_out=np.ones(1))


def print_record(record: dict[str, Any]) -> None:
    """Print a line of the table."""
    of_peak = record["error_of_peak"]
    print(
        f"{record['network']:<14}{record['peer']:<14}{record['method']:<9}{record['rtol']:>6.0e}"
        f"{record['us_per_trajectory']:>13.1f}{record['compile_seconds']:>9.2f}"
        f"{record['error_median']:>9.1e}{record['error_worst']:>9.1e}"
        + (f"{of_peak:>9.1e}" if of_peak is not None else ""),
        flush=True,
    )


def print_ratios(name: str, ratios: dict[str, dict[str, float | None]]) -> None:
    """Print how many times faster we are at equal error, where both have errors around it."""
    for peer, by_target in ratios.items():
        told = [f"{target}: {ratio:.3g}" for target, ratio in by_target.items() if ratio]
        print(f"{name:<14}{peer:<14} times our time at error {', '.join(told) or '(none shared)'}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling")
    parser.add_argument("--networks", default=",".join(CASCADES + SHARED))
    parser.add_argument("--peers", default="libroadrunner")
    parser.add_argument("--trajectories", type=int, default=TRAJECTORIES)
    parser.add_argument("--floor", type=float, help="size below which errors are absolute")
    parser.add_argument("--rtol", default=",".join(f"{rtol:g}" for rtol in TOLERANCES))
    parser.add_argument(
        "--json", metavar="FOLDER", nargs="?", const=RESULTS, type=Path, help="default: %(const)s"
    )
    options = parser.parse_args(arguments)
    peers, missing = find_peers(options.peers.split(",") if options.peers else [])
    tolerances = tuple(float(text) for text in options.rtol.split(","))
    print(
        "network       peer          method     rtol  us/traject.  compile   median    worst peak"
    )
    for name in missing:
        print(f"missing: {name} is not installed")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["MTORSIM_CACHE_DIR"] = cache
        compile_driver()
        for name in options.networks.split(","):
            result = run(
                name,
                peers,
                n_trajectories=options.trajectories,
                tolerances=tolerances,
                floor=options.floor,
            )
            if options.json:
                result |= {"missing": missing, **machine()}
                write_json(options.json / f"scaling-{name}.json", result)


if __name__ == "__main__":
    main()
