"""Measures of time courses and dose series, against shapes whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from mtorsim.analysis.panel_measures import (
    dose_with_response,
    half_dose,
    half_fall,
    half_rise,
    hill_slope,
    peak_time,
)

TIMES = np.linspace(100.0, 160.0, 601)
DOSES = np.geomspace(0.01, 1e4, 200)


def test_the_peak_is_counted_from_the_start_of_the_window() -> None:
    course = np.exp(-(((TIMES - 120.0) / 5.0) ** 2))[np.newaxis]
    assert peak_time(TIMES, course) == pytest.approx([20.0])


def test_an_exponential_rise_and_fall_take_their_half_time() -> None:
    elapsed = TIMES - TIMES[0]
    rise = 1.0 + (1.0 - np.exp(-elapsed))[np.newaxis]
    fall = np.exp(-elapsed / 10.0)[np.newaxis]
    assert half_rise(TIMES, rise) == pytest.approx([np.log(2.0)], rel=1e-2)
    assert half_fall(TIMES, fall) == pytest.approx([10.0 * np.log(2.0)], rel=1e-4)


def test_a_course_that_never_falls_to_half_has_no_half_time() -> None:
    assert np.isnan(half_fall(TIMES, np.ones((1, TIMES.size)))).all()


@pytest.mark.parametrize("slope", [0.7, 1.0, 2.5])
def test_a_hill_curve_gives_its_dose_and_slope(slope: float) -> None:
    response = 1.0 / (1.0 + (DOSES / 3.0) ** slope)
    control = np.ones(1)
    assert half_dose(DOSES, response[np.newaxis], control) == pytest.approx([3.0], rel=0.02)
    assert hill_slope(DOSES, response[np.newaxis], control) == pytest.approx([slope], rel=0.03)


def test_a_response_that_is_not_reached_needs_infinite_dose() -> None:
    response = np.array([1.0 - 0.3 * DOSES / (DOSES + 1.0)])
    assert np.isinf(dose_with_response(DOSES, response, np.array([0.5]))).all()
    assert dose_with_response(DOSES, response, np.array([0.85])) == pytest.approx([1.0], rel=1e-2)
