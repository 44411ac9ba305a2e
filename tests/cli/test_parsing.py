from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.cli.parsing import parse_assignments, parse_axes, parse_axis, split_list
from mtorsim.errors import MtorsimError

positive = st.floats(min_value=1e-9, max_value=1e9)


@given(low=positive, ratio=st.floats(1.01, 1e6), count=st.integers(2, 50), log=st.booleans())
def test_a_range_holds_its_ends_and_rises_evenly(low, ratio, count, log):
    high = low * ratio
    values = parse_axis("x", f"{low!r}:{high!r}:{count}" + (":log" if log else ""))
    assert len(values) == count
    assert (values[0], values[-1]) == (low, high)
    steps = [b / a if log else b - a for a, b in pairwise(values)]
    assert min(steps) > (1 if log else 0)
    assert max(steps) == pytest.approx(min(steps), rel=1e-6, abs=1e-9 * high)


def test_units_at_both_ends_are_kept():
    assert parse_axis("x", "1uM:3uM:3") == ["1.0 uM", "2.0 uM", "3.0 uM"]


def test_unlike_units_become_nanomolar():
    assert parse_axis("x", "1nM:1uM:2:log") == ["1.0 nM", "1000.0 nM"]


def test_a_list_is_handed_on_with_its_units():
    assert parse_axes(["x=0, 1nM,10"]) == {"x": ["0", "1 nM", "10"]}


def test_lists_may_be_split_over_options():
    assert split_list(["a,b", "c", ",", " d "], option="--of") == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1:2", "write LOW:HIGH:COUNT"),
        ("1:2:3:log:5", "write LOW:HIGH:COUNT"),
        ("one:2:3", "'one' is not a number"),
        (":2:3", "'' is not a number"),
        ("1:2:three", "'three' is not a number of points"),
        ("1:2:0", "the range is empty, 0 points"),
        ("1:2:-5", "the range is empty, -5 points"),
        ("2:1:5", "the range is empty, it runs from 2 to 1"),
        ("1:1:5", "the range is empty, it runs from 1 to 1"),
        ("0:1:5:log", "a logarithmic range starts above 0"),
        ("1:2:5:lg", "unknown spacing 'lg'"),
        ("-1:2:5", "it can not be negative"),
        ("nan:2:5", "give a finite number"),
        ("1:inf:5", "give a finite number"),
        ("1:2uM:5", "write a unit at both ends or at none"),
        ("1nM:2h:5", "a concentration is wanted"),
        ("1nM:2nm:5", "unknown unit 'nm'; did you mean 'nM'?"),
    ],
)
def test_a_wrong_range_is_named(text, message):
    with pytest.raises(MtorsimError) as caught:
        parse_axis("everolimus", text)
    assert message in str(caught.value)
    assert "everolimus" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["everolimus", "=1", "everolimus=", ""])
def test_an_assignment_needs_both_sides(text):
    with pytest.raises(MtorsimError, match="write NAME=VALUE"):
        parse_assignments([text], option="--dose")


def test_a_name_is_assigned_once():
    with pytest.raises(MtorsimError, match="--dose: x is given twice"):
        parse_assignments(["x=1", "x=2"], option="--dose")


def values_or_complaint(text):
    try:
        return parse_axis("x", text)
    except MtorsimError as error:
        return str(error)


@given(text=st.text(max_size=30) | st.from_regex(r"[0-9.,:a-zA-Z -]{1,20}", fullmatch=True))
def test_any_text_is_values_or_one_clear_line(text):
    result = values_or_complaint(text)
    if isinstance(result, str):
        assert len(result.splitlines()) == 1
    else:
        assert all(isinstance(value, float | str) for value in result)
