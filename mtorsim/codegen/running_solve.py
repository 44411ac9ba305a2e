"""A solve that goes on in other threads."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from mtorsim.codegen.prepared import PreparedVariant
from mtorsim.solvers.ensemble import RunningBlock
from mtorsim.solvers.options import Status
from mtorsim.solvers.shared_rows import SharedRows
from mtorsim.solvers.solution import EnsembleSolution, SolutionCounters


@dataclass(frozen=True, slots=True)
class RunningSolve:
    """Trajectories that a kernel is integrating; end it with `finish` or with `stop`."""

    prepared: PreparedVariant
    block: RunningBlock
    y0: SharedRows

    def finish(self) -> EnsembleSolution:
        """Wait for the end; on Ctrl-C what is finished is kept, and the rest is interrupted."""
        with suppress(KeyboardInterrupt):
            self.block.wait()
        return self._solution()

    def stop(self) -> EnsembleSolution:
        """End early: what is finished is kept, and the rest is interrupted."""
        self.block.stop()
        return self._solution()

    def _solution(self) -> EnsembleSolution:
        output, layout = self.block.output, self.prepared.layout
        variant = self.prepared.variant
        attempts = output.attempts + output.output_attempts
        counters = SolutionCounters(
            steps=output.accepted,
            rejected=output.attempts - output.accepted,
            rhs_evaluations=attempts * layout.rhs_per_attempt + output.evaluations,
            factorisations=attempts * layout.factorisations_per_attempt,
        )
        unbegun = (output.status == Status.INTERRUPTED) & (output.t_reached == 0.0)
        if unbegun.any():
            output.final_state[unbegun] = self.y0.chosen(unbegun).dense()
        return EnsembleSolution(
            values=output.values,
            final_state=output.final_state,
            t_reached=output.t_reached,
            status=output.status,
            counters=counters,
            method=variant.method,
            precision=variant.precision,
            lanes=variant.lanes,
        )
