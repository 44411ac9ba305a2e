"""The plan of a sparse factorisation is the dense one with nothing left out and nothing added."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mtorsim.symbolic.elimination import (
    EliminationPlan,
    jacobian_pattern,
    markowitz_order,
    plan_elimination,
)
from tests.oracle import oracle_jacobian
from tests.strategies import RandomNetwork, mass_action_networks

Array = NDArray[np.float64]
Pattern = set[tuple[int, int]]


@st.composite
def patterns(draw: st.DrawFn) -> tuple[int, Pattern]:
    """A size and positions off the diagonal."""
    n = draw(st.integers(1, 9))
    index = st.integers(0, n - 1)
    return n, draw(st.sets(st.tuples(index, index), max_size=3 * n))


def random_matrix(n: int, pattern: Pattern) -> Array:
    """Random numbers on the pattern, with a diagonal that outweighs them."""
    random = np.random.default_rng(0)
    matrix = np.zeros((n, n))
    for i, j in pattern:
        matrix[i, j] = random.uniform(0.5, 1.5)
    return matrix + 2 * n * np.eye(n)


def dense_factors(matrix: Array) -> Array:
    """L without its unit diagonal, and U, by elimination without pivoting."""
    factors = matrix.copy()
    for k in range(len(factors)):
        factors[k + 1 :, k] /= factors[k, k]
        factors[k + 1 :, k + 1 :] -= np.outer(factors[k + 1 :, k], factors[k, k + 1 :])
    return factors


def planned_factors(plan: EliminationPlan, matrix: Array) -> Array:
    """The same by the plan's operations alone."""
    values: list[float] = []
    for (i, j), pairs in zip(plan.entries, plan.updates(), strict=True):
        value = matrix[plan.order[i], plan.order[j]]
        for lower, upper in pairs:
            value -= values[lower] * values[upper]
        values.append(value / values[plan.position[j, j]] if j < i else value)
    factors = np.zeros_like(matrix)
    for (i, j), value in zip(plan.entries, values, strict=True):
        factors[i, j] = value
    return factors


@given(patterns())
def test_planned_operations_are_those_of_the_dense_factorisation(case: tuple[int, Pattern]) -> None:
    n, pattern = case
    plan, matrix = plan_elimination(n, pattern), random_matrix(n, pattern)
    order = np.array(plan.order)
    exact = dense_factors(matrix[np.ix_(order, order)])
    # a diagonal that outweighs its row allows no growth
    assert np.abs(planned_factors(plan, matrix) - exact).max() <= 1e-12 * np.abs(exact).max()


@given(patterns())
def test_every_stored_entry_can_be_filled(case: tuple[int, Pattern]) -> None:
    n, pattern = case
    plan, matrix = plan_elimination(n, pattern), random_matrix(n, pattern)
    order = np.array(plan.order)
    filled = dense_factors(matrix[np.ix_(order, order)]) != 0
    assert set(zip(*(map(int, axis) for axis in np.nonzero(filled)), strict=True)) == set(
        plan.entries
    )


@given(patterns())
def test_entries_stand_row_by_row_with_every_pivot(case: tuple[int, Pattern]) -> None:
    n, pattern = case
    plan = plan_elimination(n, pattern)
    assert sorted(plan.order) == list(range(n))
    assert list(plan.entries) == sorted(plan.entries)
    assert plan.n_entries == len(set(plan.entries))
    assert all(plan.entries[position] == entry for entry, position in plan.position.items())
    assert all((i, i) in plan.position for i in range(n))
    assert [(i, j) for i, columns in enumerate(plan.rows) for j in columns] == list(plan.entries)
    assert plan.n_updates == sum(map(len, plan.updates()))


@given(patterns())
def test_each_pivot_is_the_cheapest_of_those_left(case: tuple[int, Pattern]) -> None:
    n, pattern = case
    filled = np.eye(n, dtype=bool)
    for i, j in pattern:
        filled[i, j] = True
    left = set(range(n))
    for pivot in markowitz_order(n, pattern):
        columns = sorted(left)
        cost = {i: (filled[i, columns].sum() - 1) * (filled[columns, i].sum() - 1) for i in columns}
        assert pivot == min(left, key=lambda i: (cost[i], i))
        left.remove(pivot)
        filled |= np.outer(filled[:, pivot], filled[pivot])


def ring(n: int, *, chords: int) -> Pattern:
    """A ring of n with random chords: more positions than a word of the plan has bits."""
    ends = np.random.default_rng(3).integers(0, n, (chords, 2))
    return {(i, (i + 1) % n) for i in range(n)} | {(int(i), int(j)) for i, j in ends}


@pytest.mark.parametrize("n", [63, 64, 65, 150])
def test_plans_longer_than_a_word_are_factored_without_loss(n: int) -> None:
    pattern = ring(n, chords=n // 2)
    plan, matrix = plan_elimination(n, pattern), random_matrix(n, pattern)
    order = np.array(plan.order)
    exact = dense_factors(matrix[np.ix_(order, order)])
    assert np.abs(planned_factors(plan, matrix) - exact).max() <= 1e-12 * np.abs(exact).max()
    assert plan.n_entries == np.count_nonzero(exact)
    assert plan.n_updates == sum(map(len, plan.updates()))


def test_order_does_not_depend_on_the_order_of_the_pattern() -> None:
    n = 150
    pattern = sorted(ring(n, chords=100))
    shuffled = [pattern[i] for i in np.random.default_rng(4).permutation(len(pattern))]
    first, second = plan_elimination(n, pattern), plan_elimination(n, shuffled)
    assert first.order == second.order
    assert first.entries == second.entries


def test_arrow_is_factored_from_its_tip_without_fill() -> None:
    n = 8
    pattern = {(0, i) for i in range(n)} | {(i, 0) for i in range(n)}
    plan = plan_elimination(n, pattern)
    assert plan.n_entries == 3 * n - 2
    assert plan.n_updates == n - 1
    assert 0 in plan.order[-2:]  # the last two cost the same


def test_empty_pattern_is_a_diagonal() -> None:
    plan = plan_elimination(3, ())
    assert plan.entries == ((0, 0), (1, 1), (2, 2))
    assert plan.n_updates == 0


@given(mass_action_networks())
def test_pattern_is_where_the_jacobian_is_not_zero(network: RandomNetwork) -> None:
    random = np.random.default_rng(1)
    y = random.uniform(0.5, 1.5, len(network.species))
    k = random.uniform(0.5, 1.5, len(network.k))
    exact = oracle_jacobian(network.table, network.species, y=y, k=k)
    found = {(int(i), int(j)) for i, j in zip(*np.nonzero(np.abs(exact) > 1e-9), strict=True)}
    pattern = jacobian_pattern(network.structure)
    # terms of random constants do not cancel, unless they are those of one reaction there and back
    assert found <= pattern
    assert {(i, j) for i, j in pattern if np.abs(exact[i, j]) <= 1e-9} == set()
