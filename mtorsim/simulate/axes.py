"""The axes of a sweep: what varies, over which values, and what of it acts before the drug."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Role = Literal["drug", "input", "parameter", "amount", "context", "member"]

# These decide the state before the drug; drugs and inputs act from time 0 on.
BEFORE_DRUG: frozenset[Role] = frozenset({"parameter", "amount", "context", "member"})


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that varies along an axis.

    Parameters
    ----------
    name : drug, parameter, species or input; ``"context"`` for contexts
    role : what the name is
    values : (l,) in nM and s; for contexts their positions in ``labels``, for members of a
        parameter ensemble their numbers
    unit : of the values; empty for contexts and members
    labels : names of the contexts, else empty
    """

    name: str
    role: Role
    values: Array
    unit: str
    labels: tuple[str, ...] = ()

    @property
    def coordinates(self) -> NDArray[np.generic]:
        """The values as a reader of the result wants them: numbers, or names of contexts."""
        if self.role == "member":
            return self.values.astype(np.intp)
        if not self.labels:
            return self.values
        return np.array([self.labels[int(i)] for i in self.values])


@dataclass(frozen=True, slots=True)
class Axis:
    """Columns that vary together.

    Parameters
    ----------
    name : of the dimension in the result
    columns : each of the same length
    """

    name: str
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        lengths = {column.name: len(column.values) for column in self.columns}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            raise InputError(f"values that vary together need one length, but {told}")

    def __len__(self) -> int:
        return len(self.columns[0].values)

    def distinct_before_drug(self) -> tuple[Indices, Indices]:
        """Points of the axis that differ in what acts before the drug.

        Returns
        -------
        (d,) position of a point of each kind, and (l,) the kind of each point
        """
        rows = [column.values for column in self.columns if column.role in BEFORE_DRUG]
        if not rows:
            return np.zeros(1, dtype=np.intp), np.zeros(len(self), dtype=np.intp)
        table = rows[0] if len(rows) == 1 else np.stack(rows, axis=1)
        _, first, kind = np.unique(table, axis=0, return_index=True, return_inverse=True)
        return first.astype(np.intp), kind.reshape(-1).astype(np.intp)


def check_names(axes: tuple[Axis, ...]) -> None:
    """Refuse a name that varies along two axes, or twice along one."""
    names = [column.name for axis in axes for column in axis.columns]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{name} varies along more than one axis")
