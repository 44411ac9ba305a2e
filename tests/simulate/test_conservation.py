"""The drift of conserved totals."""

import numpy as np
import pytest

from mtorsim.network.balance import ConservedMoiety
from mtorsim.simulate.conservation import conservation_drift
from mtorsim.solvers.event import Event

TOTALS = (ConservedMoiety("total A", (1, 0, 1)), ConservedMoiety("A - B", (1, -1, 0)))


def drift(y0: list[float], final: list[float], *events: Event) -> float:
    return float(conservation_drift(TOTALS, np.array([y0]), np.array([final]), events=events)[0])


def test_it_is_the_worst_relative_change_of_a_total() -> None:
    assert drift([1.0, 2.0, 3.0], [2.0, 3.0, 2.0]) == 0.0
    assert drift([1.0, 2.0, 3.0], [1.0, 2.0, 3.4]) == pytest.approx(0.1)
    assert drift([1.0, 2.0, 3.0], [1.3, 2.0, 2.7]) == pytest.approx(0.1)


def test_what_events_add_is_taken_off() -> None:
    bolus = Event(1.0, y_add=np.array([[0.0, 0.0, 5.0]]))
    assert drift([1.0, 2.0, 3.0], [1.0, 2.0, 8.0], bolus) == 0.0


def test_totals_of_a_species_that_is_emptied_are_left_out() -> None:
    washout = Event(1.0, y_scale=np.array([1.0, 1.0, 0.0]))
    assert drift([1.0, 2.0, 3.0], [1.0, 2.0, 0.0], washout) == 0.0
    all_emptied = Event(1.0, y_scale=np.zeros(3))
    assert drift([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], all_emptied) == 0.0


def test_empty_totals_do_not_divide_by_zero() -> None:
    assert drift([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]) == 0.0
