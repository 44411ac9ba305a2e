from collections import Counter

import numpy as np
import pytest

from mtorsim.analysis.hill import hill_fraction
from mtorsim.analysis.response_fit import fit_response
from mtorsim.analysis.two_phase import fit_two_phase

DOSES = np.geomspace(1e-3, 1e4, 200)
FEW = np.geomspace(1e-3, 1e4, 20)


def steps(dose, *changes):
    """1 plus Hill steps given as (ic50, change)."""
    return 1.0 + sum(c * hill_fraction(dose, ic50=ic50, slope=1.3) for ic50, c in changes)


def shapes_of_draws(n, dose, *changes, scale=0.05):
    noise = np.random.default_rng(8).normal(scale=scale, size=(n, len(dose) + 1))
    return Counter(
        fit_response(dose, steps(dose, *changes) + draw[1:], 1.0 + draw[0]).shape for draw in noise
    )


def test_a_falling_curve_has_its_ic50():
    fit = fit_response(DOSES, steps(DOSES, (0.45, -0.95)), 1.0)
    assert fit.shape == "falls"
    assert fit.ic50.value == pytest.approx(0.45, rel=1e-4)
    assert fit.ic50_text() == "0.450 (0.450 to 0.450) nM"


def test_a_rising_curve_is_named_so():
    fit = fit_response(DOSES, steps(DOSES, (0.45, 0.8)), 1.0)
    assert fit.shape == "rises"
    assert fit.ic50.value == pytest.approx(0.45, rel=1e-4)


def test_a_curve_that_rises_and_falls_turns_and_has_no_ic50():
    fit = fit_response(DOSES, steps(DOSES, (0.45, 0.8), (300.0, -1.4)), 1.0)
    assert fit.shape == "non-monotone"
    assert not fit.has_ic50
    dose, level = fit.turn
    response = steps(DOSES, (0.45, 0.8), (300.0, -1.4))
    assert dose == pytest.approx(DOSES[np.argmax(response)], rel=0.05)
    assert level == pytest.approx(response.max(), rel=1e-3)
    assert fit.ic50_text() == "non-monotone"


def test_two_steps_the_same_way_have_a_half_way_dose_and_both_steps():
    response = steps(DOSES, (0.45, -0.4), (300.0, -0.5))
    fit = fit_response(DOSES, response, 1.0)
    assert fit.shape == "two-phase"
    assert np.interp(np.log(fit.ic50.value), np.log(DOSES), response) == pytest.approx(
        1.0 - 0.45, abs=2e-3
    )
    assert fit.two_phase.first.ic50 == pytest.approx(0.45, rel=0.01)
    assert fit.two_phase.second.ic50 == pytest.approx(300.0, rel=0.01)
    assert fit.two_phase.first.change == pytest.approx(-0.4, abs=0.01)


def test_two_exact_steps_are_recovered_from_few_points():
    fit = fit_two_phase(FEW, steps(FEW, (0.45, 0.8), (300.0, -1.4)))
    assert (fit.first.change, fit.second.change) == pytest.approx((0.8, -1.4), abs=1e-3)
    assert fit.predict(FEW) == pytest.approx(steps(FEW, (0.45, 0.8), (300.0, -1.4)), abs=1e-4)


def test_a_small_change_is_flat():
    fit = fit_response(DOSES, steps(DOSES, (0.45, -0.03)), 1.0)
    assert fit.shape == "flat"
    assert fit.ic50_text() == "flat"


def test_a_small_change_counts_where_it_is_asked_for():
    fit = fit_response(DOSES, steps(DOSES, (0.45, -0.03)), 1.0, least_effect=0.01)
    assert fit.shape == "falls"


def test_a_readout_that_is_0_throughout_is_flat():
    assert fit_response(DOSES, np.zeros(200), 0.0).shape == "flat"


def test_an_ic50_above_the_doses_is_said_and_not_extrapolated():
    fit = fit_response(DOSES, steps(DOSES, (3e4, -1.0)), 1.0)
    assert fit.outside == "above"
    assert np.isnan(fit.ic50.value)
    assert fit.ic50_text() == "> 10000 nM"


def test_an_ic50_below_the_doses_is_said():
    dose = np.geomspace(1.0, 100.0, 40)
    fit = fit_response(dose, steps(dose, (0.4, -1.0)), 1.0)
    assert fit.outside == "below"
    assert fit.ic50_text("uM") == "< 1 uM"


def test_an_interval_end_outside_the_doses_is_open():
    dose = np.geomspace(0.01, 10.0, 15)
    noise = np.random.default_rng(6).normal(scale=0.04, size=15)
    fit = fit_response(dose, steps(dose, (6.0, -1.0)) + noise, 1.0)
    assert fit.ic50.high == np.inf
    assert fit.ic50_text().endswith("to > 10) nM")


def test_too_few_points_are_said():
    fit = fit_response(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.5, 0.2]), 1.0)
    assert fit.shape == "too few points"
    assert not fit.has_ic50
    assert np.isnan(fit.predict(np.array([1.0]))).all()


def test_noise_on_one_step_is_not_taken_for_two():
    assert shapes_of_draws(60, FEW, (0.45, -0.95))["falls"] >= 59


def test_noise_alone_is_flat_as_often_as_the_level_says():
    # 57 of 60 on average; 52 is three standard deviations below
    assert shapes_of_draws(60, FEW)["flat"] >= 52


def test_a_turn_is_seen_through_noise():
    assert shapes_of_draws(50, FEW, (0.45, 0.8), (300.0, -1.4))["non-monotone"] == 50


def test_units_of_dose_and_response_do_not_change_the_shape_or_the_ic50():
    response = steps(FEW, (0.45, -0.5)) + np.random.default_rng(1).normal(scale=0.05, size=20)
    one, other = fit_response(FEW, response, 1.0), fit_response(FEW / 1e3, response * 40, 40.0)
    assert one.shape == other.shape
    assert other.ic50.value * 1e3 == pytest.approx(one.ic50.value, rel=1e-4)
