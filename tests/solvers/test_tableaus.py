"""The tableaus are what their sources say: consistent, and of the order they claim.

Steps of a fixed size are made through events that change nothing: each segment is one step, and
with an absolute tolerance beyond every amount each step is accepted.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mtorsim.errors import MtorsimError
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.tableaus import (
    DOPRI5,
    EXPLICIT_TABLEAUS,
    RODAS4,
    ROSENBROCK_TABLEAUS,
    ExplicitTableau,
    RosenbrockTableau,
)
from tests.solvers.examples import (
    EXCHANGE_TABLE,
    LOGISTIC_TABLE,
    Array,
    exchange,
    kernel_of,
    logistic,
)

Tableau = RosenbrockTableau | ExplicitTableau
TABLEAUS: list[Tableau] = [*ROSENBROCK_TABLEAUS.values(), *EXPLICIT_TABLEAUS.values()]
NAMES = [tableau.name for tableau in TABLEAUS]
#: order of the dense output by its source; within a step its error is of this order plus one
DENSE_ORDER = 4
STEPS = np.array([8, 16, 32, 64])
END = 2.0


def fixed_steps(table: str, y0: list[float], k: list[float], *, method: str, n_steps: int):
    """A function of output times: values (times, species) of equal steps from 0 to END."""
    size = END / n_steps
    options = SolverOptions(
        method=method, precision="double", rtol=1e-13, atol=1e12, first_step=size, lanes=1
    )
    events = [Event(time=size * i) for i in range(1, n_steps)]

    def values(times: Array) -> Array:
        solution = kernel_of(table).solve(
            np.array([y0]), np.array([k]), t_out=times, t_end=END, events=events, options=options
        )
        assert solution.counters.steps.tolist() == [n_steps]
        return solution.values[0]

    return values


def linear_error(method: str, n_steps: int, times: Array) -> float:
    values = fixed_steps(EXCHANGE_TABLE, [1.0, 0.0], [0.9, 0.6], method=method, n_steps=n_steps)
    return np.abs(values(times)[:, 0] - exchange(times, a0=1.0, forward=0.9, backward=0.6)).max()


def nonlinear_error(method: str, n_steps: int, times: Array) -> float:
    values = fixed_steps(LOGISTIC_TABLE, [0.7, 0.3], [1.5], method=method, n_steps=n_steps)
    return np.abs(values(times)[:, 1] - logistic(times, a0=0.7, b0=0.3, k=1.5)).max()


def observed_order(
    error: Callable[[str, int, Array], float], method: str, times_of: Callable[[int], Array]
) -> float:
    """Slope of log(error) against log(number of steps), by least squares."""
    errors = [error(method, int(n), times_of(int(n))) for n in STEPS]
    return -np.polyfit(np.log(STEPS), np.log(errors), 1)[0]


# An asymptotic order shows at finite steps up to terms of the next order: over a range of 8 in
# the step these move the slope by some tenths, and never by as much as half an order.


@pytest.mark.parametrize("tableau", TABLEAUS, ids=NAMES)
@pytest.mark.parametrize("error", [linear_error, nonlinear_error])
def test_error_at_step_ends_falls_with_the_order_of_the_method(tableau, error) -> None:
    order = observed_order(error, tableau.name, lambda n: np.linspace(0, END, n + 1))
    assert order > tableau.order - 0.5


@pytest.mark.parametrize("method", ROSENBROCK_TABLEAUS)
@pytest.mark.parametrize("error", [linear_error, nonlinear_error])
def test_error_within_steps_falls_with_the_order_of_the_method(method, error) -> None:
    order = observed_order(error, method, lambda n: np.linspace(0, END, 4 * n + 1))
    assert order > ROSENBROCK_TABLEAUS[method].order - 0.5


@pytest.mark.parametrize("error", [linear_error, nonlinear_error])
def test_error_of_the_dense_output_falls_with_its_order(error) -> None:
    order = observed_order(error, DOPRI5.name, lambda n: np.linspace(0, END, 4 * n + 1))
    assert order > DENSE_ORDER + 1 - 0.5


def test_error_of_the_extrapolation_falls_with_its_order() -> None:
    # steps of a length that leaves an error above the roundings, which its weights multiply by 1e4
    steps, errors = np.array([3, 4, 6, 8]), []
    for n in steps:
        times = np.linspace(0, END, n + 1)
        values = fixed_steps(
            LOGISTIC_TABLE, [0.7, 0.3], [4.0], method="extrapolation", n_steps=int(n)
        )
        errors.append(np.abs(values(times)[:, 1] - logistic(times, a0=0.7, b0=0.3, k=4.0)).max())
    assert -np.polyfit(np.log(steps), np.log(errors), 1)[0] > 10 - 0.5


@pytest.mark.parametrize("method", [*ROSENBROCK_TABLEAUS, "extrapolation"])
def test_fast_decay_is_gone_after_one_long_step(method: str) -> None:
    k = [1e12, 0.0]
    values = fixed_steps(EXCHANGE_TABLE, [1.0, 0.0], k, method=method, n_steps=1)
    # a stiffly accurate method damps like 1 / (h k)
    assert np.abs(values(np.array([END]))[0, 0]) < 1e2 / (END * k[0])


def test_dense_output_ends_where_the_step_ends() -> None:
    # d_j(1) = 0: between the two ends of a step nothing but theta (y1 - y) is left
    size = np.abs(DOPRI5.dense).sum(axis=1)
    assert np.all(np.abs(np.sum(DOPRI5.dense, axis=1)) <= 8 * np.finfo(float).eps * size)


@pytest.mark.parametrize("tableau", TABLEAUS, ids=NAMES)
def test_controller_takes_a_root_near_the_order(tableau) -> None:
    assert 1 / (tableau.order + 1) <= tableau.error_root <= 1 / tableau.order
    assert (tableau.error_root * 64).is_integer()


def test_unit_rows_of_an_explicit_tableau_sum_to_its_nodes() -> None:
    nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]  # Dormand and Prince 1980, table 2
    assert [sum(row) for row in DOPRI5.a] == pytest.approx(nodes, abs=1e-14)


def test_tableau_with_a_row_too_short_is_refused() -> None:
    with pytest.raises(MtorsimError, match="row i of a tableau has i entries"):
        replace(RODAS4, a=(*RODAS4.a[:2], (1.0,), *RODAS4.a[3:]))
    with pytest.raises(MtorsimError, match="row i of a tableau has i entries"):
        replace(DOPRI5, a=DOPRI5.a[1:])


def test_tableau_that_is_not_stiffly_accurate_is_refused() -> None:
    with pytest.raises(MtorsimError, match="not stiffly accurate"):
        replace(RODAS4, a=(*RODAS4.a[:-1], (*RODAS4.a[-1][:-1], 0.5)))


def test_tableau_without_a_dense_row_a_stage_is_refused() -> None:
    with pytest.raises(MtorsimError, match="weights need an entry a stage"):
        replace(DOPRI5, dense=DOPRI5.dense[:-1])


def test_explicit_weights_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(MtorsimError, match="sum to 1"):
        replace(DOPRI5, b=(1.0, *DOPRI5.b[1:]))
    with pytest.raises(MtorsimError, match="an entry a stage"):
        replace(DOPRI5, b=DOPRI5.b[1:])
