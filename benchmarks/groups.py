"""BioNetGen's groups of the shared networks: sums of species, with stored curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems import SHARED_NETWORKS
from mtorsim.interop.bngl_net import read_bngl_net

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StoredGroups:
    """Curves as solved by SciPy when the data were collected.

    Parameters
    ----------
    times : (t,) s, after the start
    weights : (q, n) of the species in each group
    values : (t, q)
    """

    times: Array
    weights: Array
    values: Array

    def error(self, states: Array) -> float:
        """Worst difference of the groups of ``states`` (t, n), relative to each group's peak."""
        peaks = np.abs(self.values).max(axis=0)
        found = states @ self.weights.T
        return float((np.abs(found - self.values)[:, peaks > 0] / peaks[peaks > 0]).max())


def stored_groups(name: str) -> StoredGroups | None:
    """The groups of a network by name; None where there are none."""
    curves = SHARED_NETWORKS / f"{name}.groups.csv"
    if not curves.is_file():
        return None
    files = (SHARED_NETWORKS / f"{name}{suffix}" for suffix in (".net", ".net.gz"))
    network = read_bngl_net(next(file for file in files if file.is_file()))
    table = np.loadtxt(curves, delimiter=",", skiprows=1)
    return StoredGroups(table[1:, 0], network.group_matrix(), table[1:, 1:])
