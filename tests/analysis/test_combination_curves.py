from __future__ import annotations

import numpy as np
import pytest

from mtorsim.analysis.combination_curves import HillCurve, ModelCurve
from mtorsim.analysis.hill import hill_fraction
from mtorsim.errors import InputError

DOSE = np.append(0.0, np.geomspace(0.01, 1e4, 240))


def falling(dose, *, slope=1.2):
    return 7.0 - 5.0 * hill_fraction(dose, ic50=30.0, slope=slope)


def test_a_curve_read_both_ways_gives_the_dose_back():
    curve = ModelCurve(DOSE, falling(DOSE))
    dose = np.geomspace(0.02, 5e3, 77)
    assert curve.dose_at(curve.level_at(dose)) == pytest.approx(dose, rel=1e-9)


def test_between_its_points_a_curve_is_that_of_the_model():
    curve = ModelCurve(DOSE, falling(DOSE))
    dose = np.geomspace(0.02, 5e3, 77)
    assert curve.level_at(dose) == pytest.approx(falling(dose), abs=1e-6)
    moved = dose[dose > 1.0]
    assert curve.dose_at(falling(moved)) == pytest.approx(moved, rel=1e-4)


def test_below_its_lowest_dose_the_effect_is_in_proportion_to_the_dose():
    curve = ModelCurve(DOSE, falling(DOSE, slope=1.0))
    dose = np.array([1e-4, 5e-3])
    assert curve.level_at(dose) == pytest.approx(falling(dose, slope=1.0), abs=1e-6)
    assert curve.dose_at(curve.level_at(dose)) == pytest.approx(dose, rel=1e-9)
    assert curve.dose_at(np.array([7.0])) == 0.0


def test_a_rising_curve_is_read_as_a_falling_one():
    curve = ModelCurve(DOSE, 9.0 - falling(DOSE))
    assert curve.direction == 1.0
    assert curve.dose_at(np.array([9.0 - 4.5])) == pytest.approx(30.0, rel=1e-5)


@pytest.mark.parametrize("curve", [ModelCurve(DOSE, falling(DOSE)), HillCurve(7.0, 2.0, 30.0, 1.2)])
def test_levels_that_are_not_reached_have_no_dose(curve):
    assert np.all(np.isnan(curve.dose_at(np.array([7.5, 1.5, np.nan]))))
    assert np.isfinite(curve.dose_at(np.array([4.5]))[0])


def test_above_its_highest_dose_a_curve_has_no_level():
    curve = ModelCurve(DOSE, falling(DOSE))
    assert np.isnan(curve.level_at(np.array([2e4]))[0])


def test_no_dose_of_an_inert_drug_reaches_a_level():
    inert = ModelCurve(DOSE, np.full(len(DOSE), 3.0), inert=True)
    assert np.all(np.isinf(inert.dose_at(np.array([2.0, 3.0]))))
    assert np.isinf(HillCurve(1.0, 0.9, 3.0, 1.0, inert=True).dose_at(np.array([0.95]))[0])


def test_scatter_of_the_solver_does_not_make_a_curve_turn():
    scatter = 1e-5 * np.cos(100.0 * np.arange(len(DOSE)))
    curve = ModelCurve(DOSE, falling(DOSE) * (1.0 + scatter))
    assert curve.monotone
    assert curve.dose_at(np.array([4.5])) == pytest.approx(30.0, rel=1e-3)


def test_a_curve_that_turns_back_has_no_inverse():
    bell = hill_fraction(DOSE, ic50=1.0, slope=2.0) - hill_fraction(DOSE, ic50=1e3, slope=2.0)
    curve = ModelCurve(DOSE, bell)
    assert not curve.monotone
    with pytest.raises(InputError, match="turns back"):
        curve.dose_at(np.array([0.5]))


def test_a_plateau_is_told_from_a_curve_that_still_falls():
    assert ModelCurve(DOSE, falling(DOSE, slope=2.0)).saturated
    assert not ModelCurve(DOSE, falling(DOSE, slope=0.5)).saturated
    assert not HillCurve(7.0, 2.0, 30.0, 1.2).saturated


def test_a_hill_curve_of_a_hill_curve_is_itself():
    fitted = HillCurve.of_curve(ModelCurve(DOSE, falling(DOSE)))
    assert (fitted.start, fitted.end) == pytest.approx((7.0, 2.0), abs=1e-6)
    assert (fitted.ic50, fitted.slope) == pytest.approx((30.0, 1.2), rel=1e-6)
    assert fitted.level_at(np.array([30.0]))[0] == pytest.approx(4.5, abs=1e-6)


@pytest.mark.parametrize(
    "dose", [np.array([0.0, 1.0, 2.0]), np.arange(1.0, 9.0), np.array([0.0, 2.0, 1.0, 3.0, 4.0])]
)
def test_a_curve_needs_dose_0_and_four_ascending_doses(dose):
    with pytest.raises(InputError, match="needs dose 0 and four ascending doses"):
        ModelCurve(dose, np.ones(len(dose)))
