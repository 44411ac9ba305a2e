"""Threads, progress and Ctrl-C: what is finished is kept."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mtorsim.solvers.ensemble import available_processors
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.solvers.work import new_arena
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import (
    BRUSSELATOR_TABLE,
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    cascade_rows,
    kernel_of,
)

#: trajectories that come to rest at once, before others that oscillate on for 1e9 s
N_QUICK, N_ENDLESS = 20, 4
ENDLESS = SolverOptions(max_steps=10**12, rtol=1e-6, threads=1, lanes=1)


def solve_endless(progress) -> EnsembleSolution:
    k = np.array([[1.0, 1.0, 1.5, 1.0]] * N_QUICK + [[1.0, 1.0, 3.0, 1.0]] * N_ENDLESS)
    start = np.full((N_QUICK + N_ENDLESS, 2), 1.2)
    return kernel_of(BRUSSELATOR_TABLE).solve(
        start, k, t_out=np.array([0.0, 1.0, 1e9]), options=ENDLESS, progress=progress
    )


def assert_finished_are_kept(solution: EnsembleSolution) -> None:
    quick = slice(0, N_QUICK)
    assert np.all(solution.status[quick] == Status.OK)
    assert np.all(np.isfinite(solution.values[quick]))
    assert np.all(solution.status[N_QUICK:] == Status.INTERRUPTED)
    later = solution.t_reached[:, np.newaxis] < np.array([0.0, 1.0, 1e9])
    assert np.all(np.isnan(solution.values[later]))
    assert np.all(np.isfinite(solution.final_state))  # at t_reached, the start where that is 0


def test_interrupt_keeps_the_finished_and_returns_within_a_second() -> None:
    moment = []

    def interrupt(begun: int) -> None:
        moment.append(time.monotonic())
        raise KeyboardInterrupt

    solution = solve_endless(interrupt)
    assert time.monotonic() - moment[0] < 1.0
    assert len(moment) == 1
    assert_finished_are_kept(solution)


def test_error_of_the_caller_stops_the_workers_and_is_passed_on() -> None:
    def fail(begun: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve_endless(fail)


SIGINT_SCRIPT = """
import json, os, signal, sys, threading, time
import numpy as np
from tests.solvers.test_ensemble import assert_finished_are_kept, solve_endless

moment = []
def send():
    time.sleep(0.3)
    moment.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)

def begun(number):
    if not moment and not sender.is_alive():
        sender.start()

sender = threading.Thread(target=send, daemon=True)
solution = solve_endless(begun)
elapsed = time.monotonic() - moment[0]
assert_finished_are_kept(solution)
print(json.dumps({"elapsed": elapsed}))
"""


def test_ctrl_c_returns_within_a_second(checkout: Path) -> None:
    kernel_of(BRUSSELATOR_TABLE)
    run = subprocess.run(
        [sys.executable, "-c", SIGINT_SCRIPT],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["elapsed"] < 1.0


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_counts_every_trajectory_once(threads: int) -> None:
    start, k = cascade_rows(50)
    start[7] = np.nan  # a bad one counts too
    begun: list[int] = []
    kernel_of(CASCADE_TABLE).solve(
        start,
        k,
        t_out=np.array([1.0]),
        options=SolverOptions(threads=threads),
        progress=begun.append,
    )
    assert sum(begun) == 50
    assert min(begun) > 0


def test_counters_are_attempts_times_the_cost_of_one() -> None:
    start, k = cascade_rows(10)
    for method, rhs, factorisations in (("rodas4", 6, 1), ("rodas5p", 8, 1)):
        counters = (
            kernel_of(CASCADE_TABLE)
            .solve(start, k, t_out=np.array([1e4]), options=SolverOptions(method))
            .counters
        )
        attempts = counters.steps + counters.rejected
        assert counters.rejected.sum() > 0
        np.testing.assert_array_equal(counters.rhs_evaluations, rhs * attempts)
        np.testing.assert_array_equal(counters.factorisations, factorisations * attempts)
    explicit = kernel_of(EXCHANGE_TABLE).solve(
        np.ones((1, 2)), np.array([[1.0, 3.0]]), t_out=[1.0], options=SolverOptions("dopri5")
    )
    assert explicit.counters.rhs_evaluations[0] == 7 * (
        explicit.counters.steps[0] + explicit.counters.rejected[0]
    )
    assert explicit.counters.factorisations.tolist() == [0]


def test_solution_names_what_ran() -> None:
    solution = kernel_of(EXCHANGE_TABLE).solve(
        [1, 0], [1, 1], t_out=[1.0], options=SolverOptions("rodas5p", rtol=1e-5, lanes=2)
    )
    assert (solution.method, solution.precision, solution.lanes) == ("rodas5p", "mixed", 2)


def test_working_memory_is_zeroed_and_aligned() -> None:
    for size, lanes in ((1, 1), (7, 2), (33, 16)):
        arena = new_arena(size, lanes)
        assert arena.shape == (size * lanes,)
        assert not arena.any()
        assert arena.ctypes.data % 64 == 0


def test_processors_that_may_be_used_are_those_of_the_process() -> None:
    assert 1 <= available_processors() <= (os.cpu_count() or 1)


def test_one_row_of_rate_constants_stands_for_all_trajectories() -> None:
    start, k = cascade_rows(10)
    rows = np.repeat(k[:1], 10, axis=0)
    event = Event(100.0, k=2.0 * rows)
    for events in ((), (event,)):
        shared, apart = (
            kernel_of(CASCADE_TABLE).solve(start, one, t_out=[10.0, 1e4], events=events)
            for one in (k[:1], rows)
        )
        assert_same_bits(shared, apart)
