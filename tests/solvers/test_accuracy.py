"""Errors: against exact solutions, against SciPy, against themselves at another tolerance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtorsim.codegen.kernel import compile_kernel
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.reference import solve_with_scipy
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution
from tests.solvers.examples import (
    BRUSSELATOR_TABLE,
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    LOGISTIC_TABLE,
    Array,
    cascade_rows,
    exchange,
    kernel_of,
    logistic,
    structure_of,
)
from tests.strategies import CLOSED_KINDS, RandomNetwork, mass_action_networks

METHODS = ("rodas4", "rodas5p", "extrapolation", "dopri5")
FORMS = [("rodas4", "double"), ("rodas4", "mixed"), ("rodas5p", "double"), ("rodas5p", "mixed")]
ATOL = 1e-9


def allowed(solution: EnsembleSolution, options: SolverOptions, scale: Array) -> Array:
    """A bound of the error, (rows, 1, species), where the flow does not expand.

    A step's error is at most ``atol + rtol scale`` in the RMS over species, so at most sqrt(n)
    times that in one of them, and errors of steps add up at most.
    """
    per_step = options.atol + options.rtol * scale
    steps = solution.counters.steps[:, np.newaxis, np.newaxis]
    return np.sqrt(scale.shape[-1]) * steps * per_step


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-9])
def test_exact_solutions_are_followed_to_the_tolerance(method: str, rtol: float) -> None:
    times = np.linspace(0, 8, 33)
    options = SolverOptions(method=method, rtol=rtol, atol=rtol * 1e-2, precision="double")
    linear = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[10.0, 0.0]]), np.array([[0.9, 0.3]]), t_out=times, options=options
    )
    exact = exchange(times, a0=10.0, forward=0.9, backward=0.3)
    bound = allowed(linear, options, np.full((1, 1, 2), 10.0))[0, 0, 0]
    assert np.abs(linear.values[0, :, 0] - exact).max() <= bound
    curved = kernel_of(LOGISTIC_TABLE).solve(
        np.array([[7.0, 3.0]]), np.array([[0.2]]), t_out=times, options=options
    )
    exact = logistic(times, a0=7.0, b0=3.0, k=0.2)
    # an error in B at first grows, by at most T^2 / (4 a0 b0)
    bound = allowed(curved, options, np.full((1, 1, 2), 10.0))[0, 0, 0] * 100 / (4 * 21)
    assert np.abs(curved.values[0, :, 1] - exact).max() <= bound


@pytest.mark.parametrize("method", METHODS)
def test_error_falls_in_proportion_to_the_tolerance(method: str) -> None:
    """The step follows rtol^(1/p) and the error step^p, so the error follows rtol."""
    times, tolerances = np.linspace(0.5, 4, 8), 10.0 ** -np.arange(4, 11)
    exact = logistic(times, a0=9.0, b0=1.0, k=0.3)
    errors = []
    for rtol in tolerances:
        solution = kernel_of(LOGISTIC_TABLE).solve(
            np.array([[9.0, 1.0]]),
            np.array([[0.3]]),
            t_out=times,
            options=SolverOptions(method=method, rtol=rtol, atol=1e-14, precision="double"),
        )
        errors.append(np.abs(solution.values[0, :, 1] - exact).max())
    slope = np.polyfit(np.log(tolerances), np.log(errors), 1)[0]
    # terms of the next order in a step move the slope by 1/p at most
    assert 0.8 < slope < 1.25
    # halving rtol halves the error, so six decades of one are about six of the other
    assert errors[0] / errors[-1] > 1e4


@pytest.fixture(scope="module")
def reference() -> tuple[Array, Array, Array, Array]:
    """Starts, rate constants, times and the values that Radau finds at 1e-10."""
    start, k = cascade_rows(6)
    times = np.geomspace(0.1, 86400, 12)
    solution = solve_with_scipy(
        structure_of(CASCADE_TABLE), start, k, t_out=times, rtol=1e-10, atol=1e-11
    )
    assert np.all(solution.status == Status.OK)
    return start, k, times, solution.values


@pytest.mark.parametrize(("method", "precision"), FORMS)
@pytest.mark.parametrize("rtol", [1e-3, 1e-4, 1e-6])
def test_stiff_cascade_agrees_with_radau(reference, method, precision, rtol) -> None:
    start, k, times, values = reference
    options = SolverOptions(method=method, precision=precision, rtol=rtol, atol=ATOL)
    solution = kernel_of(CASCADE_TABLE).solve(start, k, t_out=times, options=options)
    scale = np.abs(values).max(axis=1, keepdims=True)
    assert np.all(np.abs(solution.values - values) <= allowed(solution, options, scale))


def test_extrapolation_agrees_with_radau_to_tight_tolerances(reference) -> None:
    start, k, times, values = reference
    scale = np.abs(values).max(axis=1, keepdims=True)
    for rtol in (1e-6, 1e-9):
        options = SolverOptions("extrapolation", rtol=rtol, atol=ATOL)
        solution = kernel_of(CASCADE_TABLE).solve(start, k, t_out=times, options=options)
        # the reference itself is good to 1e-10 a step, over 1e3 steps
        known = 1e3 * (1e-11 + 1e-10 * scale)
        error = np.abs(solution.values - values)
        assert np.all(error <= allowed(solution, options, scale) + known)


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_every_width_agrees_with_radau(reference, lanes) -> None:
    start, k, times, values = reference
    options = SolverOptions("rodas5p", rtol=1e-8, atol=ATOL, lanes=lanes)
    solution = kernel_of(CASCADE_TABLE).solve(start, k, t_out=times, options=options)
    assert solution.precision == "double"
    scale = np.abs(values).max(axis=1, keepdims=True)
    assert np.all(np.abs(solution.values - values) <= allowed(solution, options, scale))


def test_explicit_method_agrees_where_it_is_stable(reference) -> None:
    start, k, times, values = reference
    options = SolverOptions("dopri5", rtol=1e-6, atol=ATOL)
    solution = kernel_of(CASCADE_TABLE).solve(start, k, t_out=times[:8], options=options)
    scale = np.abs(values).max(axis=1, keepdims=True)
    assert np.all(np.abs(solution.values - values[:, :8]) <= allowed(solution, options, scale))


@settings(max_examples=12)
@given(network=mass_action_networks(kinds=CLOSED_KINDS))
def test_any_closed_network_agrees_with_radau(network: RandomNetwork) -> None:
    times = np.geomspace(1e-3, 1e3, 7)
    start, k = network.y0[np.newaxis], network.k[np.newaxis]
    exact = solve_with_scipy(network.structure, start, k, t_out=times, rtol=1e-10, atol=1e-12)
    for precision in ("double", "mixed"):
        options = SolverOptions("rodas4", rtol=1e-5, atol=ATOL, precision=precision, lanes=2)
        solution = compile_kernel(network.structure).solve(start, k, t_out=times, options=options)
        scale = np.full((1, 1, len(network.species)), start.sum())
        # autocatalysis lets an error grow, as it lets the least amount grow to the total
        least = start[start > 0].min(initial=1.0)
        growth = max(1.0, start.sum() / least)
        error = np.abs(solution.values - exact.values)
        assert np.all(error <= growth * allowed(solution, options, scale))


def test_reactions_of_order_three_agree_with_radau() -> None:
    start, k = np.array([[1.0, 1.0], [0.5, 3.0]]), np.array([[1, 1, 3.0, 1], [1, 1, 1.5, 1]])
    times = np.linspace(0, 20, 9)
    exact = solve_with_scipy(
        structure_of(BRUSSELATOR_TABLE), start, k, t_out=times, rtol=1e-11, atol=1e-11
    )
    options = SolverOptions("rodas5p", rtol=1e-9, atol=1e-9)
    solution = kernel_of(BRUSSELATOR_TABLE).solve(start, k, t_out=times, options=options)
    assert solution.precision == "double"
    # within 20 s the cycle of period 7 s stretches an error along itself by less than e^3
    assert np.all(
        np.abs(solution.values - exact.values)
        <= np.exp(3) * allowed(solution, options, np.full((1, 1, 2), 5.0))
    )


def permuted(structure: MassActionStructure, species: Array, reactions: Array):
    """The same network with other numbers; new species i was ``species[i]``."""
    now = np.argsort(species)
    return MassActionStructure(
        structure.n_species,
        tuple(tuple(sorted(int(now[i]) for i in structure.reactants[r])) for r in reactions),
        tuple(tuple(sorted((int(now[i]), c) for i, c in structure.changes[r])) for r in reactions),
    )


@pytest.mark.parametrize("method", ["rodas4", "rodas5p"])
def test_names_of_species_and_reactions_change_only_roundings(method: str) -> None:
    random = np.random.default_rng(4)
    structure = structure_of(CASCADE_TABLE)
    species = random.permutation(structure.n_species)
    reactions = random.permutation(structure.n_reactions)
    start, k = cascade_rows(10)
    options = SolverOptions(method, rtol=1e-5, precision="double")
    times = np.geomspace(0.1, 86400, 12)
    first = kernel_of(CASCADE_TABLE).solve(start, k, t_out=times, options=options)
    second = compile_kernel(permuted(structure, species, reactions)).solve(
        start[:, species], k[:, reactions], t_out=times, options=options
    )
    np.testing.assert_array_equal(first.counters.steps, second.counters.steps)
    difference = np.abs(first.values[:, :, species] - second.values)
    # roundings of f stand in the stages against terms k y^2 of up to 1e5 nM/s, over 1e2 steps
    assert difference.max() <= 1e2 * 1e5 * np.finfo(float).eps


@settings(max_examples=8)
@given(network=mass_action_networks(kinds=CLOSED_KINDS), data=st.data())
def test_names_change_only_roundings_in_any_closed_network(network, data) -> None:
    species = np.array(data.draw(st.permutations(range(len(network.species)))), dtype=int)
    reactions = np.array(data.draw(st.permutations(range(len(network.table)))), dtype=int)
    options = SolverOptions("rodas4", rtol=1e-5, precision="double", lanes=1)
    times = np.geomspace(1e-3, 1e3, 7)
    first = compile_kernel(network.structure).solve(
        network.y0[np.newaxis], network.k[np.newaxis], t_out=times, options=options
    )
    second = compile_kernel(permuted(network.structure, species, reactions)).solve(
        network.y0[np.newaxis, species],
        network.k[np.newaxis, reactions],
        t_out=times,
        options=options,
    )
    difference = np.abs(first.values[:, :, species] - second.values)
    assert difference.max(initial=0.0) <= 1e-9 * network.y0.sum()
