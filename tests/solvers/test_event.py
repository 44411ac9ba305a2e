"""Changes at exact times: wash-out, bolus, other rate constants; a dose at t is a restart at t."""

from itertools import pairwise

import numpy as np
import pytest

from mtorsim.codegen.kernel import compile_kernel
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from tests.solvers.examples import (
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    cascade_rows,
    exchange,
    kernel_of,
    structure_of,
)

METHODS = ("rodas4", "rodas5p", "extrapolation", "dopri5")
SHARP = {"rtol": 1e-10, "atol": 1e-12, "precision": "double"}


def slack(n_steps: int, *, amount: float) -> float:
    """Errors of steps add up at most, where the flow does not expand."""
    return n_steps * (SHARP["atol"] + SHARP["rtol"] * amount)


@pytest.mark.parametrize("method", METHODS)
def test_bolus_adds_the_answer_to_the_bolus(method: str) -> None:
    # A <-> B is linear, so the bolus is a second run that starts later
    times = np.array([0.5, 1.0, 1.5, 4.0])
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[10.0, 0.0]]),
        np.array([[0.3, 0.1]]),
        t_out=times,
        events=[Event(1.0, y_add=np.array([[5.0, 0.0]]))],
        options=SolverOptions(method=method, **SHARP),
    )
    exact = exchange(times, a0=10.0, forward=0.3, backward=0.1)
    later = times > 1.0
    exact[later] += exchange(times[later] - 1.0, a0=5.0, forward=0.3, backward=0.1)
    assert np.abs(solution.values[0, :, 0] - exact).max() <= slack(
        solution.counters.steps[0], amount=15.0
    )


@pytest.mark.parametrize("method", METHODS)
def test_change_of_rate_constants_holds_from_its_time_on(method: str) -> None:
    times = np.array([1.0, 3.0])
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[10.0, 0.0]]),
        np.array([[0.3, 0.0]]),
        t_out=times,
        events=[Event(1.0, k=np.array([[50.0, 0.0]]))],
        options=SolverOptions(method=method, **SHARP),
    )
    exact = 10.0 * np.exp([-0.3, -0.3 - 2 * 50.0])
    assert np.abs(solution.values[0, :, 0] - exact).max() <= slack(
        solution.counters.steps[0], amount=10.0
    )


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_wash_out_empties_what_it_names_and_no_more(precision: str) -> None:
    after = np.nextafter(1.0, 2.0)
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[10.0, 2.0]]),
        np.array([[0.3, 0.0]]),
        t_out=np.array([1.0, after, 5.0]),
        events=[Event(1.0, y_scale=np.array([0.0, 1.0]))],
        options=SolverOptions(precision=precision),
    )
    assert solution.values[0, 1:, 0].tolist() == [0.0, 0.0]
    # B stays at what it was; the dense output sums it anew, which costs roundings
    assert solution.values[0, 1:, 1] == pytest.approx(solution.values[0, 0, 1], rel=1e-6)


def test_scale_and_addition_of_one_event_apply_in_that_order() -> None:
    event = Event(1.0, y_scale=np.array([0.5, 0.0]), y_add=np.array([[1.0, 3.0]]))
    still = np.zeros((1, 2))  # no reaction runs
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[10.0, 2.0]]), still, t_out=np.array([1.0, 2.0]), events=[event]
    )
    assert solution.values[0].tolist() == [[10.0, 2.0], [6.0, 3.0]]


def test_each_trajectory_has_its_own_dose_and_constants() -> None:
    start, dose = np.zeros((5, 2)), np.arange(10.0).reshape(5, 2)
    k = np.zeros((5, 2))
    still_or_fast = np.array([[0.0, 0.0], [1e3, 0.0]])[[0, 1, 0, 1, 0]]
    solution = kernel_of(EXCHANGE_TABLE).solve(
        start,
        k,
        t_out=np.array([2.0]),
        events=[Event(1.0, y_add=dose, k=still_or_fast)],
        options=SolverOptions(lanes=4, precision="double"),
    )
    np.testing.assert_array_equal(solution.final_state[::2], dose[::2])
    moved = np.array([[0.0, 5.0], [0.0, 13.0]])
    assert solution.final_state[1::2] == pytest.approx(moved, abs=1e-6)


