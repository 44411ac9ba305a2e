"""What is wrong in a call is said in one line, before anything is solved."""

import numpy as np
import pytest

from mtorsim.errors import InputError
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.task import sparse_rows
from tests.solvers.examples import EXCHANGE_TABLE, kernel_of

START, K, TIMES = np.ones((3, 2)), np.ones((3, 2)), np.array([1.0, 2.0])
BROKEN_CALLS = {
    "state too long": ({"y0": np.ones((3, 5))}, "5 species"),
    "rate constants too few": ({"k": np.ones((3, 1))}, "1 rate constants"),
    "rows do not pair": ({"k": np.ones((2, 2))}, "3 states and 2 rows"),
    "times descend": ({"t_out": np.array([2.0, 1.0])}, "ascending"),
    "time before the start": ({"t_out": np.array([-1.0, 1.0])}, "not negative"),
    "time not a number": ({"t_out": np.array([1.0, np.nan])}, "finite"),
    "time without end": ({"t_out": np.array([1.0, np.inf])}, "finite"),
    "no time at all": ({"t_out": np.empty(0)}, "t_end"),
    "end before the last output": ({"t_end": 1.5}, "t_end is 1.5 s"),
    "end without end": ({"t_end": np.inf}, "finite"),
    "end not a number": ({"t_end": np.nan}, "finite"),
    "weights of another network": ({"observe": np.ones((1, 3))}, r"shape \(1, 3\)"),
    "weights as a row": ({"observe": np.ones(2)}, r"shape \(2,\)"),
    "weight not a number": ({"observe": np.array([[1.0, np.nan]])}, "finite"),
    "event at the start": ({"events": [Event(0.0)]}, "after 0"),
    "events descend": ({"events": [Event(1.5), Event(1.0)]}, "ascending"),
    "two events at a time": ({"events": [Event(1.0), Event(1.0)]}, "ascending"),
    "event at no time": ({"events": [Event(np.nan)]}, "finite"),
    "dose for other species": (
        {"events": [Event(1.0, y_add=np.ones((3, 5)))]},
        r"y_add of the event at 1 s has shape \(3, 5\), wanted \(3, 2\)",
    ),
    "scale for other species": ({"events": [Event(1.0, y_scale=np.ones(5))]}, "y_scale"),
    "scale not a number": ({"events": [Event(1.0, y_scale=np.array([1, np.inf]))]}, "y_scale"),
    "constants for other rows": ({"events": [Event(1.0, k=np.ones((4, 2)))]}, "k of the event"),
    "method that is not compiled": (
        {"options": SolverOptions(method="scipy-BDF")},
        "'scipy-BDF'",
    ),
    "mixed precision too tight": (
        {"options": SolverOptions("rodas5p", precision="mixed", rtol=1e-8)},
        "or precision='double'",
    ),
    "mixed precision of an explicit method": (
        {"options": SolverOptions(precision="mixed", method="dopri5")},
        "Rosenbrock method",
    ),
}


@pytest.mark.parametrize("case", BROKEN_CALLS)
def test_wrong_call_is_refused_in_one_line(case: str) -> None:
    changes, message = BROKEN_CALLS[case]
    arguments = {"y0": START, "k": K, "t_out": TIMES, **changes}
    with pytest.raises(InputError, match=message) as error:
        kernel_of(EXCHANGE_TABLE).solve(arguments.pop("y0"), arguments.pop("k"), **arguments)
    assert "\n" not in str(error.value)


def test_mixed_precision_of_order_three_is_refused() -> None:
    with pytest.raises(InputError, match="3 reactants"):
        kernel_of("A + A + A -> B").solve(
            np.ones((1, 2)), np.ones((1, 1)), t_out=TIMES, options=SolverOptions(precision="mixed")
        )


BROKEN_OPTIONS = {
    "rtol too small": ({"rtol": 1e-15}, "rtol"),
    "rtol too large": ({"rtol": 1.0}, "rtol"),
    "rtol not a number": ({"rtol": np.nan}, "rtol"),
    "atol nothing": ({"atol": 0.0}, "atol"),
    "atol not a number": ({"atol": np.nan}, "atol"),
    "no steps": ({"max_steps": 0}, "max_steps"),
    "odd lanes": ({"lanes": 3}, "lanes"),
    "no threads": ({"threads": 0}, "threads"),
    "first step backwards": ({"first_step": -1.0}, "first_step"),
    "first step not a number": ({"first_step": np.nan}, "first_step"),
}


@pytest.mark.parametrize("case", BROKEN_OPTIONS)
def test_options_out_of_range_are_refused_in_one_line(case: str) -> None:
    changes, name = BROKEN_OPTIONS[case]
    with pytest.raises(InputError, match=f"^{name} is ") as error:
        SolverOptions(**changes)
    assert "\n" not in str(error.value)


def test_single_trajectory_may_come_as_a_row() -> None:
    solution = kernel_of(EXCHANGE_TABLE).solve([1, 0], [1, 1], t_out=3)
    assert solution.values.shape == (1, 1, 2)


def test_arguments_of_other_types_and_layouts_are_read_as_numbers() -> None:
    wide = np.arange(12.0).reshape(3, 4)
    plain = kernel_of(EXCHANGE_TABLE).solve(wide[:, ::2].copy(), K, t_out=TIMES)
    for start in (wide[:, ::2], np.asfortranarray(wide[:, ::2]), wide[:, ::2].astype(np.int32)):
        other = kernel_of(EXCHANGE_TABLE).solve(start, K.astype(np.float32), t_out=TIMES.tolist())
        np.testing.assert_array_equal(plain.values, other.values)


def test_arguments_are_not_changed() -> None:
    start, k, times = START.copy(), K.copy(), TIMES.copy()
    kernel_of(EXCHANGE_TABLE).solve(start, k, t_out=times, events=[Event(1.0, y_add=START)])
    assert (start.tolist(), k.tolist(), times.tolist()) == (
        START.tolist(),
        K.tolist(),
        TIMES.tolist(),
    )


def test_sparse_rows_hold_the_matrix() -> None:
    matrix = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, -3.0]])
    starts, columns, weights = sparse_rows(matrix)
    assert starts.tolist() == [0, 1, 1, 3]
    assert columns.tolist() == [1, 0, 2]
    assert weights.tolist() == [2.0, 1.0, -3.0]
