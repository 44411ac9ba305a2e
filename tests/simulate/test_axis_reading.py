"""Names and values of axes."""

from collections.abc import Mapping

import numpy as np
import pytest

from mtorsim.errors import InputError, UnitsError, UnknownNameError
from mtorsim.simulate.axes import Axis
from mtorsim.simulate.axis_reading import read_axes, read_parameter_value, split_context
from tests.simulate.toy_model import toy


def read(given: Mapping[str, object], mode: str = "grid") -> tuple[Axis, ...]:
    return read_axes(toy().network, given, mode=mode)


def test_each_name_finds_its_role() -> None:
    axes = read(
        {
            "glueone": [1],
            "k_s6k": [1e-3],
            "TOR": ["1 nM"],
            "Insulin": ["1 uM"],
            "context": ["wild-type"],
        }
    )
    roles = [axis.columns[0].role for axis in axes]
    assert roles == ["drug", "parameter", "amount", "input", "context"]
    units = [axis.columns[0].unit for axis in axes]
    assert units == ["nM", "1/(nM*s)", "nM", "nM", ""]


def test_a_mapping_is_an_axis_along_which_names_vary_together() -> None:
    (axis,) = read({"draw": {"k_s6k": [1e-3, 2e-3], "glueone": [1, 2]}})
    assert axis.name == "draw"
    assert [column.name for column in axis.columns] == ["k_s6k", "glueone"]


def test_zip_makes_one_axis_of_all() -> None:
    (axis,) = read({"glueone": [1, 2], "blocker": [3, 4]}, mode="zip")
    assert (axis.name, len(axis)) == ("trajectory", 2)


def test_parameters_take_their_unit() -> None:
    assert read_parameter_value(toy().network, "k_irs1_off", "3 1/min") == 0.05
    assert read_parameter_value(toy().network, "k_irs1_off", 0.05) == 0.05
    with pytest.raises(UnitsError, match="its unit is 1/s"):
        read_parameter_value(toy().network, "k_irs1_off", "3 nM")
    with pytest.raises(InputError, match="write it like '2e-4 1/s'"):
        read_parameter_value(toy().network, "k_irs1_off", "fast")


def test_senseless_parameter_values_are_left_to_their_trajectories() -> None:
    (axis,) = read({"k_s6k": [1e-3, float("nan"), -1.0]})
    assert np.isnan(axis.columns[0].values[1])


def test_contexts_are_joined_by_plus() -> None:
    assert split_context("PTEN-lost + starved") == ("PTEN-lost", "starved")
    (axis,) = read({"context": ["wild-type", ("TOR-high", "starved")]})
    assert axis.columns[0].coordinates.tolist() == ["wild-type", "TOR-high+starved"]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"glueon": [1]}, UnknownNameError, "did you mean 'glueone'"),
        ({"glueone": []}, InputError, "dose of glueone: the list is empty"),
        ({"glueone": [-1]}, InputError, "dose of glueone is -1"),
        ({"glueone": [float("nan")]}, InputError, "finite"),
        ({"glueone": ["1 h"]}, UnitsError, "concentration"),
        ({"glueone": "1 nM"}, InputError, "list of values"),
        ({"k_s6k": 1.0}, InputError, "list of values"),
        ({"k_s6k": []}, InputError, "empty"),
        ({"context": "wild-type"}, InputError, r"give a list, like \['wild-type'\]"),
        ({"context": []}, InputError, "empty"),
        ({"draw": {}}, InputError, "nothing varies"),
        ({"draw": {"glueone": [1], "blocker": [1, 2]}}, InputError, "blocker has 2"),
        ({"glueone": {"blocker": [1]}}, InputError, "a name of its own"),
        ({"status": {"blocker": [1]}}, InputError, "a name of its own"),
        ({"a/b": {"blocker": [1]}}, InputError, "of letters and digits"),
        ({"glueone": [1], "draw": {"glueone": [1]}}, InputError, "more than one axis"),
        ({}, InputError, "at least one axis"),
    ],
)
def test_slips_are_refused(
    given: Mapping[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read(given)


def test_unequal_lengths_can_not_be_zipped() -> None:
    with pytest.raises(InputError, match="glueone has 1, blocker has 2"):
        read({"glueone": [1], "blocker": [1, 2]}, mode="zip")


def test_other_modes_are_refused() -> None:
    with pytest.raises(InputError, match="'grid' or 'zip'"):
        read({"glueone": [1]}, mode="product")
