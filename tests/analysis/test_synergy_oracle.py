"""Scores beside those of the package synergy, which is GPL: used in tests alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from mtorsim.analysis.combination import EffectScale
from mtorsim.analysis.synergy import score_synergy
from tests.analysis.surfaces import hill, surface_of

oracle = pytest.importorskip(
    "synergy.combination", reason="pip install synergy for the oracle of scores"
)
single = pytest.importorskip("synergy.single")

IC50, SLOPE, REST = (20.0, 300.0), (1.3, 0.8), (0.3, 0.0)


def interacting(first, second):
    """Hill drugs, the first making the second up to four times as potent: share left."""
    potency = 1.0 + 3.0 * hill(first, ic50=50.0)
    left = 1.0 - hill(first, ic50=IC50[0], slope=SLOPE[0], most=1.0 - REST[0])
    return left * (1.0 - hill(second * potency, ic50=IC50[1], slope=SLOPE[1]))


@pytest.fixture(scope="module")
def surface():
    return surface_of(interacting, scale=EffectScale(1.0), unit="1")


@pytest.fixture(scope="module")
def drugs():
    return [
        single.Hill(E0=1.0, Emax=rest, h=slope, C=ic50)
        for ic50, slope, rest in zip(IC50, SLOPE, REST, strict=True)
    ]


def scored_by_oracle(model, surface):
    """What the oracle makes of the pairs of doses, in the shape of the surface."""
    first, second = np.meshgrid(*surface.doses, indexing="ij")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its fits start outside their bounds, and its own notices
        found = model.fit(first.ravel(), second.ravel(), surface.level.ravel())
    found = model.synergy if found is None else found
    return np.asarray(found).reshape(surface.level.shape)[1:, 1:]


def test_hsa_and_bliss_agree_with_the_oracle(surface, drugs):
    for null, model in (("hsa", oracle.HSA), ("bliss", oracle.Bliss)):
        expected = scored_by_oracle(model(drug1_model=drugs[0], drug2_model=drugs[1]), surface)
        found = score_synergy(surface, null).excess[1:, 1:]
        assert found == pytest.approx(expected, abs=1e-9)
        assert np.abs(found).max() > 0.05


@pytest.mark.parametrize("null", ["loewe", "loewe-hill"])
def test_the_combination_index_agrees_with_the_oracle(surface, drugs, null):
    model = oracle.Loewe(mode="CI", drug1_model=drugs[0], drug2_model=drugs[1])
    expected = scored_by_oracle(model, surface)
    found = score_synergy(surface, null).index[1:, 1:]
    moved = np.isfinite(found) & np.isfinite(expected) & (surface.effect[1:, 1:] < 0.65)
    assert np.count_nonzero(moved) > 40
    assert found[moved] == pytest.approx(expected[moved], rel=1e-4)


def test_the_loewe_excess_agrees_with_the_oracle(surface, drugs):
    model = oracle.Loewe(mode="delta_nan", drug1_model=drugs[0], drug2_model=drugs[1])
    expected = scored_by_oracle(model, surface)
    found = score_synergy(surface, "loewe").excess[1:, 1:]
    both = np.isfinite(found) & np.isfinite(expected)
    assert np.count_nonzero(both) > 40
    # The oracle minimises a square to 1e-5 of the level.
    assert found[both] == pytest.approx(expected[both], abs=1e-4)


def test_zip_agrees_with_the_oracle(surface, drugs):
    model = oracle.ZIP(drug1_model=drugs[0], drug2_model=drugs[1])
    expected = scored_by_oracle(model, surface)
    found = score_synergy(surface, "zip").excess[1:, 1:]
    assert found == pytest.approx(expected, abs=2e-3)
    assert np.abs(found).max() > 0.05
