"""What kernels of all kinds of models share: equations of one trajectory, solves of many."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import COMPILED
from mtorsim.codegen.arena import Moieties
from mtorsim.codegen.kernel_folder import KernelFolder
from mtorsim.codegen.prepared import PreparedVariant, prepare
from mtorsim.codegen.program import Program
from mtorsim.codegen.python_printer import print_function
from mtorsim.codegen.running_solve import RunningSolve
from mtorsim.codegen.scalar import (
    NativeScalarFunctions,
    PythonScalarFunctions,
    ScalarFunctions,
)
from mtorsim.codegen.variant import Variant, VariantPrograms
from mtorsim.solvers.ensemble import RunningBlock, available_processors, empty_output
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.shared_rows import SharedRows
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.solvers.task import Sizes, check_rows, check_vectors, make_task

Array = NDArray[np.float64]


class EnsembleKernel(ABC):
    """Right-hand side, Jacobian and ensemble solver of one structure.

    Parameters
    ----------
    sizes : numbers of species (states) and of reactions (numbers that a trajectory takes besides)
    folder : where the generated files go
    """

    def __init__(self, sizes: Sizes, folder: KernelFolder) -> None:
        self._sizes, self._folder = sizes, folder
        self._variants: dict[Variant, PreparedVariant] = {}
        self._lock = threading.Lock()

    @abstractmethod
    def _choose_variant(self, options: SolverOptions) -> Variant:
        """The form of the machine code that runs for these options."""

    @abstractmethod
    def _write(self, variant: Variant) -> tuple[VariantPrograms, Moieties]:
        """The programs of a variant, and the sums that it holds."""

    @abstractmethod
    def _equations(self) -> tuple[Program, ...]:
        """Right-hand side, Jacobian and first step."""

    @property
    def folder(self) -> Path:
        """Where the generated code is."""
        return self._folder.path

    def write_equations(self) -> Path:
        """Write the readable right-hand side and Jacobian; returns the file."""
        text = "\n\n".join(print_function(program) for program in self._equations())
        return self._folder.write_python("equations", "Right-hand side and Jacobian.", text)

    def rhs(self, y: Array, k: Array) -> Array:
        """dy/dt, (n_species,), nM/s or the model's own units."""
        f = np.zeros(self._sizes.n_species)
        check_vectors(self._sizes, y, k)
        self._scalar.call("rhs", y, k, f)
        return f

    def jacobian(self, y: Array, k: Array) -> Array:
        """d(dy_i/dt)/dy_j, (n_species, n_species), 1/s or per unit of the model's time."""
        n = self._sizes.n_species
        matrix = np.zeros((n, n))
        check_vectors(self._sizes, y, k)
        self._scalar.call("jacobian", y, k, matrix)
        return matrix

    def solve(
        self,
        y0: Array | SharedRows,
        k: Array | SharedRows,
        *,
        t_out: Array,
        observe: Array | None = None,
        t_end: float | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Callable[[int], None] | None = None,
    ) -> EnsembleSolution:
        """Integrate every trajectory from time 0.

        Parameters
        ----------
        y0 : (n_trajectories, n_species), nM or the model's own unit
        k : (n_trajectories, n_reactions), or one row for all, not negative
        t_out : (n_times,), s, ascending, not negative; at the time of an event the value before it
        observe : (n_outputs, n_species) weights of the outputs; None gives all species
        t_end : s; None ends at the last of ``t_out``
        events : changes at exact times, ascending
        progress : called with the number of trajectories finished since the last call

        Raises
        ------
        InputError : arrays do not fit, times are not ascending, or a method is not available here
        """
        return self.start(
            y0,
            k,
            t_out=t_out,
            observe=observe,
            t_end=t_end,
            options=options,
            events=events,
            progress=progress,
        ).finish()

    def start(
        self,
        y0: Array | SharedRows,
        k: Array | SharedRows,
        *,
        t_out: Array,
        observe: Array | None = None,
        t_end: float | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Callable[[int], None] | None = None,
    ) -> RunningSolve:
        """Begin to integrate in other threads; arguments as of `solve`."""
        options = options or SolverOptions()
        y0, k = SharedRows.of(y0), SharedRows.of(k)
        check_rows(self._sizes, y0, k)
        prepared = self._prepare(self._choose_variant(options))
        task = make_task(
            y0,
            k,
            t_out=t_out,
            t_end=t_end,
            observe=observe,
            events=events,
            options=options,
        )
        output = empty_output(
            len(y0),
            n_times=task.output_times.size,
            n_outputs=task.observe_start.size - 1,
            n_species=y0.width,
        )
        threads = (options.threads or available_processors()) if COMPILED else 1
        block = RunningBlock(
            prepared.driver_kernel, task, output, threads=threads, progress=progress
        )
        return RunningSolve(prepared, block, y0)

    @cached_property
    def _scalar(self) -> ScalarFunctions:
        """Right-hand side, Jacobian and first step for one trajectory."""
        if COMPILED:
            return NativeScalarFunctions(self._folder, self._equations)
        self.write_equations()
        return PythonScalarFunctions(self._folder)

    def _prepare(self, variant: Variant) -> PreparedVariant:
        with self._lock:
            if variant not in self._variants:
                self._variants[variant] = prepare(
                    self._folder,
                    variant,
                    write=lambda: self._write(variant),
                    first_step_address=self._scalar.first_step_address,
                    compiled=COMPILED,
                )
            return self._variants[variant]
