"""Dosing schedules as callers give them, and what makes their exposures equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mtorsim.analysis.exposure import auc_per_milligram, given_milligrams
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.modelfiles.pharmacokinetics import load_pharmacokinetics
from mtorsim.simulate.dosing import Dosing
from mtorsim.simulate.regimen_text import read_schedule, regimen_text

EQUAL = ("mass", "auc")


def named_schedules(schedules: Mapping[str, Any] | Sequence[Any]) -> dict[str, tuple[Dosing, ...]]:
    """Schedules by name; those of a list are named by their words.

    Raises
    ------
    InputError : there is none, one is given twice, or one holds something else than doses
    """
    entries: list[tuple[str, Any]]
    if isinstance(schedules, Mapping):
        entries = list(schedules.items())
    else:
        listed = [schedules] if isinstance(schedules, str | Dosing) else schedules
        entries = [("", entry) for entry in listed]
    read: dict[str, tuple[Dosing, ...]] = {}
    for name, entry in entries:
        dosing = _dosing(entry)
        label = name or " + ".join(map(regimen_text, dosing))
        if label in read:
            raise InputError(f"schedule {label!r} is given twice")
        read[label] = dosing
    if not read:
        raise InputError("no schedule was given: write one like 'everolimus 10 mg every 24 h'")
    return read


def equal_factors(
    schedules: Mapping[str, Sequence[Dosing]],
    *,
    equal: str,
    values: Mapping[str, float],
    window: tuple[float, float],
) -> dict[str, float]:
    """By schedule, the factor on its amounts that makes its exposure that of the first.

    Raises
    ------
    UnknownNameError : ``equal`` is something else
    InputError : a schedule has several drugs, one in nM, or no dose in the window
    """
    if equal not in EQUAL:
        raise UnknownNameError("equal exposure", equal, EQUAL)
    measures = {}
    for name, dosing in schedules.items():
        drugs = {entry.drug for entry in dosing}
        if len(drugs) > 1 or any(entry.unit != "mg" for entry in dosing):
            raise InputError(f"equal exposure is of one drug in mg, unlike schedule {name!r}")
        (drug,) = drugs
        amount = given_milligrams(dosing, drug, window=window)
        if amount == 0.0:
            raise InputError(f"schedule {name!r} gives nothing in the window: exposure is 0")
        per_milligram = auc_per_milligram(load_pharmacokinetics(drug), values)
        measures[name] = amount * (per_milligram if equal == "auc" else 1.0)
    first = next(iter(measures.values()))
    return {name: first / measure for name, measure in measures.items()}


def _dosing(entry: Any) -> tuple[Dosing, ...]:
    if isinstance(entry, str):
        return read_schedule(entry)
    listed = tuple(entry) if isinstance(entry, Iterable) else (entry,)
    for part in listed:
        if not isinstance(part, Dosing) or part.amount is None:
            raise InputError(f"a schedule holds {part!r}: give doses with amounts, as Dosing")
    if not listed:
        raise InputError("a schedule is empty: give doses, or leave it out")
    return listed
