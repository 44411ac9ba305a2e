"""Outputs: at the right times, of the right weights, and without a hand in the steps."""

import numpy as np
import pytest

from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import (
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    Array,
    cascade_rows,
    exchange,
    kernel_of,
    species_of,
)

METHODS = ("rodas4", "rodas5p", "dopri5")
END = 7200.0
N_SPECIES = len(species_of(CASCADE_TABLE))


def solve_cascade(t_out: Array, **arguments):
    start, k = cascade_rows(6)
    precision, rtol = arguments.pop("precision", "double"), arguments.pop("rtol", 1e-5)
    options = SolverOptions(precision=precision, rtol=rtol, lanes=4)
    return kernel_of(CASCADE_TABLE).solve(start, k, t_out=t_out, options=options, **arguments)


@pytest.mark.parametrize(
    ("precision", "rtol"), [("double", 1e-5), ("mixed", 1e-5), ("auto", 1e-3), ("auto", 1e-8)]
)
def test_output_grid_changes_no_step(precision: str, rtol: float) -> None:
    few = np.array([60.0, END])
    many = np.unique(np.concatenate([few, np.linspace(0, END, 2000)]))
    coarse = solve_cascade(few, precision=precision, rtol=rtol)
    fine = solve_cascade(many, precision=precision, rtol=rtol)
    for name in ("steps", "rejected"):
        np.testing.assert_array_equal(getattr(coarse.counters, name), getattr(fine.counters, name))
    np.testing.assert_array_equal(coarse.final_state, fine.final_state)
    np.testing.assert_array_equal(coarse.values, fine.values[:, np.searchsorted(many, few)])


def test_no_output_time_leaves_the_final_state() -> None:
    silent = solve_cascade(np.empty(0), t_end=END)
    spoken = solve_cascade(np.array([END]))
    assert silent.values.shape == (6, 0, N_SPECIES)
    np.testing.assert_array_equal(silent.final_state, spoken.final_state)
    assert silent.t_reached.tolist() == [END] * 6


def test_end_after_the_last_output_is_reached() -> None:
    early = solve_cascade(np.array([60.0]), t_end=END)
    both = solve_cascade(np.array([60.0, END]))
    np.testing.assert_array_equal(early.values[:, 0], both.values[:, 0])
    np.testing.assert_array_equal(early.final_state, both.final_state)


def test_output_at_zero_is_the_start_and_at_the_end_the_final_state() -> None:
    start, _ = cascade_rows(6)
    solution = solve_cascade(np.array([0.0, END]))
    np.testing.assert_array_equal(solution.values[:, 0], start)
    # conserved sums are held in an output and at the end of a trajectory by the same rule
    size = np.abs(start).sum(axis=1, keepdims=True)
    assert np.all(np.abs(solution.values[:, 1] - solution.final_state) <= 1e-13 * size)


def test_time_asked_twice_is_answered_twice() -> None:
    solution = solve_cascade(np.array([0.0, 0.0, 60.0, 60.0, END, END]))
    np.testing.assert_array_equal(solution.values[:, ::2], solution.values[:, 1::2])


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_observed_outputs_are_weighted_sums_of_the_species(precision: str) -> None:
    times = np.array([0.0, 1.0, 60.0, END])
    weights = np.zeros((3, N_SPECIES))
    weights[0, 4], weights[2] = 1.0, np.linspace(-1, 2, N_SPECIES)  # one, none, all
    whole = solve_cascade(times, precision=precision)
    observed = solve_cascade(times, observe=weights, precision=precision)
    assert observed.values.shape == (6, 4, 3)
    size = whole.values @ np.abs(weights).T
    difference = np.abs(observed.values - whole.values @ weights.T)
    assert np.all(difference <= 24 * np.finfo(float).eps * size)
    np.testing.assert_array_equal(observed.final_state, whole.final_state)


def test_no_outputs_is_an_empty_axis() -> None:
    solution = solve_cascade(np.array([END]), observe=np.empty((0, N_SPECIES)))
    assert solution.values.shape == (6, 1, 0)
    assert np.all(solution.status == Status.OK)


def test_output_at_an_event_is_the_value_before_it() -> None:
    start, _ = cascade_rows(6)
    event = Event(60.0, y_add=np.full_like(start, 5.0))
    plain = solve_cascade(np.array([60.0]))
    dosed = solve_cascade(np.array([60.0, np.nextafter(60.0, 61.0)]), events=[event])
    size = start.sum(axis=1, keepdims=True)
    assert np.all(np.abs(dosed.values[:, 0] - plain.values[:, 0]) <= 1e-12 * size)
    # in the smallest possible time after it nothing but the dose has changed
    assert np.all(np.abs(dosed.values[:, 1] - dosed.values[:, 0] - 5.0) <= 1e-9 * size)


@pytest.mark.parametrize("method", METHODS)
def test_dense_output_is_as_good_as_the_tolerance_everywhere(method: str) -> None:
    times = np.linspace(0, 30, 500)
    options = SolverOptions(method=method, rtol=1e-6, atol=1e-9, precision="double")
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[10.0, 0.0]]), np.array([[0.3, 0.1]]), t_out=times, options=options
    )
    error = np.abs(solution.values[0, :, 0] - exchange(times, a0=10, forward=0.3, backward=0.1))
    # the flow does not expand, so errors of steps add up at most
    assert error.max() <= solution.counters.steps[0] * (1e-9 + 1e-6 * 10)


def test_fixed_outputs_stand_in_the_order_of_the_species() -> None:
    solution = solve_cascade(np.array([0.0]))
    assert solution.values[0, 0, species_of(CASCADE_TABLE).index("B")] == 300.0


def test_outputs_do_not_depend_on_others_asked_for() -> None:
    rows = [2, 5]
    weights = np.eye(N_SPECIES)
    assert_same_bits(
        solve_cascade(np.array([60.0]), observe=weights), solve_cascade(np.array([60.0]))
    )
    np.testing.assert_array_equal(
        solve_cascade(np.array([60.0]), observe=weights[rows]).values,
        solve_cascade(np.array([60.0])).values[:, :, rows],
    )


@pytest.mark.parametrize("method", ["rodas4", "rodas5p", "extrapolation"])
def test_output_within_a_step_costs_a_step_of_its_own(method: str) -> None:
    start, k = cascade_rows(6)
    options = SolverOptions(method=method, precision="double", lanes=4)
    kernel = kernel_of(CASCADE_TABLE)
    times = np.array([17.0, 60.0, END])
    silent = kernel.solve(start, k, t_out=times[2:], options=options).counters
    spoken = kernel.solve(start, k, t_out=times, options=options).counters
    per_step = silent.factorisations // (silent.steps + silent.rejected)
    np.testing.assert_array_equal(spoken.factorisations - silent.factorisations, 2 * per_step)
    np.testing.assert_array_equal(spoken.steps, silent.steps)
