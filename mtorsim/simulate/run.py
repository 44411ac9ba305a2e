"""Running an ensemble: steady states before the drug, then the trajectories, block by block."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mtorsim.simulate.conservation import conservation_drift, moieties_of
from mtorsim.simulate.ensemble import BLOCK, Chunk, Ensemble
from mtorsim.simulate.interrupts import noticing_interrupts
from mtorsim.simulate.kernels import Kernel, RunningSolve, kernel_of
from mtorsim.simulate.outcome import Outcome
from mtorsim.simulate.problem import Problem
from mtorsim.simulate.rows import BaselineRows, DosedRows, baseline_rows, dosed_rows, hold_signals
from mtorsim.solvers.options import Status
from mtorsim.solvers.settling import settling_options
from mtorsim.solvers.solution import EnsembleSolution

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
    return run_blocks(outcome, _Runner(problem, ensemble, outcome, progress).blocks(block))


def run_blocks(outcome: Outcome, blocks: Generator[Indices]) -> Outcome:
    """Run one block after the other until the last, or until Ctrl-C.

    Parameters
    ----------
    outcome : what the blocks fill; after Ctrl-C its statuses say what was not reached
    blocks : runs a block for each item asked of it, and gives the trajectories that were in it;
        ends what it has begun when it is closed
    """
    with suppress(KeyboardInterrupt), noticing_interrupts() as interrupts, closing(blocks):
        for trajectories in blocks:
            if interrupts.noticed or outcome.is_interrupted(trajectories):
                break
    return outcome


@dataclass(slots=True)
class _Settled:
    """States before the drug, and whether each was reached."""

    rows: BaselineRows
    status: NDArray[np.int8]


@dataclass(slots=True)
class _Running:
    """A block of trajectories, from its numbers to its solution.

    Parameters
    ----------
    trajectories : all of the block
    solved, rows : those that can start, and their numbers
    solution : what became of them, once that is known
    """

    trajectories: Indices
    solved: Indices
    rows: DosedRows
    solve: RunningSolve | None = None
    solution: EnsembleSolution | None = None

    def start(self, problem: Problem, kernel: Kernel, tell: Callable[[int], None]) -> None:
        """Begin to solve in other threads."""
        if len(self.solved):
            self.solve = kernel.start(
                self.rows.y0,
                self.rows.k,
                t_out=problem.times,
                observe=problem.readouts.weights,
                options=problem.options,
                events=self.rows.events,
                progress=tell,
            )

    def finish(self) -> None:
        """Wait for the end, or for Ctrl-C."""
        self.solution = None if self.solve is None else self.solve.finish()

    def stop(self) -> None:
        """End early, with what is finished."""
        self.solution = None if self.solve is None else self.solve.stop()

    @property
    def is_interrupted(self) -> bool:
        """Whether Ctrl-C came before the end."""
        return self.solution is not None and bool(
            (self.solution.status == Status.INTERRUPTED).any()
        )


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

    def blocks(self, block: int) -> Generator[Indices]:
        """Run all chunks, ``block`` trajectories at a time; gives those that were in each block.

        While other threads solve a block, this one puts the numbers of the next together and those
        of the last away.
        """
        for chunk in self.ensemble.chunks(block=block):
            start = perf_counter()
            settled = self._settle(chunk)
            self.outcome.timing.n_baselines += len(settled.status)
            self.outcome.timing.equilibrate_s += perf_counter() - start
            start = perf_counter()
            yield from self._blocks_of(chunk, settled, block)
            self.outcome.timing.run_s += perf_counter() - start

    def _blocks_of(self, chunk: Chunk, settled: _Settled, block: int) -> Iterator[Indices]:
        running: _Running | None = None
        try:
            for low in range(0, len(chunk.trajectories), block):
                part = slice(low, low + block)
                following = self._gather(
                    settled, chunk.trajectories[part], chunk.baseline_of_trajectory[part]
                )
                before, running = running, None
                if before is not None:
                    before.finish()
                if before is None or not before.is_interrupted:
                    running = following
                    running.start(self.problem, self.kernel, self._tell)
                if before is not None:
                    yield self._put(before)
            if running is not None:
                running.finish()
                before, running = running, None
                yield self._put(before)
        finally:
            if running is not None:
                running.stop()
                self._put(running)

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

    def _gather(self, settled: _Settled, trajectories: Indices, baseline: Indices) -> _Running:
        """Numbers of some trajectories; those that can not start are put away at once."""
        problem, outcome, whole = self.problem, self.outcome, trajectories
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
        return _Running(whole, trajectories, rows)

    def _put(self, running: _Running) -> Indices:
        """Put away what became of some trajectories; returns them."""
        solution = running.solution
        if solution is not None:
            values = self.problem.readouts.values(solution.values)
            y0, events = running.rows.y0, running.rows.events
            drift = conservation_drift(self.moieties, y0, solution.final_state, events=events)
            self.outcome.put(running.solved, solution, values, drift)
        return running.trajectories

    def _tell(self, more: int) -> None:
        """Report progress."""
        self.n_finished = min(self.n_finished + more, self.ensemble.size)
        if self.progress is not None:
            self.progress(self.n_finished)
