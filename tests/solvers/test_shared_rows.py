"""Rows that share most of their numbers stand for the same rows written out."""

import numpy as np
import pytest

from mtorsim.errors import InputError
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.shared_rows import SharedRows
from tests.solvers.examples import CASCADE_TABLE, cascade_rows, kernel_of

BASE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
ROWS = SharedRows.make(BASE, np.array([1, 0, 1]), [2], np.array([[7.0], [8.0], [9.0]]))
DENSE = np.array([[4.0, 5.0, 7.0], [1.0, 2.0, 8.0], [4.0, 5.0, 9.0]])


def test_rows_are_those_of_the_base_but_for_some_columns() -> None:
    np.testing.assert_array_equal(ROWS.dense(), DENSE)
    assert (len(ROWS), ROWS.width, ROWS.shape) == (3, 3, (3, 3))
    chosen = np.array([True, False, True])
    np.testing.assert_array_equal(ROWS.chosen(chosen).dense(), DENSE[chosen])
    changed = ROWS.changed(np.array([0]), np.array([[-1.0], [-2.0], [-3.0]]))
    np.testing.assert_array_equal(changed.dense()[:, 0], [-1.0, -2.0, -3.0])
    np.testing.assert_array_equal(changed.dense()[:, 1:], DENSE[:, 1:])


def test_products_are_those_of_the_rows_written_out() -> None:
    weights = np.array([[1.0, 0.0], [2.0, 1.0], [-1.0, 3.0]])
    np.testing.assert_allclose(ROWS.products(weights), DENSE @ weights, rtol=1e-15)
    plain = SharedRows.of(DENSE)
    np.testing.assert_array_equal(plain.products(weights), DENSE @ weights)


def test_one_row_stands_for_as_many_as_are_wanted() -> None:
    one = SharedRows.of(BASE[0])
    np.testing.assert_array_equal(one.repeated(3).dense(), np.repeat(BASE[:1], 3, axis=0))
    assert ROWS.repeated(3) is ROWS


def test_a_row_with_a_number_out_of_bounds_or_none_is_found() -> None:
    values = np.array([[7.0], [np.nan], [9.0]])
    rows = SharedRows.make(BASE, np.array([1, 0, 1]), [2], values)
    assert rows.within(0.0, 8.0).tolist() == [True, False, False]
    assert rows.within(2.0, 100.0).tolist() == [True, False, True]


@pytest.mark.parametrize("lanes", [1, 4])
def test_solution_has_the_bits_of_rows_written_out(lanes: int) -> None:
    start, k = cascade_rows(9)
    shared = np.arange(9) % 2
    y0 = SharedRows.make(start[:2], shared, [0], start[:, :1])
    constants = SharedRows.make(k[:2], shared, [1, 3], k[:, [1, 3]])
    settings = {
        "t_out": np.array([1.0, 5.0]),
        "options": SolverOptions(lanes=lanes, threads=1),
    }
    kernel = kernel_of(CASCADE_TABLE)
    few = kernel.solve(y0, constants, **settings)
    all_ = kernel.solve(y0.dense(), constants.dense(), **settings)
    np.testing.assert_array_equal(few.values, all_.values)
    np.testing.assert_array_equal(few.final_state, all_.final_state)
    np.testing.assert_array_equal(few.counters.steps, all_.counters.steps)


def test_constants_that_an_event_has_changed_are_not_left_to_the_next_trajectory() -> None:
    start, k = cascade_rows(6)
    one = SharedRows.make(k[:1], np.zeros(6, dtype=np.intp))
    faster = Event(1.0, k=10 * one.dense())
    options = SolverOptions(lanes=1, threads=1)  # all trajectories pass through the same lane
    kernel = kernel_of(CASCADE_TABLE)
    together = kernel.solve(
        np.repeat(start[:1], 6, axis=0), one, t_out=[0.5, 3.0], events=[faster], options=options
    )
    assert np.unique(together.values, axis=0).shape[0] == 1


def test_rows_that_do_not_fit_are_refused() -> None:
    start, k = cascade_rows(3)
    with pytest.raises(InputError, match="3 states and 2 rows"):
        kernel_of(CASCADE_TABLE).solve(start, SharedRows.of(k[:2]), t_out=[1.0])
