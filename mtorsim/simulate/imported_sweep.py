"""One run of an imported model, and many along axes, with the results of any other model."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, SolverError
from mtorsim.simulate.axes import Axis
from mtorsim.simulate.clock import Clock
from mtorsim.simulate.conservation import conservation_drift
from mtorsim.simulate.ensemble import BLOCK, Ensemble
from mtorsim.simulate.general import GeneralOptions
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.one_by_one import METHOD as ONE_BY_ONE
from mtorsim.simulate.outcome import Outcome
from mtorsim.simulate.result import SweepResult, Trajectory
from mtorsim.simulate.rows import columns_of
from mtorsim.simulate.run import run_blocks
from mtorsim.simulate.simulation import library_versions, warn_if_interrupted
from mtorsim.simulate.slot_runs import SlotRuns
from mtorsim.solvers.options import SolverOptions, Status

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Notes = Mapping[str, str | int | float]

#: numbers of slots over time that are held at one time: 256 MiB
MOST_NUMBERS = 2**25


@dataclass(frozen=True, slots=True)
class Readings:
    """What is read off, in the model's own units."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    formulas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImportedProblem:
    """All that a run needs except the values of its axes.

    Parameters
    ----------
    values : by id, in place of the model's own
    times : (t,) in the model's own unit
    notes : what decided the numbers, to be written beside them
    """

    engine: ImportedEngine
    values: Mapping[str, float]
    times: Array
    readings: Readings
    options: SolverOptions
    clock: Clock
    notes: Notes


def simulate_imported(problem: ImportedProblem, species: Readings) -> Trajectory:
    """Run a model once, with its species beside what is read.

    Raises
    ------
    SolverError, ModelError : the run did not come to its end
    """
    outcome = Outcome.empty(1, len(problem.times), len(problem.readings.ids))
    runner = _Runner(problem, Ensemble(()), outcome, None)
    began = perf_counter()
    start = problem.engine.start(problem.values)
    runs = runner.run_alone(start) if runner.runs_one_by_one else runner.run(start)
    runner.put(np.zeros(1, dtype=np.intp), start, runs)
    outcome.timing.run_s = perf_counter() - began
    trajectory = Trajectory(
        **_labels(problem, outcome, runs.engine),
        axes=(),
        species=species.ids,
        amounts=np.stack([rows[0] for rows in runs.evaluate(species.formulas)], axis=1)
        if species.ids
        else np.zeros((len(problem.times), 0)),
    )
    if trajectory.interrupted:
        raise KeyboardInterrupt
    if not trajectory.ok:
        raise SolverError(str(trajectory.failures()[0]))
    return trajectory


def sweep_imported(
    problem: ImportedProblem,
    axes: tuple[Axis, ...],
    *,
    notes: Notes,
    progress: Callable[[int], None] | None = None,
) -> SweepResult:
    """Run a model over the product of axes.

    Parameters
    ----------
    notes : what else to write beside the numbers
    progress : called with the number of trajectories finished so far
    """
    ensemble = Ensemble(axes)
    outcome = Outcome.empty(ensemble.size, len(problem.times), len(problem.readings.ids))
    runner = _Runner(problem, ensemble, outcome, progress)
    run_blocks(outcome, runner.blocks())
    labels = _labels(problem, outcome, runner.engine_used)
    labels["provenance"] = {**labels["provenance"], **notes}
    result = SweepResult(**labels, axes=axes)
    warn_if_interrupted(result)
    return result


