"""Exact integer left null space of a sparse integer matrix, non-negative and sparse if possible.

Rows of the matrix are species, columns are reactions. The basis starts as the identity (each
species its own sum), and every column that a sum does not annihilate merges sums, fraction-free.
Each surviving sum holds one species that no other holds, so a vector of the null space can be
non-negative only if its coefficients are: the non-negative vectors form a cone inside the positive
orthant of the basis. Its extreme rays, the sums of minimal support, follow by double description.

References
----------
Schuster and Höfer, J. Chem. Soc. Faraday Trans. 87 (1991) 2561: extreme rays as conserved moieties.
Fukuda and Prodon, LNCS 1120 (1996) 91: the adjacency test of the double description method.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import gcd

Row = dict[int, int]
"""Sparse integer vector: index -> weight, no zero weight."""

MAX_PAIRS = 20_000
"""Pairs of rays that one cut may look at; with more, signs stay mixed."""


def left_null_space(n_rows: int, columns: Iterable[Mapping[int, int]]) -> tuple[Row, ...]:
    """Integer basis of ``{w : w . c = 0 for every column c}``.

    Non-negative vectors come first, sparsest first, as many as the space allows: the whole basis is
    non-negative wherever a non-negative basis exists (unless its search exceeds ``MAX_PAIRS``).
    The rest, if any, has mixed signs. Each vector has greatest common divisor 1.

    Parameters
    ----------
    n_rows : length of a column
    columns : the matrix by columns, row index -> entry

    Returns
    -------
    (n_rows - rank) linearly independent vectors, row index -> weight
    """
    basis = _Basis(n_rows)
    pending = _distinct_up_to_sign(columns)
    while pending:
        deferred = [column for column in pending if not _merge_keeping_signs(basis, column)]
        if len(deferred) == len(pending):
            hardest_last = sorted(deferred, key=lambda column: -len(basis.products(column)))
            _merge_with_smallest_pivot(basis, hardest_last.pop())
            deferred = hardest_last
        pending = deferred
    candidates = sorted([*_extreme_rays(basis.rows), *basis.rows.values()], key=_signs_then_size)
    independent = IndependentRows()
    return tuple(row for row in candidates if independent.admit(row))


class IndependentRows:
    """A growing set of linearly independent integer vectors."""

    def __init__(self) -> None:
        self._row_of_pivot: dict[int, Row] = {}

    def admit(self, row: Mapping[int, int]) -> bool:
        """Take ``row`` in unless it depends on those already here; say whether it was taken."""
        rest = dict(row)
        while rest:
            pivot = min(rest)
            known = self._row_of_pivot.get(pivot)
            if known is None:
                self._row_of_pivot[pivot] = rest
                return True
            rest = _combine(known[pivot], rest, -rest[pivot], known)
        return False


class _Basis:
    """Rows that annihilate all columns merged so far; row ``i`` alone holds species ``i``."""

    def __init__(self, n: int) -> None:
        self.rows: dict[int, Row] = {i: {i: 1} for i in range(n)}
        self._rows_with: list[set[int]] = [{i} for i in range(n)]

    def products(self, column: Mapping[int, int]) -> dict[int, int]:
        """Row -> its product with ``column``, where not zero."""
        touched = sorted(set().union(*(self._rows_with[i] for i in column)))
        products = {r: sum(self.rows[r].get(i, 0) * c for i, c in column.items()) for r in touched}
        return {r: product for r, product in products.items() if product}

    def merge(self, pivot: int, products: Mapping[int, int]) -> None:
        """Cancel each product by a multiple of the row ``pivot``, and drop that row."""
        pivot_row = self._take(pivot)
        sign = 1 if products[pivot] > 0 else -1
        size = abs(products[pivot])
        for r, product in products.items():
            if r == pivot:
                continue
            if size == 1 and self.rows[r][r] == 1:  # then nothing divides the sum
                self._add(r, -sign * product, pivot_row)
                continue
            self.rows[r] = _combine(size, self._take(r), -sign * product, pivot_row)
            for i in self.rows[r]:
                self._rows_with[i].add(r)

    def _add(self, r: int, factor: int, added: Row) -> None:
        """Add a multiple of a short row to row ``r``, which may be long, in place."""
        row = self.rows[r]
        for i, weight in added.items():
            total = row.get(i, 0) + factor * weight
            if total:
                row[i] = total
                self._rows_with[i].add(r)
            else:
                del row[i]
                self._rows_with[i].discard(r)

    def _take(self, r: int) -> Row:
        row = self.rows.pop(r)
        for i in row:
            self._rows_with[i].discard(r)
        return row


def _merge_keeping_signs(basis: _Basis, column: Mapping[int, int]) -> bool:
    """Merge by a pivot that makes no negative weight; False, and no change, if there is none."""
    products = basis.products(column)
    if not products:
        return True
    # A row alone on its side of zero is added to the others with a positive factor.
    positive = [r for r, product in products.items() if product > 0]
    negative = [r for r, product in products.items() if product < 0]
    alone = [side[0] for side in (positive, negative) if len(side) == 1]
    if alone:
        basis.merge(min(alone, key=lambda r: len(basis.rows[r])), products)
    return bool(alone)


def _merge_with_smallest_pivot(basis: _Basis, column: Mapping[int, int]) -> None:
    products = basis.products(column)
    basis.merge(min(products, key=lambda r: (abs(products[r]), len(basis.rows[r]))), products)


def _extreme_rays(rows: Mapping[int, Row]) -> list[Row]:
    """Non-negative vectors of minimal support in the span of ``rows``; none if too many."""
    rays = list(rows.values())
    # Coordinates known to be non-negative: first the one that each row holds alone.
    settled = set(rows)
    while negative_counts := _negative_counts(rays):
        coordinate = min(negative_counts, key=lambda i: (negative_counts[i], i))
        values = [ray.get(coordinate, 0) for ray in rays]
        pairs = _opposite_pairs(values)
        if len(pairs) > MAX_PAIRS:
            return []
        rays = [ray for ray, value in zip(rays, values, strict=True) if value >= 0] + [
            _combine(-values[b], rays[a], values[a], rays[b])
            for a, b in _adjacent(pairs, rays, settled=settled)
        ]
        settled.add(coordinate)
    return rays


def _negative_counts(rays: Sequence[Row]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for ray in rays:
        for i, weight in ray.items():
            if weight < 0:
                counts[i] = counts.get(i, 0) + 1
    return counts


def _adjacent(
    pairs: Iterable[tuple[int, int]], rays: Sequence[Row], *, settled: set[int]
) -> Iterator[tuple[int, int]]:
    """The pairs that span an edge of the cone: no third ray lives on their joint support."""
    supports = [sum(1 << i for i in ray if i in settled) for ray in rays]
    for a, b in pairs:
        joint = supports[a] | supports[b]
        if not any(
            support | joint == joint for c, support in enumerate(supports) if c not in (a, b)
        ):
            yield a, b


def _opposite_pairs(values: Sequence[int]) -> list[tuple[int, int]]:
    """Index pairs with a positive first and a negative second value."""
    negative = [i for i, value in enumerate(values) if value < 0]
    return [(a, b) for a, value in enumerate(values) if value > 0 for b in negative]


def _combine(a: int, x: Mapping[int, int], b: int, y: Mapping[int, int]) -> Row:
    """``(a x + b y)`` divided by its greatest common divisor."""
    total = {i: a * weight for i, weight in x.items()}
    for i, weight in y.items():
        total[i] = total.get(i, 0) + b * weight
    divisor = gcd(*total.values())
    return {i: weight // divisor for i, weight in total.items() if weight}


def _distinct_up_to_sign(columns: Iterable[Mapping[int, int]]) -> list[dict[int, int]]:
    """The columns in their order, without zeros, repeats and reversals."""
    distinct: dict[tuple[tuple[int, int], ...], None] = {}
    for column in columns:
        entries = tuple(sorted((i, c) for i, c in column.items() if c))
        if entries:
            sign = 1 if entries[0][1] > 0 else -1
            distinct[tuple((i, sign * c) for i, c in entries)] = None
    return [dict(entries) for entries in distinct]


def _signs_then_size(row: Row) -> tuple[bool, int, int, list[tuple[int, int]]]:
    """Sort key: non-negative first, then few species, then small weights."""
    weights = row.values()
    return min(weights) < 0, len(row), sum(abs(weight) for weight in weights), sorted(row.items())
