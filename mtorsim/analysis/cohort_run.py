"""Running a cohort: one sweep of all tumours before the drug, and one under each drug."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.cohort import EFFECT_TIME, EQUAL_EFFECT, TIMES, Cohort, DrugResponse
from mtorsim.analysis.cohort_asked import (
    dose_axis,
    in_conditions,
    reading_doses_of,
    together,
)
from mtorsim.analysis.cohort_draw import draw_tumours, parameter_columns
from mtorsim.analysis.growth import (
    GrowthReading,
    growth_readouts,
    mean_growth,
    read_growth,
    relative_growth,
)
from mtorsim.analysis.model_record import record_model
from mtorsim.analysis.number_text import dose_text
from mtorsim.errors import InputError
from mtorsim.modelfiles.cohorts import CohortDesign, load_cohort
from mtorsim.modelfiles.growth import load_growth
from mtorsim.modelfiles.library import list_drugs

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

DOSES = (0.01, 1e4, 12)
"""Lowest and highest, nM, and number."""


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
    drugs : ids, one or more; ``"everolimus+sorafenib"`` gives the first along its doses, the others
        beside it at their reading dose
    cohort : name of a shipped cohort, or path of a file
    n : number of tumours
    seed : of the draw, 0 or more; the same seed gives the same tumours
    doses : (low, high, number), nM, log-spaced
    reading_doses : by drug, dose at which tumours are read; else that of the design, else the dose
        of equal effect on the high readout in the median tumour
    threads : changes the time taken alone; None takes all
    progress : called with (trajectories done, trajectories in all)

    Raises
    ------
    InputError : no tumour, no drug, or doses that make no sense
    UnknownNameError : a cohort, drug or readout that is not there
    """
    began = time.perf_counter()
    design = load_cohort(cohort)
    asked = reading_doses_of(design, drugs, reading_doses or {})
    runner = _Runner(
        design,
        in_conditions(model, design),
        drugs,
        doses=dose_axis(doses),
        n=n,
        seed=seed,
        threads=threads,
        progress=progress,
    )
    found = runner.run(asked)
    return replace(found, seconds={**found.seconds, "total": time.perf_counter() - began})


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
        for drug in drugs:  # an unknown one is told before anything is run
            model.with_drugs(*together(drug))
        self.tumours = draw_tumours(design, model.network, n=n, seed=seed)
        self.reading: GrowthReading = read_growth(load_growth(design.growth), model.network)
        self.readouts = [*dict.fromkeys([*growth_readouts(self.reading), design.high_readout])]
        self.seconds = {"compile": 0.0, "run": 0.0}
        self.n_done, self.failures = 0, list[str]()

    def run(self, asked: Mapping[str, tuple[float, str]]) -> Cohort:
        """All sweeps; ``asked`` has the dose to read at and its basis, by drug."""
        design = self.design
        levels, plain, reference = self.before_drug()
        percentile = design.high_percentile.value
        names = tuple(dict.fromkeys(name for drug in self.drugs for name in together(drug)))
        return Cohort(
            design=design,
            model=record_model(self.model, drugs=names, contexts=()),
            seed=self.seed,
            tumours=self.tumours,
            levels=levels,
            plain_levels=plain,
            growth=relative_growth(self.reading, levels, reference),
            threshold=float(np.nanpercentile(plain[design.high_readout], percentile)),
            responses=tuple(self.response(drug, reference, asked) for drug in self.drugs),
            missing_arms=self.reading.missing,
            seconds=self.seconds,
            n_trajectories=self.n_done,
            failures=tuple(self.failures),
        )

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
        self, drug: str, reference: Mapping[str, float], asked: Mapping[str, tuple[float, str]]
    ) -> DrugResponse:
        """All tumours, and the pure genotypes after them, at every dose of a drug."""
        n, has = len(self.tumours), self.tumours.alterations
        pure = np.vstack([np.zeros_like(has[:1]), np.eye(has.shape[1], dtype=bool)])
        columns = self._columns(np.vstack([has, pure]), 1)
        first, *others = together(drug)
        beside = {other: asked[other][0] for other in others}
        axes = {"tumour": columns, first: self.doses}
        rows = (n + len(pure)) * len(self.doses)
        levels = self._sweep(self.model, axes, list(TIMES), rows, beside=beside)
        rates = relative_growth(self.reading, levels, reference)
        growth = mean_growth(TIMES, rates) / rates[:, :, 0]
        high = levels[self.design.high_readout][:n]
        left = np.nanmedian(high[:, :, EFFECT_TIME] / high[:, :, 0], axis=0)
        dose, basis = asked.get(drug) or self._equal_effect(left)
        self._check_inside(drug, dose)
        classes = {entry.id: entry.drug_class for entry in list_drugs()}
        return DrugResponse(
            drug=drug,
            drug_class="+".join(classes.get(name, "") for name in (first, *others)),
            doses=self.doses,
            growth=growth[:n],
            lines=growth[n:],
            left=left,
            dose=dose,
            dose_basis="; ".join([basis, *(f"{o} {dose_text(d)}" for o, d in beside.items())]),
        )

    def _check_inside(self, drug: str, dose: float) -> None:
        """Refuse to read a drug where it was not given."""
        low, high = self.doses[0], self.doses[-1]
        if not low <= dose <= high * (1 + 1e-9):
            raise InputError(
                f"dose of {drug} is {dose:g} nM, outside the doses tried, {low:g} to {high:g} nM"
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
        self,
        model: Model,
        axes: Mapping[str, Any],
        at: Sequence[float],
        n_rows: int,
        *,
        beside: Mapping[str, float] | None = None,
    ) -> dict[str, Array]:
        """Levels by readout, shape (axes..., t)."""
        before, total = self.n_done, self._n_all

        def tell(done: int) -> None:
            if self.progress is not None:
                self.progress(before + done, total)

        result = model.sweep(
            axes,
            drugs=beside,
            at=at,
            readouts=self.readouts,
            threads=self.threads,
            progress=tell,
            seed=self.seed,
        )
        if result.interrupted:
            raise KeyboardInterrupt
        self.seconds["compile"] += result.timing.compile_s
        self.seconds["run"] += result.timing.equilibrate_s + result.timing.run_s
        given = next((name for name in axes if name != "tumour"), "no drug")
        self.failures += [
            f"{given}: trajectory {lost.trajectory}: {lost.status.label}: {lost.reason}"
            for lost in result.failures()
        ]
        self.n_done += n_rows
        return {name: result[name] for name in self.readouts}

    @property
    def _n_all(self) -> int:
        """Trajectories of the whole cohort."""
        n, n_lines = len(self.tumours), 1 + len(self.design.alterations)
        return 2 * n + 1 + len(self.drugs) * (n + n_lines) * len(self.doses)
