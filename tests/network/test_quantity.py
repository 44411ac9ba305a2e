from __future__ import annotations

from dataclasses import dataclass
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.errors import InputError, UnitsError
from mtorsim.network.quantity import (
    UNIT_TABLE,
    Quantity,
    Unit,
    parse_quantity,
    parse_unit,
    unit_text,
)


@dataclass(frozen=True)
class ForeignQuantity:
    """Stands for a quantity of pint: it has a magnitude and converts between two units."""

    magnitude: float
    unit: str

    def to(self, target: str) -> ForeignQuantity:
        in_base = {"nM": 1.0, "uM": 1e3}
        if self.unit not in in_base or target not in in_base:
            raise TypeError(f"cannot convert {self.unit} to {target}")
        return ForeignQuantity(self.magnitude * in_base[self.unit] / in_base[target], target)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("nM", Unit(1.0, 1, 0)),
        ("uM", Unit(1e3, 1, 0)),
        ("µM", Unit(1e3, 1, 0)),
        ("μM", Unit(1e3, 1, 0)),
        ("h", Unit(3600.0, 0, 1)),
        ("1", Unit(1.0, 0, 0)),
        ("1/(nM*s)", Unit(1.0, -1, -1)),
        ("nM/min", Unit(1 / 60, 1, -1)),
        ("1/(uM^2*s)", Unit(1e-6, -2, -1)),
    ],
)
def test_a_unit_is_a_factor_with_powers_of_nanomolar_and_second(text: str, unit: Unit) -> None:
    read = parse_unit(text)
    assert read.powers == unit.powers
    assert read.factor == pytest.approx(unit.factor, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("hours", "did you mean 'h'?"),
        ("hr", "did you mean 'h'?"),
        ("minutes", "did you mean 'min'?"),
        ("nm", "did you mean 'nM'?"),
        ("nanomolar", "did you mean 'nM'?"),
        ("furlong", "known: M, d, h, mM, min, nM, pM, s, uM"),
    ],
)
def test_an_unknown_unit_is_refused_with_the_nearest_known(text: str, hint: str) -> None:
    with pytest.raises(UnitsError, match=f"unknown unit '{text}'") as caught:
        parse_unit(text)
    assert hint in str(caught.value)


@pytest.mark.parametrize(("text", "message"), [("2 * nM", "holds a number"), ("nM s", "be read")])
def test_a_unit_that_is_not_a_product_of_units_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnitsError, match=message):
        parse_unit(text)


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_the_text_of_a_dimension_reads_back_to_it(nanomolar: int, second: int) -> None:
    assert parse_unit(unit_text((nanomolar, second))) == Unit(1.0, nanomolar, second)


def test_a_quantity_knows_its_value_in_nanomolar_and_second() -> None:
    assert Quantity(2.0, parse_unit("uM")).in_base_units == 2000.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("20 nM", 20.0),
        ("20nM", 20.0),
        (" 1e-3 uM ", 1.0),
        ("1 µM", 1000.0),
        (".5 nM", 0.5),
        (ForeignQuantity(2.0, "uM"), 2000.0),
    ],
)
def test_a_concentration_comes_out_in_nanomolar(value: object, expected: float) -> None:
    assert parse_quantity(value, what="dose") == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("24 h", 86400.0), ("30 min", 1800.0), ("2 d", 172800.0), ("10 s", 10.0), ("0 h", 0.0)],
)
def test_a_time_comes_out_in_seconds(value: str, expected: float) -> None:
    assert parse_quantity(value, dimension="time", what="time") == expected


def test_a_bare_number_takes_the_default_unit() -> None:
    assert parse_quantity(2, dimension="time", default_unit="h", what="time") == 7200.0
    assert parse_quantity("2", dimension="time", default_unit="h", what="time") == 7200.0
    assert parse_quantity(0.5, dimension="dimensionless", what="factor") == 0.5


@pytest.mark.parametrize("value", [20, 20.0, "20"])
def test_a_bare_number_without_default_is_refused(value: object) -> None:
    with pytest.raises(UnitsError, match="without a unit: write it like '20 nM'"):
        parse_quantity(value, what="dose")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("24 h", "dose is '24 h', but a concentration is wanted, like '20 nM'"),
        ("24 hours", "dose is '24 hours': unknown unit 'hours'; did you mean 'h'?"),
        (ForeignQuantity(1.0, "kg"), "a concentration is wanted .cannot convert kg to nM"),
    ],
)
def test_a_wrong_dimension_or_unit_is_a_units_error(value: object, message: str) -> None:
    with pytest.raises(UnitsError, match=message):
        parse_quantity(value, what="dose")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nan nM", "give a finite number"),
        (nan, "give a finite number"),
        ("inf nM", "give a finite number"),
        ("-2 nM", "dose is '-2 nM': it can not be negative"),
        (ForeignQuantity(-1.0, "nM"), "it can not be negative"),
        ("plenty", "write it like '20 nM'"),
        ("", "write it like '20 nM'"),
        (True, "write it like '20 nM'"),
        (None, "write it like '20 nM'"),
        ([1.0], "write it like '20 nM'"),
    ],
)
def test_what_is_not_a_finite_positive_number_is_an_input_error(
    value: object, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        parse_quantity(value, default_unit="nM", what="dose")


@given(st.floats(0, 1e12), st.sampled_from(sorted(UNIT_TABLE)))
def test_a_written_number_and_unit_multiply(number: float, unit: str) -> None:
    factor, nanomolar, _ = UNIT_TABLE[unit]
    dimension = "concentration" if nanomolar else "time"
    assert parse_quantity(f"{number!r} {unit}", dimension=dimension) == number * factor
