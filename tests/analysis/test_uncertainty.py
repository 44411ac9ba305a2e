"""Bands over parameter sets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.uncertainty import bands, quantiles_over, with_bands
from tests.modelfiles.ensembles import toy_with_sets
from tests.modelfiles.toy import DRUGS


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> mt.SweepResult:
    model = mt.load(toy_with_sets(tmp_path_factory.mktemp("sets"))).with_drugs(*DRUGS)
    return model.sweep({"glueone": [0.0, 5.0]}, at=["10 min", "2 h"], uncertainty=True)


def test_ends_of_the_widest_band_are_the_least_and_largest_member(swept: mt.SweepResult) -> None:
    found = bands(swept, (0.0, 0.5, 1.0))
    assert found["pS6K"].shape == (3, 2, 2)
    assert np.array_equal(found["pS6K"][0], swept["pS6K"].min(axis=0))
    assert np.array_equal(found["pS6K"][1], np.median(swept["pS6K"], axis=0))
    assert np.array_equal(found["pS6K"][2], swept["pS6K"].max(axis=0))
    assert (found.n_sets, found.n_failed) == (3, 0)


def test_failed_members_are_left_out() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    found = quantiles_over(values, (0.5,))
    assert found[0, 0] == 2.0
    assert np.isnan(found[0, 1])


def test_a_sweep_without_members_has_no_bands(swept: mt.SweepResult) -> None:
    plain = mt.load("mtor-core").sweep({"everolimus": [0.0]}, at="1 min")
    with pytest.raises(mt.InputError, match="run it with uncertainty=True"):
        bands(plain)
    with pytest.raises(mt.InputError, match="quantile 5: give shares"):
        bands(swept, (5,))
    with pytest.raises(mt.UnknownNameError, match="did you mean 'pS6K'"):
        bands(swept)["pS6"]


def test_bands_stand_beside_the_readouts_they_belong_to(swept: mt.SweepResult) -> None:
    best = replace(
        swept,
        axes=swept.axes[1:],
        outcome=replace(
            swept.outcome, values=swept.outcome.values[:2], status=swept.outcome.status[:2]
        ),
    )
    shaded = with_bands(best, swept)
    assert shaded["pS6K"].tolist() == best["pS6K"].tolist()
    assert np.array_equal(shaded["pS6K_high"], bands(swept)["pS6K"][2])
    assert shaded.units == tuple(unit for unit in (*best.units, *np.repeat(best.units, 3)))
