"""Right-hand side, Jacobian and first step of a large network, one trajectory at a time."""

from __future__ import annotations

from mtorsim.codegen.program import ArrayArgument, Index, Program, ProgramBuilder, Value, following
from mtorsim.codegen.table_driven import TableWriter, partials_of
from mtorsim.network.structure import MassActionStructure


def _begin(name: str, target: str, description: str) -> ProgramBuilder:
    arguments = (ArrayArgument(argument, "double") for argument in ("y", "k", target))
    return ProgramBuilder(name, *arguments, description=description)


def _scatter_changes(
    b: ProgramBuilder, tables: tuple[str, str, str], row: Index, *, value: Value, target: str
) -> None:
    """Add ``value`` times the coefficients of a sparse row to the places it names."""
    start, position, coefficient = tables
    with b.loop_between(b.entry(start, row), b.entry(start, following(row))) as term:
        place = b.entry(position, term)
        weight = b.coefficient(coefficient, term, "double")
        b.store(target, place, b.fma(weight, value, b.load(target, place)))


def _clear(b: ProgramBuilder, target: str, count: int) -> None:
    zero = b.constant(0.0, "double")
    with b.loop(count) as i:
        b.store(target, i, zero)


def rhs_program(structure: MassActionStructure) -> Program:
    """``rhs(y, k, f)``: f = dy/dt."""
    b = _begin("rhs", "f", "f = dy/dt at state y (nM) and rate constants k; nM/s.")
    writer = TableWriter(b, structure)
    _clear(b, "f", structure.n_species)
    for order in range(3):
        reactions = [
            r for r, reactants in enumerate(structure.reactants) if len(reactants) == order
        ]
        if not reactions:
            continue
        rates = b.table(f"order{order}_reaction", reactions)
        factors = [
            b.table(
                f"order{order}_reactant{place}", [structure.reactants[r][place] for r in reactions]
            )
            for place in range(order)
        ]
        changes = [[(i, float(c)) for i, c in structure.changes[r]] for r in reactions]
        rows = writer.sparse_rows(f"order{order}_change", changes)
        with b.loop(len(reactions)) as i:
            flux = b.load("k", b.entry(rates, i))
            for factor in factors:
                flux = flux * b.load("y", b.entry(factor, i))
            _scatter_changes(b, rows, i, value=flux, target="f")
    return b.build()


def _derivatives(
    b: ProgramBuilder, structure: MassActionStructure, *, target: str, diagonal_only: bool
) -> None:
    """Add every derivative of a flux to the entries of the Jacobian that it belongs to."""
    writer, n = TableWriter(b, structure), structure.n_species
    for name, is_coupled in (("simple", False), ("coupled", True)):
        partials = [p for p in partials_of(structure) if (p.other is not None) == is_coupled]
        if not partials:
            continue
        rates = b.table(f"{name}_reaction", [p.reaction for p in partials])
        others = b.table(f"{name}_other", [p.other or 0 for p in partials])
        places = [
            [
                (i if diagonal_only else i * n + p.species, float(change * p.multiplicity))
                for i, change in structure.changes[p.reaction]
                if not diagonal_only or i == p.species
            ]
            for p in partials
        ]
        rows = writer.sparse_rows(name, places)
        with b.loop(len(partials)) as i:
            value = b.load("k", b.entry(rates, i))
            if is_coupled:
                value = value * b.load("y", b.entry(others, i))
            _scatter_changes(b, rows, i, value=value, target=target)


def jacobian_program(structure: MassActionStructure) -> Program:
    """``jacobian(y, k, J)``: adds to the dense row-major Jacobian, which comes as zeros."""
    b = _begin("jacobian", "J", "J[i * n + j] += d(dy_i/dt)/dy_j, 1/s.")
    _derivatives(b, structure, target="J", diagonal_only=False)
    return b.build()


def first_step_program(structure: MassActionStructure) -> Program:
    """``first_step(y, k, h)``: h[0] = half the fastest time scale on the diagonal of J, s."""
    b = _begin("first_step", "h", "h[0] = 0.5 / max |J_ii|, s; h has a place for every species.")
    _clear(b, "h", structure.n_species)
    _derivatives(b, structure, target="h", diagonal_only=True)
    fastest = b.variable(b.constant(1e-300, "double"))
    with b.loop(structure.n_species) as i:
        fastest.set(b.maximum(b.absolute(b.load("h", i)), fastest.get()))
    b.store("h", 0, b.constant(0.5, "double") / fastest.get())
    return b.build()
