"""Virtual cohorts as data: alterations with frequencies, and reported figures to set beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from mtorsim.errors import suggestion
from mtorsim.modelfiles.document import Document, Problems
from mtorsim.modelfiles.schema import NUMBER, TABLE, TABLES, TEXT, TEXTS, Kind, Schema, table_at
from mtorsim.modelfiles.sourced import check_source, load_part, read_sourced, shipped_names
from mtorsim.network.quantity import Parameter

FOLDER = "cohorts"
MEASURES = {
    "high": "share of tumours with high p-mTOR",
    "responders": "share of tumours that respond to a drug",
    "responders_by_high": "the same, among tumours with high p-mTOR and among the others",
    "responders_by_both_high": "the same, among tumours with p-mTOR and ERK high and the others",
    "inhibition": "median fall of the growth rate under each of some drugs",
    "none": "nothing: the figure is shown with the reason why it has no counterpart",
}
"""What can be set beside a reported figure."""

NUMBERS = ("largest_spread", "high_percentile", "response")

_NUMBERS = Kind(
    lambda value: (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    ),
    "a list of numbers",
)
_FILE = Schema(
    "a cohort file",
    {
        **dict.fromkeys(("cohort", "numbers", "high", "doses"), TABLE),
        **dict.fromkeys(("alteration", "reported"), TABLES),
    },
    ("cohort", "numbers", "high", "alteration"),
)
_HEAD = Schema(
    "[cohort]",
    {**dict.fromkeys(("id", "title", "model", "growth", "note"), TEXT), "conditions": TEXTS},
    ("id", "title", "model", "growth"),
)
_HIGH = Schema(
    "[high]", dict.fromkeys(("readout", "source", "why"), TEXT), ("readout", "source", "why")
)
_ALTERATION = Schema(
    "[[alteration]]",
    {
        **dict.fromkeys(("context", "title", "source", "remark"), TEXT),
        **dict.fromkeys(("low", "high"), NUMBER),
    },
    ("context", "title", "low", "high", "source"),
)
_REPORTED = Schema(
    "[[reported]]",
    {
        **dict.fromkeys(("id", "what", "unit", "measure", "drug", "source", "why", "remark"), TEXT),
        "values": _NUMBERS,
        "drugs": TEXTS,
    },
    ("id", "what", "values", "unit", "measure", "source"),
)


@dataclass(frozen=True, slots=True)
class Alteration:
    """What changes in a tumour, and how often.

    Parameters
    ----------
    context : id of the context that stands for it
    low, high : reported share of tumours, 0 to 1
    """

    context: str
    title: str
    low: float
    high: float
    source: str
    remark: str = ""

    @property
    def frequency(self) -> float:
        """The share that tumours are drawn with: the middle of what is reported."""
        return (self.low + self.high) / 2.0


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure of the literature, and what of the cohort stands beside it.

    Parameters
    ----------
    values : one, or several that ``what`` names in the same order
    measure : key of ``MEASURES``
    drugs : that the measure reads
    why : for ``"none"``, why nothing stands beside it
    remark : what is doubtful about it
    """

    id: str
    what: str
    values: tuple[float, ...]
    unit: str
    measure: str
    source: str
    drugs: tuple[str, ...] = ()
    why: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CohortDesign:
    """A kind of virtual tumour.

    Parameters
    ----------
    model : name of the model that it is meant for
    conditions : contexts that every tumour is in
    growth : name of the growth mapping
    high_readout : whose level says whether p-mTOR is high
    largest_spread : most that an amount varies between tumours, geometric standard deviation
    high_percentile : of the tumours without alterations, above which a level is high
    response : part of the growth rate that is left in a tumour that responds
    doses : by drug, where it is not to be read at equal effect on the high readout
    """

    id: str
    title: str
    model: str
    conditions: tuple[str, ...]
    growth: str
    high_readout: str
    high_why: str
    largest_spread: Parameter
    high_percentile: Parameter
    response: Parameter
    alterations: tuple[Alteration, ...]
    reported: tuple[ReportedFigure, ...]
    doses: Mapping[str, Parameter] = field(default_factory=dict)
    note: str = ""


def list_cohorts() -> tuple[str, ...]:
    """Names of the shipped cohorts."""
    return shipped_names(FOLDER)


