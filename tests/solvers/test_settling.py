"""Steady states: where trajectories end, and which of them never come to rest."""

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen.kernel import compile_kernel
from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.settling import is_unchanged
from tests.oracle import oracle_rhs
from tests.solvers.examples import (
    BRUSSELATOR_TABLE,
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    TURNOVER_TABLE,
    cascade_rows,
    conserved_weights,
    kernel_of,
)
from tests.strategies import CLOSED_KINDS, RandomNetwork, mass_action_networks


def test_turnover_settles_where_synthesis_and_degradation_balance() -> None:
    made, lost, on, off = np.array([2.0, 5e-3]), np.array([0.1, 1e-4]), 0.3, 0.05
    k = np.column_stack([made, lost, [on, on], [off, off]])
    solution = kernel_of(TURNOVER_TABLE).steady_state(np.zeros((2, 2)), k)
    assert solution.status.tolist() == [Status.OK] * 2
    free = made / lost
    assert solution.final_state == pytest.approx(np.column_stack([free, free**2 * on / off]))


def test_steady_state_is_the_long_time_limit_with_the_same_totals() -> None:
    start, k = cascade_rows(30)
    kernel = kernel_of(CASCADE_TABLE)
    settled = kernel.steady_state(start, k)
    assert np.all(settled.status == Status.OK)
    # 1e8 s are 1e5 times the slowest time scale, 1 / k of the drug's release
    limit = kernel.solve(
        start, k, t_out=np.array([1e8]), options=SolverOptions("rodas5p", rtol=1e-8)
    )
    size = start.sum(axis=1, keepdims=True)
    assert np.all(np.abs(settled.final_state - limit.final_state) <= 1e-7 * size)
    weights = conserved_weights(kernel.structure)
    totals = start @ weights.T
    assert np.all(np.abs(settled.final_state @ weights.T - totals) <= 1e-10 * totals)


def test_steady_state_does_not_move() -> None:
    start, k = cascade_rows(5)
    kernel = kernel_of(CASCADE_TABLE)
    settled = kernel.steady_state(start, k).final_state
    again = kernel.solve(settled, k, t_out=np.array([86400.0]))
    # atol, and roundings of float32 in the stages
    assert np.abs(again.final_state - settled).max() <= 1e-7 + 1e-7 * settled.max()


def test_oscillator_is_reported_as_not_settled() -> None:
    # the Brusselator oscillates where k2 > 1 + k0^2 (Prigogine & Lefever 1968), here 3 > 2
    start = np.array([[1.2, 1.0], [1.2, 1.0]])
    k = np.array([[1.0, 1.0, 3.0, 1.0], [1.0, 1.0, 1.5, 1.0]])
    solution = kernel_of(BRUSSELATOR_TABLE).steady_state(
        start, k, options=SolverOptions(max_steps=20_000)
    )
    assert solution.status.tolist() == [Status.NOT_SETTLED, Status.OK]
    assert solution.final_state[1] == pytest.approx([1.0, 1.5], rel=1e-6)


def test_growth_without_end_is_reported_as_not_settled() -> None:
    solution = kernel_of("0 -> A").steady_state(np.zeros((1, 1)), np.array([[1e-3]]))
    assert solution.status.tolist() == [Status.NOT_SETTLED]


def test_process_slower_than_the_watch_is_reported_as_not_settled() -> None:
    # half of A is left after 1e10 s, far beyond the time that is integrated
    solution = kernel_of(EXCHANGE_TABLE).steady_state(
        np.array([[10.0, 0.0]]), np.array([[np.log(2) / 1e10, 0.0]])
    )
    assert solution.final_state[0, 0] == pytest.approx(10 * 2**-0.1, rel=1e-3)
    assert solution.status.tolist() == [Status.NOT_SETTLED]


def test_method_and_tolerance_of_the_way_are_those_asked_for() -> None:
    start, k = cascade_rows(2)
    kernel = kernel_of(CASCADE_TABLE)
    loose = kernel.steady_state(start, k)
    fourth = kernel.steady_state(start, k, options=SolverOptions("rodas4", rtol=1e-8))
    assert (loose.method, fourth.method) == ("rodas5p", "rodas4")
    assert np.all(fourth.counters.steps > loose.counters.steps)
    with pytest.raises(InputError, match="'dopri5' can not find steady states"):
        kernel.steady_state(start, k, options=SolverOptions("dopri5"))


def test_bad_start_has_no_steady_state() -> None:
    start, k = cascade_rows(3)
    start[1, 0] = np.nan
    solution = kernel_of(CASCADE_TABLE).steady_state(start, k)
    assert solution.status.tolist() == [Status.OK, Status.BAD_INPUT, Status.OK]


def test_network_without_reactions_is_at_rest() -> None:
    kernel = compile_kernel(MassActionStructure(n_species=2, reactants=(), changes=()))
    solution = kernel.steady_state(np.array([[3.0, 4.0]]), np.empty((1, 0)))
    assert solution.status.tolist() == [Status.OK]
    assert solution.final_state.tolist() == [[3.0, 4.0]]


@settings(max_examples=8)
@given(network=mass_action_networks(kinds=CLOSED_KINDS))
def test_what_is_called_settled_has_no_rate_of_change(network: RandomNetwork) -> None:
    start, k = network.y0[np.newaxis], network.k[np.newaxis]
    solution = compile_kernel(network.structure).steady_state(
        start, k, options=SolverOptions(lanes=1)
    )
    assert solution.status[0] in (Status.OK, Status.NOT_SETTLED)
    if solution.status[0] == Status.OK:
        slope = oracle_rhs(network.table, network.species, y=solution.final_state[0], k=network.k)
        # within an hour no species changes by 1e-6 of itself, or of 1e-3 nM
        assert np.all(np.abs(slope) * 3600 <= 1e-6 * np.maximum(solution.final_state[0], 1e-3))


def test_state_is_unchanged_only_if_all_species_are() -> None:
    before = np.array([[100.0, 1e-5], [100.0, 1e-5], [100.0, 1e-5], [np.nan, 1e-5]])
    after = np.array([[100.00009, 1.05e-5], [100.00011, 1e-5], [100.0, 1e-5 + 2e-9], [100.0, 1e-5]])
    after[0, 1] = 1e-5 + 5e-10
    assert is_unchanged(before, after).tolist() == [True, False, False, False]


def test_cost_of_a_steady_state_is_all_that_was_spent() -> None:
    start, k = cascade_rows(2)
    kernel = kernel_of(CASCADE_TABLE)
    counters = kernel.steady_state(start, k).counters
    alone = kernel.solve(
        start,
        k,
        t_out=[],
        t_end=1e9,
        options=SolverOptions("rodas5p", rtol=1e-4, precision="double"),
    ).counters
    assert np.all(counters.steps > alone.steps)
    np.testing.assert_array_equal(
        counters.rhs_evaluations, 8 * (counters.steps + counters.rejected)
    )
