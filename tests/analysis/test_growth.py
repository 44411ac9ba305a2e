"""The phenomenological growth rate: 1 in the reference cell, 0 where nothing drives it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtorsim as mt
from mtorsim.analysis.growth import (
    growth_readouts,
    mean_growth,
    read_growth,
    relative_growth,
    saturating,
)
from mtorsim.modelfiles.growth import load_growth

ARMS = load_growth("arms")
CORE = read_growth(ARMS, mt.load("mtor-core").network)
REFERENCE = {"p4EBP1": 0.5, "pS6K1_T389": 0.6, "pAKT_S473": 0.2}


def levels(multiple: float) -> dict[str, np.ndarray]:
    return {name: np.array([multiple * level]) for name, level in REFERENCE.items()}


def test_the_full_model_has_every_arm_and_the_core_all_but_erk() -> None:
    full = read_growth(ARMS, mt.load("mtor").network)
    assert full.missing == ()
    assert full.readouts["translation"] == "eIF4E_free"
    assert CORE.missing == ("ERK",)
    assert CORE.readouts["translation"] == "p4EBP1"
    assert set(growth_readouts(CORE)) == set(REFERENCE)


def test_the_reference_cell_grows_at_1() -> None:
    assert relative_growth(CORE, levels(1.0), REFERENCE)[0] == pytest.approx(1.0, abs=1e-15)


def test_a_missing_arm_goes_on_at_its_reference_level() -> None:
    weights = {arm.id: arm.weight.value for arm in ARMS.arms}
    left = relative_growth(CORE, levels(0.0), REFERENCE)[0]
    assert left == pytest.approx(weights["ERK"] / sum(weights.values()))


@given(st.floats(0, 50), st.floats(0, 50))
def test_growth_rises_with_what_drives_it_and_saturates(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = [relative_growth(CORE, levels(m), REFERENCE)[0] for m in (low, high)]
    assert 0.0 <= found[0] <= found[1] < 1.0 + max(arm.half.value for arm in ARMS.arms)


def test_an_arm_is_half_of_its_most_at_its_half_level() -> None:
    arm = ARMS.arms[0]
    half = arm.half.value
    found = saturating(np.array([0.0, half, 1.0, -1e-18]), arm)
    np.testing.assert_allclose(found, [0.0, (1 + half) / 2, 1.0, 0.0], atol=1e-15)


def test_translation_weighs_more_than_s6k1() -> None:
    # Dowling 2010: 4E-BPs, not S6K, carry proliferation; Fingar 2004: both count.
    weights = {arm.id: arm.weight.value for arm in ARMS.arms}
    assert weights["translation"] > weights["S6K1"] > 0


def test_the_mean_over_time_is_that_of_a_line_and_of_a_constant() -> None:
    times = np.array([0.0, 1.0, 5.0, 10.0])
    rates = np.vstack([np.full(4, 0.7), times / 10.0])
    np.testing.assert_allclose(mean_growth(times, rates), [0.7, 0.5])


def test_a_model_without_any_arm_is_refused() -> None:
    network = mt.load("mtor-core").network
    bare = type(network)(id="bare", title="", species=network.species, reactions=(), parameters=())
    with pytest.raises(mt.InputError, match="bare has no readout that growth leans on: eIF4E_free"):
        read_growth(ARMS, bare)


def test_a_reference_without_a_level_is_refused() -> None:
    with pytest.raises(mt.InputError, match="p4EBP1 is 0 in the reference cell"):
        relative_growth(CORE, levels(1.0), {**REFERENCE, "p4EBP1": 0.0})
