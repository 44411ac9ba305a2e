"""Order of elimination, fill-in and the multiply-adds of a sparse LU factorisation.

The matrix is the iteration matrix of a Rosenbrock method, ``M = I / (h g) - J``. Pivots are taken
from the diagonal, which for these M-matrix-like systems needs no numerical pivoting, in the order
of Markowitz (1957): the pivot whose row and column hold the fewest other entries comes first.

The pattern is kept as rows and columns of bits while it fills in, 64 positions a word, so that an
elimination is an ``or`` of words and a cost is a count of bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.structure import MassActionStructure

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

#: bits of a word
WORD = 64


@dataclass(frozen=True, eq=False)
class EliminationPlan:
    """The symbolic factorisation ``P M P^T = L D U`` of a sparse pattern.

    Rows and columns are counted in elimination order; ``order[i]`` is the species of row ``i``.

    Parameters
    ----------
    order : species index of each row, (n,)
    row_start : where each row starts in ``column``, (n + 1,)
    column : column of every stored entry, row by row, ascending in a row, (n_entries,)
    """

    order: tuple[int, ...]
    row_start: Integers
    column: Integers

    @property
    def n_entries(self) -> int:
        """Stored entries of L, D and U together."""
        return len(self.column)

    @cached_property
    def pivot(self) -> Integers:
        """Where the diagonal entry of each row stands in ``column``, (n,)."""
        return np.flatnonzero(self.column == self._row_of_entry)

    @property
    def n_updates(self) -> int:
        """Multiply-adds of one factorisation."""
        n_right = self.row_start[1:] - self.pivot - 1
        is_lower = self.column < self._row_of_entry
        n_below = np.bincount(self.column[is_lower], minlength=len(self.order))
        return int(n_right @ n_below)

    @cached_property
    def entries(self) -> tuple[tuple[int, int], ...]:
        """(row, column) of every stored entry, row by row, columns ascending."""
        return tuple(zip(self._row_of_entry.tolist(), self.column.tolist(), strict=True))

    @cached_property
    def position(self) -> dict[tuple[int, int], int]:
        """Where an entry stands in ``entries``."""
        return {entry: p for p, entry in enumerate(self.entries)}

    @cached_property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        """Columns stored in each row, ascending."""
        return tuple(tuple(row.tolist()) for row in np.split(self.column, self.row_start[1:-1]))

    def updates(self) -> Iterator[list[tuple[int, int]]]:
        """For each entry the pairs (position of L_ik, position of U_kj) subtracted from it."""
        for i, j in self.entries:
            pairs = []
            for k in self.rows[i]:
                if k >= min(i, j):
                    break
                upper = self.position.get((k, j))
                if upper is not None:
                    pairs.append((self.position[i, k], upper))
            yield pairs

    @property
    def _row_of_entry(self) -> Integers:
        return np.repeat(np.arange(len(self.order)), np.diff(self.row_start))


def jacobian_pattern(structure: MassActionStructure) -> set[tuple[int, int]]:
    """Positions (species, species) where the Jacobian of the network can be non-zero."""
    return {
        (i, j)
        for reactants, changes in zip(structure.reactants, structure.changes, strict=True)
        for j in set(reactants)
        for i, _ in changes
    }


def plan_elimination(n: int, pattern: Iterable[tuple[int, int]]) -> EliminationPlan:
    """Order the pivots of an n by n pattern and list the operations of its factorisation."""
    elimination = _Elimination(n, pattern)
    order = np.array(elimination.run(), dtype=np.int64)
    row_of_species = np.argsort(order)
    rows, columns = [np.arange(n)], [np.arange(n)]
    for i, (below, right) in enumerate(zip(elimination.below, elimination.right, strict=True)):
        rows += [row_of_species[below], np.full(len(right), i)]
        columns += [np.full(len(below), i), row_of_species[right]]
    place = np.sort(np.concatenate(rows) * n + np.concatenate(columns))
    row_start = np.searchsorted(place, np.arange(n + 1) * n)
    return EliminationPlan(tuple(order.tolist()), row_start, place % n)


def markowitz_order(n: int, pattern: Iterable[tuple[int, int]]) -> list[int]:
    """Diagonal pivots, cheapest first; ties go to the smaller index so that the order is unique."""
    return _Elimination(n, pattern).run()


class _Elimination:
    """A pattern while it is eliminated; what stood right of and below each pivot is kept."""

    def __init__(self, n: int, pattern: Iterable[tuple[int, int]]) -> None:
        self.n = n
        filled = np.eye(n, -(-n // WORD) * WORD, dtype=bool)
        places = np.array(list(pattern), dtype=np.int64).reshape(-1, 2)
        filled[places[:, 0], places[:, 1]] = True
        self.row, self.n_right = _packed(filled)
        filled[:, :n] = filled[:, :n].T.copy()
        self.column, self.n_below = _packed(filled)
        self.right: list[Integers] = []
        self.below: list[Integers] = []

    def run(self) -> list[int]:
        """Eliminate all; returns the pivots in order."""
        never = np.iinfo(np.int64).max
        cost = self.n_right * self.n_below
        order = []
        for _ in range(self.n):
            pivot = int(cost.argmin())  # of several the first
            order.append(pivot)
            self._eliminate(pivot)
            cost[pivot] = never
            for touched in (self.below[-1], self.right[-1]):
                cost[touched] = self.n_right[touched] * self.n_below[touched]
        return order

    def _eliminate(self, pivot: int) -> None:
        """Fill in where the rows below meet the columns right, and drop row and column."""
        word, bit = divmod(pivot, WORD)
        others = ~(np.uint64(1) << np.uint64(bit))
        self.row[pivot, word] &= others
        self.column[pivot, word] &= others
        below, right = _members(self.column[pivot]), _members(self.row[pivot])
        for target, count, members, added in (
            (self.row, self.n_right, below, self.row[pivot]),
            (self.column, self.n_below, right, self.column[pivot]),
        ):
            merged = target[members] | added
            merged[:, word] &= others
            target[members] = merged
            count[members] = np.bitwise_count(merged).sum(axis=1, dtype=np.int64) - 1
        self.right.append(right)
        self.below.append(below)


def _packed(filled: NDArray[np.bool_]) -> tuple[Words, Integers]:
    """Rows as words of bits, and how many other entries than the diagonal each has."""
    packed = np.packbits(filled, axis=1, bitorder="little").view(np.uint64)
    return packed, filled.sum(axis=1, dtype=np.int64) - 1


def _members(words: Words) -> Integers:
    """Positions of the bits that are set."""
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))
