"""Runs one after the other, each with every event and jump at its exact time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.general_functions import general_functions
from mtorsim.errors import ModelError
from mtorsim.simulate.general import GeneralOptions, GeneralRun, checked_times
from mtorsim.simulate.stopped import StoppedError
from mtorsim.solvers.options import Method, Status
from mtorsim.solvers.solution import EnsembleSolution, SolutionCounters
from mtorsim.symbolic.general_system import GeneralSystem

Array = NDArray[np.float64]

METHOD: Method = "scipy-LSODA"


def run_one(
    system: GeneralSystem, start: Array, times: Array, *, options: GeneralOptions
) -> EnsembleSolution:
    """Run the one row of ``start`` (1, n_slots).

    Raises
    ------
    ModelError : a start value or a rate at the start is not finite
    SolverError : the integration can not go on; the message says at what time
    """
    runs = _Runs(system, start, times, options)
    run = runs.prepared(0)
    run.rows()
    runs.put(0, run, Status.OK)
    return runs.solution()


def run_one_by_one(
    system: GeneralSystem,
    start: Array,
    times: Array,
    *,
    options: GeneralOptions,
    progress: Callable[[int], None] | None = None,
) -> EnsembleSolution:
    """Run each row of ``start`` (n_rows, n_slots); one that fails leaves the others alone.

    Parameters
    ----------
    times : (n_times,), ascending
    progress : called with the number of rows finished since the last call

    Returns
    -------
    values (n_rows, n_times, n_slots); after Ctrl-C the rest has the status interrupted
    """
    runs = _Runs(system, start, times, options)
    with suppress(KeyboardInterrupt):
        for row in range(start.shape[0]):
            run = runs.prepared(row)
            runs.put(row, run, _ended(run))
            if progress is not None:
                progress(1)
    return runs.solution()


def _ended(run: GeneralRun) -> Status:
    """Take a run to its end, and say how that was."""
    try:
        run.rows()
    except StoppedError as error:
        return error.status
    except ModelError:  # a start value or a first rate that is not a number
        return Status.BAD_INPUT
    return Status.OK


class _Runs:
    """Arrays that are filled run by run."""

    def __init__(
        self, system: GeneralSystem, start: Array, times: Array, options: GeneralOptions
    ) -> None:
        n_rows, n_slots = start.shape
        self.system, self.start, self.options = system, start, options
        self.functions = general_functions(system, [system.graph.slot(i) for i in range(n_slots)])
        self.times = checked_times(times)
        self.values = np.full((n_rows, len(self.times), n_slots), np.nan)
        self.final = np.array(start[:, : system.n_continuous])
        self.reached, self.steps = np.zeros(n_rows), np.zeros(n_rows, dtype=np.int64)
        self.status = np.full(n_rows, Status.INTERRUPTED, dtype=np.int8)

    def prepared(self, row: int) -> GeneralRun:
        """The run of a row, at its start."""
        slots = self.start[row].tolist()
        return GeneralRun(self.system, self.functions, self.times, slots, self.options)

    def put(self, row: int, run: GeneralRun, status: Status) -> None:
        """Take over where a run has got to."""
        if run.collected:
            self.values[row, : len(run.collected)] = run.collected
        self.final[row], self.reached[row] = run.state.y, run.state.t
        self.steps[row], self.status[row] = run.steps, status

    def solution(self) -> EnsembleSolution:
        """What became of all rows; SciPy's LSODA tells no costs but its steps."""
        unknown = np.zeros_like(self.steps)
        counters = SolutionCounters(self.steps, unknown, unknown.copy(), unknown.copy())
        return EnsembleSolution(
            self.values, self.final, self.reached, self.status, counters, METHOD, "double", 1
        )
