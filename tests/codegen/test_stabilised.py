"""The method of networks too large to factor: stable, of order two, and the same in every lane."""

import numpy as np
import pytest

from mtorsim.codegen.selection import choose_variant
from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import (
    BRUSSELATOR_TABLE,
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    LOGISTIC_TABLE,
    cascade_rows,
    conserved_weights,
    exchange,
    kernel_of,
    logistic,
    structure_of,
)

TIMES = np.array([0.0, 1.0, 30.0, 600.0])


def cascade(**options: object):
    start, k = cascade_rows(5)
    events = [Event(60.0, y_add=0.1 * start, k=2 * k)]
    chosen = SolverOptions("rkc", **{"rtol": 1e-5, **options})
    return kernel_of(CASCADE_TABLE).solve(start, k, t_out=TIMES, events=events, options=chosen)


def test_stiff_cascade_agrees_with_an_implicit_method() -> None:
    start, k = cascade_rows(5)
    events = [Event(60.0, y_add=0.1 * start, k=2 * k)]
    exact = kernel_of(CASCADE_TABLE).solve(
        start, k, t_out=TIMES, events=events, options=SolverOptions("rodas5p", rtol=1e-10)
    )
    found = cascade()
    assert np.all(found.status == Status.OK)
    # each step is held to 1/64 of the tolerance, in the RMS over 13 species
    bound = np.sqrt(13) * found.counters.steps * 1e-5 / 64
    scale = np.abs(exact.values).max(axis=(1, 2))
    assert np.all(np.abs(found.values - exact.values).max(axis=(1, 2)) <= bound * scale)


@pytest.mark.parametrize("lanes", [1, 2, 8])
def test_width_changes_no_bit(lanes: int) -> None:
    assert_same_bits(cascade(lanes=4), cascade(lanes=lanes))


def test_conserved_sums_are_kept() -> None:
    weights, solution = conserved_weights(structure_of(CASCADE_TABLE)), cascade()
    # before the dose of the event
    sums = solution.values[:, :3] @ weights.T
    assert np.abs(sums / sums[:, :1] - 1).max() <= 1e-10


def test_stiffness_is_paid_by_its_square_root() -> None:
    """Two fast species at rest: the step grows freely, and stages grow as its square root."""
    counts = []
    for speed in (1e3, 1e5):
        options = SolverOptions("rkc", rtol=1e-4, atol=1e-6)
        solution = kernel_of(EXCHANGE_TABLE).solve(
            [1.0, 1.0], [speed, speed], t_out=[10.0], options=options
        )
        assert solution.status[0] == Status.OK
        np.testing.assert_allclose(solution.values[0, -1], 1.0, atol=1e-4)
        counts.append(solution.counters.rhs_evaluations[0])
    # an explicit method of few stages needs steps of at most 3.3 / (2 speed) for 10 s
    assert counts[0] < 10 * 2e3 / 3.3 / 5
    assert counts[1] < 40 * counts[0]


def test_error_is_of_second_order() -> None:
    times, tolerances = np.linspace(0.5, 4, 8), 10.0 ** -np.arange(2, 7)
    exact = logistic(times, a0=9.0, b0=1.0, k=0.3)
    errors = []
    for rtol in tolerances:
        options = SolverOptions("rkc", rtol=rtol, atol=1e-14)
        solution = kernel_of(LOGISTIC_TABLE).solve([9.0, 1.0], [0.3], t_out=times, options=options)
        errors.append(np.abs(solution.values[0, :, 1] - exact).max())
    # step^3 follows the tolerance, the error step^2
    assert 0.55 < np.polyfit(np.log(tolerances), np.log(errors), 1)[0] < 0.85


def test_dense_output_is_as_good_as_the_steps_and_drives_none() -> None:
    options = SolverOptions("rkc", rtol=1e-5, atol=1e-8)
    few, many = np.array([8.0]), np.linspace(0, 8, 200)
    solve = kernel_of(EXCHANGE_TABLE).solve
    once = solve([10.0, 0.0], [0.9, 0.3], t_out=few, options=options)
    often = solve([10.0, 0.0], [0.9, 0.3], t_out=many, options=options)
    np.testing.assert_array_equal(once.counters.steps, often.counters.steps)
    np.testing.assert_array_equal(once.final_state, often.final_state)
    exact = exchange(many, a0=10.0, forward=0.9, backward=0.3)
    bound = np.sqrt(2) * often.counters.steps[0] * 1e-5 / 64 * 10
    assert np.abs(often.values[0, :, 0] - exact).max() <= bound


def test_bad_numbers_end_their_own_lane_only() -> None:
    start, k = cascade_rows(4)
    start[1, 0] = 1e29
    good = kernel_of(CASCADE_TABLE).solve(
        np.delete(start, 1, axis=0),
        np.delete(k, 1, axis=0),
        t_out=[1.0],
        options=SolverOptions("rkc", lanes=4),
    )
    mixed = kernel_of(CASCADE_TABLE).solve(
        start, k, t_out=[1.0], options=SolverOptions("rkc", lanes=4, max_steps=2000)
    )
    assert mixed.status[1] != Status.OK
    assert_same_bits(mixed, good, rows=[0, 2, 3])


def test_three_reactants_are_refused() -> None:
    with pytest.raises(InputError, match="rkc needs at most two reactants"):
        choose_variant(structure_of(BRUSSELATOR_TABLE), SolverOptions("rkc"))


def large(n: int) -> MassActionStructure:
    return MassActionStructure(n, ((0,),), (((0, -1), (1, 1)),))


@pytest.mark.parametrize(
    ("n_species", "multiply_adds", "method", "precision"),
    [
        (3744, 10**9, "rkc", "double"),
        (3744, 10**6, "rodas5p", "double"),
        (50, 10**9, "rodas5p", "mixed"),
    ],
)
def test_networks_too_large_to_factor_are_not_factored(
    n_species: int, multiply_adds: int, method: str, precision: str
) -> None:
    variant = choose_variant(
        large(n_species), SolverOptions(rtol=1e-5), multiply_adds=lambda: multiply_adds
    )
    assert (variant.method, variant.precision) == (method, precision)


def test_a_method_that_was_asked_for_is_taken_at_any_size() -> None:
    variant = choose_variant(
        large(3744), SolverOptions("rodas4", rtol=1e-5), multiply_adds=lambda: 10**12
    )
    assert variant.method == "rodas4"
