"""How well conserved totals were conserved: a check of accuracy that costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.balance import ConservedMoiety, find_moieties
from mtorsim.network.species import composition
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.event import Event
from mtorsim.solvers.shared_rows import SharedRows

Array = NDArray[np.float64]

# So few that they stay in the cache, and that BLAS does not start threads beside the solver's.
ROWS_AT_ONCE = 128


@lru_cache(maxsize=64)
def moieties_of(
    structure: MassActionStructure, species: tuple[str, ...]
) -> tuple[ConservedMoiety, ...]:
    """Conserved totals of a network; found once, as many runs share a structure."""
    compositions = [composition(name) for name in species]
    return find_moieties(structure, species, compositions=compositions)


def conservation_drift(
    moieties: Sequence[ConservedMoiety],
    y0: Array | SharedRows,
    final_state: Array,
    *,
    events: Sequence[Event],
) -> Array:
    """Largest relative change of a conserved total along each trajectory.

    Totals with a species that an event empties are left out; what events add is taken off.

    Parameters
    ----------
    y0, final_state : (m, n) nM

    Returns
    -------
    (m,) dimensionless; 0 where nothing is conserved
    """
    emptied: set[int] = set()
    for event in events:
        if event.y_scale is not None:
            emptied |= set(np.flatnonzero(event.y_scale != 1.0).tolist())
    kept = [m.weights for m in moieties if not any(m.weights[i] for i in emptied)]
    if not kept:
        return np.zeros(len(y0))
    weights = np.array(kept, dtype=np.float64).T
    expected = _totals(SharedRows.of(y0), events, weights)
    present = np.empty_like(expected)
    for low in range(0, len(y0), ROWS_AT_ONCE):
        part = slice(low, low + ROWS_AT_ONCE)
        np.matmul(final_state[part], weights, out=present[part])
    # where all weights are positive, as they mostly are, totals are their own sizes
    signed, size = (weights < 0).any(axis=0), np.abs(expected)
    if signed.any():
        size[:, signed] = _totals(SharedRows.of(y0), events, np.abs(weights[:, signed]))
    if not size.all():
        # A total that starts at 0, of a drug that is infused, is set beside what comes later.
        size = np.where(size > 0.0, size, final_state @ np.abs(weights))
        size = np.maximum(size, np.finfo(float).tiny)
    drift: Array = (np.abs(present - expected) / size).max(axis=1)
    return drift


def _totals(y0: SharedRows, events: Sequence[Event], weights: Array) -> Array:
    """(m, w) weighted sums of the start and of what events add."""
    totals = y0.products(weights)
    for event in events:
        if event.y_add is not None:
            totals = totals + event.y_add @ weights
    return totals
