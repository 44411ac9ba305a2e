"""Order of elimination, fill-in and the multiply-adds of a sparse LU factorisation.

The matrix is the iteration matrix of a Rosenbrock method, ``M = I / (h g) - J``. Pivots are taken
from the diagonal, which for these M-matrix-like systems needs no numerical pivoting, in the order
of Markowitz (1957): the pivot whose row and column hold the fewest other entries comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from mtorsim.network.structure import MassActionStructure


@dataclass(frozen=True, slots=True)
class EliminationPlan:
    """The symbolic factorisation ``P M P^T = L D U`` of a sparse pattern.

    Rows and columns are counted in elimination order; ``order[i]`` is the species of row ``i``.

    Parameters
    ----------
    order : species index of each row, (n,)
    entries : (row, column) of every stored entry, row by row, columns ascending
    position : where an entry stands in ``entries``
    rows : columns stored in each row, ascending
    """

    order: tuple[int, ...]
    entries: tuple[tuple[int, int], ...]
    position: dict[tuple[int, int], int]
    rows: tuple[tuple[int, ...], ...]

    @property
    def n_entries(self) -> int:
        """Stored entries of L, D and U together."""
        return len(self.entries)

    @property
    def n_updates(self) -> int:
        """Multiply-adds of one factorisation."""
        n_upper = [sum(j > i for j in columns) for i, columns in enumerate(self.rows)]
        return sum(n_upper[k] for i, columns in enumerate(self.rows) for k in columns if k < i)

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
    pattern = set(pattern)
    order = markowitz_order(n, pattern)
    row_of_species = {species: row for row, species in enumerate(order)}
    rows = [{i} for i in range(n)]
    for i, j in pattern:
        rows[row_of_species[i]].add(row_of_species[j])
    filled = _fill(rows)
    entries = tuple((i, j) for i in range(n) for j in filled[i])
    position = {entry: p for p, entry in enumerate(entries)}
    return EliminationPlan(tuple(order), entries, position, tuple(map(tuple, filled)))


def markowitz_order(n: int, pattern: set[tuple[int, int]]) -> list[int]:
    """Diagonal pivots, cheapest first; ties go to the smaller index so that the order is unique."""
    row = [{i} for i in range(n)]
    column = [{i} for i in range(n)]
    for i, j in pattern:
        row[i].add(j)
        column[j].add(i)
    cost = {i: (len(row[i]) - 1) * (len(column[i]) - 1) for i in range(n)}
    order = []
    while cost:
        pivot = min(cost, key=lambda i: (cost[i], i))
        order.append(pivot)
        del cost[pivot]
        rows_below = column[pivot] - {pivot}
        columns_right = row[pivot] - {pivot}
        for i in rows_below:
            row[i] |= columns_right
            row[i].discard(pivot)
        for j in columns_right:
            column[j] |= rows_below
            column[j].discard(pivot)
        for i in rows_below | columns_right:
            cost[i] = (len(row[i]) - 1) * (len(column[i]) - 1)
    return order


def _fill(rows: list[set[int]]) -> list[list[int]]:
    """Columns of each row after elimination, ascending; rows are in elimination order."""
    upper: list[list[int]] = []
    filled = []
    for i, columns in enumerate(rows):
        pending = [k for k in columns if k < i]
        heapify(pending)
        while pending:
            for j in upper[heappop(pending)]:
                if j not in columns:
                    columns.add(j)
                    if j < i:
                        heappush(pending, j)
        filled.append(sorted(columns))
        upper.append([j for j in filled[i] if j > i])
    return filled