class _Runner:
    """Runs blocks of trajectories and puts away what became of them."""

    def __init__(
        self,
        problem: ImportedProblem,
        ensemble: Ensemble,
        outcome: Outcome,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.problem, self.ensemble, self.outcome = problem, ensemble, outcome
        self.progress, self.n_finished, self.engine_used = progress, 0, ""
        # Sizes of compartments that are not the model's own can not be numbers in the machine code.
        self.varied = {*problem.values, *(c.name for axis in ensemble.axes for c in axis.columns)}
        outcome.timing.n_trajectories = ensemble.size
        self.runs_one_by_one = problem.options.method == ONE_BY_ONE

    def blocks(self) -> Generator[Indices]:
        """Run one block for each item."""
        problem = self.problem
        width = max(problem.engine.n_slots, len(problem.readings.ids), 1)
        block = max(1, min(BLOCK, MOST_NUMBERS // (width * len(problem.times))))
        began = perf_counter()
        self._compile()
        self.outcome.timing.compile_s = perf_counter() - began
        for low in range(0, self.ensemble.size, block):
            trajectories = np.arange(low, min(low + block, self.ensemble.size))
            began = perf_counter()
            self._run_block(trajectories)
            self.outcome.timing.run_s += perf_counter() - began
            yield trajectories

    def _compile(self) -> None:
        """Follow one trajectory for no time, so that runs can be timed without compilation."""
        engine, problem = self.problem.engine, self.problem
        if not self.runs_one_by_one:
            engine.run_until_interrupted(
                engine.start(problem.values),
                np.zeros_like(problem.times),
                options=problem.options,
                varied=self.varied,
            )

    def _run_block(self, trajectories: Indices) -> None:
        points = self.ensemble.points(trajectories)
        columns = columns_of(self.ensemble.axes, points)
        given = {name: at for by_name in columns.values() for name, at in by_name.items()}
        usable = np.all([np.isfinite(at) for at in given.values()], axis=0)
        if not usable.all():
            bad = np.full((~usable).sum(), Status.BAD_INPUT, dtype=np.int8)
            self.outcome.put_failed(trajectories[~usable], bad, before_drug=False)
            self._tell(int((~usable).sum()))
        if not usable.any():
            return
        start = self._start({name: at[usable] for name, at in given.items()}, int(usable.sum()))
        before = self.n_finished
        runs = self.run(start)
        self.put(trajectories[usable], start, runs)
        self.n_finished = before + len(start)

    def _start(self, given: Mapping[str, Array], n_rows: int) -> Array:
        start = self.problem.engine.start({**self.problem.values, **given})
        return np.ascontiguousarray(np.broadcast_to(start, (n_rows, start.shape[1])))

    def run(self, start: Array) -> SlotRuns:
        """Rows by the method asked for.

        Raises
        ------
        InputError : that method can not run this model
        """
        problem, engine = self.problem, self.problem.engine
        progress = None if self.progress is None else self._tell
        if self.runs_one_by_one:
            single = _exact(problem.options)
            return engine.run_one_by_one(start, problem.times, options=single, progress=progress)
        runs = engine.run_until_interrupted(
            start, problem.times, options=problem.options, varied=self.varied, progress=progress
        )
        if runs.engine == "single" and problem.options.method != "auto":
            raise InputError(
                f"{engine.model.origin}: method {problem.options.method!r} can not run it: events "
                "or jumps need one run after the other; choose auto"
            )
        return runs

    def run_alone(self, start: Array) -> SlotRuns:
        """The one row of ``start``, with errors that say what stopped it."""
        problem = self.problem
        return problem.engine.run_one(start, problem.times, options=_exact(problem.options))

    def put(self, trajectories: Indices, start: Array, runs: SlotRuns) -> None:
        """Take over readouts, statuses, costs and how well sums were conserved."""
        engine, formulas = self.problem.engine, self.problem.readings.formulas
        values = np.stack(runs.evaluate(formulas), axis=2)
        values[np.isnan(_marker(runs))] = np.nan
        n = engine.system.n_continuous
        drift = conservation_drift(
            engine.moieties, start[:, :n], runs.solution.final_state[:, :n], events=()
        )
        self.outcome.put(trajectories, runs.solution, values, drift)
        self.engine_used = runs.engine

    def _tell(self, more: int) -> None:
        self.n_finished = min(self.n_finished + more, self.ensemble.size)
        if self.progress is not None:
            self.progress(self.n_finished)


def _exact(options: SolverOptions) -> GeneralOptions:
    return GeneralOptions(options.rtol, options.atol, options.max_steps)


def _marker(runs: SlotRuns) -> Array:
    """(m, t) NaN where a run had ended before an output time."""
    late = runs.times[np.newaxis, :] > runs.solution.t_reached[:, np.newaxis]
    failed = (runs.status != Status.OK)[:, np.newaxis]
    return np.where(late & failed, np.nan, 0.0)


def _labels(problem: ImportedProblem, outcome: Outcome, engine: str) -> dict[str, Any]:
    readings, options = problem.readings, problem.options
    provenance = {
        **problem.notes,
        **library_versions(),
        "method": outcome.method or options.method,
        "precision": outcome.precision,
        "lanes": outcome.lanes,
        "engine": engine,
        "rtol": options.rtol,
        "atol": options.atol,
        "max_steps": options.max_steps,
    }
    return {
        "times": problem.times,
        "readouts": readings.ids,
        "titles": readings.titles,
        "units": readings.units,
        "outcome": outcome,
        "provenance": provenance,
        "clock": problem.clock,
    }
