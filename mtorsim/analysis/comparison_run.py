"""Running the sweeps of a comparison: its only state is what was counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import ComparisonOptions, CurveRow, LoopContribution, TimeCourse
from mtorsim.analysis.comparison_bands import (
    ComparisonBands,
    beside_fit,
    course_bands,
    curve_bands,
    treatments,
)
from mtorsim.analysis.comparison_loop_bands import doses_there, with_ranges
from mtorsim.analysis.dose_response import CurveLabel, DoseResponse
from mtorsim.analysis.uncertainty import QUANTILES
from mtorsim.simulate.axis_reading import split_context

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.simulate.result import SweepResult

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

TIME_COURSE_TIMES = 86400.0 * np.linspace(0.0, 1.0, 145) ** 2
"""s; a day, evenly spaced on a square-root scale: 4 s apart at first, 20 min at last."""

SOLVER_NOTES = ("method", "precision", "rtol", "atol_nM", "max_steps", "pre_equilibrate")


@dataclass(slots=True)
class ComparisonRunner:
    """Runs the sweeps of a comparison and keeps count."""

    model: Model
    options: ComparisonOptions
    progress: Progress | None
    n_done: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: {"compile": 0.0, "run": 0.0})
    solver: dict[str, str | int | float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def dose_curves(self) -> tuple[DoseResponse, ...]:
        """Every curve; the control is dose 0 of the same sweep."""
        curves: list[DoseResponse] = []
        for arm in self._arms():
            for drug in self.options.drugs:
                dose = np.append(0.0, self.options.dose_values(drug))
                values = self._sweep(arm, drug, dose, self.options.at)
                curves += [
                    DoseResponse.from_points(
                        dose,
                        values[readout][:, i],
                        label=self._label(arm, drug, readout, time_),
                    )
                    for i, time_ in enumerate(self.options.at)
                    for readout in self.options.readouts
                ]
        return tuple(curves)

    def time_courses(self, doses: Mapping[str, float]) -> tuple[TimeCourse, ...]:
        """Every time course at one dose per drug."""
        courses: list[TimeCourse] = []
        for arm in self._arms():
            for drug, dose in doses.items():
                values = self._sweep(arm, drug, np.array([dose]), TIME_COURSE_TIMES)
                courses += [
                    TimeCourse(
                        label=self._label(arm, drug, readout, float("nan")),
                        dose=dose,
                        times=TIME_COURSE_TIMES,
                        values=values[readout][0],
                        control=float(values[readout][0, 0]),
                    )
                    for readout in self.options.readouts
                ]
        return tuple(courses)

    def _arms(self) -> list[_Arm]:
        """Every context with every loop setting; only numbers differ, so all share a kernel."""
        base = self.model.with_drugs(*self.options.drugs)
        arms = []
        for context in self.options.contexts:
            cell = base.with_context(*split_context(context)) if context else base
            arms += [
                _Arm(context, without, cell.without(*without))
                for without in self.options.loop_settings
            ]
        return arms

    def bands(self, doses: Mapping[str, float], rows: Sequence[CurveRow]) -> ComparisonBands | None:
        """Every curve and time course over all parameter sets; None where none were asked for.

        The sets, drugs, doses and contexts run side by side in one sweep, the time courses in
        another; each set is brought to rest once in each context.
        """
        options = self.options
        if not options.n_sets:
            return None
        began = time.perf_counter()
        tried = {drug: options.band_doses(drug) for drug in options.drugs}
        by_dose, result = self._sweep_sets(tried, options.at)
        at_once = {drug: np.array([doses[drug]]) for drug in options.drugs}
        over_time, _ = self._sweep_sets(at_once, TIME_COURSE_TIMES)
        label = {
            (drug, name, context): self._label(_Arm(context, (), self.model), drug, name, np.nan)
            for drug in options.drugs
            for name in options.readouts
            for context in options.contexts
        }
        timed = {
            (drug, name, t, context): replace(found, time=t)
            for (drug, name, context), found in label.items()
            for t in options.at
        }
        row_of = {row.label: row for row in rows}
        curves = [
            beside_fit(band, row_of[band.label].curve, row_of[band.label].fit.ic50.value)
            for band in curve_bands(by_dose, tried, options, timed)
        ]
        found = ComparisonBands(
            quantiles=QUANTILES,
            n_sets=options.n_sets,
            n_doses=max(map(len, tried.values())),
            made=str(result.provenance["parameter_sets"]),
            curves=tuple(curves),
            courses=course_bands(over_time, TIME_COURSE_TIMES, options, label),
        )
        self.seconds["bands"] = time.perf_counter() - began
        return found

    def ranges_of(
        self, contributions: tuple[LoopContribution, ...]
    ) -> tuple[LoopContribution, ...]:
        """What each loop contributes, with its range over the parameter sets where there are some.

        Every set is run in every context and loop setting, without drug and at the doses of equal
        effect of the model itself.
        """
        options = self.options
        if not (options.n_sets and contributions):
            return contributions
        began, levels = time.perf_counter(), {}
        for arm in self._arms():
            along, _ = treatments(doses_there(contributions, options, arm.context))
            before = self.n_done
            result: SweepResult = arm.model.sweep(
                {"treatment": along},
                readouts=list(options.readouts),
                at=[float(t) for t in options.at],
                uncertainty=options.n_sets,
            )
            self._note(result, f"parameter sets, {arm}", before + result.status.size)
            self._tell(self.n_done)
            levels[arm.context, arm.without] = {name: result[name] for name in options.readouts}
        self.seconds["bands"] += time.perf_counter() - began
        return with_ranges(contributions, levels, options)

    def _sweep_sets(
        self, doses: Mapping[str, Array], at: Sequence[float] | Array
    ) -> tuple[dict[str, Array], SweepResult]:
        """Levels (sets, contexts, treatments, times) of each readout."""
        options = self.options
        along, _ = treatments(doses)
        contexts = options.contexts if options.contexts != ("",) else None
        before = self.n_done
        result: SweepResult = self.model.with_drugs(*options.drugs).sweep(
            {"treatment": along},
            contexts=contexts,
            readouts=list(options.readouts),
            at=[float(t) for t in at],
            uncertainty=options.n_sets,
            progress=lambda done: self._tell(before + done),
        )
        self._note(result, "parameter sets", before + result.status.size)
        shape = (result.shape[0], len(options.contexts), result.shape[-1], len(at))
        return {name: result[name].reshape(shape) for name in options.readouts}, result

    def _sweep(
        self, arm: _Arm, drug: str, dose: Array, at: Sequence[float] | Array
    ) -> dict[str, Array]:
        """Responses (d, t) of each readout."""
        result: SweepResult = arm.model.sweep(
            {drug: dose}, readouts=list(self.options.readouts), at=[float(t) for t in at]
        )
        self._note(result, str(arm), self.n_done + len(dose))
        self._tell(self.n_done)
        return {readout: result[readout] for readout in self.options.readouts}

    def _note(self, result: Any, where: str, n_done: int) -> None:
        """Count what a sweep did."""
        if result.interrupted:
            raise KeyboardInterrupt
        self.seconds["compile"] += result.timing.compile_s
        self.seconds["run"] += result.timing.equilibrate_s + result.timing.run_s
        self.failures += [f"{where}: {failure}" for failure in result.failures()]
        self.solver = {
            name: value
            for name, value in result.provenance.items()
            if name in SOLVER_NOTES or name.startswith("version_")
        }
        self.n_done = n_done

    def _tell(self, n_done: int) -> None:
        """Report progress."""
        if self.progress is not None:
            self.progress(n_done, self._n_all)

    @property
    def _n_all(self) -> int:
        options = self.options
        arms = len(options.loop_settings) * sum(n + 2 for _, _, n in options.doses.values())
        sets = options.n_sets * (2 + sum(len(options.band_doses(d)) + 1 for d in options.drugs))
        if options.loops:
            treated = 1 + len(options.drugs) * len(options.at)
            sets += options.n_sets * len(options.loop_settings) * treated
        return len(options.contexts) * (arms + sets)

    def _label(self, arm: _Arm, drug: str, readout: str, time_: float) -> CurveLabel:
        observable = self.model.observables[readout]
        title, unit = observable.title or readout, observable.unit
        return CurveLabel(drug, readout, time_, arm.context, arm.without, title, unit)


@dataclass(frozen=True, slots=True)
class _Arm:
    """A context with a loop setting, and the model that stands for it."""

    context: str
    without: tuple[str, ...]
    model: Model

    def __str__(self) -> str:
        cut = f"without {', '.join(self.without)}" if self.without else "all loops on"
        return f"{self.context}, {cut}" if self.context else cut
