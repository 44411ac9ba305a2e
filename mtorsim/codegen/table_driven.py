"""The programs of a large network as loops over tables.

Straight-line code of a network with hundreds of densely coupled species is too long to compile and
to run from the instruction cache. These programs do the same arithmetic, in the same order of
elimination, with the structure as constant tables. They serve networks of at most two reactants a
reaction; notation as in `mass_action`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mtorsim.codegen.program import (
    ArrayArgument,
    Index,
    Precision,
    Program,
    ProgramBuilder,
    Value,
    following,
)
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.elimination import EliminationPlan

Term = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Partial:
    """A derivative dv_r/dy_j that is k_r, or k_r times one more amount."""

    reaction: int
    species: int
    other: int | None
    multiplicity: int


def partials_of(structure: MassActionStructure) -> list[Partial]:
    """Every derivative of a flux, those without another amount first."""
    partials = []
    for r, reactants in enumerate(structure.reactants):
        if len(reactants) == 1:
            partials.append(Partial(r, reactants[0], None, 1))
        elif len(reactants) == 2:
            first, second = reactants
            if first == second:
                partials.append(Partial(r, first, first, 2))
            else:
                partials.append(Partial(r, first, second, 1))
                partials.append(Partial(r, second, first, 1))
    return sorted(partials, key=lambda partial: partial.other is not None)


class TableWriter:
    """Writes the loops that the programs share."""

    def __init__(self, builder: ProgramBuilder, structure: MassActionStructure) -> None:
        self.builder, self.structure = builder, structure

    def starts(self, name: str, lists: Sequence[Sequence[object]]) -> str:
        """A table of where each list starts in all of them put together."""
        return self.builder.table(name, list(accumulate(map(len, lists), initial=0)))

    def sparse_rows(self, name: str, rows: Sequence[Sequence[Term]]) -> tuple[str, str, str]:
        """Tables of sparse rows: starts, positions, coefficients."""
        b = self.builder
        terms = [term for row in rows for term in row]
        return (
            self.starts(f"{name}_start", rows),
            b.table(f"{name}_position", [position for position, _ in terms]),
            b.coefficient_table(f"{name}_coefficient", [weight for _, weight in terms]),
        )

    def sum_row(
        self, tables: tuple[str, str, str], array: str, *, row: Index, initial: Value
    ) -> Value:
        """``initial`` plus the weighted elements of ``array`` that a sparse row names."""
        b = self.builder
        start, position, coefficient = tables
        total = b.variable(initial)
        with b.loop_between(b.entry(start, row), b.entry(start, following(row))) as term:
            weight = b.coefficient(coefficient, term, initial.precision)
            total.set(b.fma(weight, b.load(array, b.entry(position, term)), total.get()))
        return total.get()

    def fluxes(self, y: str, k: str, v: str, *, orders: Sequence[int]) -> list[int]:
        """Write the fluxes of all reactions of these orders into ``v``; returns which, in order."""
        b = self.builder
        written: list[int] = []
        for order in orders:
            reactions = [
                r for r, reactants in enumerate(self.structure.reactants) if len(reactants) == order
            ]
            if not reactions:
                continue
            rates = b.table(f"order{order}_reaction", reactions)
            factors = [
                b.table(
                    f"order{order}_reactant{place}",
                    [self.structure.reactants[r][place] for r in reactions],
                )
                for place in range(order)
            ]
            with b.loop(len(reactions)) as i:
                flux = b.load(k, b.entry(rates, i))
                for factor in factors:
                    flux = flux * b.load(y, b.entry(factor, i))
                b.store(v, Index(len(written), i.loop), flux)
            written += reactions
        return written

    def partials(self, y: str, k: str, target: str) -> list[Partial]:
        """Write all derivatives of the fluxes into ``target``."""
        b = self.builder
        partials = partials_of(self.structure)
        simple = [partial for partial in partials if partial.other is None]
        coupled = [partial for partial in partials if partial.other is not None]
        if simple:
            rates = b.table("simple_reaction", [partial.reaction for partial in simple])
            with b.loop(len(simple)) as i:
                b.store(target, i, b.load(k, b.entry(rates, i)))
        if coupled:
            rates = b.table("coupled_reaction", [partial.reaction for partial in coupled])
            others = b.table("coupled_other", [partial.other or 0 for partial in coupled])
            with b.loop(len(coupled)) as i:
                value = b.load(k, b.entry(rates, i)) * b.load(y, b.entry(others, i))
                b.store(target, Index(len(simple), i.loop), value)
        return partials


def species_terms(structure: MassActionStructure, reactions: Sequence[int]) -> list[list[Term]]:
    """Per species the places in ``reactions`` of those that change it, and by how much."""
    terms: list[list[Term]] = [[] for _ in range(structure.n_species)]
    for place, r in enumerate(reactions):
        for i, change in structure.changes[r]:
            terms[i].append((place, float(change)))
    return terms


class FactorTables:
    """The pattern of the factors as tables."""

    def __init__(self, b: ProgramBuilder, plan: EliminationPlan) -> None:
        self.builder = b
        self.start = b.table("row_start", plan.row_start.tolist())
        self.column = b.table("column", plan.column.tolist())
        self.pivot = b.table("pivot", plan.pivot.tolist())

    def bounds(self, row: Index) -> tuple[Index, Index, Index]:
        """First entry, pivot and end of a row."""
        b = self.builder
        return (
            b.entry(self.start, row),
            b.entry(self.pivot, row),
            b.entry(self.start, following(row)),
        )


def write_solve(
    b: ProgramBuilder, plan: EliminationPlan, right_hand_side: Callable[[Index, Index], Value]
) -> str:
    """Write ``x = M^-1 b`` into the array ``x``, in elimination order; returns the order's table.

    ``right_hand_side`` is given row and species.
    """
    tables = FactorTables(b, plan)
    order = b.table("order", plan.order)
    n = len(plan.order)
    precision = b.precision_of("lu")
    with b.loop(n) as i:
        begin, pivot, _ = tables.bounds(i)
        total = b.variable(b.convert(right_hand_side(i, b.entry(order, i)), precision))
        with b.loop_between(begin, pivot) as e:
            known = b.load("x", b.entry(tables.column, e))
            total.set(b.fnma(b.load("lu", e), known, total.get()))
        b.store("x", i, total.get())
    with b.loop_down(n) as i:
        _, pivot, end = tables.bounds(i)
        total = b.variable(b.load("x", i))
        with b.loop_between(following(pivot), end) as e:
            known = b.load("x", b.entry(tables.column, e))
            total.set(b.fnma(b.load("lu", e), known, total.get()))
        b.store("x", i, total.get() * b.load("lu", pivot))
    return order


def first_stage_program(
    structure: MassActionStructure, plan: EliminationPlan, precision: Precision
) -> Program:
    """``first_stage(y, k, lu, f, u, flux, x)``: f = dy/dt in float64; u = M^-1 f."""
    b = ProgramBuilder(
        "first_stage",
        ArrayArgument("y", "double"),
        ArrayArgument("k", "double"),
        ArrayArgument("lu", precision),
        ArrayArgument("f", precision),
        ArrayArgument("u", precision),
        ArrayArgument("flux", "double"),
        ArrayArgument("x", precision),
    )
    writer = TableWriter(b, structure)
    reactions = writer.fluxes("y", "k", "flux", orders=(0, 1, 2))
    rows = writer.sparse_rows("species", species_terms(structure, reactions))
    zero = b.constant(0.0, "double")

    def right_hand_side(_: Index, species: Index) -> Value:
        rate = writer.sum_row(rows, "flux", row=species, initial=zero)
        b.store("f", species, rate)
        return rate

    order = write_solve(b, plan, right_hand_side)
    with b.loop(structure.n_species) as i:
        b.store("u", b.entry(order, i), b.load("x", i))
    return b.build()


def stage_program(
    structure: MassActionStructure, plan: EliminationPlan, precision: Precision
) -> Program:
    """``stage(a, g, k, lu, u, flux, x)``: u = M^-1 (g + B(a, a)) - a, B the bimolecular part."""
    names = ("a", "g", "k", "lu", "u", "flux", "x")
    b = ProgramBuilder("stage", *(ArrayArgument(name, precision) for name in names))
    writer = TableWriter(b, structure)
    reactions = writer.fluxes("a", "k", "flux", orders=(2,))
    rows = writer.sparse_rows("species", species_terms(structure, reactions))

    def right_hand_side(_: Index, species: Index) -> Value:
        return writer.sum_row(rows, "flux", row=species, initial=b.load("g", species))

    order = write_solve(b, plan, right_hand_side)
    with b.loop(structure.n_species) as i:
        species = b.entry(order, i)
        b.store("u", species, b.load("x", i) - b.load("a", species))
    return b.build()
