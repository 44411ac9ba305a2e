"""Right-hand side and Jacobian of a mass-action network in plain numpy, from index tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

# Below this many species a dense Jacobian is quicker to factor than a sparse one.
DENSE_UP_TO = 250


class MassActionTables:
    """Index tables of ``dy/dt = N v(y, k)``; shares no code with the generated kernels.

    Parameters
    ----------
    structure : the network
    dense : whether the Jacobian is an array or a sparse matrix; None chooses by size
    """

    def __init__(self, structure: MassActionStructure, *, dense: bool | None = None) -> None:
        self.n_species = structure.n_species
        self.n_reactions = structure.n_reactions
        self.dense = structure.n_species <= DENSE_UP_TO if dense is None else dense
        self._reactants = _columns(structure.reactants, fill=structure.n_species)
        stoichiometry = structure.stoichiometry().astype(np.float64)
        self._N: Any = stoichiometry if self.dense else _sparse(stoichiometry)
        self._set_derivative_tables(structure)

    def gram(self, chosen: NDArray[np.bool_]) -> Array:
        """``N N'`` over the ``chosen`` reactions (r,), dense (n, n)."""
        matrix = self._N[:, np.flatnonzero(chosen)]
        product = matrix @ matrix.T
        return np.asarray(product if self.dense else product.toarray())

    def _set_derivative_tables(self, structure: MassActionStructure) -> None:
        """One row per pair (reaction, reactant species): multiplicity and the other reactants."""
        rows, columns, multiplicity, others = [], [], [], []
        for r, reactants in enumerate(structure.reactants):
            for i in dict.fromkeys(reactants):
                remaining = list(reactants)
                remaining.remove(i)
                rows.append(r)
                columns.append(i)
                multiplicity.append(reactants.count(i))
                others.append(tuple(remaining))
        self._rows = np.array(rows, dtype=np.intp)
        self._columns = np.array(columns, dtype=np.intp)
        self._multiplicity = np.array(multiplicity, dtype=np.float64)
        self._others = _columns(others, fill=structure.n_species)

    def fluxes(self, y: Array, k: Array) -> Array:
        """Flux of each reaction, (r,) in nM/s."""
        return _products(k, y, self._reactants)

    def rhs(self, y: Array, k: Array) -> Array:
        """``dy/dt``, (n,) in nM/s."""
        derivative: Array = self._N @ self.fluxes(y, k)
        return derivative

    def jacobian(self, y: Array, k: Array) -> Any:
        """``d(dy/dt)/dy``, (n, n) in 1/s; a sparse matrix where ``dense`` is False."""
        entries = _products(k[self._rows] * self._multiplicity, y, self._others)
        shape = (self.n_reactions, self.n_species)
        if self.dense:
            dv_dy = np.zeros(shape)
            dv_dy[self._rows, self._columns] = entries
            return self._N @ dv_dy
        return (self._N @ _sparse((entries, (self._rows, self._columns)), shape)).tocsc()


def _sparse(content: Any, shape: Any = None) -> Any:
    """A sparse matrix; SciPy's are imported here, as importing them is slow and seldom needed."""
    from scipy.sparse import csr_matrix

    return csr_matrix(content, shape)


def _columns(index_lists: Any, *, fill: int) -> list[NDArray[np.intp]]:
    """First index of every list, second index, and so on; short lists go on with ``fill``."""
    width = max((len(indices) for indices in index_lists), default=0)
    rows = [(*indices, *(fill,) * (width - len(indices))) for indices in index_lists]
    return [np.array(column, dtype=np.intp) for column in zip(*rows, strict=True)]


def _products(start: Array, y: Array, columns: list[NDArray[np.intp]]) -> Array:
    """``start`` times the amounts at each column of indices; the index after the last is a 1."""
    amounts = np.empty(len(y) + 1)
    amounts[:-1], amounts[-1] = y, 1.0
    product = start.copy()
    for column in columns:
        product *= amounts[column]
    return product