@pytest.mark.parametrize("method", ["rodas4", "rodas5p"])
def test_dose_at_t_is_a_restart_at_t(method: str) -> None:
    """Segments begin alike, so the same steps follow; only the sums of times are rounded."""
    start, k = cascade_rows(6)
    kernel, moments = kernel_of(CASCADE_TABLE), [0.0, 300.0, 4000.0, 9000.0]
    options = SolverOptions(method, rtol=1e-5, precision="double", first_step=1e-3)
    keep = np.linspace(0, 1, start.shape[1])
    events = [
        Event(300.0, y_scale=keep, k=3 * k),
        Event(4000.0, y_add=0.3 * start),
    ]
    whole = kernel.solve(start, k, t_out=np.array(moments[1:]), events=events, options=options)
    pieces, state = [], start
    for (begin, end), event in zip(pairwise(moments), [Event(0.0), *events], strict=True):
        state = state if event.y_scale is None else state * event.y_scale
        state = state if event.y_add is None else state + event.y_add
        rates = 3 * k if begin >= 300.0 else k
        pieces.append(kernel.solve(state, rates, t_out=np.array([end - begin]), options=options))
        state = pieces[-1].final_state
    np.testing.assert_array_equal(
        whole.counters.steps, sum(piece.counters.steps for piece in pieces)
    )
    # a time of 9000 s is rounded by 1e-12 s; rates reach 1e2 of an amount per second
    size = start.sum(axis=1, keepdims=True)
    for number, piece in enumerate(pieces):
        assert np.all(np.abs(whole.values[:, number] - piece.final_state) <= 1e-10 * size)


def test_event_at_the_end_or_later_changes_nothing() -> None:
    arguments = (np.array([[10.0, 0.0]]), np.array([[0.3, 0.1]]))
    plain = kernel_of(EXCHANGE_TABLE).solve(*arguments, t_out=np.array([2.0]))
    dose = np.ones((1, 2))
    late = kernel_of(EXCHANGE_TABLE).solve(
        *arguments, t_out=np.array([2.0]), events=[Event(2.0, y_add=dose), Event(3.0, y_add=dose)]
    )
    np.testing.assert_array_equal(plain.values, late.values)
    np.testing.assert_array_equal(plain.counters.steps, late.counters.steps)


def test_events_close_together_all_happen() -> None:
    moments = [1.0]
    for _ in range(4):
        moments.append(np.nextafter(moments[-1], 2.0))
    events = [Event(moment, y_add=np.array([[1.0, 0.0]])) for moment in moments]
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.zeros((1, 2)), np.array([[0.0, 0.0]]), t_out=np.array([2.0]), events=events
    )
    assert solution.final_state.tolist() == [[5.0, 0.0]]


def test_dose_late_in_a_long_run_is_followed_at_once() -> None:
    # after 30 years a time is resolved to 1e-7 s, longer than the first step would be
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.array([[0.0, 1.0]]),
        np.array([[1e6, 1e6]]),
        t_out=np.array([2e9]),
        events=[Event(1e9, y_add=np.array([[0.0, 3.0]]))],
        options=SolverOptions(precision="double"),
    )
    assert solution.status.tolist() == [Status.OK]
    assert solution.final_state[0] == pytest.approx([2.0, 2.0], abs=1e-6)


def test_dose_into_a_network_without_reactions_stays() -> None:
    kernel = compile_kernel(MassActionStructure(n_species=2, reactants=(), changes=()))
    solution = kernel.solve(
        np.array([[1.0, 2.0]]),
        np.empty((1, 0)),
        t_out=np.array([1.0, 9.0]),
        events=[Event(3.0, y_scale=np.array([1.0, 0.0]), y_add=np.array([[1.0, 7.0]]))],
    )
    assert solution.values.tolist() == [[[1.0, 2.0], [2.0, 7.0]]]


def test_structure_of_events_is_not_changed_by_the_solve() -> None:
    keep, dose = np.ones(2), np.ones((1, 2))
    event = Event(1.0, y_scale=keep, y_add=dose, k=np.array([[np.nan, 1.0]]))
    solution = kernel_of(EXCHANGE_TABLE).solve(
        np.ones((1, 2)), np.ones((1, 2)), t_out=np.array([2.0]), events=[event]
    )
    assert solution.status.tolist() == [Status.BAD_INPUT]
    assert np.isnan(event.k[0, 0])
    assert structure_of(EXCHANGE_TABLE).n_reactions == 2
