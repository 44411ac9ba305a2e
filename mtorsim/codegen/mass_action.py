"""The programs of a mass-action network: right-hand side, Jacobian, factorisation, stage solves.

Notation: ``y`` state, ``k`` rate constants, ``f = dy/dt``, ``J`` its Jacobian and
``M = shift I - J`` the iteration matrix, factored as ``L D U`` in the order of `EliminationPlan`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from mtorsim.codegen.program import (
    ArrayArgument,
    Precision,
    Program,
    ProgramBuilder,
    Value,
)
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.elimination import EliminationPlan

Load = Callable[[int], Value]


@dataclass(frozen=True, slots=True)
class Labels:
    """Names for the comments of printed programs; they have no meaning to the machine."""

    species: tuple[str, ...]
    reactions: tuple[str, ...]

    @classmethod
    def numbered(cls, structure: MassActionStructure) -> Labels:
        """Names for a network that has none."""
        return cls(
            tuple(f"y[{i}]" for i in range(structure.n_species)),
            tuple(f"reaction {r}" for r in range(structure.n_reactions)),
        )


@dataclass(frozen=True, slots=True)
class NetFlux:
    """Reactions with the same or the opposite effect on species: their rates are added first."""

    changes: tuple[tuple[int, int], ...]
    forward: tuple[int, ...]
    backward: tuple[int, ...]


def net_fluxes(structure: MassActionStructure, *, order: int | None = None) -> list[NetFlux]:
    """Group reactions by net effect; with ``order`` only those of that many reactants."""
    groups: dict[tuple[tuple[int, int], ...], tuple[list[int], list[int]]] = {}
    for r, changes in enumerate(structure.changes):
        if not changes or (order is not None and len(structure.reactants[r]) != order):
            continue
        opposite = tuple((i, -change) for i, change in changes)
        if opposite in groups:
            groups[opposite][1].append(r)
        else:
            groups.setdefault(changes, ([], []))[0].append(r)
    return [NetFlux(key, tuple(f), tuple(b)) for key, (f, b) in groups.items()]


def cached(load: Load) -> Load:
    """Load each element once."""
    values: dict[int, Value] = {}

    def load_once(index: int) -> Value:
        if index not in values:
            values[index] = load(index)
        return values[index]

    return load_once


class FluxWriter:
    """Writes the terms of ``dy/dt = N v`` into a program, each flux where it is first needed."""

    def __init__(
        self,
        builder: ProgramBuilder,
        structure: MassActionStructure,
        *,
        y: Load,
        k: Load,
        order: int | None = None,
    ) -> None:
        self.builder, self.structure, self.y, self.k = builder, structure, y, k
        self.fluxes = net_fluxes(structure, order=order)
        self._values: dict[int, Value] = {}
        self.terms: list[list[tuple[int, int]]] = [[] for _ in range(structure.n_species)]
        for number, flux in enumerate(self.fluxes):
            for i, change in flux.changes:
                self.terms[i].append((number, change))

    def _rate(self, r: int) -> Value:
        rate = self.k(r)
        for i in self.structure.reactants[r]:
            rate = rate * self.y(i)
        return rate

    def flux(self, number: int) -> Value:
        """The net rate of a group of reactions."""
        if number not in self._values:
            flux = self.fluxes[number]
            total = self.builder.total(
                [self._rate(r) for r in flux.forward], [self._rate(r) for r in flux.backward]
            )
            assert total is not None  # a group holds at least one reaction
            self._values[number] = total
        return self._values[number]

    def add_to(self, total: Value | None, species: int) -> Value | None:
        """``total`` plus the rate of change of a species; None where both are nothing."""
        # gains before losses, so that a sum does not start with a negation
        for number, change in sorted(self.terms[species], key=lambda term: term[1] < 0):
            flux = self.flux(number)
            for _ in range(abs(change)):
                if total is None:
                    total = flux if change > 0 else -flux
                else:
                    total = total + flux if change > 0 else total - flux
        return total


def rhs_program(structure: MassActionStructure, labels: Labels) -> Program:
    """``rhs(y, k, f)``: f = dy/dt."""
    b = ProgramBuilder(
        "rhs",
        ArrayArgument("y", "double"),
        ArrayArgument("k", "double"),
        ArrayArgument("f", "double"),
        description="f = dy/dt at state y (nM) and rate constants k; nM/s.",
    )
    writer = FluxWriter(b, structure, y=lambda i: b.load("y", i), k=lambda r: b.load("k", r))
    for number, flux in enumerate(writer.fluxes):
        names = [labels.reactions[r] for r in flux.forward]
        names += [f"- {labels.reactions[r]}" for r in flux.backward]
        b.comment(f"flux of {', '.join(names)}")
        writer.flux(number)
    for i in range(structure.n_species):
        b.comment(f"d {labels.species[i]} / dt")
        total = writer.add_to(None, i)
        b.store("f", i, b.constant(0.0, "double") if total is None else total)
    return b.build()


class JacobianWriter:
    """Writes entries of the Jacobian as sums of the partial derivatives of the fluxes."""

    def __init__(
        self, builder: ProgramBuilder, structure: MassActionStructure, *, y: Load, k: Load
    ) -> None:
        self.builder, self.structure, self.y, self.k = builder, structure, y, k
        self._partials: dict[tuple[int, int], Value] = {}
        self.terms: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for r, reactants in enumerate(structure.reactants):
            for j in sorted(set(reactants)):
                for i, change in structure.changes[r]:
                    self.terms.setdefault((i, j), []).append((r, change))

    def _partial(self, r: int, j: int) -> Value:
        """dv_r / dy_j."""
        if (r, j) not in self._partials:
            multiplicity = Counter(self.structure.reactants[r])
            value = self.k(r)
            if multiplicity[j] > 1:
                value = value * float(multiplicity[j])
            multiplicity[j] -= 1
            for i in multiplicity.elements():
                value = value * self.y(i)
            self._partials[r, j] = value
        return self._partials[r, j]

    def partials(self, i: int, j: int) -> tuple[list[Value], list[Value]]:
        """Positive and negative terms of J_ij; a term stands as often as it counts."""
        plus: list[Value] = []
        minus: list[Value] = []
        for r, change in self.terms.get((i, j), []):
            (plus if change > 0 else minus).extend([self._partial(r, j)] * abs(change))
        return plus, minus


def jacobian_program(structure: MassActionStructure, labels: Labels) -> Program:
    """``jacobian(y, k, J)``: the non-zero entries of the dense row-major Jacobian."""
    b = ProgramBuilder(
        "jacobian",
        ArrayArgument("y", "double"),
        ArrayArgument("k", "double"),
        ArrayArgument("J", "double"),
        description="J[i * n + j] = d(dy_i/dt)/dy_j, 1/s; entries that are always zero stay.",
    )
    writer = JacobianWriter(
        b, structure, y=cached(lambda i: b.load("y", i)), k=cached(lambda r: b.load("k", r))
    )
    for i, j in sorted(writer.terms):
        total = b.total(*writer.partials(i, j))
        b.comment(f"d(d {labels.species[i]} / dt) / d {labels.species[j]}")
        assert total is not None  # only entries with terms are visited
        b.store("J", i * structure.n_species + j, total)
    return b.build()


def first_step_program(structure: MassActionStructure) -> Program:
    """``first_step(y, k, h)``: h = half the fastest time scale on the diagonal of J, s."""
    b = ProgramBuilder(
        "first_step",
        ArrayArgument("y", "double"),
        ArrayArgument("k", "double"),
        ArrayArgument("h", "double"),
        description="h[0] = 0.5 / max |J_ii|, s.",
    )
    writer = JacobianWriter(
        b, structure, y=cached(lambda i: b.load("y", i)), k=cached(lambda r: b.load("k", r))
    )
    fastest = b.constant(1e-300, "double")
    for i in range(structure.n_species):
        total = b.total(*writer.partials(i, i))
        if total is not None:
            fastest = b.maximum(b.absolute(total), fastest)
    b.store("h", 0, b.constant(0.5, "double") / fastest)
    return b.build()


def factor_program(
    structure: MassActionStructure, plan: EliminationPlan, precision: Precision
) -> Program:
    """``factor(y, k, shift, lu)``: L D U of ``shift I - J``, pivots stored as reciprocals.

    U is stored divided by its pivots, so that the pivots are off the critical path of a solve.
    """
    b = ProgramBuilder(
        "factor",
        ArrayArgument("y", precision),
        ArrayArgument("k", precision),
        ArrayArgument("shift", precision),
        ArrayArgument("lu", precision),
        description="Factors shift I - J into lu, in elimination order.",
    )
    writer = JacobianWriter(
        b, structure, y=cached(lambda i: b.load("y", i)), k=cached(lambda r: b.load("k", r))
    )
    shift = b.load("shift", 0)
    entry_values: list[Value] = []
    reciprocal_pivot: dict[int, Value] = {}
    for p, ((i, j), updates) in enumerate(zip(plan.entries, plan.updates(), strict=True)):
        plus, minus = writer.partials(plan.order[i], plan.order[j])
        value = b.total([*([shift] if i == j else []), *minus], plus)
        for lower, upper in updates:
            if value is None:
                value = -(entry_values[lower] * entry_values[upper])
            else:
                value = b.fnma(entry_values[lower], entry_values[upper], value)
        assert value is not None  # the plan stores no entry that is always zero
        if j < i:
            value = value * reciprocal_pivot[j]
        elif j == i:
            value = b.constant(1.0, precision) / value
            reciprocal_pivot[i] = value
        entry_values.append(value)
        b.store("lu", p, value * reciprocal_pivot[i] if j > i else value)
    return b.build()


def solve_rows(
    b: ProgramBuilder, plan: EliminationPlan, right_hand_side: Callable[[int], Value | None]
) -> list[Value]:
    """Write ``x = M^-1 b``; ``right_hand_side`` gives b of a species, x is in elimination order."""
    precision = b.precision_of("lu")
    rows = plan.rows
    x: list[Value] = []
    for i, species in enumerate(plan.order):
        value = right_hand_side(species)
        value = b.constant(0.0, precision) if value is None else b.convert(value, precision)
        for j in rows[i]:
            if j < i:
                value = b.fnma(b.load("lu", plan.position[i, j]), x[j], value)
        x.append(value)
    for i in reversed(range(len(x))):
        value = x[i] * b.load("lu", plan.position[i, i])
        for j in reversed(rows[i]):
            if j > i:
                value = b.fnma(b.load("lu", plan.position[i, j]), x[j], value)
        x[i] = value
    return x


def first_stage_program(
    structure: MassActionStructure, plan: EliminationPlan, precision: Precision
) -> Program:
    """``first_stage(y, k, lu, f, u)``: f = dy/dt in float64, kept as ``precision``; u = M^-1 f."""
    b = ProgramBuilder(
        "first_stage",
        ArrayArgument("y", "double"),
        ArrayArgument("k", "double"),
        ArrayArgument("lu", precision),
        ArrayArgument("f", precision),
        ArrayArgument("u", precision),
        description="f = dy/dt and u = M^-1 f.",
    )
    writer = FluxWriter(
        b, structure, y=cached(lambda i: b.load("y", i)), k=cached(lambda r: b.load("k", r))
    )

    def right_hand_side(species: int) -> Value:
        total = writer.add_to(None, species)
        value = b.constant(0.0, precision) if total is None else b.convert(total, precision)
        b.store("f", species, value)
        return value

    for i, value in enumerate(solve_rows(b, plan, right_hand_side)):
        b.store("u", plan.order[i], value)
    return b.build()


def increment_stage_program(
    structure: MassActionStructure, plan: EliminationPlan, precision: Precision
) -> Program:
    """``stage(a, g, k, lu, u)``: u = M^-1 (g + B(a, a)) - a, B the bimolecular part.

    With at most two reactants ``f(y + a) = f(y) + J a + B(a, a)`` exactly, so the stage equation
    ``M u = f(y + a) + sum(c_j u_j) / h`` needs no J a once ``g`` holds f(y) and the combination
    ``sum((c_j + a_j / gamma) u_j) / h``.
    """
    b = ProgramBuilder(
        "stage",
        ArrayArgument("a", precision),
        ArrayArgument("g", precision),
        ArrayArgument("k", precision),
        ArrayArgument("lu", precision),
        ArrayArgument("u", precision),
        description="u = M^-1 (g + B(a, a)) - a, with B the bimolecular part of dy/dt.",
    )
    increment = cached(lambda i: b.load("a", i))
    writer = FluxWriter(b, structure, y=increment, k=cached(lambda r: b.load("k", r)), order=2)

    def right_hand_side(species: int) -> Value | None:
        return writer.add_to(b.load("g", species), species)

    for i, value in enumerate(solve_rows(b, plan, right_hand_side)):
        b.store("u", plan.order[i], value - increment(plan.order[i]))
    return b.build()


def state_stage_program(structure: MassActionStructure, plan: EliminationPlan) -> Program:
    """``stage(a, g, k, lu, u)``: u = M^-1 (f(a) + g), for reactions of any order; float64."""
    b = ProgramBuilder(
        "stage",
        *(ArrayArgument(name, "double") for name in ("a", "g", "k", "lu", "u")),
        description="u = M^-1 (f(a) + g), a the state at the stage.",
    )
    writer = FluxWriter(
        b,
        structure,
        y=cached(lambda i: b.load("a", i)),
        k=cached(lambda r: b.load("k", r)),
    )

    def right_hand_side(species: int) -> Value | None:
        return writer.add_to(b.load("g", species), species)

    for i, value in enumerate(solve_rows(b, plan, right_hand_side)):
        b.store("u", plan.order[i], value)
    return b.build()
