from __future__ import annotations

from itertools import combinations
from math import gcd

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from mtorsim.network import null_space
from mtorsim.network.null_space import IndependentRows, left_null_space
from tests.strategies import CLOSED_KINDS, RandomNetwork, mass_action_networks

small_matrices = st.integers(1, 6).flatmap(
    lambda n_rows: st.tuples(
        st.just(n_rows),
        st.lists(
            st.dictionaries(st.integers(0, n_rows - 1), st.integers(-2, 2), max_size=4), max_size=5
        ),
    )
)


def dense(n_rows: int, columns: list[dict[int, int]]) -> sympy.Matrix:
    entries = {(i, j): value for j, column in enumerate(columns) for i, value in column.items()}
    return sympy.Matrix(sympy.SparseMatrix(n_rows, len(columns), entries))


def as_rows(n_rows: int, basis: tuple[dict[int, int], ...]) -> sympy.Matrix:
    return sympy.Matrix(len(basis), n_rows, lambda j, i: basis[j].get(i, 0))


def extreme_rays_by_trying_all_supports(matrix: sympy.Matrix) -> list[list[int]]:
    rays = []
    for size in range(1, matrix.rows + 1):
        for support in combinations(range(matrix.rows), size):
            vectors = matrix.extract(list(support), list(range(matrix.cols))).T.nullspace()
            if len(vectors) == 1 and (all(x > 0 for x in vectors[0]) or max(vectors[0]) < 0):
                weights = dict(zip(support, vectors[0], strict=True))
                rays.append([weights.get(i, 0) for i in range(matrix.rows)])
    return rays


def sparsest_basis_size(rays: list[list[int]]) -> int:
    chosen: list[list[int]] = []
    for ray in sorted(rays, key=lambda ray: sum(x != 0 for x in ray)):
        if sympy.Matrix([*chosen, ray]).rank() > len(chosen):
            chosen.append(ray)
    return sum(x != 0 for ray in chosen for x in ray)


@given(small_matrices)
def test_basis_is_exact_complete_and_reduced(case: tuple[int, list[dict[int, int]]]) -> None:
    n_rows, columns = case
    matrix = dense(n_rows, columns)
    basis = left_null_space(n_rows, columns)
    rows = as_rows(n_rows, basis)
    assert len(basis) == n_rows - matrix.rank()
    assert rows.rank() == len(basis)
    assert all(entry == 0 for entry in rows * matrix)
    assert all(gcd(*row.values()) == 1 and 0 not in row.values() for row in basis)


@settings(max_examples=60)
@given(small_matrices)
def test_no_basis_has_more_or_sparser_non_negative_vectors(
    case: tuple[int, list[dict[int, int]]],
) -> None:
    n_rows, columns = case
    rays = extreme_rays_by_trying_all_supports(dense(n_rows, columns))
    basis = left_null_space(n_rows, columns)
    non_negative = [row for row in basis if min(row.values()) > 0]
    assert len(non_negative) == (sympy.Matrix(rays).rank() if rays else 0)
    assert sum(map(len, non_negative)) == sparsest_basis_size(rays)
    assert list(basis[: len(non_negative)]) == non_negative


@given(mass_action_networks(kinds=CLOSED_KINDS, max_reactions=20))
def test_closed_networks_have_a_non_negative_basis(network: RandomNetwork) -> None:
    columns = [dict(changes) for changes in network.structure.changes]
    basis = left_null_space(len(network.species), columns)
    assert len(basis) == len(network.species) - dense(len(network.species), columns).rank()
    assert all(min(row.values()) > 0 for row in basis)


def test_exchange_of_partners_needs_the_sums_of_one_partner_from_each_side() -> None:
    # A + B -> C + D: eliminating any one species leaves a difference in the basis.
    basis = left_null_space(4, [{0: -1, 1: -1, 2: 1, 3: 1}])
    assert len(basis) == 3
    assert all(sorted(row.values()) == [1, 1] for row in basis)
    assert all(len(row.keys() & {0, 1}) == 1 for row in basis)


def test_joint_loss_conserves_the_difference() -> None:
    (row,) = left_null_space(2, [{0: -1, 1: -1}])
    assert sorted(row.values()) == [-1, 1]


def test_without_reactions_each_species_is_conserved() -> None:
    assert left_null_space(3, []) == ({0: 1}, {1: 1}, {2: 1})


def test_a_matrix_without_rows_has_an_empty_basis() -> None:
    assert left_null_space(0, []) == ()


def test_the_basis_stays_complete_where_the_search_for_signs_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(null_space, "MAX_PAIRS", 0)
    column = {0: -1, 1: -1, 2: 1, 3: 1}
    basis = left_null_space(4, [column])
    assert as_rows(4, basis).rank() == 3
    assert all(sum(row.get(i, 0) * c for i, c in column.items()) == 0 for row in basis)


def test_a_cascade_of_a_thousand_species_conserves_each_kinase() -> None:
    # Tier i: K_i binds S_i to a complex and lets go of the next tier's kinase, which reverts.
    n_tiers = 333
    columns = []
    for tier in range(n_tiers):
        inactive, active, bound = 3 * tier, 3 * tier + 1, 3 * tier + 2
        columns += [{active: -1, inactive: 1}]
        if tier + 1 < n_tiers:
            columns += [
                {active: -1, inactive + 3: -1, bound: 1},
                {bound: -1, active: 1, active + 3: 1},
            ]
    basis = left_null_space(3 * n_tiers, columns)
    # The complex of the last tier takes part in nothing.
    assert len(basis) == n_tiers + 1
    assert all(set(row.values()) == {1} and len(row) <= 4 for row in basis)


def test_dependent_rows_are_refused() -> None:
    rows = IndependentRows()
    assert rows.admit({0: 2, 1: -1})
    assert rows.admit({1: 3, 2: 1})
    assert not rows.admit({0: 4, 1: 1, 2: 1})
    assert not rows.admit({})
