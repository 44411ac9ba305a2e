"""One compiled form of a network: a method, a precision, a number of lanes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen import extrapolation, stabilised, table_factor, table_rates, table_scalar
from mtorsim.codegen import mass_action as ma
from mtorsim.codegen import table_driven as tables
from mtorsim.codegen.arena import ArenaArray, Moieties, StepSpecification
from mtorsim.codegen.explicit import explicit_arrays, explicit_step
from mtorsim.codegen.llvm_text import ArenaSlot, VectorTarget
from mtorsim.codegen.program import Precision, Program
from mtorsim.codegen.python_printer import print_function
from mtorsim.codegen.rosenbrock import rosenbrock_arrays, rosenbrock_step
from mtorsim.codegen.vector_printer import print_module
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS
from mtorsim.symbolic.elimination import EliminationPlan

#: operations of one factorisation beyond which loops over tables run faster than straight-line code
LONGEST_STRAIGHT_LINE = 12_000
#: reactions beyond which right-hand side and Jacobian are loops over tables too
MOST_STRAIGHT_LINE_REACTIONS = 1_500

#: of implicit methods, whose outputs get steps of their own
NO_DENSE_OUTPUT = np.zeros((0, 0))


@dataclass(frozen=True, slots=True)
class Variant:
    """Which form; its name is that of the files that hold it."""

    method: str
    precision: Literal["double", "mixed"]
    lanes: int

    @property
    def name(self) -> str:
        """``rodas4_mixed_8`` and so on."""
        return f"{self.method}_{self.precision}_{self.lanes}"


@dataclass(frozen=True, slots=True)
class VariantPrograms:
    """Everything a variant is made of, before it is printed.

    Parameters
    ----------
    programs : in the order of their calls, the step last
    arrays : the arena, in order
    dense : (stages, degree) coefficients of the dense output, or ``NO_DENSE_OUTPUT``
    rhs_per_attempt, factorisations_per_attempt : what one step attempt costs
    """

    programs: tuple[Program, ...]
    arrays: tuple[ArenaArray, ...]
    dense: NDArray[np.float64]
    rhs_per_attempt: int
    factorisations_per_attempt: int

    def slots(self) -> tuple[dict[str, ArenaSlot], int]:
        """Where each array starts, in lanes of 8 bytes, and the size of the whole."""
        slots, offset = {}, 0
        for array in self.arrays:
            slots[array.name] = ArenaSlot(offset, array.precision)
            offset += array.count if array.precision == "double" else (array.count + 1) // 2
        return slots, offset

    def llvm_text(self, target: VectorTarget) -> str:
        """The vector code."""
        slots, _ = self.slots()
        return print_module(self.programs, target, arena=slots)

    def python_text(self) -> str:
        """The same as readable Python, for one trajectory in float64."""
        offset, places = 0, {}
        for array in self.arrays:
            places[array.name] = (offset, array.count)
            offset += array.count
        *parts, step = self.programs
        return "\n\n".join([*map(print_function, parts), print_function(step, arena=places)])


def write_variant(
    structure: MassActionStructure, plan: EliminationPlan, variant: Variant, moieties: Moieties
) -> VariantPrograms:
    """The programs of a variant of a network."""
    low: Precision = "single" if variant.precision == "mixed" else "double"
    is_large = is_table_driven(structure, plan)
    specification = StepSpecification(
        n_species=structure.n_species,
        n_reactions=structure.n_reactions,
        n_factor=plan.n_entries,
        precision=low,
        increment_form=structure.max_order <= 2,
        moieties=tuple(moieties),
        scratch=_scratch(structure, low) if is_large and variant.method != "extrapolation" else {},
    )
    if variant.method in EXPLICIT_TABLEAUS:
        return _explicit(structure, specification, variant.method)
    if variant.method == stabilised.METHOD:
        return _stabilised(structure, specification)
    if variant.method == "extrapolation":
        return _extrapolation(structure, plan, specification)
    return _rosenbrock(structure, plan, specification, variant.method)


def equation_programs(structure: MassActionStructure, labels: ma.Labels) -> tuple[Program, ...]:
    """Right-hand side, Jacobian and first step, for one trajectory."""
    if structure.max_order <= 2 and structure.n_reactions > MOST_STRAIGHT_LINE_REACTIONS:
        return (
            table_scalar.rhs_program(structure),
            table_scalar.jacobian_program(structure),
            table_scalar.first_step_program(structure),
        )
    return (
        ma.rhs_program(structure, labels),
        ma.jacobian_program(structure, labels),
        ma.first_step_program(structure),
    )


def is_table_driven(structure: MassActionStructure, plan: EliminationPlan) -> bool:
    """Whether straight-line code of this network would be too long (order 3 has no other form)."""
    return structure.max_order <= 2 and plan.n_updates + 4 * plan.n_entries > LONGEST_STRAIGHT_LINE


def _scratch(structure: MassActionStructure, low: Precision) -> dict[str, tuple[ArenaArray, ...]]:
    """Arrays that table-driven programs need besides those of the step."""
    n, r = structure.n_species, structure.n_reactions
    x = ArenaArray("x", n, low)
    return {
        "factor": (
            ArenaArray("partial", max(1, len(tables.partials_of(structure))), low),
            ArenaArray("row", n, low),
        ),
        "first_stage": (ArenaArray("flux", r, "double"), x),
        "stage": (ArenaArray("flux_low", r, low), x),
    }


def _rosenbrock(
    structure: MassActionStructure,
    plan: EliminationPlan,
    specification: StepSpecification,
    method: str,
) -> VariantPrograms:
    tableau = ROSENBROCK_TABLEAUS[method]
    low = specification.precision
    if specification.scratch:
        parts = (
            table_factor.factor_program(structure, plan, low),
            tables.first_stage_program(structure, plan, low),
            tables.stage_program(structure, plan, low),
        )
    else:
        parts = (
            ma.factor_program(structure, plan, low),
            ma.first_stage_program(structure, plan, low),
            ma.increment_stage_program(structure, plan, low)
            if specification.increment_form
            else ma.state_stage_program(structure, plan),
        )
    programs = (*parts, rosenbrock_step(specification, tableau))
    return VariantPrograms(
        programs,
        tuple(rosenbrock_arrays(specification, tableau)),
        NO_DENSE_OUTPUT,
        tableau.n_stages,
        1,
    )


def _explicit(
    structure: MassActionStructure, specification: StepSpecification, method: str
) -> VariantPrograms:
    tableau = EXPLICIT_TABLEAUS[method]
    if structure.max_order <= 2 and structure.n_reactions > MOST_STRAIGHT_LINE_REACTIONS:
        rhs = table_scalar.rhs_program(structure)
    else:
        rhs = ma.rhs_program(structure, ma.Labels.numbered(structure))
    programs = (rhs, explicit_step(specification, tableau))
    return VariantPrograms(
        programs,
        tuple(explicit_arrays(specification, tableau)),
        np.array(tableau.dense),
        tableau.n_stages,
        0,
    )


def _stabilised(
    structure: MassActionStructure, specification: StepSpecification
) -> VariantPrograms:
    flux = ArenaArray("flux", len(table_rates.net_fluxes(structure)), "double")
    specification = replace(specification, moieties=(), scratch={"rhs": (flux,)})
    programs = (
        table_rates.spectral_bound_program(structure),
        table_rates.rhs_program(structure),
        stabilised.stabilised_step(specification),
    )
    return VariantPrograms(
        programs,
        tuple(stabilised.stabilised_arrays(specification)),
        np.array(stabilised.DENSE),
        0,  # the step counts them
        0,
    )


def _extrapolation(
    structure: MassActionStructure, plan: EliminationPlan, specification: StepSpecification
) -> VariantPrograms:
    n_columns = extrapolation.N_COLUMNS
    programs = (
        ma.rhs_program(structure, ma.Labels.numbered(structure)),
        ma.factor_program(structure, plan, "double"),
        extrapolation.solve_program(structure, plan),
        extrapolation.substep_program(structure, plan),
        extrapolation.extrapolation_step(specification),
    )
    return VariantPrograms(
        programs,
        tuple(extrapolation.extrapolation_arrays(specification)),
        NO_DENSE_OUTPUT,
        1 + n_columns * (n_columns - 1) // 2,  # the first substep of every column shares its own
        n_columns,
    )
