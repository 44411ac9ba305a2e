"""The factorisation of a large network as loops over tables.

Rows are eliminated one by one (Gustavson 1978). Where four pivots in a row have the same entries to
their right, as most of a filled-in matrix has, their multiples are taken from a row together: it is
then read and written once instead of four times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from mtorsim.codegen.program import (
    ArrayArgument,
    Index,
    Precision,
    Program,
    ProgramBuilder,
    Value,
    following,
)
from mtorsim.codegen.table_driven import FactorTables, TableWriter
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.elimination import EliminationPlan

#: pivots taken together
TOGETHER = 4


def factor_program(
    structure: MassActionStructure, plan: EliminationPlan, precision: Precision
) -> Program:
    """``factor(y, k, shift, lu, partial, row)``: L U of ``shift I - J``, row by row.

    Pivots are stored as reciprocals, U as it is. ``row`` holds one row of the matrix while it is
    eliminated.
    """
    names = ("y", "k", "shift", "lu", "partial", "row")
    b = ProgramBuilder("factor", *(ArrayArgument(name, precision) for name in names))
    writer = TableWriter(b, structure)
    terms = _MatrixTerms.of(writer, plan)
    pattern, blocks = FactorTables(b, plan), _BlockTables.of(writer, plan)
    one = b.constant(1.0, precision)
    with b.loop(structure.n_species) as row:
        begin, pivot, end = pattern.bounds(row)
        with b.loop_between(begin, end) as e:
            b.store("row", b.entry(pattern.column, e), b.constant(0.0, precision))
        terms.add_row(b, row, precision)
        with b.loop_between(
            b.entry(blocks.of_row, row), b.entry(blocks.of_row, following(row))
        ) as block:
            with b.loop_between(*blocks.singles(b, block)) as single:
                _eliminate_one(b, pattern, b.entry(blocks.single, single))
            with b.loop_between(*blocks.fours(b, block)) as four:
                _eliminate_four(b, pattern, b.entry(blocks.four, four))
        b.store("lu", pivot, one / b.load("row", row))
        with b.loop_between(following(pivot), end) as e:
            b.store("lu", e, b.load("row", b.entry(pattern.column, e)))
    return b.build()


@dataclass(frozen=True, slots=True)
class _MatrixTerms:
    """Names of tables: per row the columns, partial derivatives and weights of its terms."""

    start: str
    column: str
    partial: str
    weight: str

    @classmethod
    def of(cls, writer: TableWriter, plan: EliminationPlan) -> _MatrixTerms:
        """Write the partial derivatives, and the tables of where they belong."""
        b, structure = writer.builder, writer.structure
        row_of_species = {species: row for row, species in enumerate(plan.order)}
        terms: list[list[tuple[int, int, float]]] = [[] for _ in plan.order]
        for number, partial in enumerate(writer.partials("y", "k", "partial")):
            for i, change in structure.changes[partial.reaction]:
                weight = -float(change * partial.multiplicity)
                terms[row_of_species[i]].append((row_of_species[partial.species], number, weight))
        flat = [term for row in terms for term in row]
        return cls(
            writer.starts("term_start", terms),
            b.table("term_column", [column for column, _, _ in flat]),
            b.table("term_partial", [number for _, number, _ in flat]),
            b.coefficient_table("term_weight", [weight for _, _, weight in flat]),
        )

    def add_row(self, b: ProgramBuilder, row: Index, precision: Precision) -> None:
        """Add a row of ``shift I - J`` to the array ``row``."""
        start, end = b.entry(self.start, row), b.entry(self.start, following(row))
        with b.loop_between(start, end) as term:
            place = b.entry(self.column, term)
            value = b.load("partial", b.entry(self.partial, term))
            weight = b.coefficient(self.weight, term, precision)
            b.store("row", place, b.fma(weight, value, b.load("row", place)))
        b.store("row", row, b.load("row", row) + b.load("shift", 0))


@dataclass(frozen=True, slots=True)
class _BlockTables:
    """Names of tables: the pivots that reach each row, in order, one by one or four at once.

    A row has blocks, and a block has single pivots followed by fours; ``single`` and ``four`` tell
    where the multiple of a pivot, or of the first of four, is stored.
    """

    of_row: str
    single_start: str
    single: str
    four_start: str
    four: str

    @classmethod
    def of(cls, writer: TableWriter, plan: EliminationPlan) -> _BlockTables:
        """Write the tables."""
        b = writer.builder
        blocks = [list(_blocks(row)) for row in _steps(plan)]
        flat = [block for row in blocks for block in row]
        singles, fours = [s for s, _ in flat], [f for _, f in flat]
        return cls(
            b.table("block", list(accumulate(map(len, blocks), initial=0))),
            writer.starts("single_start", singles),
            b.table("single", [entry for block in singles for entry in block]),
            writer.starts("four_start", fours),
            b.table("four", [entry for block in fours for entry in block]),
        )

    def singles(self, b: ProgramBuilder, block: Index) -> tuple[Index, Index]:
        """Bounds of a block's single pivots."""
        return b.entry(self.single_start, block), b.entry(self.single_start, following(block))

    def fours(self, b: ProgramBuilder, block: Index) -> tuple[Index, Index]:
        """Bounds of a block's fours."""
        return b.entry(self.four_start, block), b.entry(self.four_start, following(block))


