"""Null models against surfaces whose scores are known, and the identities that any score keeps."""

from __future__ import annotations

import numpy as np
import pytest

from mtorsim.analysis.combination import EffectScale
from mtorsim.analysis.hill import hill_fraction
from mtorsim.analysis.synergy import NULL_MODELS, score_synergy
from mtorsim.errors import UnknownNameError
from tests.analysis.surfaces import DOSES, exclusive, hill, independent, partial, surface_of


def largest(score):
    return float(np.nanmax(np.abs(score.excess)))


def test_independent_drugs_score_zero_under_bliss_and_zip():
    surface = surface_of(independent)
    assert largest(score_synergy(surface, "bliss")) < 1e-12
    assert largest(score_synergy(surface, "zip")) < 1e-4


def test_a_drug_that_leaves_a_rest_scores_zero_under_bliss_and_zip():
    surface = surface_of(partial)
    assert largest(score_synergy(surface, "bliss")) < 1e-12
    assert largest(score_synergy(surface, "zip")) < 1e-4


@pytest.mark.parametrize("null", ["loewe", "loewe-hill"])
def test_drugs_that_exclude_each_other_are_dose_additive(null):
    score = score_synergy(surface_of(exclusive), null)
    assert score.n_scored > 100
    assert largest(score) < 1e-7
    moved = score.surface.effect > 0.01
    assert score.index[moved & np.isfinite(score.index)] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("slope", [0.5, 1.0, 3.0])
def test_a_drug_with_itself_is_dose_additive_whatever_its_slope(slope):
    def sham(first, second):
        return 5.0 - 4.0 * hill(first + second, ic50=30.0, slope=slope)

    surface = surface_of(sham)
    score = score_synergy(surface, "loewe")
    assert score.n_scored == score.n_cells
    assert largest(score) < 1e-6
    assert largest(score_synergy(surface, "bliss")) > 0.01


@pytest.mark.parametrize("null", NULL_MODELS)
def test_an_inert_drug_scores_zero(null):
    surface = surface_of(lambda first, second: 8.0 * (1.0 - hill(first, ic50=20.0)) + 0.0 * second)
    assert surface.inert == (False, True)
    score = score_synergy(surface, null)
    assert score.n_scored == score.n_cells
    assert largest(score) < 1e-4


