"""Regimens in the words of a protocol: ``"125 mg every 12 h, 2 d on 5 d off"``, and back."""

from __future__ import annotations

import re
from typing import Any

from mtorsim.errors import InputError
from mtorsim.simulate.dosing import Dosing

_WORDS = "every|twice|daily|weekly|over|from|until|times|then"
_QUANTITY = rf"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?\s*(?!{_WORDS})[a-zA-Zµμ]+[\da-zA-Zµμ/]*"
_DRUG = re.compile(r"\s*([a-z][a-z0-9]*)\s+(?=[-+\d])")
_AMOUNT = re.compile(rf"\s*({_QUANTITY})(?:\s+then\s+({_QUANTITY}))?")
_CLAUSES = {
    "every": re.compile(rf"every\s+({_QUANTITY})"),
    "often": re.compile(r"(twice daily|daily|weekly)"),
    "on": re.compile(rf"({_QUANTITY})\s+on[\s,]+({_QUANTITY})\s+off"),
    "infusion": re.compile(rf"over\s+({_QUANTITY})"),
    "start": re.compile(rf"from\s+({_QUANTITY})"),
    "until": re.compile(rf"until\s+({_QUANTITY})"),
    "count": re.compile(r"(\d+)\s+times"),
}
_OFTEN = {"twice daily": "12 h", "daily": "24 h", "weekly": "7 d"}
_WANTED = (
    "write AMOUNT, then any of: every TIME, TIME on TIME off, from TIME, until TIME, over TIME, "
    "N times; like '125 mg every 12 h, 2 d on 5 d off'"
)
_TIMES = (("d", 86400.0), ("h", 3600.0), ("min", 60.0))


def read_schedule(text: str, *, drug: str = "") -> tuple[Dosing, ...]:
    """Regimens joined by ``" + "``, each with its drug in front where it is not ``drug``.

    >>> read_schedule("everolimus 10 mg daily until 7 d + vistusertib 50 mg twice daily from 7 d")

    Parameters
    ----------
    text : regimens in the words of ``read_regimen``
    drug : its id, where a regimen does not start with one

    Raises
    ------
    InputError, UnitsError : a regimen can not be read, or names no drug or no unit
    """
    return tuple(read_regimen(part, drug=drug) for part in re.split(r"\s\+\s", text))


def read_regimen(text: str, *, drug: str = "") -> Dosing:
    """One drug given as the words say.

    Parameters
    ----------
    text : ``"70 mg every 7 d"``, ``"6 mg then 2 mg daily"`` for a loading dose, ``"125 mg twice
        daily, 2 d on 5 d off"``, ``"25 mg over 30 min weekly"``, with ``"from 7 d"``, ``"until
        14 d"`` or ``"3 times"``
    drug : its id, where the text does not start with one

    Raises
    ------
    InputError, UnitsError : it can not be read, or names no drug or no unit
    """
    named = _DRUG.match(text)
    rest = text[named.end() :] if named else text
    given = named[1] if named else drug
    if not given:
        raise InputError(f"schedule {text!r} names no drug: write it in front of the dose")
    amount = _AMOUNT.match(rest)
    if amount is None:
        raise InputError(f"schedule {text!r} has no dose with a unit: write it like '10 mg'")
    first, second = amount.groups()
    arguments = _clauses(rest[amount.end() :], text)
    if second is None:
        return Dosing(given, first, **arguments)
    return Dosing(given, second, loading=first, **arguments)


def _clauses(rest: str, text: str) -> dict[str, Any]:
    """What follows the dose, each clause once."""
    found: dict[str, Any] = {}
    while rest := rest.lstrip(" ,"):
        matches = ((name, pattern.match(rest)) for name, pattern in _CLAUSES.items())
        name, match = next(((n, m) for n, m in matches if m is not None), ("", None))
        if match is None:
            raise InputError(f"schedule {text!r}: {rest!r} can not be read; {_WANTED}")
        given = _arguments(name, match)
        for key in given:
            if key in found:
                raise InputError(f"schedule {text!r} says {key} twice")
        found |= given
        rest = rest[match.end() :]
    return found


def _arguments(name: str, match: re.Match[str]) -> dict[str, Any]:
    """Arguments of ``Dosing`` that a clause stands for."""
    if name == "often":
        return {"every": _OFTEN[match[1]]}
    if name == "on":
        return {"on": match[1], "off": match[2]}
    return {name: int(match[1]) if name == "count" else match[1]}


def regimen_text(dosing: Dosing) -> str:
    """A regimen in the words that ``read_regimen`` reads."""
    words = [dosing.drug]
    if dosing.loading is not None:
        words.append(f"{dosing.loading:.12g} {dosing.unit} then")
    words.append(f"{dosing.amount:.12g} {dosing.unit}")
    if dosing.infusion is not None:
        words.append(f"over {_time(dosing.infusion)}")
    if dosing.every is not None:
        words.append(f"every {_time(dosing.every)}")
    if dosing.on is not None:
        words.append(f"{_time(dosing.on)} on {_time(dosing.off)} off")
    if dosing.start:
        words.append(f"from {_time(dosing.start)}")
    if dosing.until is not None:
        words.append(f"until {_time(dosing.until)}")
    if dosing.count is not None:
        words.append(f"{dosing.count} times")
    return " ".join(words)


def _time(seconds: float) -> str:
    """A time in the largest unit that leaves no fraction, as exactly as it is."""
    for unit, size in _TIMES:
        if (seconds / size).is_integer() and (unit != "d" or seconds != size):
            return f"{seconds / size:.12g} {unit}"
    return f"{seconds:.12g} s"
