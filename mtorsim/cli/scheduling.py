"""The schedules of a command line."""

from __future__ import annotations

from collections.abc import Sequence

import mtorsim as mt
from mtorsim.analysis.schedule_request import named_schedules
from mtorsim.cli.parsing import space_units
from mtorsim.simulate.regimen_text import read_schedule


def read_schedules(
    drug: str, dose: str, *, every: str | None, against: Sequence[str]
) -> dict[str, tuple[mt.Dosing, ...]]:
    """Schedules by their words, that of ``--dose`` first.

    Raises
    ------
    InputError, UnitsError : one can not be read, says its interval twice, or is there twice
    """
    words = dose if every is None else f"{dose} every {every}"
    texts = [space_units(text) for text in (words, *against)]
    return named_schedules([read_schedule(text, drug=drug) for text in texts])
