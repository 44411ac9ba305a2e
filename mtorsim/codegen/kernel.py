"""A network compiled: from arrays of initial states and rate constants to arrays of results."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import COMPILED
from mtorsim.codegen.kernel_folder import KernelFolder
from mtorsim.codegen.mass_action import Labels
from mtorsim.codegen.prepared import PreparedVariant, prepare
from mtorsim.codegen.program import Program
from mtorsim.codegen.python_printer import print_function
from mtorsim.codegen.scalar import (
    NativeScalarFunctions,
    PythonScalarFunctions,
    ScalarFunctions,
)
from mtorsim.codegen.selection import choose_variant
from mtorsim.codegen.step import Moieties
from mtorsim.codegen.variant import Variant, VariantPrograms, equation_programs, write_variant
from mtorsim.network.null_space import left_null_space
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.ensemble import available_processors, empty_output, run_block
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.settling import SETTLING_TIME, WATCHED_TIME, settled
from mtorsim.solvers.solution import EnsembleSolution, SolutionCounters
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS
from mtorsim.solvers.task import check_arrays, check_vectors, make_task
from mtorsim.solvers.work import Output
from mtorsim.symbolic.elimination import EliminationPlan, jacobian_pattern, plan_elimination

Array = NDArray[np.float64]


def compile_kernel(structure: MassActionStructure, labels: Labels | None = None) -> CompiledKernel:
    """Make a network ready to run; machine code is compiled or found on disk when first needed."""
    return CompiledKernel(structure, labels or Labels.numbered(structure))


class CompiledKernel:
    """Right-hand side, Jacobian and ensemble solver of one network structure.

    Parameters
    ----------
    structure : the network
    labels : names of species and reactions, for the comments of the generated files
    """

    def __init__(self, structure: MassActionStructure, labels: Labels) -> None:
        self.structure, self.labels = structure, labels
        self._folder = KernelFolder(structure, labels)
        self._variants: dict[Variant, PreparedVariant] = {}
        self._lock = threading.Lock()

    @property
    def folder(self) -> Path:
        """Where the generated code of this network is."""
        return self._folder.path

    def write_equations(self) -> Path:
        """Write the readable right-hand side and Jacobian; returns the file."""
        text = "\n\n".join(print_function(program) for program in self._equations())
        return self._folder.write_python("equations", "Right-hand side and Jacobian.", text)

    def rhs(self, y: Array, k: Array) -> Array:
        """dy/dt, (n_species,), nM/s."""
        f = np.zeros(self.structure.n_species)
        check_vectors(self.structure, y, k)
        self._scalar.call("rhs", y, k, f)
        return f

    def jacobian(self, y: Array, k: Array) -> Array:
        """d(dy_i/dt)/dy_j, (n_species, n_species), 1/s."""
        n = self.structure.n_species
        matrix = np.zeros((n, n))
        check_vectors(self.structure, y, k)
        self._scalar.call("jacobian", y, k, matrix)
        return matrix

    def solve(
        self,
        y0: Array,
        k: Array,
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
        y0 : (n_trajectories, n_species), nM
        k : (n_trajectories, n_reactions), nM^(1-order)/s
        t_out : (n_times,), s, ascending, not negative; at the time of an event the value before it
        observe : (n_outputs, n_species) weights of the outputs; None gives all species
        t_end : s; None ends at the last of ``t_out``
        events : changes at exact times, ascending
        progress : called with the number of trajectories finished since the last call

        Raises
        ------
        InputError : arrays do not fit, times are not ascending, or a method is not available here
        """
        options = options or SolverOptions()
        y0, k = _as_rows(y0), _as_rows(k)
        check_arrays(self.structure, y0, k)
        variant = choose_variant(self.structure, options, compiled=COMPILED, n_times=np.size(t_out))
        prepared = self._prepare(variant)
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
            y0.shape[0],
            n_times=task.output_times.size,
            n_outputs=task.observe_start.size - 1,
            n_species=y0.shape[1],
        )
        threads = (options.threads or available_processors()) if COMPILED else 1
        # on Ctrl-C what is finished is kept; the rest has the status interrupted
        with suppress(KeyboardInterrupt):
            run_block(prepared.driver_kernel, task, output, threads=threads, progress=progress)
        return _solution(prepared, output)

    def steady_state(
        self,
        y0: Array,
        k: Array,
        *,
        options: SolverOptions | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> EnsembleSolution:
        """The steady state that each trajectory runs into, as ``final_state``.

        Integrates to a time far beyond the slowest process. The last steps are so long that each
        is a Newton step on f(y) = 0, so the result is exact to rounding, not to ``rtol``. Then it
        is watched for another hour, in which what the roundings of such steps have moved settles
        with the conserved sums held. A trajectory that still moves in that hour (an oscillation)
        has the status max_steps.
        """
        options = options or SolverOptions()
        settling = SolverOptions(
            method="rodas4",
            rtol=1e-4,
            atol=options.atol,
            max_steps=options.max_steps,
            precision="double",
            lanes=options.lanes,
            threads=options.threads,
        )
        solution = self.solve(
            y0, k, t_out=np.empty(0), t_end=SETTLING_TIME, options=settling, progress=progress
        )
        watched = self.solve(
            solution.final_state, k, t_out=np.empty(0), t_end=WATCHED_TIME, options=settling
        )
        return settled(solution, watched)

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

    def _write(self, variant: Variant) -> tuple[VariantPrograms, Moieties]:
        structure = self.structure
        plan = self._plan
        # explicit methods keep linear sums by themselves; implicit ones to the roundings of a solve
        is_explicit = variant.method in EXPLICIT_TABLEAUS
        moieties = () if is_explicit else self._moieties
        return write_variant(structure, plan, variant, moieties), moieties

    @cached_property
    def _plan(self) -> EliminationPlan:
        return plan_elimination(self.structure.n_species, jacobian_pattern(self.structure))

    @cached_property
    def _moieties(self) -> Moieties:
        """Conserved sums with positive weights: those can be held by scaling their members."""
        basis = left_null_space(
            self.structure.n_species, (dict(changes) for changes in self.structure.changes)
        )
        return [sorted(row.items()) for row in basis if min(row.values()) > 0]

    def _equations(self) -> tuple[Program, ...]:
        return equation_programs(self.structure, self.labels)


def _as_rows(array: Array) -> Array:
    return np.ascontiguousarray(np.atleast_2d(np.asarray(array, dtype=np.float64)))


def _solution(prepared: PreparedVariant, output: Output) -> EnsembleSolution:
    layout, variant = prepared.layout, prepared.variant
    counters = SolutionCounters(
        steps=output.accepted,
        rejected=output.attempts - output.accepted,
        rhs_evaluations=output.attempts * layout.rhs_per_attempt,
        factorisations=output.attempts * layout.factorisations_per_attempt,
    )
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
