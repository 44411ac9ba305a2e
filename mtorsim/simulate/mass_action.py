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
        self._reactants = _padded(structure.reactants, fill=structure.n_species)
        stoichiometry = structure.stoichiometry().astype(np.float64)
        self._N: Any = stoichiometry if self.dense else _sparse(stoichiometry)
        self._set_derivative_tables(structure)

    def stoichiometry(self) -> Array:
        """Matrix N of net changes, dense (n_species, n_reactions)."""
        return np.asarray(self._N if self.dense else self._N.toarray())

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
        self._others = _padded(others, fill=structure.n_species)

    def fluxes(self, y: Array, k: Array) -> Array:
        """Flux of each reaction, (r,) in nM/s."""
        product: Array = k * np.append(y, 1.0)[self._reactants].prod(axis=1)
        return product

    def rhs(self, y: Array, k: Array) -> Array:
        """``dy/dt``, (n,) in nM/s."""
        derivative: Array = self._N @ self.fluxes(y, k)
        return derivative

    def jacobian(self, y: Array, k: Array) -> Any:
        """``d(dy/dt)/dy``, (n, n) in 1/s; a sparse matrix where ``dense`` is False."""
        others = np.append(y, 1.0)[self._others].prod(axis=1)
        entries = k[self._rows] * self._multiplicity * others
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


def _padded(index_lists: Any, *, fill: int) -> NDArray[np.intp]:
    """Index lists as rows of one table, short ones filled with the index of a factor 1."""
    width = max((len(indices) for indices in index_lists), default=0)
    table = np.full((len(index_lists), max(width, 1)), fill, dtype=np.intp)
    for row, indices in enumerate(index_lists):
        table[row, : len(indices)] = indices
    return table
