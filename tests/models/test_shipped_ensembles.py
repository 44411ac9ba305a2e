"""Parameter sets that are shipped: enough of them, of their model, and fit to be run."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.modelfiles.ensembles import ENSEMBLE_FOLDER, has_ensemble
from mtorsim.modelfiles.library import list_models, models_folder

WITH_SETS = [entry.id for entry in list_models() if has_ensemble(entry)]


def test_the_full_model_comes_with_sets_and_no_file_is_without_a_model() -> None:
    assert "mtor" in WITH_SETS
    files = (models_folder() / ENSEMBLE_FOLDER).glob("*.csv")
    assert sorted(path.stem for path in files) == sorted(WITH_SETS)


@pytest.mark.parametrize("model", WITH_SETS)
def test_there_are_at_least_200_different_sets_that_say_how_they_were_made(model: str) -> None:
    sets = mt.load(model).ensemble()
    assert len(np.unique(sets.values, axis=0)) >= 200
    assert {"seed", "command", "rule"} <= set(sets.notes)


@pytest.mark.parametrize("model", WITH_SETS)
def test_each_set_lies_within_the_ranges_of_the_constants(model: str) -> None:
    loaded = mt.load(model)
    merged = loaded.with_drugs(*loaded.drugs)
    sets = merged.ensemble()
    for i, name in enumerate(sets.ids):
        limits = merged.parameters[name].range
        if limits is not None:
            # Numbers of the file have six digits.
            assert sets.values[:, i].min() >= limits[0] * (1 - 1e-5), name
            assert sets.values[:, i].max() <= limits[1] * (1 + 1e-5), name


@pytest.mark.parametrize("model", WITH_SETS)
def test_the_constants_of_the_model_lie_among_those_of_its_sets(model: str) -> None:
    """Not of an earlier fit: the sets surround the constants that they say how sure one is of."""
    loaded = mt.load(model)
    merged = loaded.with_drugs(*loaded.drugs)
    sets = merged.ensemble()
    own = [merged.parameters[name].value for name in sets.ids]
    inside = (sets.values.min(axis=0) <= own) & (own <= sets.values.max(axis=0))
    assert inside.mean() > 0.9
