"""Virtual tumours under drugs: who responds, by genotype and by class of drug.

Research software. What is computed is what the model does, not what patients do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.cohort_draw import Tumours
from mtorsim.analysis.comparison import ModelRecord
from mtorsim.errors import UnknownNameError
from mtorsim.modelfiles.cohorts import CohortDesign

Array = NDArray[np.float64]

NOTICE = "Research software; no medical advice."
"""Stands on every page, table and figure of a cohort."""

TIMES = 3600.0 * np.array([0.0, 1.0, 4.0, 12.0, 24.0, 48.0, 72.0])
"""s; growth is averaged over them, high levels are read at the first."""

EFFECT_TIME = 4
"""Position in ``TIMES`` at which drugs are set side by side at equal effect: a day."""

EQUAL_EFFECT = 0.1
"""Part of the high readout that is left at the dose of equal effect, in the median tumour."""


@dataclass(frozen=True, slots=True)
class DrugResponse:
    """All tumours under one drug.

    Parameters
    ----------
    drug_class : ``"rapalog"``, ``"atp-dual"``, ...
    doses : (d,) nM
    growth : (n, d) mean growth rate over the time, as a multiple of the same tumour without drug
    lines : (1 + a, d) the same of the reference cell and of each alteration at typical amounts
    left : (d,) of the high readout after a day, median tumour, as a multiple of no drug
    dose : nM at which tumours are read
    dose_basis : why there
    """

    drug: str
    drug_class: str
    doses: Array
    growth: Array
    lines: Array
    left: Array
    dose: float
    dose_basis: str

    @property
    def growth_left(self) -> Array:
        """(n,) growth at ``dose``, interpolated on log dose."""
        at = np.log(self.dose)
        return np.array([np.interp(at, np.log(self.doses), row) for row in self.growth])

    @property
    def inhibition(self) -> Array:
        """(n,) fall of the growth rate at ``dose``, 1 where it stops, negative where it rises."""
        return 1.0 - self.growth_left


@dataclass(frozen=True, slots=True)
class Cohort:
    """Virtual tumours and what drugs do to them; made by ``run_cohort``.

    Parameters
    ----------
    design : what kind of tumour they are
    seed : that they were drawn with
    levels : by readout (n,) before any drug
    plain_levels : the same of the same tumours without their alterations
    growth : (n,) growth rate without drug, multiples of the reference cell's
    threshold : level of the high readout above which p-mTOR counts as high
    responses : one per drug
    missing_arms : parts of growth that the model has not
    seconds : ``compile``, ``run`` and ``total``
    n_trajectories : trajectories solved
    failures : one line per trajectory that failed
    """

    design: CohortDesign
    model: ModelRecord
    seed: int
    tumours: Tumours
    levels: Mapping[str, Array]
    plain_levels: Mapping[str, Array]
    growth: Array
    threshold: float
    responses: tuple[DrugResponse, ...]
    missing_arms: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    n_trajectories: int = 0
    failures: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.tumours)

    @property
    def high(self) -> NDArray[np.bool_]:
        """(n,) whether p-mTOR is high."""
        return np.asarray(self.levels[self.design.high_readout] > self.threshold)

    def response(self, drug: str) -> DrugResponse:
        """What a drug does; UnknownNameError where it was not given."""
        for entry in self.responses:
            if entry.drug == drug:
                return entry
        raise UnknownNameError("drug", drug, [entry.drug for entry in self.responses])

    def responds(self, drug: str) -> NDArray[np.bool_]:
        """(n,) whether growth falls to the part that counts as a response, or less."""
        return np.asarray(self.response(drug).growth_left <= self.design.response.value)
