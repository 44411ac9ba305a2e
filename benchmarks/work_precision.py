"""Error against time of mtorsim and its peers on one problem.

    python -m benchmarks.work_precision --model cascade-73 --peers libroadrunner,amici

Error: per trajectory the worst species and time relative to max(|y|, floor), the floor being 1 pM
(1 molecule in networks counted in molecules); median and worst over trajectories. The reference is
SciPy's Radau at rtol 1e-11. Time: see ``measure.py``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.measure import check_accuracy, take_times
from benchmarks.peers import OURS, PEER_NAMES, find_peers
from benchmarks.problems import load_problem
from benchmarks.ratios import TARGETS, ratios_to, time_at_error
from benchmarks.reference import reference_solution

COLUMNS = (
    ("peer", "{:<13}"), ("method", "{:<13}"), ("rtol", "{:>6.0e}"),
    ("error_median", "{:>8.1e}"), ("error_worst", "{:>8.1e}"),
    ("us_per_trajectory", "{:>10.1f}"), ("us_with_outputs", "{:>10.1f}"),
    ("steps", "{:>8.0f}"), ("rhs", "{:>8.0f}"), ("factorisations", "{:>8.0f}"),
    ("failed", "{:>4d}"),
)  # fmt: skip
HEAD = (
    "peer          method          rtol   median    worst  us, final    us, all    steps      rhs"
    "     fact fail"
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    result = run(
        options.model,
        options.peers.split(","),
        n_trajectories=options.trajectories,
        rounds=options.rounds,
        seconds=options.seconds,
    )
    print_result(result)
    if options.json:
        write_json(Path(options.json), result)
    if options.plot:
        from benchmarks.plot import plot_work_precision

        plot_work_precision(result, Path(options.plot))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.work_precision")
    parser.add_argument("--model", default="cascade-73", help="problem (default %(default)s)")
    parser.add_argument(
        "--peers", default=",".join(PEER_NAMES), help="others to run (default %(default)s)"
    )
    parser.add_argument("--trajectories", type=int, default=16, help="(default %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="timings (default %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="enough time for a solver at one tolerance"
    )
    parser.add_argument("--json", metavar="FILE", help="write records and ratios")
    parser.add_argument("--plot", metavar="FILE", help="draw error against time")
    return parser


def run(
    model: str, names: list[str], *, n_trajectories: int, rounds: int, seconds: float
) -> dict[str, Any]:
    """Measure and gather all that belongs in a result file."""
    peers, missing = find_peers(names)
    problem = load_problem(model, n_trajectories)
    cases, not_run = check_accuracy(peers, problem, reference_solution(problem))
    take_times(cases, problem, rounds=rounds, seconds=seconds)
    records = [case.record(problem) for case in cases]
    ours = [record for record in records if record["peer"] == OURS]
    left_to_choose = [record for record in ours if record["method"] == "auto"]
    return {
        "model": model,
        "species": problem.structure.n_species,
        "reactions": problem.structure.n_reactions,
        "records": records,
        "ratios": ratios_to(records, ours),
        "ratios_auto": ratios_to(records, left_to_choose),
        "ratios_by_worst_error": ratios_to(records, ours, error="error_worst"),
        "missing": missing,
        "not_run": not_run,
        "peer_versions": {peer.name: peer.version() for peer in peers},
        **machine(),
    }


def print_result(result: dict[str, Any]) -> None:
    """Print the table, the ratios and what could not be run."""
    print(f"{result['model']}: {result['species']} species, {result['reactions']} reactions")
    print(f"{result['processor']}, one thread, {result['date']}\n\n{HEAD}")
    for record in result["records"]:
        cells = []
        for name, form in COLUMNS:
            value, width = (
                record[name],
                len(form.format(0 if name not in ("peer", "method") else "")),
            )
            cells.append(form.format(value) if value is not None else "-".rjust(width))
        print(" ".join(cells))
    _print_ratios(result)
    for name in result["missing"]:
        print(f"missing: {name} is not installed")
    for name, reason in result["not_run"].items():
        print(f"not run: {name}: {reason}")


def _print_ratios(result: dict[str, Any]) -> None:
    """How many times faster mtorsim is at equal median error."""
    print("\ntimes faster than      " + "".join(f"{f'at {label}':>10}" for label in TARGETS))
    kinds = (("", "ratios"), (" (auto)", "ratios_auto"), (" (worst)", "ratios_by_worst_error"))
    for title, key in kinds:
        for peer, by_target in result[key].items():
            cells = ("-" if ratio is None else f"{ratio:.1f}" for ratio in by_target.values())
            print(f"{peer + title:<23}" + "".join(f"{cell:>10}" for cell in cells))
    ours = [record for record in result["records"] if record["peer"] == OURS]
    for label, target in TARGETS.items():
        best = time_at_error(ours, target)
        if best is not None:
            print(f"mtorsim at {label}: {best[0]:.1f} us by {best[1]}")


def write_json(path: Path, result: dict[str, Any]) -> None:
    """Write a result; infinite errors (failed trajectories) become null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_finite(result), indent=1) + "\n")
    print(f"wrote {path}", file=sys.stderr)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


if __name__ == "__main__":
    main()
