"""How many times faster one solver is than another at the same achieved error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

TARGETS = {"1e-3": 1e-3, "3e-6": 3e-6, "1e-8": 1e-8}

Record = Mapping[str, Any]


def time_at_error(
    records: Iterable[Record], target: float, *, error: str = "error_median"
) -> tuple[float, str] | None:
    """Least time at which a peer reaches an error, and the method that does.

    Between two tolerances of a method the logarithm of time is linear in that of the error.
    Nothing is extrapolated: None where no method has errors on both sides of the target.
    """
    found = []
    by_method: dict[str, list[Record]] = {}
    for record in records:
        by_method.setdefault(record["method"], []).append(record)
    for method, rows in by_method.items():
        rows.sort(key=lambda row: -row["rtol"])
        for looser, tighter in pairwise(rows):
            time = _interpolated(looser, tighter, target, error)
            if time is not None:
                found.append((time, method))
    return min(found, default=None)


def _interpolated(looser: Record, tighter: Record, target: float, error: str) -> float | None:
    """Time at ``target`` on the segment between two records; None if it is not between them."""
    e0, e1 = looser[error], tighter[error]
    usable = all(value is not None and 0 < value < math.inf for value in (e0, e1))
    if not usable or not min(e0, e1) <= target <= max(e0, e1):
        return None
    t0, t1 = math.log(looser["us_per_trajectory"]), math.log(tighter["us_per_trajectory"])
    share = 0.0 if e0 == e1 else math.log(target / e0) / math.log(e1 / e0)
    return math.exp(t0 + share * (t1 - t0))


def ratios_at(
    records: Sequence[Record], targets: Mapping[str, float]
) -> dict[str, dict[str, float | None]]:
    """Time of each peer over ours at median errors of one's own choice."""
    ours = [record for record in records if record["peer"] == "mtorsim"]
    return ratios_to(records, ours, targets=targets)


def ratios_to(
    records: Sequence[Record],
    ours: Iterable[Record],
    *,
    error: str = "error_median",
    targets: Mapping[str, float] = TARGETS,
) -> dict[str, dict[str, float | None]]:
    """Time of each peer over ours, by peer and target; None where one did not get there."""
    ours = list(ours)
    names = dict.fromkeys(r["peer"] for r in records if r["peer"] != "mtorsim")
    result: dict[str, dict[str, float | None]] = {}
    for name in names:
        theirs = [r for r in records if r["peer"] == name]
        result[name] = {
            label: _ratio(time_at_error(theirs, target, error=error), own)
            for label, target in targets.items()
            for own in [time_at_error(ours, target, error=error)]
        }
    return result


def _ratio(theirs: tuple[float, str] | None, ours: tuple[float, str] | None) -> float | None:
    return None if theirs is None or ours is None else theirs[0] / ours[0]


def ratios_at_most(
    theirs: Sequence[Record], ours: Sequence[Record], *, error: str = "error_median"
) -> dict[str, float | None]:
    """Their time over ours by target, each at an error of at most that; None where one is not.

    A solver that is more accurate than a target at its loosest tolerance is timed there.
    """
    ratios: dict[str, float | None] = {}
    for label, target in TARGETS.items():
        their_time, our_time = (_least_time(rows, target, error) for rows in (theirs, ours))
        is_known = math.isfinite(their_time) and math.isfinite(our_time)
        ratios[label] = their_time / our_time if is_known else None
    return ratios


def _least_time(records: Sequence[Record], target: float, error: str) -> float:
    found = time_at_error(records, target, error=error)
    better = [r["us_per_trajectory"] for r in records if 0 <= r[error] <= target]
    return min(better, default=math.inf) if found is None else found[0]
