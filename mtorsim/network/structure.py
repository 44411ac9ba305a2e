"""The bare structure of a mass-action network: all that decides which kernel is compiled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MassActionStructure:
    """Who reacts with whom, by index; no names and no numbers.

    The flux of reaction ``r`` is ``k[r]`` times the product of ``y[i]`` over ``reactants[r]``
    (a species that reacts twice stands twice), and ``dy/dt = N v`` with ``N`` from ``changes``.

    Parameters
    ----------
    n_species : number of dynamic species
    reactants : per reaction the indices of its reactants, ascending, repeated for stoichiometry
    changes : per reaction the pairs (species, net change), species ascending, no zero change
    """

    n_species: int
    reactants: tuple[tuple[int, ...], ...]
    changes: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def n_reactions(self) -> int:
        """Number of reactions."""
        return len(self.reactants)

    @property
    def max_order(self) -> int:
        """Largest number of reactants of a reaction."""
        return max((len(indices) for indices in self.reactants), default=0)

    def stoichiometry(self) -> NDArray[np.int64]:
        """Matrix N of net changes, shape (n_species, n_reactions)."""
        matrix = np.zeros((self.n_species, self.n_reactions), dtype=np.int64)
        for r, changes in enumerate(self.changes):
            for i, change in changes:
                matrix[i, r] = change
        return matrix

    def fingerprint(self) -> str:
        """SHA-256 of the structure; equal structures share one kernel."""
        text = repr((self.n_species, self.reactants, self.changes))
        return hashlib.sha256(text.encode()).hexdigest()
