"""Numbers and times in the units of an imported model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mtorsim.errors import InputError, UnitsError
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.network.general_model import GeneralModel
from mtorsim.simulate.clock import SECONDS_SHOWN_AS_HOURS, Clock
from mtorsim.simulate.own_units import clock_of, read_span, read_times, read_value
from tests.interop.sbml_documents import Document


def model(time_unit: str = "", **units: str) -> GeneralModel:
    bare = read_sbml_text(Document().parameter("k", 1.0).text())
    return replace(bare, time_unit=time_unit, units=units)


@pytest.mark.parametrize(
    ("given", "minutes"),
    [(3, [3.0]), ("3", [3.0]), ("3 min", [3.0]), ("2h", [120.0]), (["90 s", 1], [1.0, 1.5])],
)
def test_times_become_the_models_own(given: object, minutes: list[float]) -> None:
    assert read_times(model("min"), given).tolist() == minutes


@pytest.mark.parametrize("unit", ["", "ms", "7 s"])
def test_a_unit_that_can_not_be_converted_is_refused(unit: str) -> None:
    with pytest.raises(UnitsError, match="give a bare number"):
        read_times(model(unit), "2 h")


def test_a_span_is_even_and_a_list_is_taken_as_it_is() -> None:
    assert read_span(model(), 10.0)[[0, 1, -1]].tolist() == [0.0, 0.05, 10.0]
    assert read_span(model(), [1, 2.5]).tolist() == [1.0, 2.5]


@pytest.mark.parametrize(("given", "value"), [(2, 2.0), ("-0.5", -0.5), ("3 1/min", 3.0)])
def test_a_value_may_carry_the_unit_of_the_file(given: object, value: float) -> None:
    assert read_value(model(k="1/min"), "k", given) == value


@pytest.mark.parametrize("given", ["2 1/s", "2 nM"])
def test_a_value_in_another_unit_is_refused(given: str) -> None:
    with pytest.raises(UnitsError, match="its unit is 1/min"):
        read_value(model(k="1/min"), "k", given)
    with pytest.raises(UnitsError, match="declares no unit"):
        read_value(model(), "k", given)


@pytest.mark.parametrize("given", ["", "two", None, True, [1.0]])
def test_what_is_no_number_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="give a number"):
        read_value(model(), "k", given)


def test_a_clock_shows_times_and_converts_them_where_it_can() -> None:
    times = np.array([0.0, 90.0])
    assert clock_of(model("min")).hours(times).tolist() == [0.0, 1.5]
    assert (clock_of(model("min")).column, clock_of(model("min")).text(5.0)) == (
        "time_min",
        "5 min",
    )
    bare = clock_of(model())
    assert (bare.column, bare.heading, bare.text(5.0)) == ("time", "time", "time 5")
    with pytest.raises(InputError, match="no unit of time"):
        bare.hours(times)
    assert Clock("7 s", 1.0, None).column == "time"
    assert SECONDS_SHOWN_AS_HOURS.text(5400.0) == "1.5 h"
