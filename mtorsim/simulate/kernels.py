"""The kernel that runs a network: the compiled engine, or SciPy where that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution

Array = NDArray[np.float64]


class Kernel(Protocol):
    """What every solver of a network can do; see ``reference.ScipyKernel`` for the arguments."""

    def solve(
        self,
        y0: Array,
        k: Array,
        *,
        t_out: Array,
        observe: Array | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Callable[[int], None] | None = None,
    ) -> EnsembleSolution:
        """Solve each row from 0 to the last output time."""

    def steady_state(
        self, y0: Array, k: Array, *, options: SolverOptions | None = None
    ) -> EnsembleSolution:
        """Take each row to the steady state that its trajectory ends in."""

    def jacobian(self, y: Array, k: Array) -> Array:
        """``d(dy/dt)/dy`` of one state, dense, 1/s."""


@lru_cache(maxsize=64)
def kernel_of(structure: MassActionStructure, *, options: SolverOptions) -> Kernel:
    """The kernel for the method of ``options``, ready to run; the same object when asked again."""
    kernel = _scipy(structure) if options.method.startswith("scipy-") else _compiled(structure)
    # A run of nothing compiles what is not compiled yet, so that runs can be timed without it.
    nothing = np.zeros((1, structure.n_species)), np.zeros((1, structure.n_reactions))
    _check_not_interrupted(kernel.solve(*nothing, t_out=np.ones(1), options=options))
    _check_not_interrupted(kernel.steady_state(*nothing, options=options))
    return kernel


def _check_not_interrupted(solution: EnsembleSolution) -> None:
    """Hand on Ctrl-C during compilation, which a kernel tells by the status."""
    if solution.status[0] == Status.INTERRUPTED:
        raise KeyboardInterrupt


@lru_cache(maxsize=32)
def _scipy(structure: MassActionStructure) -> Kernel:
    from mtorsim.simulate.reference import ScipyKernel

    return ScipyKernel(structure)


@lru_cache(maxsize=32)
def _compiled(structure: MassActionStructure) -> Kernel:
    from mtorsim.codegen.kernel import compile_kernel

    return compile_kernel(structure)
