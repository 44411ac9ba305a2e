"""Doses and times as callers write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.errors import InputError, UnitsError
from mtorsim.simulate.quantities import doses, is_single, read_numbers, read_span, read_times


class PintLike:
    """A quantity of another units library."""

    def __init__(self, magnitude: float) -> None:
        self.magnitude = magnitude

    def to(self, unit: str) -> "PintLike":
        assert unit == "nM"
        return PintLike(self.magnitude * 1e3)


def concentrations(given_values: object) -> list[float]:
    return read_numbers(
        given_values, dimension="concentration", default_unit="nM", what="dose"
    ).tolist()


def test_numbers_strings_and_foreign_quantities_mix() -> None:
    assert concentrations([1, 2.5, "3 nM", "4 uM", PintLike(5.0)]) == [1, 2.5, 3, 4000, 5000]


def test_arrays_keep_their_order_and_bits() -> None:
    values = np.array([3.0, 0.1, 7e-9])
    assert concentrations(values) == values.tolist()


def test_a_single_value_is_a_list_of_one() -> None:
    assert concentrations("2 pM") == [0.002]
    assert concentrations(np.array(4.0)) == [4.0]


@pytest.mark.parametrize("given_value", ["1 nM", 3, np.float64(2), np.array(1.0), PintLike(2.0)])
def test_single_values_are_told_from_lists(given_value: object) -> None:
    assert is_single(given_value)
    assert not is_single([given_value])


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ([1.0, -2.0], InputError, "dose is -2.0"),
        (np.array([1.0, np.nan]), InputError, "dose is nan"),
        (np.array([np.inf]), InputError, "finite"),
        ("20 h", UnitsError, "concentration"),
        ("20 furlong", UnitsError, "unknown unit 'furlong'"),
        ([], InputError, "dose: the list is empty"),
        (np.ones((2, 2)), InputError, "flat"),
        (None, InputError, "dose is None"),
        ([True], InputError, "dose is True"),
    ],
)
def test_values_without_meaning_are_refused(
    values: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        concentrations(values)


@given(
    low=st.floats(1e-6, 1e3),
    ratio=st.floats(1.001, 1e9),
    count=st.integers(2, 300),
)
def test_doses_are_evenly_spaced_on_a_log_axis_with_exact_ends(
    low: float, ratio: float, count: int
) -> None:
    spaced = doses(low, low * ratio, count)
    assert (spaced[0], spaced[-1], len(spaced)) == (low, low * ratio, count)
    steps = np.diff(np.log(spaced))
    assert steps == pytest.approx(np.full(count - 1, np.log(ratio) / (count - 1)), abs=1e-12)


def test_one_dose_is_a_range() -> None:
    assert doses("5 nM", "5 nM", 1).tolist() == [5.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, "1 uM", 5), "lowest dose is 0 nM"),
        (("1 nM", "1 uM", 0), "0 doses"),
        (("1 uM", "1 nM", 5), "from 1000 nM to 1 nM"),
        (("1 nM", "1 nM", 5), "empty"),
        (("-1 nM", "1 nM", 5), "negative"),
        (("1 nM", "2 nM", 2.5), "number of doses is 2.5"),
    ],
)
def test_empty_dose_ranges_are_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        doses(*arguments)  # type: ignore[arg-type]


def test_times_come_sorted_and_once() -> None:
    assert read_times(["24 h", "2 h", 0, "120 min"]).tolist() == [0.0, 7200.0, 86400.0]


def test_a_span_is_spread_from_0_and_a_list_is_taken_as_it_is() -> None:
    assert (read_span("2 h")[0], read_span("2 h")[-1], len(read_span("2 h"))) == (0.0, 7200.0, 201)
    assert read_span(["1 h", "2 h"]).tolist() == [3600.0, 7200.0]


@pytest.mark.parametrize(
    ("times", "error", "message"),
    [
        (0, InputError, "time is 0"),
        ("-2 h", InputError, "time is '-2 h'"),
        ([1.0, float("nan")], InputError, "nan"),
        ("24 hours", UnitsError, "did you mean 'h'"),
        ("24 nM", UnitsError, "time is wanted"),
        ([], InputError, "empty"),
    ],
)
def test_times_without_meaning_are_refused(
    times: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read_times(times)
