"""Validation: counts, distances in words, and the stored baseline."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mtorsim.analysis.panel import Check, Quantity
from mtorsim.analysis.validate import CheckResult, read_baseline, validate
from mtorsim.errors import UnknownNameError

QUANTITY = Quantity("pAKT_S473", "value", ("untreated",), 0.0, 0.0)


@pytest.mark.parametrize(
    ("low", "high", "found", "off"),
    [
        (1.0, 2.0, 1.5, ""),
        (1.0, 2.0, 0.5, "2 times too low"),
        (1.0, 2.0, 6.0, "3 times too high"),
        (1.0, 2.0, float("nan"), "no value"),
        (1.0, 2.0, -1.0, "below 1"),
    ],
)
def test_a_check_says_how_far_off_it_is(low: float, high: float, found: float, off: str) -> None:
    result = CheckResult(Check("", QUANTITY, low, high), found)
    assert result.off == off
    assert result.passed == (off == "")


def test_the_core_passes_the_rows_of_its_baseline() -> None:
    validation = validate("mtor-core")
    assert validation.regressions == ()
    assert {result.row.id for result in validation.rows if result.passed} == read_baseline(
        "mtor-core"
    )


def test_a_row_that_passed_before_is_a_regression() -> None:
    validation = validate("mtor-core", rows=["B04"])
    assert validation.regressions == ()
    worse = replace(validation, expected=frozenset({"B04"}))
    assert worse.regressions == ("B04",)
    assert worse.counts("held-out") == (0, 1)


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="B99"):
        validate("mtor-core", rows=["B99"])


@pytest.mark.slow
def test_the_full_model_passes_the_rows_of_its_baseline() -> None:
    validation = validate("mtor")
    assert validation.left_out == {}
    assert {result.row.id for result in validation.rows if result.passed} == read_baseline("mtor")
