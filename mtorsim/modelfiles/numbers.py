"""Numbers with unit, spread and source, wherever a file may hold one."""

from __future__ import annotations

import re
from math import isfinite

from mtorsim.errors import ModelError, UnitsError, suggestion
from mtorsim.modelfiles.document import Table
from mtorsim.network.quantity import Parameter, parse_unit

_CONFIDENCE = ("read", "recalled")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TEXTS = ("meaning", "why", "fitted_to", "range_source", "confidence")


def check_id(name: str) -> None:
    """Refuse an id of a parameter, reaction, observable or loop that is not a plain word."""
    if not _ID.fullmatch(name):
        raise ModelError("an id is a letter, then letters, digits and '_'")


def read_number(name: str, table: Table, *, origin: str) -> Parameter:
    """The parameter that a table with the right keys describes.

    Absent unit and spread mean dimensionless and exact, which the schema allows in contexts alone.

    Raises
    ------
    ModelError : all that is wrong with it, without file and line
    """
    complaints = _complaints(table)
    unit = table.get("unit", "1")
    try:
        factor = parse_unit(unit).factor
    except UnitsError as error:
        complaints.append(str(error))
    if complaints:
        raise ModelError(complaints)
    limits = table.get("range")
    return Parameter(
        id=name,
        value=table["value"] * factor,
        unit=unit,
        value_as_written=float(table["value"]),
        spread=float(table.get("spread", 1.0)),
        source=table["source"],
        range=(limits[0] * factor, limits[1] * factor) if limits else None,
        range_as_written=(float(limits[0]), float(limits[1])) if limits else None,
        origin=origin,
        **{key: table.get(key, "") for key in _TEXTS},
    )


def _complaints(table: Table) -> list[str]:
    """What is wrong with value, spread, range and provenance."""
    value, spread, limits = table["value"], table.get("spread", 1.0), table.get("range")
    complaints = []
    if not isfinite(value) or value < 0:
        complaints.append(f"value is {value}, it must be finite and not negative")
    if not isfinite(spread) or spread < 1:
        complaints.append(f"spread is {spread}, a geometric standard deviation is 1 or more")
    if limits and not 0 <= limits[0] <= limits[1] < float("inf"):
        complaints.append(f"range is {limits}, it must be [low, high] and not negative")
    if table["source"] == "fitted" and not table.get("fitted_to"):
        complaints.append('source is "fitted", so "fitted_to" must say to what')
    if table["source"] == "assumed" and not table.get("why"):
        complaints.append('source is "assumed", so "why" must give the reason')
    if table.get("confidence", "read") not in _CONFIDENCE:
        hint = suggestion(table["confidence"], _CONFIDENCE)
        complaints.append(f'unknown confidence "{table["confidence"]}"{hint}')
    return complaints
