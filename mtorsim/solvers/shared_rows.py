"""Many rows of numbers that differ from a few shared rows in a few columns.

In a sweep of doses all trajectories start from the same steady state with the same rate constants,
but for those that the dose changes: writing a million full rows would take longer than a tenth of
the solving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SharedRows:
    """``m`` rows of ``n`` numbers.

    Parameters
    ----------
    base : (b, n) the rows that are shared
    base_of_row : (m,) which of them each row starts from
    columns, values : (c,) and (m, c), what the rows hold instead in some columns
    """

    base: Array
    base_of_row: Indices
    columns: Indices
    values: Array

    @staticmethod
    def make(
        base: Array,
        base_of_row: NDArray[np.integer],
        columns: ArrayLike = (),
        values: Array | None = None,
    ) -> SharedRows:
        """Rows with all arrays in the types that the driver takes."""
        m = len(base_of_row)
        return SharedRows(
            np.ascontiguousarray(base, dtype=np.float64),
            np.ascontiguousarray(base_of_row, dtype=np.int64),
            np.asarray(columns, dtype=np.int64),
            np.zeros((m, 0)) if values is None else np.ascontiguousarray(values, dtype=np.float64),
        )

    @staticmethod
    def of(rows: ArrayLike | SharedRows) -> SharedRows:
        """Rows of an array, each its own; rows that are shared already as they are."""
        if isinstance(rows, SharedRows):
            return rows
        base = np.atleast_2d(np.asarray(rows, dtype=np.float64))
        return SharedRows.make(base, np.arange(len(base)))

    def __len__(self) -> int:
        return len(self.base_of_row)

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return int(self.base.shape[1])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, and numbers in each."""
        return len(self), self.width

    def dense(self) -> Array:
        """(m, n) all rows written out."""
        rows: Array = self.base[self.base_of_row]
        rows[:, self.columns] = self.values
        return rows

    def repeated(self, count: int) -> SharedRows:
        """A single row, ``count`` times; as many rows as wanted as they are."""
        if len(self) == count:
            return self
        chosen = np.zeros(count, dtype=np.int64)
        return SharedRows(self.base, self.base_of_row[chosen], self.columns, self.values[chosen])

    def chosen(self, which: NDArray[np.bool_]) -> SharedRows:
        """Some of the rows."""
        return SharedRows(self.base, self.base_of_row[which], self.columns, self.values[which])

    def changed(self, columns: NDArray[np.integer], values: Array) -> SharedRows:
        """The same with other numbers (m, c) in columns that are not changed yet."""
        return SharedRows.make(
            self.base,
            self.base_of_row,
            np.concatenate([self.columns, columns]),
            np.hstack([self.values, values]),
        )

    def products(self, weights: Array) -> Array:
        """(m, w) the rows times a matrix (n, w)."""
        total: Array = (self.base @ weights)[self.base_of_row]
        if len(self.columns):
            replaced = self.base[:, self.columns][self.base_of_row]
            total = total + (self.values - replaced) @ weights[self.columns]
        return total

    def within(self, low: float, high: float) -> NDArray[np.bool_]:
        """(m,) whether all numbers of a row, and of its base, are from ``low`` to ``high``."""
        base = np.all((self.base >= low) & (self.base <= high), axis=1)  # false for NaN
        values = np.all((self.values >= low) & (self.values <= high), axis=1)
        inside: NDArray[np.bool_] = base[self.base_of_row] & values
        return inside
