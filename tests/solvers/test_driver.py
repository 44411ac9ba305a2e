"""How trajectories end: each status, when it is given, and what stands in the results."""

import numpy as np
import pytest

from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import (
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    LOGISTIC_TABLE,
    Array,
    cascade_rows,
    kernel_of,
)

N = 11
TIMES = np.array([0.0, 1.0, 60.0, 3600.0])
PRECISIONS = ("double", "mixed")
#: attempts after which a trajectory that can not be solved must have been given up
PATIENCE = 50


def solve_cascade(
    start: Array, k: Array, *, precision: str, events: tuple[Event, ...] = ()
) -> EnsembleSolution:
    options = SolverOptions(precision=precision, lanes=4, threads=1)
    return kernel_of(CASCADE_TABLE).solve(start, k, t_out=TIMES, events=events, options=options)


def attempts(solution: EnsembleSolution) -> Array:
    return solution.counters.steps + solution.counters.rejected


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300])
@pytest.mark.parametrize("place", ["state", "rate constant"])
@pytest.mark.parametrize("row", [0, 5, N - 1])
def test_unusable_number_stops_its_trajectory_and_no_other(
    precision: str, value: float, place: str, row: int
) -> None:
    start, k = cascade_rows(N)
    sound = solve_cascade(start, k, precision=precision)
    (start if place == "state" else k)[row, 3] = value
    solution = solve_cascade(start, k, precision=precision)
    assert solution.status[row] in (Status.BAD_INPUT, Status.NON_FINITE)
    assert attempts(solution)[row] <= PATIENCE
    assert np.all(np.isnan(solution.values[row, solution.t_reached[row] < TIMES]))
    others = np.delete(np.arange(N), row)
    assert_same_bits(sound, _rows(solution, others), others)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize("place", ["state", "rate constant"])
@pytest.mark.parametrize("column", [0, 3])
def test_unusable_number_in_an_event_stops_its_trajectory_and_no_other(
    precision: str, value: float, place: str, column: int
) -> None:
    start, k = cascade_rows(N)
    dose, new_k = np.ones_like(start), 2 * k
    sound = solve_cascade(start, k, precision=precision, events=(Event(60.0, y_add=dose, k=new_k),))
    (dose if place == "state" else new_k)[4, column] = value
    solution = solve_cascade(
        start, k, precision=precision, events=(Event(60.0, y_add=dose, k=new_k),)
    )
    assert solution.status[4] in (Status.BAD_INPUT, Status.NON_FINITE)
    others = np.delete(np.arange(N), 4)
    assert attempts(solution)[4] <= PATIENCE + attempts(sound).max()
    assert_same_bits(sound, _rows(solution, others), others)


def _rows(solution: EnsembleSolution, rows: Array) -> EnsembleSolution:
    from dataclasses import fields, replace

    counters = solution.counters
    return replace(
        solution,
        values=solution.values[rows],
        final_state=solution.final_state[rows],
        t_reached=solution.t_reached[rows],
        status=solution.status[rows],
        counters=type(counters)(*(getattr(counters, f.name)[rows] for f in fields(counters))),
    )


def test_all_trajectories_bad_is_no_trajectory_solved() -> None:
    start, k = cascade_rows(3)
    solution = solve_cascade(start * np.nan, k, precision="double")
    assert solution.status.tolist() == [Status.BAD_INPUT] * 3
    assert np.all(np.isnan(solution.values))
    assert np.all(np.isnan(solution.final_state))
    assert solution.t_reached.tolist() == [0.0] * 3
    assert attempts(solution).tolist() == [0] * 3


