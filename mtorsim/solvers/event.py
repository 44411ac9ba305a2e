"""A change made to state or rate constants at an exact time, shared by a block of trajectories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """At ``time`` the state becomes ``y * y_scale + y_add`` and the rate constants become ``k``.

    Parameters
    ----------
    time : s, greater than 0
    y_scale : (n_species,) or None for no change; 0 empties a species (wash-out)
    y_add : (n_trajectories, n_species), nM, or None (bolus)
    k : (n_trajectories, n_reactions) rate constants from here on, or None for no change
    """

    time: float
    y_scale: Array | None = None
    y_add: Array | None = None
    k: Array | None = None
