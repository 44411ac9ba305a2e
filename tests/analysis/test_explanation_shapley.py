"""Shares of loops: the axioms that single the Shapley value out, and differences by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mtorsim.analysis.explanation_shapley import (
    add_one,
    cut_one,
    pair_interactions,
    settings,
    shapley_values,
)

GAMES = st.integers(1, 5).flatmap(lambda n: arrays(np.float64, 2**n, elements=st.floats(-10, 10)))


@given(GAMES)
def test_shares_sum_to_the_change_that_all_loops_make(values: np.ndarray) -> None:
    assert shapley_values(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-11)


@given(GAMES, GAMES)
def test_shares_of_a_sum_of_games_are_sums_of_shares(one: np.ndarray, other: np.ndarray) -> None:
    if len(one) == len(other):
        together = shapley_values(one) + shapley_values(other)
        np.testing.assert_allclose(shapley_values(one + other), together, atol=1e-11)


@given(GAMES)
def test_a_loop_that_changes_nothing_has_no_share(values: np.ndarray) -> None:
    # A further loop, the last one, whose two halves of the game are the same.
    idle = np.concatenate([values, values])
    assert shapley_values(idle)[-1] == pytest.approx(0.0, abs=1e-11)
    np.testing.assert_allclose(shapley_values(idle)[:-1], shapley_values(values), atol=1e-11)


def test_two_loops_that_act_only_together_share_alike() -> None:
    values = np.array([1.0, 1.0, 1.0, 3.0])
    np.testing.assert_allclose(shapley_values(values), [1.0, 1.0])
    np.testing.assert_array_equal(add_one(values), [0.0, 0.0])
    np.testing.assert_array_equal(cut_one(values), [2.0, 2.0])
    assert pair_interactions(values)[0, 1] == 2.0


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5))
def test_loops_that_add_up_do_not_interact(effects: list[float]) -> None:
    values = settings(len(effects)) @ np.array(effects)
    for found in (shapley_values(values), add_one(values), cut_one(values)):
        np.testing.assert_allclose(found, effects, atol=1e-12)
    np.testing.assert_allclose(pair_interactions(values), 0.0, atol=1e-12)


def test_the_last_setting_has_every_loop_and_the_first_none() -> None:
    assert not settings(3)[0].any()
    assert settings(3)[-1].all()
    assert settings(3)[0b101].tolist() == [True, False, True]


def test_a_game_has_a_power_of_two_of_settings() -> None:
    with pytest.raises(ValueError, match=r"2\*\*n values, not 3"):
        shapley_values(np.zeros(3))
