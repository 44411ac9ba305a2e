"""Whether a state has come to rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

#: 30 years: far beyond the slowest process of a cell, s
SETTLING_TIME = 1e9
#: a settled species changes by less than this share of itself ...
RELATIVE_CHANGE = 1e-6
#: ... or of this amount (nM) ...
SMALL_AMOUNT = 1e-3
#: ... in this time, s
WATCHED_TIME = 3600.0


def rates_of_change(structure: MassActionStructure, y: Array, k: Array) -> Array:
    """dy/dt of many states, (n_trajectories, n_species), nM/s."""
    f = np.zeros_like(y)
    for r, (reactants, changes) in enumerate(
        zip(structure.reactants, structure.changes, strict=True)
    ):
        flux = k[:, r].copy()
        for i in reactants:
            flux *= y[:, i]
        for i, change in changes:
            f[:, i] += change * flux
    return f


def is_settled(structure: MassActionStructure, y: Array, k: Array) -> NDArray[np.bool_]:
    """Which states (n_trajectories, n_species) do not change any more."""
    change = np.abs(rates_of_change(structure, y, k)) * WATCHED_TIME
    allowed = RELATIVE_CHANGE * np.maximum(np.abs(y), SMALL_AMOUNT)
    settled: NDArray[np.bool_] = np.all(change <= allowed, axis=1)
    return settled
