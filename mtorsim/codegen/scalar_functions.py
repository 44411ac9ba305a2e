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
    is_odd = exponent % 2.0 == 1.0 if math.isfinite(exponent) else False
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -inf if is_odd and base < 0.0 else inf
    except ValueError:
        if base == 0.0:
            return math.copysign(inf, base) if is_odd else inf
        return nan


def sign(first: float, second: float) -> int:
    """-1, 0 or 1 as ``first`` is below, equal to or above ``second``."""
    return (first > second) - (first < second)


def floor(value: float) -> float:
    """Largest whole number not above; infinity and NaN stay."""
    return float(math.floor(value)) if math.isfinite(value) else value


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


exp, ln, log10 = _safe(math.exp), _safe(math.log, -inf), _safe(math.log10, -inf)
sqrt, gamma = _safe(math.sqrt), _safe(math.gamma, inf)
sin, cos, tan = _safe(math.sin), _safe(math.cos), _safe(math.tan)
asin, acos, atan = _safe(math.asin), _safe(math.acos), math.atan
sinh, cosh, tanh = _safe(math.sinh), _safe(math.cosh), math.tanh
asinh, acosh, _atanh = math.asinh, _safe(math.acosh), _safe(math.atanh)


def atanh(value: float) -> float:
    """Inverse hyperbolic tangent; infinite at 1 and -1."""
    return math.copysign(inf, value) if abs(value) == 1.0 else _atanh(value)


def factorial(value: float) -> float:
    """Factorial of a whole number; the gamma function of one more between them."""
    return gamma(value + 1.0)


#: what generated code may call: every function here by its own name, and four built-in ones
NAMESPACE: dict[str, object] = {
    name: value
    for name, value in globals().items()
    if not name.startswith("_") and name not in ("annotations", "math", "Callable")
} | {"abs": abs, "max": max, "min": min, "int": int}
