"""Numbers with units: the closed unit table, quantities given by callers, and model parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from numbers import Real
from typing import Literal

from mtorsim.errors import InputError, ModelError, UnitsError, suggestion
from mtorsim.network.monomial import parse_monomial

Dimension = Literal["concentration", "time", "rate", "dimensionless"]

# unit: (factor to nM and s, power of nM, power of s)
UNIT_TABLE: dict[str, tuple[float, int, int]] = {
    "nM": (1.0, 1, 0),
    "pM": (1e-3, 1, 0),
    "uM": (1e3, 1, 0),
    "mM": (1e6, 1, 0),
    "M": (1e9, 1, 0),
    "s": (1.0, 0, 1),
    "min": (60.0, 0, 1),
    "h": (3600.0, 0, 1),
    "d": (86400.0, 0, 1),
}
_DIMENSION_POWERS: dict[str, tuple[int, int]] = {
    "concentration": (1, 0),
    "time": (0, 1),
    "rate": (0, -1),
    "dimensionless": (0, 0),
}
_EXAMPLES = {"concentration": "20 nM", "time": "24 h", "rate": "0.01 1/s", "dimensionless": "2"}
_MASSES = ("ng", "ug", "mg", "g", "kg")
_OTHER_SPELLINGS = {
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("nmol", "nanomolar"), "nM"),
    **dict.fromkeys(("umol", "micromolar"), "uM"),
    **dict.fromkeys(("pmol", "picomolar"), "pM"),
    **dict.fromkeys(("mmol", "millimolar"), "mM"),
    **dict.fromkeys(("mol", "molar"), "M"),
}
_QUANTITY = re.compile(
    r"\s*([+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf(?:inity)?))\s*(.*?)\s*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a factor to nM and s with its powers of both.

    Parameters
    ----------
    factor : what one of this unit is in nM and s
    nM_power, s_power : dimension
    """

    factor: float
    nM_power: int  # noqa: N815 - the symbol of the unit
    s_power: int

    @property
    def powers(self) -> tuple[int, int]:
        """The dimension: (power of nM, power of s)."""
        return self.nM_power, self.s_power


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit."""

    value: float
    unit: Unit

    @property
    def in_base_units(self) -> float:
        """The value in powers of nM and s."""
        return self.value * self.unit.factor


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a model with all that is known about it.

    Parameters
    ----------
    value : in powers of nM and s, not negative
    unit, value_as_written : as in the file
    spread : geometric standard deviation, >= 1; 1 means exact
    source : key of ``sources.toml``, ``"fitted"`` or ``"assumed"``
    meaning, why, fitted_to, range_source, confidence : text, empty where not given
    range : what the source allows, (low, high) in powers of nM and s
    range_as_written : the same in ``unit``
    origin : ``"file.toml:12"``
    """

    id: str
    value: float
    unit: str
    value_as_written: float
    spread: float
    source: str
    meaning: str = ""
    why: str = ""
    fitted_to: str = ""
    range: tuple[float, float] | None = None
    range_as_written: tuple[float, float] | None = None
    range_source: str = ""
    confidence: str = ""
    origin: str = field(default="", compare=False)

    @property
    def powers(self) -> tuple[int, int]:
        """The dimension: (power of nM, power of s)."""
        return parse_unit(self.unit).powers


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Unit:
    """Read ``"1/(nM*s)"``, ``"nM"``, ``"1/min"``; ``"1"`` is dimensionless.

    Raises
    ------
    UnitsError : the text is not made of the units of the table; the message offers the nearest
    """
    spelled = text.replace("µ", "u").replace("μ", "u").strip()
    try:
        monomial = parse_monomial(spelled)
    except ModelError as error:
        raise UnitsError(f"unit {text!r} can not be read; write it like '1/(nM*s)'") from error
    if monomial.coefficient != 1:
        raise UnitsError(f"unit {text!r} holds a number; put numbers in the value")
    factor, nM_power, s_power = 1.0, 0, 0
    for name, power in monomial.powers:
        if name not in UNIT_TABLE:
            raise UnitsError(f"unknown unit {name!r}{_unit_suggestion(name)}")
        unit_factor, nM, s = UNIT_TABLE[name]
        factor = factor * unit_factor**power if power > 0 else factor / unit_factor**-power
        nM_power, s_power = nM_power + nM * power, s_power + s * power
    return Unit(factor, nM_power, s_power)


