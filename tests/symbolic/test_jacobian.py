from __future__ import annotations

import numpy as np
import sympy
from hypothesis import given, settings

from mtorsim.symbolic.system import OdeSystem
from tests.oracle import oracle_jacobian, oracle_rhs
from tests.strategies import RandomNetwork, mass_action_networks
from tests.symbolic.networks import dense_values_of, dimer, kinase, symbols, system_of_random


def sparse(matrix: dict[tuple[int, int], sympy.Expr], n_rows: int, n_columns: int) -> sympy.Matrix:
    return sympy.SparseMatrix(n_rows, n_columns, dict(matrix))


def differentiated(
    expressions: tuple[sympy.Expr, ...], by: tuple[sympy.Symbol, ...]
) -> sympy.Matrix:
    return sympy.Matrix(len(expressions), len(by), lambda i, j: sympy.diff(expressions[i], by[j]))


def largest_terms(system: OdeSystem, network: RandomNetwork) -> float:
    """Bound on the terms of a Jacobian entry, for the rounding error of their sum."""
    terms = dense_values_of(
        system.flux_jacobian,
        system,
        shape=(len(system.k), len(system.y)),
        y=network.y0,
        k=network.k,
    )
    return float(3 * np.sum(np.abs(terms)))


def test_jacobian_of_the_dimer_is_that_derived_by_hand() -> None:
    (a,) = symbols("A")
    deg, on, off = symbols("k_deg", "k_on", "k_off")
    assert dict(dimer().jacobian) == {
        (0, 0): -deg - 4 * on * a,
        (0, 1): 2 * off,
        (1, 0): 2 * on * a,
        (1, 1): -off,
    }


def test_derivatives_by_the_rates_of_the_dimer_are_those_derived_by_hand() -> None:
    a, aa = symbols("A", "A:A")
    system = dimer()
    assert dict(system.flux_rate_jacobian) == {(0, 0): 1, (1, 1): a, (2, 2): a**2, (3, 3): aa}
    assert dict(system.rate_jacobian) == {
        (0, 0): 1,
        (0, 1): -a,
        (0, 2): -2 * a**2,
        (0, 3): 2 * aa,
        (1, 2): a**2,
        (1, 3): -aa,
    }


def test_a_catalyst_has_no_row_of_its_own() -> None:
    assert all(row != 0 for row, _ in kinase().jacobian)


@settings(max_examples=50)
@given(mass_action_networks())
def test_all_derivatives_equal_those_of_sympy(network: RandomNetwork) -> None:
    system = system_of_random(network)
    n, r = len(system.y), len(system.k)
    for matrix, shape, expected in (
        (system.flux_jacobian, (r, n), differentiated(system.fluxes, system.y)),
        (system.jacobian, (n, n), differentiated(system.rhs, system.y)),
        (system.flux_rate_jacobian, (r, r), differentiated(system.fluxes, system.k)),
        (system.rate_jacobian, (n, r), differentiated(system.rhs, system.k)),
    ):
        assert all(sympy.expand(e) == 0 for e in sparse(matrix, *shape) - expected)
        assert 0 not in matrix.values()
        assert list(matrix) == sorted(matrix)


@settings(max_examples=50)
@given(mass_action_networks())
def test_jacobian_equals_complex_steps_of_the_table_interpreter(network: RandomNetwork) -> None:
    system = system_of_random(network)
    n = len(system.y)
    ours = dense_values_of(system.jacobian, system, shape=(n, n), y=network.y0, k=network.k)
    expected = oracle_jacobian(network.table, network.species, y=network.y0, k=network.k)
    rounding = 64 * np.finfo(float).eps * largest_terms(system, network)
    assert np.all(np.abs(ours - expected) <= rounding)


@settings(max_examples=50)
@given(mass_action_networks())
def test_jacobian_equals_central_differences(network: RandomNetwork) -> None:
    system = system_of_random(network)
    n = len(system.y)
    ours = dense_values_of(system.jacobian, system, shape=(n, n), y=network.y0, k=network.k)
    # Cubic in y at most: the error is h^2 times the third derivative, plus rounding over h.
    step = 1e-5
    largest = float(np.max(network.y0, initial=1.0)) + step
    gross = 3 * float(np.sum(network.k)) * largest**3
    bound = gross * (step**2 + 16 * np.finfo(float).eps / step)
    for i, unit in enumerate(np.eye(n)):
        above, below = (
            oracle_rhs(network.table, network.species, y=network.y0 + h * unit, k=network.k)
            for h in (step, -step)
        )
        assert np.all(np.abs(ours[:, i] - (above - below) / (2 * step)) <= bound)
