"""Neither width, packing, order nor threads change a bit of a trajectory."""

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen.kernel import compile_kernel
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import CASCADE_TABLE, EXCHANGE_TABLE, cascade_rows, kernel_of
from tests.strategies import CLOSED_KINDS, RandomNetwork, mass_action_networks

N = 23  # no multiple of a width
TIMES = np.concatenate([[0.0], np.geomspace(0.1, 86400.0, 12)])
FORMS = [
    ("rodas4", "mixed"),
    ("rodas4", "double"),
    ("rodas5p", "mixed"),
    ("rodas5p", "double"),
    ("extrapolation", "double"),
]


def events_of_cascade() -> list[Event]:
    """Wash-out of everything free but the kinases, then a bolus and other rate constants."""
    start, k = cascade_rows(N, seed=1)
    keep = np.ones(start.shape[1])
    keep[-2] = 0.0
    return [Event(time=600.0, y_scale=keep), Event(time=7200.0, y_add=0.1 * start, k=2 * k)]


def solve_cascade(
    rows: object = slice(None), *, lanes: int | None, threads: int = 1, form: int = 0
) -> EnsembleSolution:
    method, precision = FORMS[form]
    start, k = cascade_rows(N)
    events = [
        Event(
            event.time,
            event.y_scale,
            None if event.y_add is None else event.y_add[rows],
            None if event.k is None else event.k[rows],
        )
        for event in events_of_cascade()
    ]
    options = SolverOptions(
        method=method, precision=precision, rtol=1e-4, lanes=lanes, threads=threads
    )
    solution = kernel_of(CASCADE_TABLE).solve(
        start[rows], k[rows], t_out=TIMES, events=events, options=options
    )
    assert np.all(solution.status == Status.OK)
    return solution


@pytest.mark.parametrize("form", range(len(FORMS)), ids=["-".join(form) for form in FORMS])
def test_width_changes_no_bit(form: int) -> None:
    alone = solve_cascade(lanes=1, form=form)
    for lanes in (2, 4, 8, 16):
        wide = solve_cascade(lanes=lanes, form=form)
        assert wide.lanes == lanes
        assert_same_bits(wide, alone)


@settings(max_examples=6)
@given(network=mass_action_networks(kinds=CLOSED_KINDS))
def test_width_changes_no_bit_of_any_network(network: RandomNetwork) -> None:
    random = np.random.default_rng(0)
    start = network.y0 * random.lognormal(0, 1, (7, len(network.y0)))
    k = network.k * random.lognormal(0, 1, (7, len(network.k)))
    kernel = compile_kernel(network.structure)
    for method, precision in FORMS[1:3]:
        narrow, wide = (
            kernel.solve(
                start,
                k,
                t_out=np.array([0.1, 100.0]),
                options=SolverOptions(method, precision=precision, lanes=lanes),
            )
            for lanes in (1, 8)
        )
        assert_same_bits(narrow, wide)


def test_width_changes_no_bit_of_the_explicit_method() -> None:
    start, k = np.linspace(0, 9, 2 * N).reshape(N, 2), np.linspace(0.1, 3, 2 * N).reshape(N, 2)
    one, *others = (
        kernel_of(EXCHANGE_TABLE).solve(
            start, k, t_out=np.linspace(0, 9, 5), options=SolverOptions("dopri5", lanes=lanes)
        )
        for lanes in (1, 2, 4, 8)
    )
    for other in others:
        assert_same_bits(other, one)


@pytest.mark.parametrize("form", [0, 1])
def test_trajectory_alone_is_the_trajectory_among_others(form: int) -> None:
    together = solve_cascade(lanes=8, form=form)
    for i in (0, 7, 22):
        assert_same_bits(together, solve_cascade([i], lanes=8, form=form), [i])


@pytest.mark.parametrize("form", [0, 1])
def test_order_of_trajectories_changes_no_bit(form: int) -> None:
    order = np.random.default_rng(2).permutation(N)
    assert_same_bits(
        solve_cascade(lanes=4, form=form), solve_cascade(order, lanes=4, form=form), order
    )


@pytest.mark.parametrize("threads", [2, 3, 64])
def test_number_of_threads_changes_no_bit(threads: int) -> None:
    assert_same_bits(solve_cascade(lanes=4, threads=threads), solve_cascade(lanes=4))


def test_same_call_gives_the_same_bits() -> None:
    assert_same_bits(solve_cascade(lanes=None), solve_cascade(lanes=None))


def test_long_trajectory_outlives_the_lanes_beside_it() -> None:
    # the lanes beside it fall idle after a few steps, and stand idle for thousands more
    start, k = np.array([[1.0, 0.0]] * 5), np.array([[1.0, 1.0]] * 4 + [[1e5, 1e5]])
    solution = kernel_of(EXCHANGE_TABLE).solve(
        start, k, t_out=np.array([0.5]), options=SolverOptions("dopri5", lanes=4)
    )
    assert solution.status.tolist() == [Status.OK] * 5
    assert solution.counters.steps[4] > 10_000
