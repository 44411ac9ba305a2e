"""Baselines and table rows of ``mtorsim bench``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mtorsim.errors import InputError

if TYPE_CHECKING:
    from mtorsim.analysis.speed import SpeedRecord

HEADERS = ("problem", "method", "steps", "rejected", "us/trajectory", "x SciPy BDF")


def read_baseline(path: str) -> dict[str, object]:
    """The JSON of an earlier run."""
    try:
        content: dict[str, object] = json.loads(Path(path).read_text())
        content["records"]
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not what mtorsim bench --json prints") from error
    return content


def table_row(record: SpeedRecord) -> list[object]:
    """One problem as a row of the printed table."""
    counters = record.counters
    ratio = "-" if record.ratio is None else f"{record.ratio:.0f}"
    return [
        record.name,
        f"{record.method} {record.precision}",
        f"{counters['steps']:.1f}",
        f"{counters['rejected']:.2f}",
        f"{record.us_per_trajectory:.1f}",
        ratio,
    ]
