"""SciPy's solvers behind the kernel's contract: exact solutions, events, statuses."""

import numpy as np
import pytest

from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.mass_action import MassActionTables
from mtorsim.simulate.reference import ScipyKernel, solve_with_scipy
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import Status

# A <-> B
EXCHANGE = MassActionStructure(
    n_species=2, reactants=((0,), (1,)), changes=(((0, -1), (1, 1)), ((0, 1), (1, -1)))
)
# 2 A -> B
PAIRING = MassActionStructure(n_species=2, reactants=((0, 0),), changes=(((0, -2), (1, 1)),))
# A + B <-> C, and C -> 0
BINDING = MassActionStructure(
    n_species=3,
    reactants=((0, 1), (2,), (2,)),
    changes=(((0, -1), (1, -1), (2, 1)), ((0, 1), (1, 1), (2, -1)), ((2, -1),)),
)
METHODS = ("scipy-Radau", "scipy-BDF", "scipy-LSODA")


@pytest.mark.parametrize("method", METHODS)
def test_exchange_follows_its_exact_solution(method: str) -> None:
    times = np.array([0.0, 0.5, 2.0, 7.0])
    solution = solve_with_scipy(
        EXCHANGE,
        np.array([[10.0, 0.0]]),
        np.array([[0.3, 0.1]]),
        t_out=times,
        method=method,
        rtol=1e-9,
        atol=1e-9,
    )
    exact = 2.5 + 7.5 * np.exp(-0.4 * times)
    assert solution.values[0, :, 0] == pytest.approx(exact, rel=1e-6)
    assert solution.values[0].sum(axis=1) == pytest.approx(10.0, rel=1e-12)
    assert solution.status[0] == Status.OK


def test_pairing_of_one_species_follows_its_exact_solution() -> None:
    times = np.array([1.0, 10.0, 100.0])
    solution = solve_with_scipy(
        PAIRING, np.array([[4.0, 0.0]]), np.array([[0.2]]), t_out=times, atol=1e-12
    )
    assert solution.values[0, :, 0] == pytest.approx(4.0 / (1 + 2 * 0.2 * 4.0 * times), rel=1e-8)


def test_outputs_are_the_observed_weights_of_the_species() -> None:
    weights = np.array([[1.0, 1.0], [0.0, 2.0]])
    arguments = (EXCHANGE, np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]]))
    species = solve_with_scipy(*arguments, t_out=np.array([1.0]))
    observed = solve_with_scipy(*arguments, t_out=np.array([1.0]), observe=weights)
    assert observed.values[0, 0] == pytest.approx(weights @ species.values[0, 0], rel=1e-14)


@pytest.mark.parametrize("structure", [EXCHANGE, PAIRING, BINDING])
@pytest.mark.parametrize("dense", [True, False])
def test_jacobian_is_the_derivative_of_the_rhs(structure: MassActionStructure, dense: bool) -> None:
    tables = MassActionTables(structure, dense=dense)
    random = np.random.default_rng(3)
    y, k = (
        random.uniform(0.5, 2, structure.n_species),
        random.uniform(0.5, 2, len(structure.reactants)),
    )
    matrix = tables.jacobian(y, k)
    matrix = matrix if dense else matrix.toarray()
    for i in range(structure.n_species):
        step = np.zeros(structure.n_species)
        step[i] = 1e-3
        # The fluxes are quadratic, so a central difference is exact up to rounding.
        difference = (tables.rhs(y + step, k) - tables.rhs(y - step, k)) / 2e-3
        assert matrix[:, i] == pytest.approx(difference, rel=1e-9, abs=1e-11)


def test_a_bolus_at_a_time_equals_a_restart_at_that_time() -> None:
    y0, k = np.array([[10.0, 0.0]]), np.array([[0.3, 0.1]])
    dosed = solve_with_scipy(
        EXCHANGE, y0, k, t_out=np.array([2.0, 5.0]), events=[Event(2.0, y_add=np.array([[5.0, 0]]))]
    )
    before = solve_with_scipy(EXCHANGE, y0, k, t_out=np.array([2.0]))
    after = solve_with_scipy(
        EXCHANGE, before.final_state + np.array([[5.0, 0.0]]), k, t_out=np.array([3.0])
    )
    assert dosed.values[0, 0] == pytest.approx(before.values[0, 0], rel=1e-14)
    assert dosed.values[0, 1] == pytest.approx(after.values[0, 0], rel=1e-9)


