"""Running an ensemble: steady states before the drug, then the trajectories, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mtorsim.simulate.conservation import conservation_drift, moieties_of
from mtorsim.simulate.ensemble import BLOCK, Chunk, Ensemble
from mtorsim.simulate.interrupts import noticing_interrupts
from mtorsim.simulate.kernels import Kernel, kernel_of
from mtorsim.simulate.outcome import Outcome
from mtorsim.simulate.problem import Problem
from mtorsim.simulate.rows import BaselineRows, baseline_rows, dosed_rows, hold_signals
from mtorsim.solvers.options import Status
from mtorsim.solvers.settling import settling_options

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Progress = Callable[[int], None]

FINITE = float(np.finfo(np.float64).max)


def run_ensemble(
    problem: Problem, ensemble: Ensemble, *, progress: Progress | None = None, block: int = BLOCK
) -> Outcome:
    """Run every trajectory; none stops or alters another.

    Parameters
    ----------
    progress : called with the number of trajectories finished so far
    block : trajectories whose amounts and rate constants are held at one time

    Returns
    -------
    After Ctrl-C the trajectories that were finished; the others have the status interrupted
    """
    outcome = Outcome.empty(ensemble.size, len(problem.times), len(problem.readouts.ids))
    outcome.timing.n_trajectories = ensemble.size
    return run_blocks(outcome, _blocks(problem, ensemble, outcome, progress, block))


def run_blocks(outcome: Outcome, blocks: Iterator[Indices]) -> Outcome:
    """Run one block after the other until the last, or until Ctrl-C.

    Parameters
    ----------
    outcome : what the blocks fill; after Ctrl-C its statuses say what was not reached
    blocks : runs a block for each item asked of it, and gives the trajectories that were in it
    """
    with suppress(KeyboardInterrupt), noticing_interrupts() as interrupts:
        for trajectories in blocks:
            if interrupts.noticed or outcome.is_interrupted(trajectories):
                break
    return outcome


def _blocks(
    problem: Problem,
    ensemble: Ensemble,
    outcome: Outcome,
    progress: Progress | None,
    block: int,
) -> Iterator[Indices]:
    runner = _Runner(problem, ensemble, outcome, progress)
    for chunk in ensemble.chunks(block=block):
        for settled, trajectories, baseline in runner.blocks_of(chunk, block):
            runner.run_block(settled, trajectories, baseline)
            yield trajectories


@dataclass(slots=True)
class _Settled:
    """States before the drug, and whether each was reached."""

    rows: BaselineRows
    status: NDArray[np.int8]


class _Runner:
    """Kernels and counters that all chunks of a run share."""

    def __init__(
        self, problem: Problem, ensemble: Ensemble, outcome: Outcome, progress: Progress | None
    ) -> None:
        self.problem, self.ensemble, self.outcome = problem, ensemble, outcome
        self.progress, self.n_finished = progress, 0
        start = perf_counter()
        self.kernel = kernel_of(problem.running_network, options=problem.options)
        self.resting_kernel: Kernel = self.kernel
        if problem.clamped and problem.pre_equilibrate:
            self.resting_kernel = kernel_of(problem.network, options=problem.options)
        network = problem.running_network
        self.moieties = moieties_of(network.structure(), network.dynamic_species)
        outcome.timing.compile_s = perf_counter() - start

    def blocks_of(self, chunk: Chunk, block: int) -> Iterator[tuple[_Settled, Indices, Indices]]:
        """The settled states of a chunk with its trajectories, ``block`` at a time."""
        start = perf_counter()
        settled = self._settle(chunk)
        self.outcome.timing.n_baselines += len(settled.status)
        self.outcome.timing.equilibrate_s += perf_counter() - start
        for low in range(0, len(chunk.trajectories), block):
            part = slice(low, low + block)
            yield settled, chunk.trajectories[part], chunk.baseline_of_trajectory[part]

    def run_block(self, settled: _Settled, trajectories: Indices, baseline: Indices) -> None:
        """Run some trajectories, and time it."""
        start = perf_counter()
        self._run_block(settled, trajectories, baseline)
        self.outcome.timing.run_s += perf_counter() - start

    def _settle(self, chunk: Chunk) -> _Settled:
        """Amounts and rate constants before the drug, at rest where that was asked for."""
        problem = self.problem
        rows = baseline_rows(problem, self.ensemble.axes, chunk.baselines)
        k = rows.folded(problem.network)
        usable = ((rows.y0 >= 0) & (rows.y0 <= FINITE)).all(axis=1)
        usable &= ((k >= 0) & (k <= FINITE)).all(axis=1)
        status = np.where(usable, Status.OK, Status.BAD_INPUT).astype(np.int8)
        if problem.pre_equilibrate and usable.any():
            solution = self.resting_kernel.steady_state(
                rows.y0[usable], k[usable], options=settling_options(problem.options)
            )
            rows.y0[usable] = solution.final_state
            status[usable] = solution.status
        hold_signals(problem, rows)
        return _Settled(rows, status)

    def _run_block(self, settled: _Settled, trajectories: Indices, baseline: Indices) -> None:
        """Run some trajectories and put away what became of them."""
        problem, outcome = self.problem, self.outcome
        failed = settled.status[baseline] != Status.OK
        if failed.any():
            status = settled.status[baseline[failed]]
            outcome.put_failed(trajectories[failed], status, before_drug=True)
            trajectories, baseline = trajectories[~failed], baseline[~failed]
            self._tell(int(failed.sum()))
        points = self.ensemble.points(trajectories)
        rows = dosed_rows(problem, settled.rows, baseline, self.ensemble.axes, points)
        # a steady state may hold amounts a rounding error below 0, so the sign of y0 is let be
        usable = rows.y0.within(-FINITE, FINITE) & rows.k.within(0.0, FINITE)
        if not usable.all():
            bad = np.full((~usable).sum(), Status.BAD_INPUT, dtype=np.int8)
            outcome.put_failed(trajectories[~usable], bad, before_drug=False)
            trajectories, rows = trajectories[usable], rows.chosen(usable)
            self._tell(int((~usable).sum()))
        if len(trajectories) == 0:
            return
        before = self.n_finished
        solution = self.kernel.solve(
            rows.y0,
            rows.k,
            t_out=problem.times,
            observe=problem.readouts.weights,
            options=problem.options,
            events=rows.events,
            progress=self._tell if self.progress is not None else None,
        )
        values = problem.readouts.values(solution.values)
        drift = conservation_drift(self.moieties, rows.y0, solution.final_state, events=rows.events)
        outcome.put(trajectories, solution, values, drift)
        self.n_finished = before + len(trajectories)

    def _tell(self, more: int) -> None:
        """Report progress."""
        self.n_finished = min(self.n_finished + more, self.ensemble.size)
        if self.progress is not None:
            self.progress(self.n_finished)