def _steps(plan: EliminationPlan) -> Iterator[list[tuple[int, int]]]:
    """Per row the pivots that reach it: where the first multiple is stored, and how many."""
    node = _equal_tails(plan)
    for begin, pivot in zip(plan.row_start[:-1].tolist(), plan.pivot.tolist(), strict=True):
        columns = plan.column[begin:pivot].tolist()
        steps, place = [], 0
        while place < len(columns):
            last = place + TOGETHER - 1
            is_four = (
                last < len(columns)
                and columns[last] == columns[place] + TOGETHER - 1
                and node[columns[last]] == node[columns[place]]
            )
            count = TOGETHER if is_four else 1
            steps.append((begin + place, count))
            place += count
        yield steps


def _equal_tails(plan: EliminationPlan) -> list[int]:
    """A number per pivot, the same where entries to the right differ by the pivots alone."""
    tails = [
        plan.column[pivot + 1 : end]
        for pivot, end in zip(plan.pivot.tolist(), plan.row_start[1:].tolist(), strict=True)
    ]
    numbers = [0]
    for i in range(1, len(tails)):
        before, after = tails[i - 1], tails[i]
        is_same = len(before) == len(after) + 1 and before[0] == i
        numbers.append(numbers[-1] + (not (is_same and np.array_equal(before[1:], after))))
    return numbers


def _blocks(steps: list[tuple[int, int]]) -> Iterator[tuple[list[int], list[int]]]:
    """Parts of a row's steps: single ones, then fours."""
    singles: list[int] = []
    fours: list[int] = []
    for entry, count in steps:
        if count == 1 and fours:
            yield singles, fours
            singles, fours = [], []
        (singles if count == 1 else fours).append(entry)
    yield singles, fours


def _eliminate_one(b: ProgramBuilder, pattern: FactorTables, e: Index) -> None:
    """Take the multiple of a pivot's row that entry ``e`` is for from the array ``row``."""
    known = b.entry(pattern.column, e)
    _, pivot, end = pattern.bounds(known)
    lower = b.load("row", known) * b.load("lu", pivot)
    b.store("lu", e, lower)
    with b.loop_between(following(pivot), end) as q:
        target = b.entry(pattern.column, q)
        b.store("row", target, b.fnma(lower, b.load("lu", q), b.load("row", target)))


def _eliminate_four(b: ProgramBuilder, pattern: FactorTables, e: Index) -> None:
    """The same for the four pivots that begin with that of entry ``e``."""
    first = b.entry(pattern.column, e)
    pivots = [b.entry(pattern.pivot, _after(first, n)) for n in range(TOGETHER)]
    lowers: list[Value] = []
    for n, pivot in enumerate(pivots):
        value = b.load("row", _after(first, n))
        for m, lower in enumerate(lowers):
            value = b.fnma(lower, b.load("lu", _after(pivots[m], n - m)), value)
        lowers.append(value * b.load("lu", pivot))
        b.store("lu", _after(e, n), lowers[-1])
    begin, end = following(pivots[-1]), b.entry(pattern.start, _after(first, TOGETHER))
    # rows of U before the last begin with the pivots between; behind them they are alike
    distances = [b.difference(pivots[-1], pivot) for pivot in pivots[:-1]]
    with b.loop_between(begin, end) as q:
        target = b.entry(pattern.column, q)
        value = b.load("row", target)
        for n, distance in enumerate(distances):
            upper = _after(b.difference(q, distance), TOGETHER - 1 - n)
            value = b.fnma(lowers[n], b.load("lu", upper), value)
        b.store("row", target, b.fnma(lowers[-1], b.load("lu", q), value))


def _after(index: Index, count: int) -> Index:
    for _ in range(count):
        index = following(index)
    return index
