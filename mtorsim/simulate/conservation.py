"""How well conserved totals were conserved: a check of accuracy that costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.balance import ConservedMoiety
from mtorsim.solvers.event import Event

Array = NDArray[np.float64]


def conservation_drift(
    moieties: Sequence[ConservedMoiety], y0: Array, final_state: Array, *, events: Sequence[Event]
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
    expected = y0
    for event in events:
        if event.y_scale is not None:
            emptied |= set(np.flatnonzero(event.y_scale != 1.0).tolist())
        if event.y_add is not None:
            expected = expected + event.y_add
    kept = [m.weights for m in moieties if not any(m.weights[i] for i in emptied)]
    if not kept:
        return np.zeros(len(y0))
    change = np.abs(_sums(final_state - expected, kept))
    size = _sums(expected, [[abs(weight) for weight in weights] for weights in kept])
    return np.asarray((change / np.maximum(size, np.finfo(float).tiny)).max(axis=1))


def _sums(y: Array, weights: Sequence[Sequence[int]]) -> Array:
    """(m, c) weighted sums; by gathering, since each has few terms and BLAS would start threads."""
    terms = [(i, w) for row in weights for i, w in enumerate(row) if w]
    starts = np.cumsum([0, *(sum(1 for w in row if w) for row in weights)])[:-1]
    columns, factors = zip(*terms, strict=True)
    gathered = y[:, list(columns)] * np.array(factors, dtype=np.float64)
    return np.asarray(np.add.reduceat(gathered, starts, axis=1))
