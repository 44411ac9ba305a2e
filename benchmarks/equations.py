"""Right-hand side and Jacobian compiled with numba for the peers that take Python functions.

The right-hand side of small networks is written out term by term, the quickest form numba
compiles. Jacobians, and large networks, are read from index tables: written out they take 10 s
to compile and gain nothing beside a factorisation. Neither shares code with mtorsim's kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

WRITTEN_OUT_UP_TO = 400
"""Reactions up to which the right-hand side is written out: beyond, numba takes too long."""

DENSE_UP_TO = 250
"""Species up to which peers get a dense Jacobian: beyond, a sparse one is quicker to factor."""


@dataclass(frozen=True, slots=True)
class Equations:
    """Compiled functions of a network.

    Parameters
    ----------
    rhs : ``rhs(y, k, slope)`` fills ``slope`` (n,)
    jacobian : ``jacobian(y, k, J)`` fills dense ``J`` (n, n)
    entries : ``entries(y, k, data)`` fills the stored entries of the sparse Jacobian
    pattern : sparse matrix (CSC) of ones, whose order ``entries`` follows
    """

    rhs: Any
    jacobian: Any
    entries: Any
    pattern: Any

    @property
    def dense(self) -> bool:
        """Whether peers should be given the dense Jacobian."""
        return bool(self.pattern.shape[0] <= DENSE_UP_TO)

    def scipy_functions(self, k: Array) -> tuple[Callable[..., Array], Callable[..., Any]]:
        """Functions of (t, y) for ``scipy.integrate``: right-hand side and Jacobian."""
        rhs, jacobian, entries, pattern = self.rhs, self.jacobian, self.entries, self.pattern

        def slope(_: float, y: Array) -> Array:
            result = np.empty(len(y))
            rhs(y, k, result)
            return result

        def dense(_: float, y: Array) -> Array:
            matrix = np.empty((len(y), len(y)))
            jacobian(y, k, matrix)
            return matrix

        def compressed(_: float, y: Array) -> Any:
            data = np.empty(pattern.nnz)
            entries(y, k, data)
            return sparse.csc_matrix((data, pattern.indices, pattern.indptr), pattern.shape)

        return slope, dense if self.dense else compressed


def compile_equations(structure: MassActionStructure) -> Equations:
    """Compile the equations of a network; types are inferred at the first call."""
    derivatives = list(_derivatives(structure))
    n = structure.n_species
    cells = sorted({(column, row) for row, column, *_ in derivatives})
    columns, rows = np.array(cells, dtype=np.intp).reshape(-1, 2).T
    pattern = sparse.csc_matrix((np.ones(len(cells)), (rows, columns)), (n, n))
    slot = {cell: position for position, cell in enumerate(cells)}
    dense = np.array([row * n + column for row, column, *_ in derivatives])
    compressed = np.array([slot[column, row] for row, column, *_ in derivatives])
    written = structure.n_reactions <= WRITTEN_OUT_UP_TO
    return Equations(
        _written_rhs(structure) if written else _tabled_rhs(structure),
        _tabled_jacobian(derivatives, dense),
        _tabled_jacobian(derivatives, compressed),
        pattern,
    )


Derivative = tuple[int, int, int, int, tuple[int, ...]]


def _derivatives(structure: MassActionStructure) -> Iterator[Derivative]:
    """Terms of the Jacobian: row, column, whole factor, reaction, remaining reactants."""
    for r, (reactants, changes) in enumerate(
        zip(structure.reactants, structure.changes, strict=True)
    ):
        for column in dict.fromkeys(reactants):
            others = list(reactants)
            others.remove(column)
            for row, change in changes:
                yield row, column, change * reactants.count(column), r, tuple(others)


def _term(factor: int, product: str) -> str:
    sign, size = ("-", -factor) if factor < 0 else ("+", factor)
    return f" {sign} {product}" if size == 1 else f" {sign} {size}.0*{product}"


def _written_rhs(structure: MassActionStructure) -> Any:
    sums = [""] * structure.n_species
    lines = ["def rhs(y, k, slope):"]
    for r, reactants in enumerate(structure.reactants):
        product = "*".join([f"k[{r}]", *(f"y[{i}]" for i in reactants)])
        lines.append(f"    v{r} = {product}")
        for i, change in structure.changes[r]:
            sums[i] += _term(change, f"v{r}")
    lines += [f"    slope[{i}] ={terms or ' 0.0'}" for i, terms in enumerate(sums)]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    return numba.njit(scope["rhs"])


def _padded(rows: list[tuple[int, ...]], fill: int) -> NDArray[np.int64]:
    width = max((len(row) for row in rows), default=0)
    return np.array([(*row, *([fill] * (width - len(row)))) for row in rows]).reshape(-1, width)


def _tabled_rhs(structure: MassActionStructure) -> Any:
    reactants = _padded(list(structure.reactants), -1)
    triples = [(r, i, c) for r, changes in enumerate(structure.changes) for i, c in changes]
    which, species, change = np.array(triples).T.copy()

    @numba.njit
    def rhs(y, k, slope):
        fluxes = np.empty(k.size)
        for r in range(k.size):
            flux = k[r]
            for i in reactants[r]:
                if i >= 0:
                    flux *= y[i]
            fluxes[r] = flux
        slope[:] = 0.0
        for j in range(which.size):
            slope[species[j]] += change[j] * fluxes[which[j]]

    return rhs


def _tabled_jacobian(derivatives: list[Derivative], cells: NDArray[np.intp]) -> Any:
    factor = np.array([float(d[2]) for d in derivatives])
    which = np.array([d[3] for d in derivatives])
    others = _padded([d[4] for d in derivatives], -1)

    @numba.njit
    def jacobian(y, k, J):
        flat = J.reshape(-1)
        flat[:] = 0.0
        for j in range(which.size):
            value = factor[j] * k[which[j]]
            for i in others[j]:
                if i >= 0:
                    value *= y[i]
            flat[cells[j]] += value

    return jacobian
