"""A network compiled: from arrays of initial states and rate constants to arrays of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import COMPILED
from mtorsim.codegen import stabilised
from mtorsim.codegen.arena import Moieties
from mtorsim.codegen.ensemble_kernel import EnsembleKernel
from mtorsim.codegen.kernel_folder import KernelFolder
from mtorsim.codegen.mass_action import Labels
from mtorsim.codegen.program import Program
from mtorsim.codegen.selection import choose_variant
from mtorsim.codegen.variant import Variant, VariantPrograms, equation_programs, write_variant
from mtorsim.errors import InputError
from mtorsim.network.null_space import left_null_space
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.options import Method, SolverOptions
from mtorsim.solvers.settling import SETTLING_RTOL, SETTLING_TIME, WATCHED_TIME, settled
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS
from mtorsim.symbolic.elimination import EliminationPlan, jacobian_pattern, plan_elimination

Array = NDArray[np.float64]


def compile_kernel(structure: MassActionStructure, labels: Labels | None = None) -> CompiledKernel:
    """Make a network ready to run; machine code is compiled or found on disk when first needed."""
    return CompiledKernel(structure, labels or Labels.numbered(structure))


class CompiledKernel(EnsembleKernel):
    """Right-hand side, Jacobian and ensemble solver of one network structure.

    Parameters
    ----------
    structure : the network
    labels : names of species and reactions, for the comments of the generated files
    """

    def __init__(self, structure: MassActionStructure, labels: Labels) -> None:
        super().__init__(structure, KernelFolder(structure, labels))
        self.structure, self.labels = structure, labels

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
        or has not come to its end within ``max_steps`` has the status not_settled.

        Parameters
        ----------
        options : ``rtol`` is that of the way there, 1e-4 if left out; the method is Rodas5P or
            Rodas4, as others can not take such steps

        Raises
        ------
        InputError : another method
        """
        options = options or SolverOptions(rtol=SETTLING_RTOL)
        method: Method = "rodas5p" if options.method == "auto" else options.method
        if method not in ROSENBROCK_TABLEAUS:
            raise InputError(
                f"method {method!r} can not find steady states: choose auto, "
                + ", ".join(ROSENBROCK_TABLEAUS)
            )
        settling = replace(options, method=method, precision="double")
        solution = self.solve(
            y0, k, t_out=np.empty(0), t_end=SETTLING_TIME, options=settling, progress=progress
        )
        watched = self.solve(
            solution.final_state, k, t_out=np.empty(0), t_end=WATCHED_TIME, options=settling
        )
        return settled(solution, watched)

    def _choose_variant(self, options: SolverOptions) -> Variant:
        return choose_variant(
            self.structure,
            options,
            compiled=COMPILED,
            multiply_adds=lambda: self.plan.n_updates,
        )

    def _write(self, variant: Variant) -> tuple[VariantPrograms, Moieties]:
        structure = self.structure
        plan = self.plan
        # explicit methods keep linear sums by themselves; implicit ones to the roundings of a solve
        is_explicit = variant.method in (*EXPLICIT_TABLEAUS, stabilised.METHOD)
        moieties = () if is_explicit else self.moieties
        return write_variant(structure, plan, variant, moieties), moieties

    @cached_property
    def plan(self) -> EliminationPlan:
        """Order and fill-in of the factorisation of a step."""
        return plan_elimination(self.structure.n_species, jacobian_pattern(self.structure))

    @cached_property
    def moieties(self) -> Moieties:
        """Conserved sums with positive weights: those can be held by scaling their members."""
        basis = left_null_space(
            self.structure.n_species, (dict(changes) for changes in self.structure.changes)
        )
        return [sorted(row.items()) for row in basis if min(row.values()) > 0]

    def _equations(self) -> tuple[Program, ...]:
        return equation_programs(self.structure, self.labels)
