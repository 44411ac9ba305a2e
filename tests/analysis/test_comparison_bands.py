"""Bands of a comparison are what each parameter set gives when it is run alone."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.comparison_bands import crossing_doses, treatments
from mtorsim.analysis.hill import hill_fraction
from tests.analysis.toy_comparison import toy, toy_comparison

DAY = 86400.0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> mt.Model:
    return toy(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def comparison(model: mt.Model) -> mt.Comparison:
    return toy_comparison(model)


def levels_of_sets(model: mt.Model, context: str, dose: list[float]) -> np.ndarray:
    """pS6K (sets, doses) after a day, each set's as a model of its own."""
    sets = model.ensemble()
    found = []
    for i in range(sets.size):
        swept = model.with_context(context).sweep({"blocker": dose}, at="24 h", uncertainty=True)
        found.append(swept["pS6K"][i, :, 0])
    return np.array(found)


def test_a_band_holds_the_relative_levels_of_all_sets(
    model: mt.Model, comparison: mt.Comparison
) -> None:
    row = comparison.row("blocker", "pS6K", time=DAY, context="TOR-high")
    band = comparison.bands.curve(row.label)
    control = levels_of_sets(model, "wild-type", [0.0])
    levels = levels_of_sets(model, "TOR-high", band.x.tolist()) / control
    assert band.low == pytest.approx(np.quantile(levels, 0.05, axis=0), rel=1e-6)
    assert band.median == pytest.approx(np.median(levels, axis=0), rel=1e-6)
    assert band.high == pytest.approx(np.quantile(levels, 0.95, axis=0), rel=1e-6)


def test_there_is_a_band_for_every_curve_and_course_with_all_loops_on(
    comparison: mt.Comparison,
) -> None:
    bands = comparison.bands
    for row in comparison.rows:
        assert (bands.curve(row.label) is None) == bool(row.label.without)
    for course in comparison.time_courses:
        assert (bands.course(course.label) is None) == bool(course.label.without)
    assert len(bands.curves) == 2 * 2 * 2 * 2
    assert len(bands.courses) == 2 * 2 * 2


def test_a_time_course_starts_in_the_first_context_at_one_in_every_set(
    comparison: mt.Comparison,
) -> None:
    course = next(c for c in comparison.time_courses if c.label.context == "wild-type")
    band = comparison.bands.course(course.label)
    assert (band.low[0], band.high[0]) == pytest.approx((1.0, 1.0))
    assert (band.low <= band.high).all()


def test_the_range_of_an_ic50_holds_that_of_a_set_run_alone(
    model: mt.Model, comparison: mt.Comparison
) -> None:
    sets = model.ensemble()
    numbers = dict(zip(sets.ids, sets.values[1], strict=True))
    alone = toy_comparison(model.with_parameters(numbers), uncertainty=False)
    wanted = alone.row("blocker", "pS6K", time=DAY, context="wild-type")
    low, high = comparison.bands.curve(wanted.label).ic50
    assert low * 0.9 <= wanted.fit.ic50.value <= high * 1.1


def test_the_range_of_a_contribution_is_that_of_the_sets_at_the_dose_of_the_model(
    model: mt.Model, comparison: mt.Comparison
) -> None:
    (item,) = (
        item
        for item in comparison.loop_contributions
        if (item.drug, item.context, item.time, item.readout)
        == ("blocker", "TOR-high", DAY, "TOR_bound")
    )
    whole = model.with_context("TOR-high")
    levels = [
        cell.sweep({"blocker": [0.0, item.dose]}, at="24 h", uncertainty=True)["TOR_bound"]
        for cell in (whole, whole.without(item.loop))
    ]
    on, cut = (level[:, 1, 0] / level[:, 0, 0] for level in levels)
    assert item.range == pytest.approx(((on - cut).min(), (on - cut).max()), rel=1e-6)


