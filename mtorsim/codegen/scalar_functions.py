"""The functions that generated scalar code calls: as in `math`, but with IEEE results for errors.

A solver may try a state where a formula has no value; it then needs NaN or infinity to turn back,
not an exception.
"""

from __future__ import annotations

import math
from collections.abc import Callable

inf, nan = math.inf, math.nan


def divide(numerator: float, denominator: float) -> float:
    """Quotient; infinite or NaN for a denominator of 0."""
    if denominator == 0.0:
        if numerator == 0.0 or math.isnan(numerator):
            return nan
        return math.copysign(inf, numerator) * math.copysign(1.0, denominator)
    return numerator / denominator


def power(base: float, exponent: float) -> float:
    """``base ** exponent``; NaN for a root of a negative number."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        is_odd = base < 0.0 and exponent % 2.0 == 1.0
        return -inf if is_odd else inf
    except ValueError:
        return inf if base == 0.0 and exponent < 0.0 else nan


def sign(first: float, second: float) -> int:
    """-1, 0 or 1 as ``first`` is below, equal to or above ``second``."""
    return (first > second) - (first < second)


def floor(value: float) -> float:
    """Largest whole number not above; infinity and NaN stay."""
    return float(math.floor(value)) if math.isfinite(value) else value


def factorial(value: float) -> float:
    """Factorial of a whole number; the gamma function of one more between them."""
    try:
        return math.gamma(value + 1.0)
    except OverflowError:
        return inf
    except ValueError:
        return nan


def _safe(function: Callable[[float], float], at_pole: float = nan) -> Callable[[float], float]:
    """``function`` with infinity on overflow, ``at_pole`` at 0 and NaN elsewhere out of bounds."""

    def evaluate(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return -inf if function is math.sinh and value < 0.0 else inf
        except ValueError:
            return at_pole if value == 0.0 else nan

    return evaluate


def atanh(value: float) -> float:
    """Inverse hyperbolic tangent; infinite at 1 and -1."""
    if abs(value) == 1.0:
        return math.copysign(inf, value)
    return _atanh(value)


_atanh = _safe(math.atanh)

#: name in generated code -> function
NAMESPACE: dict[str, object] = {
    "divide": divide,
    "power": power,
    "sign": sign,
    "floor": floor,
    "factorial": factorial,
    "exp": _safe(math.exp),
    "ln": _safe(math.log, -inf),
    "log10": _safe(math.log10, -inf),
    "sqrt": _safe(math.sqrt),
    "sin": _safe(math.sin),
    "cos": _safe(math.cos),
    "tan": _safe(math.tan),
    "asin": _safe(math.asin),
    "acos": _safe(math.acos),
    "atan": math.atan,
    "sinh": _safe(math.sinh),
    "cosh": _safe(math.cosh),
    "tanh": math.tanh,
    "asinh": math.asinh,
    "acosh": _safe(math.acosh),
    "atanh": atanh,
    "abs": abs,
    "max": max,
    "min": min,
    "inf": inf,
    "nan": nan,
}
