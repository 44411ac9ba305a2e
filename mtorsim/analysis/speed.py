"""Speed for jobs: counters that do not depend on the machine, and a ratio that hardly does.

Counters (steps, rejected steps, right-hand sides, factorisations, per trajectory) are the same in
every run, so a change of more than a few per cent is a change of the code. Throughput is given as
a ratio to SciPy's BDF, which solves some of the same trajectories in the same process, so that
the machine's own speed drops out.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mtorsim.solvers.options import SolverOptions

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.simulate.result import SweepResult

#: a counter that is up by more than this share, or a ratio down by more, is a regression
COUNTER_TOLERANCE, RATIO_TOLERANCE = 0.02, 0.25
COUNTERS = ("steps", "rejected", "rhs_evaluations", "factorisations")
READOUTS = ("pS6K1_T389", "p4EBP1", "pAKT_S473")
TIMES = ("2 h", "24 h")
DOSES = np.geomspace(1e-2, 1e4, 256)
BASELINE_METHOD = "scipy-BDF"


@dataclass(frozen=True, slots=True)
class SpeedRecord:
    """One problem: counters are means per trajectory.

    Parameters
    ----------
    name : of the problem
    method, precision : what ran
    counters : steps, rejected, rhs_evaluations, factorisations
    us_per_trajectory : median over the repeats, one thread, µs
    ratio : SciPy's time per trajectory over ours; None where it was not timed
    """

    name: str
    method: str
    precision: str
    counters: dict[str, float]
    us_per_trajectory: float
    ratio: float | None


def measure_speed(model: Model, *, repeats: int = 5, baseline_doses: int = 3) -> list[SpeedRecord]:
    """Solve dose sweeps of a rapalog and a dual inhibitor, loosely and tightly.

    Parameters
    ----------
    model : one with the drugs everolimus and vistusertib
    repeats : timed runs of each problem, after one that compiles
    baseline_doses : doses that SciPy solves for the ratio; 0 leaves the ratio out
    """
    records = []
    usual = SolverOptions()
    tolerances = {"default": (usual.rtol, usual.atol), "tight": (1e-8, 1e-11)}
    for drug in ("everolimus", "vistusertib"):
        for name, (rtol, atol) in tolerances.items():
            settings = {"rtol": rtol, "atol": atol}
            ours = [_sweep(model, drug, DOSES, settings) for _ in range(repeats + 1)][1:]
            baseline = None
            if baseline_doses and name == "default":
                some = np.geomspace(DOSES[0], DOSES[-1], baseline_doses)
                baseline = _sweep(model, drug, some, {**settings, "method": BASELINE_METHOD})[1]
            records.append(_record(f"{drug} {name}", ours, baseline))
    return records


def _sweep(
    model: Model, drug: str, doses: Any, settings: Mapping[str, Any]
) -> tuple[SweepResult, float]:
    """A sweep and its time per trajectory without compiling and equilibrating, µs."""
    started = time.perf_counter()
    result = model.sweep({drug: doses}, at=TIMES, readouts=READOUTS, threads=1, **settings)
    elapsed = time.perf_counter() - started
    timing = result.timing
    elapsed -= timing.compile_s + timing.equilibrate_s
    return result, elapsed / len(doses) * 1e6


def _record(
    name: str, runs: Sequence[tuple[SweepResult, float]], baseline: float | None
) -> SpeedRecord:
    result = runs[0][0]
    elapsed = statistics.median(run[1] for run in runs)
    counters = {counter: float(np.mean(getattr(result.counters, counter))) for counter in COUNTERS}
    return SpeedRecord(
        name=name,
        method=str(result.provenance["method"]),
        precision=str(result.provenance["precision"]),
        counters=counters,
        us_per_trajectory=elapsed,
        ratio=None if baseline is None else baseline / elapsed,
    )


def speed_json(records: Sequence[SpeedRecord], machine: Mapping[str, str]) -> dict[str, Any]:
    """What ``mtorsim bench --json`` prints and ``--against`` reads."""
    return {"machine": dict(machine), "records": [asdict(record) for record in records]}


def regressions(records: Sequence[SpeedRecord], baseline: Mapping[str, Any]) -> list[str]:
    """A line for each figure that is worse than in ``baseline`` by more than its tolerance."""
    lines = []
    known = {record["name"]: record for record in baseline["records"]}
    for record in records:
        before = known.get(record.name)
        if before is None:
            continue
        for counter, value in record.counters.items():
            old = before["counters"][counter]
            if value > old * (1 + COUNTER_TOLERANCE):
                lines.append(f"{record.name}: {counter} {old:.1f} -> {value:.1f} per trajectory")
        old_ratio = before["ratio"]
        if record.ratio and old_ratio and record.ratio < old_ratio * (1 - RATIO_TOLERANCE):
            lines.append(f"{record.name}: ratio to SciPy {old_ratio:.0f} -> {record.ratio:.0f}")
    return lines
