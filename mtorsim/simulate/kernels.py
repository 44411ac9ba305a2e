"""The kernel that runs a network: the compiled engine, or SciPy where that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.network import ReactionNetwork
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.settling import settling_options
from mtorsim.solvers.shared_rows import SharedRows
from mtorsim.solvers.solution import EnsembleSolution

if TYPE_CHECKING:
    from mtorsim.codegen.kernel import CompiledKernel

Array = NDArray[np.float64]
Names = tuple[tuple[str, ...], tuple[str, ...]]


class RunningSolve(Protocol):
    """A solve that goes on elsewhere."""

    def finish(self) -> EnsembleSolution:
        """Wait for the end; on Ctrl-C what is finished is kept, and the rest is interrupted."""

    def stop(self) -> EnsembleSolution | None:
        """End early: what is finished is kept, and the rest is interrupted; None for nothing."""


class Kernel(Protocol):
    """What every solver of a network can do; see ``reference.ScipyKernel`` for the arguments."""

    def solve(
        self,
        y0: Array | SharedRows,
        k: Array | SharedRows,
        *,
        t_out: Array,
        observe: Array | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Callable[[int], None] | None = None,
    ) -> EnsembleSolution:
        """Solve each row from 0 to the last output time."""

    def start(
        self,
        y0: Array | SharedRows,
        k: Array | SharedRows,
        *,
        t_out: Array,
        observe: Array | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Callable[[int], None] | None = None,
    ) -> RunningSolve:
        """The same in other threads, where the solver has any; else when its end is waited for."""

    def steady_state(
        self, y0: Array, k: Array, *, options: SolverOptions | None = None
    ) -> EnsembleSolution:
        """Take each row to the steady state that its trajectory ends in."""

    def jacobian(self, y: Array, k: Array) -> Array:
        """``d(dy/dt)/dy`` of one state, dense, 1/s."""


def kernel_of(network: ReactionNetwork, *, options: SolverOptions) -> Kernel:
    """The kernel for the method of ``options``, ready to run; the same object when asked again."""
    names = network.dynamic_species, network.reaction_ids
    return _ready(network.structure(), names, options)


@lru_cache(maxsize=64)
def _ready(structure: MassActionStructure, names: Names, options: SolverOptions) -> Kernel:
    if options.method.startswith("scipy-"):
        kernel = _scipy(structure)
    else:
        kernel = compiled_kernel(structure, names)
    # A run of nothing compiles what is not compiled yet, so that runs can be timed without it.
    nothing = np.zeros((1, structure.n_species)), np.zeros((1, structure.n_reactions))
    _check_not_interrupted(kernel.solve(*nothing, t_out=np.ones(1), options=options))
    _check_not_interrupted(kernel.steady_state(*nothing, options=settling_options(options)))
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
def compiled_kernel(structure: MassActionStructure, names: Names) -> CompiledKernel:
    """The engine's kernel; ``names`` of species and reactions stand in its generated files."""
    from mtorsim.codegen.kernel import compile_kernel
    from mtorsim.codegen.mass_action import Labels

    return compile_kernel(structure, Labels(*names))