def load_cohort(cohort: str | Path) -> CohortDesign:
    """A shipped cohort by name, or one from a path.

    Parameters
    ----------
    cohort : ``"hcc"``, or a path ending in ``.toml``

    Raises
    ------
    UnknownNameError : no shipped cohort of that name
    ModelError : the file is wrong, every mistake by line
    """
    return load_part(cohort, kind="cohort", folder=FOLDER, read=_read)


def _read(document: Document, problems: Problems) -> CohortDesign | None:
    _FILE.check(document.data, where=document.where, problems=problems)
    head = table_at(document, "cohort", _HEAD, problems=problems)
    high = table_at(document, "high", _HIGH, problems=problems)
    numbers = _read_numbers(document, problems)
    alterations = [
        _alteration(document, i, e, problems) for i, e in enumerate(document.array("alteration"))
    ]
    reported = [
        _reported(document, i, e, problems) for i, e in enumerate(document.array("reported"))
    ]
    doses = {
        drug: dose
        for drug, entry in document.entries("doses", problems=problems)
        if (dose := read_sourced(document, ("doses", drug), entry, problems))
    }
    if high:
        check_source(high["source"], document.where("high", "source"), problems)
    if problems.lines or not head or not high or len(numbers) < len(NUMBERS):
        return None
    return CohortDesign(
        id=head["id"],
        title=head["title"],
        model=head["model"],
        conditions=tuple(head.get("conditions", ())),
        growth=head["growth"],
        high_readout=high["readout"],
        high_why=high["why"],
        alterations=tuple(entry for entry in alterations if entry),
        reported=tuple(entry for entry in reported if entry),
        doses=doses,
        note=head.get("note", ""),
        **numbers,
    )


def _read_numbers(document: Document, problems: Problems) -> dict[str, Parameter]:
    """The numbers of the design by name."""
    numbers = {}
    for name, entry in document.entries("numbers", problems=problems):
        if name not in NUMBERS:
            where = document.where("numbers", name)
            problems.add(where, f"unknown number {name!r}{suggestion(name, NUMBERS)}")
        elif found := read_sourced(document, ("numbers", name), entry, problems):
            numbers[name] = found
    for name in NUMBERS:
        if name not in document.table("numbers"):
            problems.add(document.where("numbers"), f"[numbers] has no {name!r}")
    return numbers


def _alteration(
    document: Document, i: int, entry: Mapping[str, Any], problems: Problems
) -> Alteration | None:
    places = document.places("alteration", i)
    if not _ALTERATION.check(entry, where=places, problems=problems):
        return None
    if not 0 <= entry["low"] <= entry["high"] <= 100 or not isfinite(entry["high"]):
        found = f"{entry['low']} to {entry['high']}"
        problems.add(places("low"), f"frequency is {found} %, low to high from 0 to 100 is wanted")
    check_source(entry["source"], places("source"), problems)
    share = {"low": entry["low"] / 100.0, "high": entry["high"] / 100.0}
    return Alteration(**{**entry, **share})


def _reported(
    document: Document, i: int, entry: Mapping[str, Any], problems: Problems
) -> ReportedFigure | None:
    places = document.places("reported", i)
    if not _REPORTED.check(entry, where=places, problems=problems):
        return None
    check_source(entry["source"], places("source"), problems)
    drugs = (entry["drug"],) if "drug" in entry else tuple(entry.get("drugs", ()))
    if entry["measure"] not in MEASURES:
        hint = suggestion(entry["measure"], MEASURES)
        problems.add(places("measure"), f"unknown measure {entry['measure']!r}{hint}")
    elif entry["measure"] == "none" and not entry.get("why"):
        problems.add(places("measure"), "'why' must say why nothing stands beside it")
    elif entry["measure"].startswith(("responders", "inhibition")) and not drugs:
        problems.add(places("measure"), f"{entry['measure']!r} needs a drug")
    plain = {key: entry.get(key, "") for key in ("why", "remark")}
    known = {key: entry[key] for key in ("id", "what", "unit", "measure", "source")}
    return ReportedFigure(**known, **plain, values=tuple(map(float, entry["values"])), drugs=drugs)
