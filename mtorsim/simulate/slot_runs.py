"""What runs of a resolved model leave: every slot over time, and formulas of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.symbolic.general_system import GeneralSystem

Array = NDArray[np.float64]
Engine = Literal["lanes", "single"]


@dataclass(frozen=True, slots=True)
class SlotRuns:
    """Many runs over the same times.

    Parameters
    ----------
    slots : of each slot (n_trajectories, n_times), or (n_trajectories, 1) where it stays
    solution : statuses, costs and final states; its values are those of the engine
    engine : ``"lanes"``, or ``"single"`` where events or unforeseeable jumps need one run each
    """

    system: GeneralSystem
    times: Array
    slots: Mapping[int, Array]
    solution: EnsembleSolution
    engine: Engine

    @property
    def status(self) -> NDArray[np.int8]:
        """(n_trajectories,) values of ``Status``."""
        return self.solution.status

    def evaluate(self, formulas: Sequence[int]) -> list[Array]:
        """Formulas over time, each (n_trajectories, n_times); NaN where a run had failed."""
        shape = (self.status.size, self.times.size)
        rows = evaluate(self.system.graph, formulas, slots=self.slots, time=self.times[None, :])
        return [np.broadcast_to(row, shape) for row in rows]
