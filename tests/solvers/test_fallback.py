"""Under NUMBA_DISABLE_JIT=1 the readable Python runs, and finds the same."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution
from tests.solvers.examples import (
    BRUSSELATOR_TABLE,
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    cascade_rows,
    kernel_of,
)

TIMES = np.array([0.0, 1.0, 60.0, 600.0])


def cascade(method: str) -> EnsembleSolution:
    start, k = cascade_rows(3)
    return kernel_of(CASCADE_TABLE).solve(
        start,
        k,
        t_out=TIMES,
        events=[Event(60.0, y_add=0.1 * start, k=2 * k)],
        options=SolverOptions(method, rtol=1e-4, precision="double"),
    )


def brusselator() -> EnsembleSolution:
    return kernel_of(BRUSSELATOR_TABLE).solve([1.2, 1.0], [1, 1, 3, 1], t_out=np.linspace(0, 10, 7))


def explicit() -> EnsembleSolution:
    return kernel_of(EXCHANGE_TABLE).solve(
        [1.2, 1.0], [1, 3], t_out=np.linspace(0, 3, 7), options=SolverOptions("dopri5")
    )


def bad_rows() -> EnsembleSolution:
    start, k = np.ones((5, 2)), np.ones((5, 2))
    start[0, 0], start[1, 1], k[2, 0], k[3, 1] = np.nan, 1e300, np.inf, -1.0
    return kernel_of(EXCHANGE_TABLE).solve(start, k, t_out=[1.0])


def runaway() -> EnsembleSolution:
    return kernel_of("A + A -> A + A + A").solve([1.0], [1.0], t_out=[0.5, 2.0])


def growth() -> EnsembleSolution:
    options = SolverOptions(rtol=1e-2, precision="double")
    return kernel_of("A -> A + A").solve([1.0], [10.0], t_out=[0.5, 200.0], options=options)


def settled() -> EnsembleSolution:
    return kernel_of(EXCHANGE_TABLE).steady_state([3.0, 1.0], [1.0, 3.0])


CASES = {
    "rodas4": lambda: cascade("rodas4"),
    "rodas5p": lambda: cascade("rodas5p"),
    "rkc": lambda: cascade("rkc"),
    "extrapolation": lambda: cascade("extrapolation"),
    "order 3": brusselator,
    "dopri5": explicit,
    "bad rows": bad_rows,
    "runaway": runaway,
    "growth": growth,
    "steady state": settled,
}
SCRIPT = """
import pickle, sys
import numpy as np
from mtorsim._jit import COMPILED
from tests.solvers.test_fallback import CASES, rhs_and_jacobian
assert not COMPILED
results = {name: case() for name, case in CASES.items()}
sys.stdout.buffer.write(pickle.dumps((results, rhs_and_jacobian())))
"""


def rhs_and_jacobian():
    start, k = cascade_rows(2)
    kernel = kernel_of(CASCADE_TABLE)
    return kernel.rhs(start[1] + 0.1, k[1]), kernel.jacobian(start[1] + 0.1, k[1])


@pytest.fixture(scope="module")
def interpreted(checkout: Path):
    """Results of all cases, and right-hand side and Jacobian, in a process without numba."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=checkout,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(checkout)},
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    return pickle.loads(run.stdout)


@pytest.mark.parametrize("name", ["rodas4", "rodas5p", "rkc", "order 3", "dopri5", "steady state"])
def test_readable_python_finds_what_machine_code_finds(interpreted, name: str) -> None:
    slow, fast = interpreted[0][name], CASES[name]()
    np.testing.assert_array_equal(slow.status, fast.status)
    np.testing.assert_array_equal(slow.counters.steps, fast.counters.steps)
    np.testing.assert_array_equal(slow.counters.rejected, fast.counters.rejected)
    # they differ where one rounds twice and the other, by a fused multiply-add, once
    size = np.abs(fast.final_state).sum(axis=1, keepdims=True)
    assert np.all(np.abs(slow.final_state - fast.final_state) <= 1e-9 * size)
    assert np.all(np.abs(slow.values - fast.values) <= 1e-9 * size[:, np.newaxis])
    assert (slow.method, slow.lanes, slow.precision) == (fast.method, 1, "double")


def test_readable_extrapolation_agrees_to_the_tolerance(interpreted) -> None:
    # its error estimate is a difference of numbers 1e4 times as large: roundings move the steps
    slow, fast = interpreted[0]["extrapolation"], CASES["extrapolation"]()
    assert np.all(slow.status == Status.OK)
    steps = fast.counters.steps[:, np.newaxis, np.newaxis]
    allowed = steps * np.sqrt(13) * 1e-4 * np.abs(fast.values).max(axis=1, keepdims=True)
    assert np.all(np.abs(slow.values - fast.values) <= allowed)


def test_bad_rows_have_the_same_status_in_readable_python(interpreted) -> None:
    slow, fast = interpreted[0]["bad rows"], bad_rows()
    assert slow.status.tolist() == [*[Status.BAD_INPUT] * 4, Status.OK]
    np.testing.assert_array_equal(slow.status, fast.status)


@pytest.mark.parametrize("name", ["runaway", "growth"])
def test_what_leaves_the_numbers_is_given_up_in_readable_python(interpreted, name: str) -> None:
    slow, fast = interpreted[0][name], CASES[name]()
    assert slow.status[0] in (Status.NON_FINITE, Status.STEP_UNDERFLOW)
    assert slow.t_reached == pytest.approx(fast.t_reached, rel=1e-4)


def test_readable_equations_have_the_values_of_machine_code(interpreted) -> None:
    f, matrix = rhs_and_jacobian()
    # sums of some ten terms, rounded in another order
    assert interpreted[1][0] == pytest.approx(f, rel=1e-13, abs=1e-12 * np.abs(f).max())
    assert interpreted[1][1] == pytest.approx(matrix, rel=1e-13, abs=1e-13 * np.abs(matrix).max())
