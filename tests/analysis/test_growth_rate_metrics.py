"""GR metrics against their definitions (Hafner et al. 2016)."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.growth_rate_metrics import gr_metrics, gr_values

DOSES = np.geomspace(0.1, 1000.0, 13)


def curve(gr_inf: float, gec50: float, slope: float) -> np.ndarray:
    return gr_inf + (1 - gr_inf) / (1 + (DOSES / gec50) ** slope)


def test_gr_is_1_without_effect_0_where_growth_stops_and_below_where_cells_are_lost() -> None:
    np.testing.assert_allclose(
        gr_values(np.array([0.03, 0.0, -0.03]), 0.03), [1.0, 0.0, -0.5], atol=1e-15
    )


def test_gr_is_that_of_cell_counts() -> None:
    # x(c), x_ctrl and x_0 of an assay of any length: 2**(log2(x/x0)/log2(xctrl/x0)) - 1.
    x0, control, treated, hours = 1000.0, 8000.0, 2500.0, 72.0
    rates = np.log2(np.array([treated, control]) / x0) / hours
    by_counts = 2 ** (np.log2(treated / x0) / np.log2(control / x0)) - 1
    assert gr_values(rates[:1], rates[1])[0] == pytest.approx(by_counts, rel=1e-12)


@pytest.mark.parametrize("slope", [0.5, 1.0, 2.5])
@pytest.mark.parametrize("gr_inf", [-0.4, 0.0, 0.3])
def test_a_curve_is_recovered(gr_inf: float, slope: float) -> None:
    found = gr_metrics(DOSES, curve(gr_inf, 8.0, slope))
    assert found.gr_inf == pytest.approx(gr_inf, abs=1e-5)
    assert found.gec50 == pytest.approx(8.0, rel=1e-4)
    assert found.h_gr == pytest.approx(slope, rel=1e-4)
    assert found.r_squared == pytest.approx(1.0)
    at_gr50 = gr_inf + (1 - gr_inf) / (1 + (found.gr50 / 8.0) ** slope)
    assert at_gr50 == pytest.approx(0.5, abs=1e-5)


def test_gr_max_is_read_and_not_fitted() -> None:
    values = curve(0.0, 8.0, 1.0)
    values[-1] -= 0.05
    assert gr_metrics(DOSES, values).gr_max == values[-1]


def test_gr_aoc_is_the_mean_of_what_is_lost_over_log_dose() -> None:
    assert gr_metrics(DOSES, np.full(13, 0.25)).gr_aoc == pytest.approx(0.75)
    # Down in one of twelve even steps of the log axis: half of that one and the six after it.
    step = np.where(DOSES < 10.0 * 0.999, 1.0, 0.0)
    assert gr_metrics(DOSES, step).gr_aoc == pytest.approx(6.5 / 12)


def test_metrics_do_not_hang_on_the_unit_of_the_dose() -> None:
    one, other = (gr_metrics(DOSES * unit, curve(0.2, 8.0, 1.2)) for unit in (1.0, 1000.0))
    assert other.gr50 == pytest.approx(1000.0 * one.gr50, rel=1e-4)
    assert other.gr_aoc == pytest.approx(one.gr_aoc)


def test_a_dose_outside_those_tried_is_not_told() -> None:
    assert gr_metrics(DOSES, curve(0.6, 8.0, 1.0)).gr50_text() == "not reached"
    assert gr_metrics(DOSES, curve(0.0, 5e3, 1.0)).gr50_text() == "above 1 µM"
    assert gr_metrics(DOSES, curve(0.0, 0.02, 1.0)).gr50_text() == "below 0.1 nM"
    assert gr_metrics(DOSES, curve(0.0, 8.0, 1.0)).gr50_text() == "8 nM"


def test_a_flat_curve_has_no_dose() -> None:
    found = gr_metrics(DOSES, np.full(13, 0.995))
    assert found.flat
    assert found.gr50_text() == "no effect"
    assert np.isinf(found.gr50)
    assert np.isnan(found.h_gr)


@pytest.mark.parametrize(
    ("doses", "values", "message"),
    [
        (DOSES[:3], np.ones(3), "3 doses: GR metrics need 4 or more"),
        (np.append(0.0, DOSES), np.ones(14), "must be above 0 and ascending"),
        (DOSES[::-1], np.ones(13), "must be above 0 and ascending"),
        (DOSES, np.full(13, -1.5), "NaN, infinite or below -1"),
        (DOSES, np.full(13, np.nan), "NaN, infinite or below -1"),
        (DOSES, np.ones(12), "give as many of both"),
    ],
)
def test_points_that_can_not_be_are_refused(
    doses: np.ndarray, values: np.ndarray, message: str
) -> None:
    with pytest.raises(mt.InputError, match=message):
        gr_metrics(doses, values)


def test_cells_that_do_not_grow_have_no_gr() -> None:
    with pytest.raises(mt.InputError, match="do not grow"):
        gr_values(np.ones(2), 0.0)