def _unit_suggestion(name: str) -> str:
    """Tail of an error line for an unknown unit."""
    if name in _MASSES:
        return ": doses in mg are for a body, as of Dosing and mtorsim schedule; here it is nM"
    if name.lower() in _OTHER_SPELLINGS:
        return f"; did you mean {_OTHER_SPELLINGS[name.lower()]!r}?"
    same = [unit for unit in UNIT_TABLE if unit.lower() == name.lower()]
    return f"; did you mean {same[0]!r}?" if same else suggestion(name, UNIT_TABLE)


def unit_text(powers: tuple[int, int]) -> str:
    """The unit of a dimension in nM and s: ``(-1, -1)`` is ``"1/(nM*s)"``."""
    return product_text(zip(("nM", "s"), powers, strict=True)) or "1"


def product_text(powers: Iterable[tuple[str, float]]) -> str:
    """Names to their powers, as they are written: ``"nM*s"``, ``"1/(nM*s^2)"``; "" of none."""
    pairs = list(powers)
    above = [_power_text(name, power) for name, power in pairs if power > 0]
    below = [_power_text(name, -power) for name, power in pairs if power < 0]
    numerator = "*".join(above) or ("1" if below else "")
    if not below:
        return numerator
    return f"{numerator}/{below[0]}" if len(below) == 1 else f"{numerator}/({'*'.join(below)})"


def _power_text(name: str, power: float) -> str:
    return name if power == 1 else f"{name}^{power:g}"


def parse_quantity(
    value: object,
    *,
    dimension: Dimension = "concentration",
    default_unit: str | None = None,
    what: str = "quantity",
) -> float:
    """Value in nM and s of what a caller wrote.

    Parameters
    ----------
    value : ``"20 nM"``, a number in ``default_unit``, or an object with ``magnitude`` and ``to``
        as pint makes them
    dimension : what it must be
    default_unit : unit of a bare number; None refuses bare numbers unless dimensionless
    what : the name for error lines

    Returns
    -------
    float, in powers of nM and s; finite and not negative

    Raises
    ------
    UnitsError : unknown unit, wrong dimension, or no unit where one is needed
    InputError : not a number, infinite, or negative
    """
    if hasattr(value, "magnitude") and hasattr(value, "to"):
        return _checked(_foreign_magnitude(value, dimension=dimension, what=what), value, what)
    if isinstance(value, str):
        number, text = _split_quantity(value, dimension=dimension, what=what)
    elif isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{what} is {value!r}: write it like {_EXAMPLES[dimension]!r}")
    else:
        number, text = float(value), ""
    _checked(number, value, what)
    unit = _unit_or_default(text, value, dimension, default_unit, what)
    if unit.powers != _DIMENSION_POWERS[dimension]:
        raise UnitsError(
            f"{what} is {value!r}, but a {dimension} is wanted, like {_EXAMPLES[dimension]!r}"
        )
    return number * unit.factor


def _split_quantity(text: str, *, dimension: Dimension, what: str) -> tuple[float, str]:
    """Number and unit of ``"20 nM"``."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise InputError(f"{what} is {text!r}: write it like {_EXAMPLES[dimension]!r}")
    return float(match[1]), match[2]


def _unit_or_default(
    text: str, value: object, dimension: Dimension, default_unit: str | None, what: str
) -> Unit:
    """The unit written, else the default one."""
    if not text and default_unit is None and dimension != "dimensionless":
        raise UnitsError(
            f"{what} is {value!r} without a unit: write it like {_EXAMPLES[dimension]!r}"
        )
    try:
        return parse_unit(text or default_unit or "1")
    except UnitsError as error:
        raise UnitsError(f"{what} is {value!r}: {error}") from None


def _foreign_magnitude(value: object, *, dimension: Dimension, what: str) -> float:
    """Magnitude in nM and s of an object of another units library."""
    target = {"concentration": "nM", "time": "s", "rate": "1/s"}.get(dimension, "dimensionless")
    try:
        return float(value.to(target).magnitude)  # type: ignore[attr-defined]
    except (TypeError, ValueError, AttributeError) as error:
        raise UnitsError(f"{what} is {value}, but a {dimension} is wanted ({error})") from error


def _checked(number: float, value: object, what: str) -> float:
    """The number, if it is finite and not negative."""
    if not isfinite(number):
        raise InputError(f"{what} is {value!r}: give a finite number")
    if number < 0:
        raise InputError(f"{what} is {value!r}: it can not be negative")
    return number