def test_a_set_like_the_model_gives_its_ic50_as_range(model: mt.Model) -> None:
    """Values set by the caller hold in every set, so that all sets are the model."""
    numbers = {"k_s6k": 2e-3, "TOR_total": 8.0, "Kd_glueone": 3.0}
    found = toy_comparison(model.with_parameters(numbers))
    with_ic50 = [row for row in found.rows if row.fit.has_ic50 and not row.label.without]
    assert len(with_ic50) > 4
    for row in with_ic50:
        low, high = found.bands.curve(row.label).ic50
        assert (low, high) == pytest.approx((row.fit.ic50.value,) * 2, rel=0.02)


def test_bands_are_drawn_where_a_model_has_sets_unless_told_otherwise(model: mt.Model) -> None:
    assert toy_comparison(model, uncertainty=False).bands is None
    assert toy_comparison(model, uncertainty=2).bands.n_sets == 2


def test_trajectories_of_the_sets_are_counted_and_told(model: mt.Model) -> None:
    told: list[tuple[int, int]] = []
    found = toy_comparison(model, progress=lambda done, total: told.append((done, total)))
    arms, sets = 2 * 2 * 2 * (25 + 2), 3 * 2 * (2 * 25 + 1 + 3)
    # Both drugs at two doses of equal effect and no drug, with the loop on and cut.
    sets += 3 * 2 * 2 * (2 * 2 + 1)
    assert found.n_trajectories == arms + sets
    assert told[-1] == (arms + sets, arms + sets)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_bands_of_a_model_without_sets_are_refused() -> None:
    with pytest.raises(mt.InputError, match="mtor-core comes without parameter sets"):
        mt.compare(mt.load("mtor-core"), ["everolimus"], uncertainty=True)


@pytest.mark.parametrize("ic50", [0.3, 4.0, 90.0])
def test_a_crossing_is_found_between_the_doses(ic50: float) -> None:
    dose = np.geomspace(1e-3, 1e4, 50)
    left = 1.0 - hill_fraction(dose, ic50=ic50, slope=1.0)
    found = crossing_doses(dose, left[None], np.array([0.5]))
    # Linear on log-dose: seven doses a decade are 0.33 apart, where a Hill curve of slope 1 is
    # steepest its third derivative bounds the error by 0.33^3 / 8 of a log.
    assert np.log(found[0] / ic50) == pytest.approx(0.0, abs=0.33**3 / 8)


def test_crossings_outside_the_doses_are_zero_infinite_or_unknown() -> None:
    dose = np.array([1.0, 10.0, 100.0])
    curves = np.array([[0.2, 0.1, 0.0], [1.0, 0.9, 0.8], [np.nan, 0.5, 0.1], [1.2, 1.8, 2.0]])
    found = crossing_doses(dose, curves, np.array([0.5, 0.5, 0.5, 1.5]))
    assert found[0] == 0.0
    assert found[1] == np.inf
    assert np.isnan(found[2])
    assert 1.0 < found[3] < 10.0


def test_treatments_hold_no_drug_and_each_drug_alone() -> None:
    along, place = treatments({"a": np.array([1.0, 2.0]), "b": np.array([5.0])})
    assert along["a"].tolist() == [0.0, 1.0, 2.0, 0.0]
    assert along["b"].tolist() == [0.0, 0.0, 0.0, 5.0]
    assert along["b"][place["b"]].tolist() == [5.0]


def test_a_readout_that_is_absent_without_a_drug_has_no_ranges(model: mt.Model) -> None:
    found = toy_comparison(model.with_parameters(k_s6k=0.0))
    for item in found.loop_contributions:
        assert np.isnan(item.range).all() == np.isnan(item.contribution)
    row = found.row("blocker", "pS6K", time=DAY, context="wild-type")
    band = found.bands.curve(row.label)
    assert np.isnan([*band.ic50, *band.emax, *band.level_at_equal_dose]).all()
