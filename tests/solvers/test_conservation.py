"""Conserved sums stay what they were at the start, along every trajectory."""

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen.kernel import compile_kernel
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from tests.solvers.examples import CASCADE_TABLE, Array, cascade_rows, conserved_weights, kernel_of
from tests.strategies import CLOSED_KINDS, RandomNetwork, mass_action_networks

#: largest change of a sum, relative to the sum
ALLOWED = {"double": 1e-10, "mixed": 1e-7}
FORMS = [
    ("rodas4", "double", 1e-3),
    ("rodas4", "double", 1e-6),
    ("rodas5p", "double", 1e-8),
    ("extrapolation", "double", 1e-3),
    ("extrapolation", "double", 1e-7),
    ("rodas4", "mixed", 1e-3),
    ("rodas4", "mixed", 1e-4),
    ("rodas4", "mixed", 1e-6),
    ("rodas5p", "mixed", 1e-4),
    ("rodas5p", "mixed", 1e-6),
]
IDS = [f"{method}-{precision}-{rtol:g}" for method, precision, rtol in FORMS]


def drift(weights: Array, states: Array, start: Array) -> float:
    """Largest relative change of a conserved sum; states (rows, times, n), start (rows, n)."""
    totals = (start @ weights.T)[:, np.newaxis, :]
    size = (start @ np.abs(weights).T)[:, np.newaxis, :]
    change = np.abs(states @ weights.T - totals)
    assert np.all(change[np.broadcast_to(size == 0, change.shape)] == 0)
    return float((change / np.where(size == 0, 1, size)).max(initial=0.0))


@pytest.mark.parametrize(("method", "precision", "rtol"), FORMS, ids=IDS)
def test_moieties_of_a_stiff_cascade_are_held(method: str, precision: str, rtol: float) -> None:
    start, k = cascade_rows(200, seed=5)
    kernel = kernel_of(CASCADE_TABLE)
    solution = kernel.solve(
        start,
        k,
        t_out=np.geomspace(1e-2, 1e6, 60),
        options=SolverOptions(method=method, precision=precision, rtol=rtol),
    )
    assert np.all(solution.status == Status.OK)
    weights = conserved_weights(kernel.structure)
    assert len(weights) == 6
    assert drift(weights, solution.values, start) <= ALLOWED[precision]
    assert drift(weights, solution.final_state[:, np.newaxis], start) <= ALLOWED[precision]


@pytest.mark.parametrize("precision", ["double", "mixed"])
@settings(max_examples=12)
@given(network=mass_action_networks(kinds=CLOSED_KINDS))
def test_moieties_of_any_closed_network_are_held(network: RandomNetwork, precision: str) -> None:
    kernel = compile_kernel(network.structure)
    solution = kernel.solve(
        network.y0[np.newaxis],
        network.k[np.newaxis],
        t_out=np.geomspace(1e-3, 1e4, 20),
        options=SolverOptions("rodas4", precision=precision, lanes=1),
    )
    assert solution.status.tolist() == [Status.OK]
    weights = conserved_weights(network.structure)
    assert drift(weights, solution.values, network.y0[np.newaxis]) <= ALLOWED[precision]


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_sums_after_a_dose_are_those_the_dose_has_made(precision: str) -> None:
    start, k = cascade_rows(20)
    dose = np.zeros_like(start)
    dose[:, :5] = np.arange(100.0).reshape(20, 5)
    kernel = kernel_of(CASCADE_TABLE)
    solution = kernel.solve(
        start,
        k,
        t_out=np.array([60.0, 3600.0, 86400.0]),
        events=[Event(60.0, y_add=dose)],
        options=SolverOptions(precision=precision),
    )
    weights = conserved_weights(kernel.structure)
    assert drift(weights, solution.values[:, :1], start) <= ALLOWED[precision]
    # the dose adds to sums that had drifted by then at most as much
    assert drift(weights, solution.values[:, 1:], start + dose) <= 2 * ALLOWED[precision]


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_what_is_absent_stays_absent(precision: str) -> None:
    start, k = cascade_rows(8)
    kernel = kernel_of(CASCADE_TABLE)
    drug = [11, 12]
    start[:, drug] = 0.0
    solution = kernel.solve(
        start, k, t_out=np.geomspace(1, 1e6, 9), options=SolverOptions(precision=precision)
    )
    assert np.all(solution.values[:, :, drug] == 0.0)


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_amounts_are_negative_by_no_more_than_the_tolerance(precision: str) -> None:
    start, k = cascade_rows(200, seed=3)
    options = SolverOptions(precision=precision, rtol=1e-4, atol=1e-7)
    solution = kernel_of(CASCADE_TABLE).solve(
        start, k, t_out=np.geomspace(1e-2, 1e6, 60), options=options
    )
    assert solution.values.min() >= -10 * options.atol


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_sums_that_share_all_their_members_are_held(precision: str) -> None:
    # A + C, A + D and B + C: any two of them share a member, and D is B + C - A but for a constant
    kernel = kernel_of("A + B -> C + D\nC + D -> A + B")
    start, k = np.array([[100.0, 30.0, 0.0, 1e-3]]), np.array([[10.0, 1e-3]])
    solution = kernel.solve(
        start, k, t_out=np.geomspace(1e-4, 1e4, 30), options=SolverOptions(precision=precision)
    )
    sums = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], dtype=float)
    assert drift(sums, solution.values, start) <= ALLOWED[precision]
