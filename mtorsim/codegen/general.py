"""The programs of a model with arbitrary rate laws: the counterparts of those in `mass_action`.

Notation as there, but ``k`` holds the inputs of the `LaneForm`. Inputs that can be negative, which
a solver does not take for rate constants, come as two numbers: how far above 0 and how far below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mtorsim.codegen.arena import StepSpecification
from mtorsim.codegen.explicit import explicit_arrays, explicit_step
from mtorsim.codegen.formula_writer import FormulaWriter
from mtorsim.codegen.mass_action import cached, solve_rows
from mtorsim.codegen.program import ArrayArgument, Program, ProgramBuilder, Value
from mtorsim.codegen.rosenbrock import rosenbrock_arrays, rosenbrock_step
from mtorsim.codegen.variant import NO_DENSE_OUTPUT, VariantPrograms
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS
from mtorsim.symbolic.elimination import EliminationPlan, plan_elimination
from mtorsim.symbolic.lane_form import LaneForm, jacobian_of


@dataclass(frozen=True)
class GeneralStructure:
    """What decides the machine code of a general model.

    Parameters
    ----------
    form : the formulas
    signed : inputs that can be negative, ascending; each has a second number, how far below 0
    """

    form: LaneForm
    signed: tuple[int, ...]

    @cached_property
    def jacobian(self) -> dict[tuple[int, int], int]:
        """(i, j) -> formula of d(rate i)/d(state j), where that is not zero."""
        return jacobian_of(self.form)

    @property
    def n_states(self) -> int:
        """Number of states."""
        return self.form.n_states

    @property
    def n_inputs(self) -> int:
        """Numbers that a trajectory takes besides its start; at least one."""
        return max(1, len(self.form.inputs) + len(self.signed))

    @property
    def n_species(self) -> int:
        """States, as a solver calls them."""
        return self.n_states

    @property
    def n_reactions(self) -> int:
        """Inputs, as a solver calls them."""
        return self.n_inputs

    def fingerprint(self) -> str:
        """Equal structures share machine code."""
        return f"{self.form.fingerprint()} {self.signed}"


def _begin(
    name: str, arrays: tuple[str, ...], structure: GeneralStructure, *, state: str = "y"
) -> tuple[ProgramBuilder, FormulaWriter]:
    """A program of float64 arrays, and what writes formulas into it."""
    b = ProgramBuilder(name, *(ArrayArgument(array, "double") for array in arrays))
    return b, FormulaWriter(b, structure.form.graph, slot=_loader(b, structure, state))


def _loader(b: ProgramBuilder, structure: GeneralStructure, state: str):  # type: ignore[no-untyped-def]
    n, n_inputs = structure.n_states, len(structure.form.inputs)
    below = {j: n_inputs + place for place, j in enumerate(structure.signed)}

    def load(slot: int) -> Value:
        if slot < n:
            return b.load(state, slot)
        value = b.load("k", slot - n)
        return value - b.load("k", below[slot - n]) if slot - n in below else value

    return cached(load)


def rhs_program(structure: GeneralStructure) -> Program:
    """``rhs(y, k, f)``: f = dy/dt."""
    b, writer = _begin("rhs", ("y", "k", "f"), structure)
    for i, rate in enumerate(structure.form.rates):
        b.store("f", i, writer.value(rate))
    return b.build()


def jacobian_program(structure: GeneralStructure) -> Program:
    """``jacobian(y, k, J)``: the non-zero entries of the dense row-major Jacobian."""
    b, writer = _begin("jacobian", ("y", "k", "J"), structure)
    for (i, j), entry in structure.jacobian.items():
        b.store("J", i * structure.n_states + j, writer.value(entry))
    return b.build()


def first_step_program(structure: GeneralStructure) -> Program:
    """``first_step(y, k, h)``: h = 1/20 of the fastest time scale on the diagonal of J."""
    b, writer = _begin("first_step", ("y", "k", "h"), structure)
    fastest = b.constant(1e-6, "double")  # without one, the first step is short of 5e4 time units
    for (i, j), entry in structure.jacobian.items():
        if i == j:
            fastest = b.maximum(b.absolute(writer.value(entry)), fastest)
    b.store("h", 0, b.constant(0.05, "double") / fastest)
    return b.build()


def factor_program(structure: GeneralStructure, plan: EliminationPlan) -> Program:
    """``factor(y, k, shift, lu)``: L D U of ``shift I - J``, pivots stored as reciprocals."""
    b, writer = _begin("factor", ("y", "k", "shift", "lu"), structure)
    jacobian, shift = structure.jacobian, b.load("shift", 0)
    values: list[Value] = []
    reciprocal_pivot: dict[int, Value] = {}
    for p, ((i, j), updates) in enumerate(zip(plan.entries, plan.updates(), strict=True)):
        entry = jacobian.get((plan.order[i], plan.order[j]))
        value = b.total([shift] if i == j else [], [] if entry is None else [writer.value(entry)])
        for lower, upper in updates:
            if value is None:
                value = -(values[lower] * values[upper])
            else:
                value = b.fnma(values[lower], values[upper], value)
        assert value is not None  # the plan stores no entry that is always zero
        if j < i:
            value = value * reciprocal_pivot[j]
        elif j == i:
            value = reciprocal_pivot[i] = b.constant(1.0, "double") / value
        values.append(value)
        b.store("lu", p, value * reciprocal_pivot[i] if j > i else value)
    return b.build()


def first_stage_program(structure: GeneralStructure, plan: EliminationPlan) -> Program:
    """``first_stage(y, k, lu, f, u)``: f = dy/dt and u = M^-1 f."""
    b, writer = _begin("first_stage", ("y", "k", "lu", "f", "u"), structure)

    def right_hand_side(state: int) -> Value:
        value = writer.value(structure.form.rates[state])
        b.store("f", state, value)
        return value

    for i, value in enumerate(solve_rows(b, plan, right_hand_side)):
        b.store("u", plan.order[i], value)
    return b.build()


def stage_program(structure: GeneralStructure, plan: EliminationPlan) -> Program:
    """``stage(a, g, k, lu, u)``: u = M^-1 (f(a) + g), a the state at the stage."""
    b, writer = _begin("stage", ("a", "g", "k", "lu", "u"), structure, state="a")

    def right_hand_side(state: int) -> Value:
        return b.load("g", state) + writer.value(structure.form.rates[state])

    for i, value in enumerate(solve_rows(b, plan, right_hand_side)):
        b.store("u", plan.order[i], value)
    return b.build()


def write_general_variant(structure: GeneralStructure, method: str) -> VariantPrograms:
    """The programs of a method, in float64."""
    plan = plan_elimination(structure.n_states, structure.jacobian)
    specification = StepSpecification(
        n_species=structure.n_states,
        n_reactions=structure.n_inputs,
        n_factor=plan.n_entries,
        precision="double",
        increment_form=False,
    )
    if method in EXPLICIT_TABLEAUS:
        explicit = EXPLICIT_TABLEAUS[method]
        return VariantPrograms(
            (rhs_program(structure), explicit_step(specification, explicit)),
            tuple(explicit_arrays(specification, explicit)),
            np.array(explicit.dense),
            explicit.n_stages,
            0,
        )
    tableau = ROSENBROCK_TABLEAUS[method]
    return VariantPrograms(
        (
            factor_program(structure, plan),
            first_stage_program(structure, plan),
            stage_program(structure, plan),
            rosenbrock_step(specification, tableau),
        ),
        tuple(rosenbrock_arrays(specification, tableau)),
        NO_DENSE_OUTPUT,
        tableau.n_stages,
        1,
    )
