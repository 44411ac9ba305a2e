import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.analysis.hill import fit_hill, hill_fraction
from mtorsim.errors import InputError

DOSES = np.repeat(np.geomspace(0.01, 1000.0, 10), 2)


def curve(dose, *, start=1.0, end=0.1, ic50=3.0, slope=1.3):
    return start + (end - start) * hill_fraction(dose, ic50=ic50, slope=slope)


def test_hill_fraction_is_0_without_drug_and_half_at_the_ic50():
    fraction = hill_fraction(np.array([0.0, 3.0, 1e12]), ic50=3.0, slope=2.0)
    assert fraction == pytest.approx([0.0, 0.5, 1.0])


def test_hill_fraction_is_the_textbook_quotient():
    dose = np.array([0.2, 1.0, 40.0])
    assert hill_fraction(dose, ic50=3.0, slope=1.7) == pytest.approx(
        dose**1.7 / (dose**1.7 + 3.0**1.7)
    )


@given(
    st.floats(0.05, 200.0),
    st.floats(0.4, 4.0),
    st.floats(-3.0, 3.0),
    st.floats(0.2, 5.0),
    st.booleans(),
)
def test_an_exact_curve_is_recovered(ic50, slope, start, size, rises):
    end = start + size if rises else start - size
    dose = np.append(0.0, np.geomspace(1e-3, 1e4, 60))
    fit = fit_hill(dose, curve(dose, start=start, end=end, ic50=ic50, slope=slope))
    assert fit.ic50.value == pytest.approx(ic50, rel=1e-4)
    assert fit.slope.value == pytest.approx(slope, rel=1e-4)
    assert fit.start.value == pytest.approx(start, abs=1e-5)
    assert fit.end.value == pytest.approx(end, abs=1e-5)


@pytest.mark.slow
def test_intervals_cover_the_truth_in_95_percent_of_1000_noisy_draws():
    noise = np.random.default_rng(20).normal(scale=0.07, size=(1000, len(DOSES)))
    covered = np.zeros(4)
    for draw in curve(DOSES) + noise:
        fit = fit_hill(DOSES, draw)
        covered += [3.0 in fit.ic50, 1.3 in fit.slope, 1.0 in fit.start, 0.1 in fit.end]
    assert covered / 1000 == pytest.approx(0.95, abs=0.02)


def test_ic50_of_noisy_draws_is_unbiased_on_the_log_axis():
    noise = np.random.default_rng(3).normal(scale=0.05, size=(100, len(DOSES)))
    found = np.log10([fit_hill(DOSES, draw).ic50.value for draw in curve(DOSES) + noise])
    standard_error = found.std(ddof=1) / 10
    assert abs(found.mean() - np.log10(3.0)) < 4 * standard_error


def test_a_wider_level_gives_a_wider_interval():
    draw = curve(DOSES) + np.random.default_rng(1).normal(scale=0.05, size=len(DOSES))
    narrow, wide = fit_hill(DOSES, draw, level=0.8), fit_hill(DOSES, draw, level=0.99)
    assert wide.ic50.low < narrow.ic50.low < narrow.ic50.value
    assert narrow.ic50.value < narrow.ic50.high < wide.ic50.high


def test_units_of_dose_and_response_change_nothing_but_the_units():
    draw = curve(DOSES) + np.random.default_rng(2).normal(scale=0.05, size=len(DOSES))
    in_nM, in_M = fit_hill(DOSES, draw), fit_hill(DOSES * 1e-9, 100.0 * draw)
    for name in ("value", "low", "high"):
        assert getattr(in_M.ic50, name) * 1e9 == pytest.approx(getattr(in_nM.ic50, name), rel=1e-4)
        assert getattr(in_M.slope, name) == pytest.approx(getattr(in_nM.slope, name), rel=1e-4)
        assert getattr(in_M.end, name) / 100 == pytest.approx(getattr(in_nM.end, name), abs=1e-5)


def test_order_of_the_points_changes_nothing():
    draw = curve(DOSES) + np.random.default_rng(4).normal(scale=0.05, size=len(DOSES))
    shuffled = np.random.default_rng(5).permutation(len(DOSES))
    one, other = fit_hill(DOSES, draw), fit_hill(DOSES[shuffled], draw[shuffled])
    assert other.ic50.value == pytest.approx(one.ic50.value, rel=1e-6)
    assert other.ic50.high == pytest.approx(one.ic50.high, rel=1e-4)


def test_interval_is_open_where_the_plateau_was_not_reached():
    dose = np.geomspace(0.01, 10.0, 12)
    draw = curve(dose, ic50=30.0) + np.random.default_rng(6).normal(scale=0.03, size=12)
    fit = fit_hill(dose, draw)
    assert fit.ic50.high == np.inf
    assert fit.ic50.low > 0.0


def test_prediction_of_an_exact_fit_is_the_curve():
    dose = np.geomspace(0.01, 1000.0, 30)
    fit = fit_hill(dose, curve(dose))
    between = np.array([0.0, 0.5, 77.0])
    assert fit.predict(between) == pytest.approx(curve(between), abs=1e-6)


@pytest.mark.parametrize(
    ("dose", "response", "level", "said"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 0], 0.95, "5 distinct doses or more, found 4"),
        ([1, 1, 1, 2, 2, 3], [1, 1, 1, 0, 0, 0], 0.95, "found 3"),
        ([-1, 1, 2, 3, 4], [1, 1, 1, 0, 0], 0.95, "dose -1 is negative"),
        ([1, 2, 3, 4, 5], [1, 1, np.nan, 0, 0], 0.95, "finite doses and responses"),
        ([1, 2, 3, 4, 5], [1, 1, 1, 0, 0], 95, "confidence level is 95"),
    ],
)
def test_what_can_not_be_fitted_is_refused(dose, response, level, said):
    with pytest.raises(InputError, match=said):
        fit_hill(np.array(dose, dtype=float), np.array(response, dtype=float), level=level)
