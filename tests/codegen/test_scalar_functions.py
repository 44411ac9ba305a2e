from __future__ import annotations

import math

import numpy as np
import pytest

from mtorsim.codegen import scalar_functions as scalar

NUMBERS = [-math.inf, -710.5, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 710.5, math.inf, math.nan]
SAME = {"ln": np.log, "log10": np.log10, "sqrt": np.sqrt, "exp": np.exp, "sin": np.sin}
SAME |= {"cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan}
SAME |= {"sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh}
SAME |= {"acosh": np.arccosh, "atanh": np.arctanh, "floor": np.floor}


@pytest.mark.parametrize("name", SAME)
def test_functions_give_what_ieee_arithmetic_does(name: str) -> None:
    with np.errstate(all="ignore"):
        expected = [SAME[name](number) for number in NUMBERS]
    got = [getattr(scalar, name)(number) for number in NUMBERS]
    np.testing.assert_allclose(got, expected, rtol=1e-14)


@pytest.mark.parametrize("first", NUMBERS)
def test_quotients_and_powers_give_what_ieee_arithmetic_does(first: float) -> None:
    for second in NUMBERS:
        with np.errstate(all="ignore"):
            quotient, power = np.float64(first) / second, np.float64(first) ** second
        np.testing.assert_equal(scalar.divide(first, second), float(quotient))
        np.testing.assert_allclose(scalar.power(first, second), float(power), rtol=1e-14)


def test_factorials_of_whole_numbers_are_exact_and_then_infinite() -> None:
    assert [scalar.factorial(n) for n in (0.0, 1.0, 5.0)] == [1.0, 1.0, 120.0]
    assert scalar.factorial(200.0) == math.inf
    assert math.isnan(scalar.factorial(-2.0))


def test_the_namespace_holds_nothing_that_reaches_outside() -> None:
    assert all(callable(value) or isinstance(value, float) for value in scalar.NAMESPACE.values())
    assert not {"math", "open", "eval", "exec", "getattr", "__import__"} & set(scalar.NAMESPACE)
