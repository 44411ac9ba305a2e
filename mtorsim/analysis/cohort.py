"""Virtual tumours under drugs: who responds, by genotype and by class of drug.

Research software. What is computed is what the model does, not what patients do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.cohort_draw import Tumours, draw_tumours, parameter_columns
from mtorsim.analysis.comparison import ModelRecord
from mtorsim.analysis.growth import (
    GrowthReading,
    growth_readouts,
    mean_growth,
    read_growth,
    relative_growth,
)
from mtorsim.analysis.model_record import record_model
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.modelfiles.cohorts import CohortDesign, load_cohort
from mtorsim.modelfiles.growth import load_growth
from mtorsim.modelfiles.library import list_drugs
from mtorsim.network.quantity import parse_quantity

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

NOTICE = "Research software; no medical advice."
"""Stands on every page, table and figure of a cohort."""

DOSES = (0.01, 1e4, 12)
"""Lowest and highest, nM, and number."""

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
    levels : by readout (n,) before any drug
    plain_levels : the same of the same tumours without their alterations
    growth : (n,) growth rate without drug, multiples of the reference cell's
    threshold : level of the high readout above which p-mTOR counts as high
    responses : one per drug
    missing_arms : parts of growth that the model has not
    seconds : ``compile``, ``run`` and ``total``
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


def run_cohort(
    model: Model,
    drugs: Sequence[str],
    *,
    cohort: str | Path = "hcc",
    n: int = 500,
    seed: int = 1,
    doses: tuple[float, float, int] = DOSES,
    reading_doses: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Cohort:
    """Draw tumours and give each every dose of every drug, one sweep a drug.

    Parameters
    ----------
    model : its contexts give way to the conditions and alterations of the cohort; loops that it has
        cut are cut in every tumour
    drugs : ids, one or more
    cohort : name of a shipped cohort, or path of a file
    doses : (low, high, number), nM, log-spaced
    reading_doses : by drug, dose at which tumours are read; else that of the design, else the dose
        of equal effect on the high readout in the median tumour
    progress : called with (trajectories done, trajectories in all)

    Raises
    ------
    InputError : no tumour, no drug, or doses that make no sense
    UnknownNameError : a cohort, drug or readout that is not there
    """
    began = time.perf_counter()
    design = load_cohort(cohort)
    asked = _reading_doses(design, drugs, reading_doses or {})
    runner = _Runner(
        design,
        _in_conditions(model, design),
        drugs,
        doses=_doses(doses),
        n=n,
        seed=seed,
        threads=threads,
        progress=progress,
    )
    levels, plain, reference = runner.before_drug()
    growth = relative_growth(runner.reading, levels, reference)
    responses = tuple(runner.response(drug, reference, asked.get(drug)) for drug in drugs)
    percentile = design.high_percentile.value
    record = record_model(runner.model, drugs=tuple(drugs), contexts=())
    return Cohort(
        design=design,
        model=record,
        seed=seed,
        tumours=runner.tumours,
        levels=levels,
        plain_levels=plain,
        growth=growth,
        threshold=float(np.nanpercentile(plain[design.high_readout], percentile)),
        responses=responses,
        missing_arms=runner.reading.missing,
        seconds={**runner.seconds, "total": time.perf_counter() - began},
        n_trajectories=runner.n_done,
        failures=tuple(runner.failures),
    )


def _in_conditions(model: Model, design: CohortDesign) -> Model:
    """The model in the conditions of the cohort.

    Raises
    ------
    UnknownNameError : it lacks the readout that tells of high p-mTOR
    InputError : it has loops cut or clamped, or amounts of its own, which tumours would not have
    """
    if design.high_readout not in model.observables:
        raise UnknownNameError("readout", design.high_readout, model.observables, where=model.id)
    if model.clamped_loops:
        raise InputError(f"{', '.join(model.clamped_loops)} is clamped: tumours have no held loops")
    return model.with_context(*design.conditions)


def _doses(doses: tuple[float, float, int]) -> Array:
    low, high, number = doses
    if number < 2 or not 0.0 < low < high < np.inf:
        raise InputError(
            f"doses {low:g} to {high:g} nM in {number}: a log axis needs two or more doses, "
            "the lowest above 0 and below the highest"
        )
    return np.geomspace(low, high, number)


def _reading_doses(
    design: CohortDesign, drugs: Sequence[str], asked: Mapping[str, Any]
) -> dict[str, tuple[float, str]]:
    """Dose and its basis by drug, where it is not to be found from the responses."""
    if not drugs:
        raise InputError("a cohort needs a drug: name one or more")
    for drug in drugs:
        if list(drugs).count(drug) > 1:
            raise InputError(f"drug {drug!r} is named twice")
    for drug in asked:
        if drug not in drugs:
            raise InputError(f"a dose of {drug!r}, which is not given")
    found = {drug: (dose.value, dose.why) for drug, dose in design.doses.items() if drug in drugs}
    for drug, dose in asked.items():
        number = parse_quantity(dose, default_unit="nM", what=f"dose of {drug}")
        if number == 0.0:
            raise InputError(f"dose of {drug} is 0: there is nothing to respond to")
        found[drug] = number, "as asked"
    return found


class _Runner:
    """Runs the sweeps of a cohort and keeps count."""

    def __init__(
        self,
        design: CohortDesign,
        model: Model,
        drugs: Sequence[str],
        *,
        doses: Array,
        n: int,
        seed: int,
        threads: int | None,
        progress: Progress | None,
    ) -> None:
        self.design, self.model, self.drugs, self.doses = design, model, drugs, doses
        self.seed, self.threads, self.progress = seed, threads, progress
        model.with_drugs(*drugs)  # an unknown one is told before anything is run
        self.tumours = draw_tumours(design, model.network, n=n, seed=seed)
        self.reading: GrowthReading = read_growth(load_growth(design.growth), model.network)
        self.readouts = [*dict.fromkeys([*growth_readouts(self.reading), design.high_readout])]
        self.seconds = {"compile": 0.0, "run": 0.0}
        self.n_done, self.failures = 0, list[str]()

    def before_drug(self) -> tuple[dict[str, Array], dict[str, Array], dict[str, float]]:
        """Levels by readout of the tumours, of their plain twins, and of the reference cell."""
        n, has = len(self.tumours), self.tumours.alterations
        columns = self._columns(np.vstack([has, np.zeros_like(has), np.zeros_like(has[:1])]), 2)
        found = self._sweep(self.model, {"tumour": columns}, [TIMES[0], TIMES[1]], 2 * n + 1)
        levels = {name: values[:, 0] for name, values in found.items()}
        return (
            {name: values[:n] for name, values in levels.items()},
            {name: values[n : 2 * n] for name, values in levels.items()},
            {name: float(values[-1]) for name, values in levels.items()},
        )

    def response(
        self, drug: str, reference: Mapping[str, float], asked: tuple[float, str] | None
    ) -> DrugResponse:
        """All tumours, and the pure genotypes after them, at every dose of a drug."""
        n, has = len(self.tumours), self.tumours.alterations
        pure = np.vstack([np.zeros_like(has[:1]), np.eye(has.shape[1], dtype=bool)])
        columns = self._columns(np.vstack([has, pure]), 1)
        model = self.model.with_drugs(drug)
        rows = (n + len(pure)) * len(self.doses)
        levels = self._sweep(model, {"tumour": columns, drug: self.doses}, list(TIMES), rows)
        rates = relative_growth(self.reading, levels, reference)
        growth = mean_growth(TIMES, rates) / rates[:, :, 0]
        high = levels[self.design.high_readout][:n]
        left = np.nanmedian(high[:, :, EFFECT_TIME] / high[:, :, 0], axis=0)
        dose, basis = asked or self._equal_effect(left)
        if not self.doses[0] <= dose <= self.doses[-1] * (1 + 1e-9):
            raise InputError(
                f"dose of {drug} is {dose:g} nM, outside the doses tried, "
                f"{self.doses[0]:g} to {self.doses[-1]:g} nM"
            )
        classes = {entry.id: entry.drug_class for entry in list_drugs()}
        return DrugResponse(
            drug=drug,
            drug_class=classes.get(drug, ""),
            doses=self.doses,
            growth=growth[:n],
            lines=growth[n:],
            left=left,
            dose=dose,
            dose_basis=basis,
        )

    def _equal_effect(self, left: Array) -> tuple[float, str]:
        """Lowest dose that leaves ``EQUAL_EFFECT`` of the high readout in the median tumour."""
        name = self.design.high_readout
        if not (left <= EQUAL_EFFECT).any():
            return float(self.doses[-1]), f"the highest: {name} does not fall by 90 %"
        basis = f"takes 90 % off {name} of the median tumour in a day"
        after = int(np.argmax(left <= EQUAL_EFFECT))
        if after == 0:
            return float(self.doses[0]), basis
        log_dose = np.log(self.doses)
        part = (left[after - 1] - EQUAL_EFFECT) / (left[after - 1] - left[after])
        step = log_dose[after] - log_dose[after - 1]
        return float(np.exp(log_dose[after - 1] + part * step)), basis

    def _columns(self, alterations: NDArray[np.bool_], copies: int) -> dict[str, Array]:
        """Parameters of the tumours, ``copies`` times over, then of cells with typical amounts."""
        typical = np.ones((len(alterations) - copies * len(self.tumours), 1))
        factors = {
            name: np.concatenate([*[self.tumours.factors[:, j]] * copies, typical[:, 0]])
            for j, name in enumerate(self.tumours.amounts)
        }
        return parameter_columns(self.model, self.design, alterations, factors)

    def _sweep(
        self, model: Model, axes: Mapping[str, Any], at: Sequence[float], n_rows: int
    ) -> dict[str, Array]:
        """Levels by readout, shape (axes..., t)."""
        before, total = self.n_done, self._n_all

        def tell(done: int) -> None:
            if self.progress is not None:
                self.progress(before + done, total)

        result = model.sweep(
            axes, at=at, readouts=self.readouts, threads=self.threads, progress=tell, seed=self.seed
        )
        if result.interrupted:
            raise KeyboardInterrupt
        self.seconds["compile"] += result.timing.compile_s
        self.seconds["run"] += result.timing.equilibrate_s + result.timing.run_s
        self.failures += [str(failure).split(" (")[0] for failure in result.failures()]
        self.n_done += n_rows
        return {name: result[name] for name in self.readouts}

    @property
    def _n_all(self) -> int:
        """Trajectories of the whole cohort."""
        n, n_lines = len(self.tumours), 1 + len(self.design.alterations)
        return 2 * n + 1 + len(self.drugs) * (n + n_lines) * len(self.doses)
