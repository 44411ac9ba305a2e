"""What may be written behind ``=`` on the command line: swept axes, settings, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import inf

from mtorsim.errors import InputError
from mtorsim.network.quantity import Dimension, parse_quantity

Values = list[float] | list[str]

_UNIT_AFTER_NUMBER = re.compile(r"(?<=[\d.])(?=[a-zA-Zµμ])(?![eE][+-]?\d)")
_NUMBER_AND_UNIT = re.compile(r"\s*([^\s_a-zA-Zµμ]+(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf))\s*(.*?)\s*")
MOST_POINTS = 10_000_000
_WANTED = "write LOW:HIGH:COUNT, LOW:HIGH:COUNT:log, or values like 0,1,10"
_SPACINGS = ("linear", "log")
_UNITS: Mapping[Dimension, tuple[str, str]] = {"time": ("h", "min"), "concentration": ("nM", "uM")}


def parse_assignments(texts: Iterable[str], *, option: str) -> dict[str, str]:
    """Names and values of ``NAME=VALUE`` arguments, each name once.

    Raises
    ------
    InputError : no ``=``, an empty side, or a name given twice
    """
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            example = "AKT_total=50nM" if option == "--set" else "everolimus=20nM"
            raise InputError(f"{option} {text!r}: write NAME=VALUE, like {example}")
        if name in values:
            raise InputError(f"{option}: {name} is given twice")
        values[name] = space_units(value)
    return values


def parse_doses(texts: Iterable[str]) -> dict[str, str]:
    """Dose by drug of ``--dose DRUG=DOSE`` arguments, each with its unit.

    Raises
    ------
    InputError : as of ``parse_assignments``, or a dose has no unit
    """
    doses = parse_assignments(texts, option="--dose")
    for drug, dose in doses.items():
        with_unit(dose, where=f"--dose {drug}={dose}", dimension="concentration")
    return doses


def with_unit(text: str, *, where: str, dimension: Dimension) -> str:
    """A quantity with number and unit apart; a bare number is refused, except 0.

    The 24 of ``--at 24`` is hours to one reader and seconds to another, so nothing is assumed.

    Parameters
    ----------
    where : the option as it was written, for the error line

    Raises
    ------
    InputError : a number without a unit
    """
    try:
        number = float(text)
    except ValueError:
        return space_units(text)
    if 0.0 < number < inf:
        examples = " or ".join(f"'{text.strip()} {unit}'" for unit in _UNITS[dimension])
        raise InputError(f"{where}: give the unit, as in {examples}")
    return text


def time_with_unit(text: str, *, option: str) -> str:
    """A time with number and unit apart, as of ``with_unit``."""
    return with_unit(text, where=f"{option} {text}", dimension="time")


def split_times(texts: Iterable[str]) -> list[str]:
    """Times of ``--at`` between commas, each with its unit.

    Raises
    ------
    InputError : a time has no unit
    """
    return [time_with_unit(text, option="--at") for text in split_list(texts, option="--at")]


def split_readouts(texts: Iterable[str]) -> list[str]:
    """Names of ``--readout`` between commas."""
    return split_list(texts, option="--readout")


def parse_axes(texts: Iterable[str]) -> dict[str, Values]:
    """Swept values per name of ``--vary`` arguments: numbers, or strings if a unit is written."""
    return {
        name: parse_axis(name, text)
        for name, text in parse_assignments(texts, option="--vary").items()
    }


def parse_axis(name: str, text: str) -> Values:
    """Values of ``0.01:1000:200:log``, ``0.01nM:1uM:200:log``, ``0:10:11`` or ``0,1nM,10``.

    Raises
    ------
    InputError, UnitsError : it can not be read, the range is empty, or a value is negative or NaN
    """
    if ":" not in text:
        return split_list([text], option=name)
    low_text, *rest = text.split(":")
    if len(rest) not in (2, 3):
        raise InputError(f"{name}={text!r}: {_WANTED}")
    low, high = (_number_and_unit(name, end, text) for end in (low_text, rest[0]))
    spacing = rest[2].strip() if len(rest) == 3 else "linear"
    if spacing not in _SPACINGS:
        raise InputError(f"{name}={text!r}: unknown spacing {spacing!r}; write log or linear")
    (low_number, high_number), unit = _in_one_unit(name, text, low, high)
    numbers = _spaced(
        name, low_number, high_number, count=_count(name, rest[1]), logarithmic=spacing == "log"
    )
    return [f"{number!r} {unit}" for number in numbers] if unit else numbers


def space_units(text: str) -> str:
    """``"20nM"`` as ``"20 nM"``; ``"1e-3"`` as it is."""
    return _UNIT_AFTER_NUMBER.sub(" ", text)


def split_list(texts: Iterable[str], *, option: str) -> list[str]:
    """The parts between commas of all arguments of an option; empty parts are left out.

    Raises
    ------
    InputError : the option is given, and nothing is named
    """
    given = list(texts)
    parts = [part.strip() for text in given for part in text.split(",") if part.strip()]
    if given and not parts:
        raise InputError(f"{option} {','.join(given)!r}: the list is empty")
    return parts


def _number_and_unit(name: str, end: str, text: str) -> tuple[float, str]:
    """``"0.01nM"`` as 0.01 and ``"nM"``."""
    match = _NUMBER_AND_UNIT.fullmatch(end)
    try:
        number = float(match[1]) if match else None
    except ValueError:
        number = None
    if match is None or number is None:
        raise InputError(f"{name}={text!r}: {end!r} is not a number; {_WANTED}")
    parse_quantity(number, dimension="dimensionless", what=name)  # finite and not negative
    return number, match[2]


def _in_one_unit(
    name: str, text: str, low: tuple[float, str], high: tuple[float, str]
) -> tuple[tuple[float, float], str]:
    """Both ends in the same unit; unlike ones must be concentrations and become nM."""
    if low[1] == high[1]:
        return (low[0], high[0]), low[1]
    if not low[1] or not high[1]:
        raise InputError(f"{name}={text!r}: write a unit at both ends or at none")
    low_nM, high_nM = (
        parse_quantity(f"{number!r} {unit}", dimension="concentration", what=name)
        for number, unit in (low, high)
    )
    return (low_nM, high_nM), "nM"


def _count(name: str, text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a number of points") from None
    if count < 1:
        raise InputError(f"{name}: the range is empty, {count} points were asked for")
    if count > MOST_POINTS:
        raise InputError(f"{name}: {count} points are too many, {MOST_POINTS} can be had")
    return count


def _spaced(name: str, low: float, high: float, *, count: int, logarithmic: bool) -> list[float]:
    """Evenly spaced values, both ends included and exact."""
    if high < low or (high == low and count > 1):
        raise InputError(f"{name}: the range is empty, it runs from {low:g} to {high:g}")
    if logarithmic and low == 0:
        raise InputError(f"{name}: a logarithmic range starts above 0")
    if count == 1:
        return [low]
    steps = [i / (count - 1) for i in range(1, count - 1)]
    between = (
        [low * (high / low) ** step for step in steps]
        if logarithmic
        else [low + (high - low) * step for step in steps]
    )
    return [low, *between, high]
