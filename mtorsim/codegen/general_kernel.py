"""A general model compiled: from arrays of start values and inputs to arrays of states."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import COMPILED
from mtorsim.codegen.general import (
    GeneralStructure,
    first_step_program,
    jacobian_program,
    rhs_program,
    write_general_variant,
)
from mtorsim.codegen.kernel_folder import KernelFolder, toolchain
from mtorsim.codegen.prepared import PreparedVariant, prepare
from mtorsim.codegen.program import Program
from mtorsim.codegen.python_printer import print_function
from mtorsim.codegen.scalar import NativeScalarFunctions, PythonScalarFunctions, ScalarFunctions
from mtorsim.codegen.selection import choose_method, default_lanes
from mtorsim.codegen.variant import Variant
from mtorsim.errors import InputError
from mtorsim.solvers.ensemble import available_processors, empty_output, run_block
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS
from mtorsim.solvers.task import make_task
from mtorsim.solvers.work import Output

Array = NDArray[np.float64]

_HEADER = '''"""{title}

Generated; a change here is overwritten. y holds the states, k the inputs, both by index.
"""

from mtorsim.codegen.scalar_functions import *  # noqa: F403


'''


class GeneralFolder(KernelFolder):
    """Files of one general model; a temporary folder where no cache can be kept."""

    header = _HEADER

    def __init__(self, structure: GeneralStructure) -> None:
        text = f"{structure.fingerprint()}\n{toolchain()}"
        self.path = self._folder(f"g_{hashlib.sha256(text.encode()).hexdigest()[:24]}")


class GeneralKernel:
    """Right-hand side, Jacobian and ensemble solver of one `GeneralStructure`."""

    def __init__(self, structure: GeneralStructure) -> None:
        self.structure = structure
        self._folder = GeneralFolder(structure)
        self._variants: dict[Variant, PreparedVariant] = {}

    def rhs(self, y: Array, k: Array) -> Array:
        """dy/dt, (n_states,)."""
        f = np.zeros(self.structure.n_states)
        self._scalar.call("rhs", y, k, f)
        return f

    def jacobian(self, y: Array, k: Array) -> Array:
        """d(dy_i/dt)/dy_j, (n_states, n_states)."""
        n = self.structure.n_states
        matrix = np.zeros((n, n))
        self._scalar.call("jacobian", y, k, matrix)
        return matrix

    def solve(
        self,
        y0: Array,
        k: Array,
        *,
        t_out: Array,
        options: SolverOptions,
        events: Sequence[Event] = (),
    ) -> Output:
        """Integrate every trajectory from time 0.

        Parameters
        ----------
        y0 : (n_trajectories, n_states)
        k : (n_trajectories, n_inputs), not negative
        t_out : (n_times,), ascending, not negative
        events : changes of ``k`` at exact times, ascending

        Raises
        ------
        InputError : a method or precision that there is not for a general model
        """
        prepared = self._prepare(self._variant(options))
        task = make_task(
            y0, k, t_out=t_out, t_end=None, observe=None, events=events, options=options
        )
        output = empty_output(
            y0.shape[0],
            n_times=task.output_times.size,
            n_outputs=task.observe_start.size - 1,
            n_species=y0.shape[1],
        )
        threads = (options.threads or available_processors()) if COMPILED else 1
        run_block(prepared.driver_kernel, task, output, threads=threads)
        return output

    def _variant(self, options: SolverOptions) -> Variant:
        method = choose_method(options)
        if method not in ROSENBROCK_TABLEAUS and method not in EXPLICIT_TABLEAUS:
            raise InputError(f"method {method!r} is not one of the compiled ones")
        if options.precision == "mixed":
            raise InputError("mixed precision is for mass action only; choose 'double'")
        default = default_lanes(self.structure.n_states, self.structure.n_inputs, "double")
        lanes = (options.lanes or default) if COMPILED else 1
        return Variant(method, "double", lanes)

    def _prepare(self, variant: Variant) -> PreparedVariant:
        if variant not in self._variants:
            self._variants[variant] = prepare(
                self._folder,
                variant,
                write=lambda: (write_general_variant(self.structure, variant.method), ()),
                first_step_address=self._scalar.first_step_address,
                compiled=COMPILED,
            )
        return self._variants[variant]

    @cached_property
    def _scalar(self) -> ScalarFunctions:
        if COMPILED:
            return NativeScalarFunctions(self._folder, self._equations)
        text = "\n\n".join(print_function(program) for program in self._equations())
        self._folder.write_python("equations", "Right-hand side and Jacobian.", text)
        return PythonScalarFunctions(self._folder)

    def _equations(self) -> tuple[Program, ...]:
        structure = self.structure
        return (
            rhs_program(structure),
            jacobian_program(structure),
            first_step_program(structure),
        )
