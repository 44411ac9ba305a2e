"""A general model compiled: from arrays of start values and inputs to arrays of states."""

from __future__ import annotations

import hashlib

from mtorsim._jit import COMPILED
from mtorsim.codegen.arena import Moieties
from mtorsim.codegen.ensemble_kernel import EnsembleKernel
from mtorsim.codegen.general import (
    GeneralStructure,
    first_step_program,
    jacobian_program,
    rhs_program,
    write_general_variant,
)
from mtorsim.codegen.kernel_folder import KernelFolder, toolchain
from mtorsim.codegen.program import Program
from mtorsim.codegen.selection import USUAL_METHOD, default_lanes
from mtorsim.codegen.variant import Variant, VariantPrograms
from mtorsim.errors import InputError
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS

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


class GeneralKernel(EnsembleKernel):
    """Right-hand side, Jacobian and ensemble solver of one `GeneralStructure`.

    States are in the model's own units; ``k`` holds the inputs, none of them negative.
    """

    def __init__(self, structure: GeneralStructure) -> None:
        super().__init__(structure, GeneralFolder(structure))
        self.structure = structure

    def _choose_variant(self, options: SolverOptions) -> Variant:
        method = USUAL_METHOD if options.method == "auto" else options.method
        if method not in ROSENBROCK_TABLEAUS and method not in EXPLICIT_TABLEAUS:
            raise InputError(
                f"method {method!r} is not one of those compiled for general rate laws: choose "
                + ", ".join((*ROSENBROCK_TABLEAUS, *EXPLICIT_TABLEAUS))
            )
        if options.precision == "mixed":
            raise InputError("mixed precision is for mass action only; choose 'double'")
        default = default_lanes(self.structure.n_states, self.structure.n_inputs, "double")
        lanes = (options.lanes or default) if COMPILED else 1
        return Variant(method, "double", lanes)

    def _write(self, variant: Variant) -> tuple[VariantPrograms, Moieties]:
        return write_general_variant(self.structure, variant.method), ()

    def _equations(self) -> tuple[Program, ...]:
        structure = self.structure
        return (
            rhs_program(structure),
            jacobian_program(structure),
            first_step_program(structure),
        )
