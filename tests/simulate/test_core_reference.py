"""The core model through the engine and through SciPy's Radau agree, species by species."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.modelfiles.library import model_entry

N_RUNS = 50
# nM; a picomolar is about one molecule in a cell, and below it relative errors mean nothing.
LEAST_AMOUNT = 1e-3


@pytest.mark.slow
def test_species_agree_with_radau_for_random_doses_and_contexts() -> None:
    """1e-6 relative at rtol 1e-8 against Radau at 1e-10; totals are conserved to 1e-10."""
    random = np.random.default_rng(11)
    model = mt.load("mtor-core", drugs=["everolimus", "vistusertib"])
    axes = {
        "context": random.choice(model_entry("mtor-core").contexts, N_RUNS).tolist(),
        "everolimus": 10.0 ** random.uniform(-2, 3, N_RUNS),
        "vistusertib": 10.0 ** random.uniform(-1, 4, N_RUNS),
    }
    species = model.network.dynamic_species
    given = {"mode": "zip", "at": ["10 min", "2 h", "24 h"], "readouts": species}
    engine = model.sweep(axes, rtol=1e-8, atol=1e-11, **given)
    reference = model.sweep(axes, rtol=1e-10, atol=1e-12, method="scipy-Radau", **given)
    assert engine.ok
    assert reference.ok
    size = np.maximum(np.abs(reference.values), LEAST_AMOUNT)
    assert (np.abs(engine.values - reference.values) / size).max() < 1e-6
    assert engine.conservation_drift.max() < 1e-10