@pytest.mark.parametrize("null", NULL_MODELS)
@pytest.mark.parametrize("level", [independent, exclusive, partial])
def test_a_score_does_not_change_with_the_unit_of_the_readout(null, level):
    score = score_synergy(surface_of(level), null)
    scaled = score_synergy(surface_of(lambda a, b: 1e-3 * level(a, b), unit="uM"), null)
    assert scaled.excess == pytest.approx(score.excess, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("null", NULL_MODELS)
def test_a_score_does_not_change_with_the_unit_of_the_doses(null):
    surface = surface_of(partial)
    thousandth = surface_of(lambda a, b: partial(a / 1e-3, b / 1e-3), doses=DOSES * 1e-3)
    expected, found = score_synergy(surface, null), score_synergy(thousandth, null)
    assert found.excess == pytest.approx(expected.excess, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("null", NULL_MODELS)
@pytest.mark.parametrize("level", [independent, exclusive, partial])
def test_swapping_the_drugs_transposes_the_score(null, level):
    surface = surface_of(level)
    score, swapped = score_synergy(surface, null), score_synergy(surface.swapped(), null)
    back = swapped.excess.T
    assert back == pytest.approx(score.excess, abs=1e-9, nan_ok=True)
    assert swapped.surface.label.drugs == ("two", "one")


def test_hsa_is_the_gap_to_the_better_drug():
    surface = surface_of(independent)
    score = score_synergy(surface, "hsa")
    better = np.maximum(surface.effect[:, :1], surface.effect[:1, :])
    assert score.excess[1:, 1:] == pytest.approx((surface.effect - better)[1:, 1:], abs=1e-12)


def test_drugs_that_raise_a_readout_score_as_those_that_lower_it():
    def risen(first, second):
        return 2.0 + 8.0 - independent(first, second)

    for null in NULL_MODELS:
        up = score_synergy(surface_of(risen, scale=EffectScale(2.0, 10.0)), null)
        down = score_synergy(surface_of(independent), null)
        assert up.excess == pytest.approx(down.excess, abs=1e-6, nan_ok=True)


def test_a_declared_control_scales_the_score_and_keeps_its_zero():
    surface = surface_of(exclusive, scale=EffectScale(control=16.0))
    doubled = score_synergy(surface, "bliss").excess
    assert doubled == pytest.approx(
        score_synergy(surface_of(exclusive), "bliss").excess / 2.0, nan_ok=True
    )
    assert largest(score_synergy(surface, "loewe")) < 1e-7


@pytest.mark.parametrize("null", ["bliss", "zip"])
def test_bliss_and_zip_are_undefined_where_a_drug_alone_raises_the_readout(null):
    surface = surface_of(
        lambda first, second: (1.0 + hill(first, ic50=20.0)) * (1.0 - hill(second, ic50=50.0))
    )
    score = score_synergy(surface, null)
    assert score.n_scored < score.n_cells
    assert "no share in [0, 1]" in score.note
    assert score_synergy(surface, "hsa").n_scored == score.n_cells


def test_loewe_is_undefined_for_drugs_that_move_the_readout_opposite_ways():
    surface = surface_of(
        lambda first, second: (1.0 + hill(first, ic50=20.0)) * (1.0 - hill(second, ic50=50.0))
    )
    score = score_synergy(surface, "loewe")
    assert score.n_scored == 0
    assert "opposite ways" in score.note
    assert score.most_synergy is None


def test_loewe_is_undefined_where_a_curve_turns_back():
    def bell(first, second):
        turn = hill_fraction(first, ic50=1.0, slope=2.0) - hill_fraction(first, ic50=1e3, slope=2.0)
        return 1.0 - 0.5 * turn - 0.4 * hill(second, ic50=50.0)

    score = score_synergy(surface_of(bell), "loewe")
    assert (score.n_scored, "turns back" in score.note) == (0, True)


def test_loewe_is_undefined_beyond_what_the_weaker_drug_reaches():
    surface = surface_of(partial)
    score = score_synergy(surface, "loewe")
    beyond = surface.effect[:1, :] > 0.401  # the second drug alone has done more than the first can
    cells = np.broadcast_to(beyond, surface.level.shape)
    assert np.all(np.isnan(score.excess[cells]))
    assert np.isfinite(score.excess[1, 1])
    assert score.why_undefined == (
        ("beyond what a drug alone reaches", score.n_cells - score.n_scored),
    )


def test_loewe_is_undefined_where_only_the_pair_acts():
    def only_together(first, second):
        return 1.0 - hill(first, ic50=20.0) * hill(second, ic50=50.0)

    surface = surface_of(only_together)
    assert surface.inert == (True, True)
    assert "neither drug alone" in score_synergy(surface, "loewe").note
    assert score_synergy(surface, "bliss").most_synergy.excess > 0.9


@pytest.mark.parametrize("null", NULL_MODELS)
def test_a_flat_surface_has_no_score_and_says_so(null):
    score = score_synergy(surface_of(lambda a, b: 3.0 - 0.01 * hill(a + b, ic50=9.0)), null)
    assert score.n_scored == 0
    assert "flat" in score.note
    assert np.isnan(score.mean)


def test_failed_trajectories_are_told_apart_from_undefined_cells():
    surface = surface_of(independent)
    surface.level[3, 4] = np.nan
    score = score_synergy(surface, "bliss")
    assert score.why_undefined == (("a trajectory failed", 1),)
    assert score_synergy(surface, "zip").n_scored == 0
    surface.level[5, 0] = np.nan
    whole_row = len(DOSES) - 1
    assert score_synergy(surface, "hsa").why_undefined == (("a trajectory failed", 1 + whole_row),)


def test_extremes_name_their_doses():
    score = score_synergy(surface_of(exclusive), "bliss")
    extreme = score.most_antagonism
    i = list(DOSES).index(extreme.doses[0])
    j = list(DOSES).index(extreme.doses[1])
    assert score.excess[i, j] == extreme.excess == np.nanmin(score.excess)


def test_cells_with_one_drug_alone_are_not_scored():
    score = score_synergy(surface_of(exclusive), "hsa")
    assert np.all(np.isnan(score.excess[0]))
    assert np.all(np.isnan(score.excess[:, 0]))
    assert score.n_cells == (len(DOSES) - 1) ** 2


def test_an_unknown_null_model_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'bliss'"):
        score_synergy(surface_of(exclusive), "blis")