def test_events_scale_the_state_and_replace_the_rate_constants() -> None:
    event = Event(1.0, y_scale=np.array([0.0, 1.0]), k=np.array([[0.0, 0.0]]))
    solution = solve_with_scipy(
        EXCHANGE,
        np.array([[10.0, 0.0]]),
        np.array([[0.3, 0.1]]),
        t_out=np.array([1.0, 9.0]),
        events=[event],
    )
    assert solution.values[0, 1, 0] == 0.0
    assert solution.values[0, 1, 1] == solution.values[0, 0, 1]


def test_a_bad_row_leaves_the_others_bit_for_bit() -> None:
    y0 = np.tile([10.0, 0.0], (3, 1))
    k = np.array([[0.3, 0.1], [np.nan, 0.1], [0.2, 0.1]])
    times = np.array([1.0, 4.0])
    together = solve_with_scipy(EXCHANGE, y0, k, t_out=times)
    alone = solve_with_scipy(EXCHANGE, y0[[0, 2]], k[[0, 2]], t_out=times)
    assert list(together.status) == [Status.OK, Status.BAD_INPUT, Status.OK]
    assert np.isnan(together.values[1]).all()
    assert np.array_equal(together.values[[0, 2]], alone.values)


def test_too_few_steps_give_a_status_and_keep_what_was_reached() -> None:
    solution = solve_with_scipy(
        BINDING,
        np.array([[10.0, 8.0, 0.0]]),
        np.array([[1.0, 1.0, 0.1]]),
        t_out=np.array([1e-9, 1e3]),
        max_steps=5,
    )
    assert solution.status[0] == Status.MAX_STEPS
    assert solution.counters.steps[0] == 5
    assert np.isfinite(solution.values[0, 0]).all()
    assert np.isnan(solution.values[0, 1]).all()
    assert 0 < solution.t_reached[0] < 1e3


@pytest.mark.compiled
def test_blow_up_is_named_not_raised() -> None:
    doubling = MassActionStructure(n_species=1, reactants=((0, 0),), changes=(((0, 1),),))
    solution = solve_with_scipy(
        doubling, np.array([[1.0]]), np.array([[1.0]]), t_out=np.array([2.0]), max_steps=100_000
    )
    assert solution.status[0] in {Status.STEP_UNDERFLOW, Status.NON_FINITE, Status.MAX_STEPS}
    assert solution.t_reached[0] == pytest.approx(1.0, rel=1e-3)


def test_steady_state_meets_the_exact_one() -> None:
    kernel = ScipyKernel(EXCHANGE)
    k = np.array([[3e-7, 1e-7], [3e2, 1e-2]])
    settled = kernel.steady_state(np.array([[10.0, 0.0], [10.0, 0.0]]), k)
    exact = 10.0 * k[:, ::-1] / k.sum(axis=1, keepdims=True)
    assert (settled.status == Status.OK).all()
    assert settled.final_state == pytest.approx(exact, rel=1e-10)


def test_growth_without_end_does_not_settle() -> None:
    birth = MassActionStructure(n_species=1, reactants=((),), changes=(((0, 1),),))
    settled = ScipyKernel(birth).steady_state(np.array([[0.0]]), np.array([[1.0]]))
    assert settled.status[0] == Status.NOT_SETTLED


def test_ctrl_c_keeps_what_is_finished() -> None:
    finished = 0

    def stop_after_two(more: int) -> None:
        nonlocal finished
        finished += more
        if finished == 2:
            raise KeyboardInterrupt

    solution = ScipyKernel(EXCHANGE).solve(
        np.tile([10.0, 0.0], (4, 1)),
        np.tile([0.3, 0.1], (4, 1)),
        t_out=np.array([1.0]),
        progress=stop_after_two,
    )
    assert list(solution.status) == [Status.OK] * 2 + [Status.INTERRUPTED] * 2
    assert np.isfinite(solution.values[:2]).all()
    assert np.isnan(solution.values[2:]).all()


def test_another_solver_family_is_refused() -> None:
    with pytest.raises(InputError, match="rodas4"):
        solve_with_scipy(
            EXCHANGE, np.ones((1, 2)), np.ones((1, 2)), t_out=np.ones(1), method="rodas4"
        )