@pytest.mark.parametrize("precision", PRECISIONS)
def test_trajectory_that_needs_more_attempts_than_allowed_says_so(precision: str) -> None:
    start, k = cascade_rows(5)
    complete = solve_cascade(start, k, precision=precision)
    options = SolverOptions(precision=precision, max_steps=20, lanes=2)
    solution = kernel_of(CASCADE_TABLE).solve(start, k, t_out=TIMES, options=options)
    assert solution.status.tolist() == [Status.MAX_STEPS] * 5
    assert attempts(solution).tolist() == [20] * 5
    assert np.all((solution.t_reached > 0) & (solution.t_reached < TIMES[-1]))
    reached = solution.t_reached[:, np.newaxis] >= TIMES
    # what was reached is what the complete solve found there, and the rest is NaN
    np.testing.assert_array_equal(solution.values[reached], complete.values[reached])
    assert np.all(np.isnan(solution.values[~reached]))
    assert np.all(np.isfinite(solution.final_state))


def test_trajectory_that_ends_with_its_last_attempt_is_complete() -> None:
    start, k = cascade_rows(1)
    complete = solve_cascade(start, k, precision="double")
    options = SolverOptions(precision="double", lanes=4, max_steps=int(attempts(complete)[0]))
    last = kernel_of(CASCADE_TABLE).solve(start, k, t_out=TIMES, options=options)
    assert last.status.tolist() == [Status.OK]


def test_step_that_must_shrink_beyond_measure_is_an_underflow() -> None:
    # from 1e15 s to the scale of 1e-8 s it takes more than 30 refusals
    solution = kernel_of(LOGISTIC_TABLE).solve(
        np.array([[1.0, 1.0]]),
        np.array([[1e8]]),
        t_out=np.array([0.0, 1e16]),
        options=SolverOptions(method="rodas4", first_step=1e15, precision="double"),
    )
    assert solution.status.tolist() == [Status.STEP_UNDERFLOW]
    assert attempts(solution).tolist() == [30]
    assert solution.t_reached.tolist() == [0.0]
    np.testing.assert_array_equal(solution.values[0], [[1.0, 1.0], [np.nan, np.nan]])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_growth_without_end_is_given_up_where_numbers_end(precision: str) -> None:
    # y = exp(10 t) passes the largest float64 at t = 71 and the largest float32 at t = 8.9
    solution = kernel_of("A -> A + A").solve(
        np.array([[1.0]]),
        np.array([[10.0]]),
        t_out=np.array([0.5, 200.0]),
        options=SolverOptions(precision=precision),
    )
    assert solution.status[0] in (Status.NON_FINITE, Status.STEP_UNDERFLOW)
    assert solution.t_reached[0] < 71.0
    assert attempts(solution)[0] < 5_000
    assert np.isfinite(solution.values[0, 0, 0])
    assert np.isnan(solution.values[0, 1, 0])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_blow_up_is_given_up_at_its_time(precision: str) -> None:
    # y = 1 / (1 - t)
    solution = kernel_of("A + A -> A + A + A").solve(
        np.array([[1.0]]),
        np.array([[1.0]]),
        t_out=np.array([0.5, 2.0]),
        options=SolverOptions(precision=precision),
    )
    assert solution.status[0] in (Status.NON_FINITE, Status.STEP_UNDERFLOW)
    assert solution.t_reached[0] == pytest.approx(1.0, abs=1e-4)
    assert attempts(solution)[0] < 5_000


def test_solve_to_time_zero_is_the_start() -> None:
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[2.0, 3.0]]), np.array([[1.0, 1.0]]), t_out=np.array([0.0])
    )
    assert solution.status.tolist() == [Status.OK]
    assert solution.values.tolist() == [[[2.0, 3.0]]]
    assert solution.final_state.tolist() == [[2.0, 3.0]]
    assert attempts(solution).tolist() == [0]


def test_no_trajectories_give_empty_results() -> None:
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.empty((0, 2)), np.empty((0, 2)), t_out=np.array([1.0, 2.0])
    )
    assert solution.values.shape == (0, 2, 2)
    assert solution.status.shape == (0,)


def test_subnormal_amounts_are_numbers_like_others() -> None:
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[1e-310, 0.0]]), np.array([[1.0, 1e-310]]), t_out=np.array([1.0])
    )
    assert solution.status.tolist() == [Status.OK]
    assert np.all(np.abs(solution.values) <= 1e-300)
