"""Synergy scores over the parameter sets of a model: how far its constants decide the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtorsim.analysis.combination import CombinationSurface, SurfaceLabel
from mtorsim.analysis.synergy import NULL_MODELS, score_synergy
from mtorsim.analysis.uncertainty import QUANTILES, quantiles_over


@dataclass(frozen=True, slots=True)
class ExcessOfSets:
    """Mean excess of one surface under one null model over parameter sets.

    Parameters
    ----------
    label : of the surface
    null : key of ``NULL_MODELS``
    low, median, high : 5 %, 50 % and 95 % of the sets that have a score lie below; NaN for none
    n_scored : sets with a score
    n_sets : sets run
    """

    label: SurfaceLabel
    null: str
    low: float
    median: float
    high: float
    n_scored: int
    n_sets: int


def excess_of_sets(
    surfaces: Sequence[Sequence[CombinationSurface]], *, n_sets: int
) -> tuple[ExcessOfSets, ...]:
    """Range of the mean excess of every surface and null model.

    Parameters
    ----------
    surfaces : by parameter set that ran, each the surfaces of a combination in its order
    n_sets : sets run, those that failed among them
    """
    found = []
    for same in zip(*surfaces, strict=True):
        for null in NULL_MODELS:
            means = np.array([score_synergy(surface, null).mean for surface in same])
            low, median, high = quantiles_over(means, QUANTILES).tolist()
            n_scored = int(np.count_nonzero(np.isfinite(means)))
            found.append(ExcessOfSets(same[0].label, null, low, median, high, n_scored, n_sets))
    return tuple(found)
