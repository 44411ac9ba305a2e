"""Trajectories of a sweep in the order of their states before the drug, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from mtorsim.simulate.axes import Axis

Indices = NDArray[np.intp]

BLOCK = 4096
"""Trajectories whose numbers are held at one time."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some states before the drug, with all trajectories that start from them.

    Parameters
    ----------
    baselines : per axis (b,) positions that give each state before the drug
    trajectories : (m,) positions in the whole sweep, those of one state together
    baseline_of_trajectory : (m,) positions in ``baselines``
    """

    baselines: tuple[Indices, ...]
    trajectories: Indices
    baseline_of_trajectory: Indices


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The product of axes; the last axis runs fastest.

    Parameters
    ----------
    axes : none for a single trajectory
    """

    axes: tuple[Axis, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of points of each axis."""
        return tuple(len(axis) for axis in self.axes)

    @property
    def size(self) -> int:
        """Number of trajectories."""
        return prod(self.shape)

    def points(self, trajectories: Indices) -> tuple[Indices, ...]:
        """Per axis the position of each trajectory."""
        if not self.axes:
            return ()
        return tuple(np.unravel_index(trajectories, self.shape))

    def chunks(self, *, block: int = BLOCK) -> Iterator[Chunk]:
        """All trajectories, each once; at most ``block`` states before the drug at a time."""
        kinds = [axis.distinct_before_drug() for axis in self.axes]
        n_of_axis = tuple(len(first) for first, _ in kinds)
        n_baselines = prod(n_of_axis)
        order, sorted_baselines = self._order([kind for _, kind in kinds], n_of_axis)
        for start in range(0, n_baselines, block):
            stop = min(start + block, n_baselines)
            low, high = np.searchsorted(sorted_baselines, [start, stop])
            positions = np.unravel_index(np.arange(start, stop), n_of_axis) if kinds else ()
            yield Chunk(
                tuple(first[at] for (first, _), at in zip(kinds, positions, strict=True)),
                order[low:high],
                sorted_baselines[low:high] - start,
            )

    def _order(
        self, kind_of_point: list[Indices], n_of_axis: tuple[int, ...]
    ) -> tuple[Indices, Indices]:
        """Trajectories sorted by state before the drug, and that state of each."""
        baseline = np.zeros(self.shape, dtype=np.intp)
        for d, kind in enumerate(kind_of_point):
            along = [1] * len(self.shape)
            along[d] = -1
            baseline += (kind * prod(n_of_axis[d + 1 :])).reshape(along)
        baseline = baseline.reshape(-1)
        if (np.diff(baseline) >= 0).all():
            return np.arange(self.size), baseline
        order = np.argsort(baseline, kind="stable")
        return order, baseline[order]
