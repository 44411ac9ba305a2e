"""The right-hand side of a large network for an explicit method, and a bound of its Jacobian.

Reactions that undo each other are one net flux, and changes by one are sums and differences of
fluxes without coefficients: most of the time goes into fetching numbers, not into arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtorsim.codegen.program import ArrayArgument, Index, Program, ProgramBuilder, Value, following
from mtorsim.codegen.table_driven import TableWriter, partials_of
from mtorsim.network.structure import MassActionStructure

Changes = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class NetFlux:
    """Reactions with the same changes, up to sign: ``forward`` and, if any, ``backward``."""

    changes: Changes
    forward: int
    backward: int | None


def net_fluxes(structure: MassActionStructure) -> list[NetFlux]:
    """All reactions that change anything, each with one that undoes it where there is one.

    Those whose sides have the same numbers of reactants stand together.
    """
    waiting: dict[Changes, list[tuple[int, int]]] = {}
    found: list[NetFlux] = []
    for r, changes in enumerate(structure.changes):
        if not changes:
            continue
        opposite = waiting.get(tuple((i, -change) for i, change in changes))
        if opposite:
            place, forward = opposite.pop()
            found[place] = NetFlux(found[place].changes, forward, r)
        else:
            waiting.setdefault(changes, []).append((len(found), r))
            found.append(NetFlux(changes, r, None))
    return sorted(found, key=lambda flux: _orders(structure, flux))


def _orders(structure: MassActionStructure, flux: NetFlux) -> tuple[int, int]:
    """Numbers of reactants forward and backward, -1 where there is no way back."""
    reactants = structure.reactants
    backward = -1 if flux.backward is None else len(reactants[flux.backward])
    return len(reactants[flux.forward]), backward


def rhs_program(structure: MassActionStructure) -> Program:
    """``rhs(y, k, f, flux)``: f = dy/dt; ``flux`` holds the net fluxes."""
    names = ("y", "k", "f", "flux")
    b = ProgramBuilder(
        "rhs",
        *(ArrayArgument(name, "double") for name in names),
        description="f = dy/dt at state y and rate constants k.",
    )
    fluxes = net_fluxes(structure)
    classes: dict[tuple[int, int], list[NetFlux]] = {}
    for flux in fluxes:
        classes.setdefault(_orders(structure, flux), []).append(flux)
    first = 0
    for members in classes.values():
        _write_fluxes(b, structure, members, first=first)
        first += len(members)
    _write_sums(b, structure, fluxes)
    return b.build()


def _write_fluxes(
    b: ProgramBuilder, structure: MassActionStructure, members: Sequence[NetFlux], *, first: int
) -> None:
    """Write net fluxes with the same numbers of reactants to ``flux``, from place ``first`` on."""
    forward = [flux.forward for flux in members]
    backward = [flux.backward for flux in members if flux.backward is not None]
    tables = [
        _product_tables(b, structure, reactions, name=f"{direction}{first}")
        for direction, reactions in (("forward", forward), ("backward", backward))
        if reactions
    ]
    with b.loop(len(members)) as i:
        products = [_product(b, names, i) for names in tables]
        net = products[0] if len(products) == 1 else products[0] - products[1]
        b.store("flux", Index(first, i.loop), net)


def _product_tables(
    b: ProgramBuilder, structure: MassActionStructure, reactions: Sequence[int], *, name: str
) -> list[str]:
    """Tables of the rate constant and of each reactant of reactions of one order."""
    order = len(structure.reactants[reactions[0]])
    return [
        b.table(f"{name}_reaction", reactions),
        *(
            b.table(f"{name}_reactant{place}", [structure.reactants[r][place] for r in reactions])
            for place in range(order)
        ),
    ]


def _product(b: ProgramBuilder, tables: Sequence[str], i: Index) -> Value:
    rate, *reactants = tables
    value = b.load("k", b.entry(rate, i))
    for reactant in reactants:
        value = value * b.load("y", b.entry(reactant, i))
    return value


def _write_sums(
    b: ProgramBuilder, structure: MassActionStructure, fluxes: Sequence[NetFlux]
) -> None:
    """Add up the net fluxes of each species; one that counts twice stands twice."""
    gains: list[list[int]] = [[] for _ in range(structure.n_species)]
    losses: list[list[int]] = [[] for _ in range(structure.n_species)]
    for place, flux in enumerate(fluxes):
        for species, change in flux.changes:
            (gains if change > 0 else losses)[species].extend([place] * abs(change))
    writer = TableWriter(b, structure)
    tables = [
        (writer.starts(f"{name}_start", lists), b.table(name, [p for row in lists for p in row]))
        for name, lists in (("gain", gains), ("loss", losses))
    ]
    with b.loop(structure.n_species) as i:
        total = b.variable(b.constant(0.0, "double"))
        for sign, (start, places) in zip((1, -1), tables, strict=True):
            with b.loop_between(b.entry(start, i), b.entry(start, following(i))) as term:
                rate = b.load("flux", b.entry(places, term))
                total.set(total.get() + rate if sign > 0 else total.get() - rate)
        b.store("f", i, total.get())


def spectral_bound_program(structure: MassActionStructure) -> Program:
    """``spectral_bound(y, k, bound)``: bound[0] >= the size of every eigenvalue of J, 1/s.

    The largest sum of absolute values in a column (Gershgorin), each flux counted by itself.
    """
    b = ProgramBuilder(
        "spectral_bound", *(ArrayArgument(name, "double") for name in ("y", "k", "bound"))
    )
    writer, n = TableWriter(b, structure), structure.n_species
    simple: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    coupled: list[list[tuple[int, int, float]]] = [[] for _ in range(n)]
    for partial in partials_of(structure):
        size = sum(abs(change) for _, change in structure.changes[partial.reaction])
        weight = float(size * partial.multiplicity)
        if partial.other is None:
            simple[partial.species].append((partial.reaction, weight))
        else:
            coupled[partial.species].append((partial.reaction, partial.other, weight))
    first_order = writer.sparse_rows("simple", simple)
    second_order = writer.sparse_rows("coupled", [[(r, w) for r, _, w in row] for row in coupled])
    other = b.table("other", [amount for row in coupled for _, amount, _ in row])
    largest = b.variable(b.constant(1e-300, "double"))
    with b.loop(n) as i:
        total = b.variable(
            writer.sum_row(first_order, "k", row=i, initial=b.constant(0.0, "double"))
        )
        start, reaction, coefficient = second_order
        with b.loop_between(b.entry(start, i), b.entry(start, following(i))) as term:
            amount = b.absolute(b.load("y", b.entry(other, term)))
            rate = amount * b.load("k", b.entry(reaction, term))
            total.set(b.fma(b.coefficient(coefficient, term, "double"), rate, total.get()))
        largest.set(b.maximum(total.get(), largest.get()))
    b.store("bound", 0, largest.get())
    return b.build()
