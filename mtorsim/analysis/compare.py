"""Drugs side by side: every dose, context and loop setting, fitted and set against each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import Comparison, ComparisonOptions, TimeCourse
from mtorsim.analysis.comparison_rows import (
    curve_rows,
    doses_of_equal_effect,
    loop_contributions,
)
from mtorsim.analysis.dose_response import CurveLabel, DoseResponse
from mtorsim.analysis.model_record import record_model
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.axis_reading import split_context

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.simulate.result import SweepResult

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

DEFAULT_READOUTS = ("pS6K1_T389", "p4EBP1", "pAKT_S473", "pAKT_T308")
"""Outputs of mTORC1, then of mTORC2, then of PDK1: the three ways the drug classes differ."""

DEFAULT_DOSES = (1e-3, 1e4, 200)
"""Lowest and highest, nM, and number: the range of ``dose_response``."""

DEFAULT_TIMES = ("2 h", "24 h")
"""Direct block, and after feedback relief and loss of mTORC2."""

TIME_COURSE_TIMES = 86400.0 * np.linspace(0.0, 1.0, 145) ** 2
"""s; a day, evenly spaced on a square-root scale: 4 s apart at first, 20 min at last."""


SOLVER_NOTES = ("method", "precision", "rtol", "atol_nM", "max_steps", "pre_equilibrate")


def compare(
    model: Model,
    drugs: Sequence[str],
    *,
    contexts: Sequence[str] = (),
    loops: Sequence[str] | None = None,
    doses: int | tuple[object, object, int] = DEFAULT_DOSES[2],
    at: Sequence[object] = DEFAULT_TIMES,
    readouts: Sequence[str] | None = None,
    reference: str = "pS6K1_T389",
    watched: str = "pAKT_S473",
    inhibition: float = 0.9,
    time_course_doses: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Dose-response of each drug in each context with all loops on and with each loop cut.

    Drugs act at very different doses, so they are set side by side at equal effect: the dose that
    takes ``inhibition`` off the ``reference`` readout. There the ``watched`` readout is read off,
    and again with each loop cut at that same dose; the difference is what the loop contributes.

    Parameters
    ----------
    model : a loaded model
    drugs : ids, one or more
    contexts : ids of genotypes, cells or conditions, each in place of those that the model is in;
        ``"PTEN-lost+starved"`` for two that act together; none means the model as it stands
    loops : ids of loops to cut one at a time; None takes all of the model
    doses : number of log-spaced doses from 0.001 nM to 10 µM, or (low, high, number)
    at : times after the drug, ``"2 h"`` or s
    readouts : ids of observables; None takes those of ``DEFAULT_READOUTS`` that the model has
    time_course_doses : dose per drug for the time courses; left out, the dose of equal effect in
        the first context at the first time, or the highest dose where that is not reached
    progress : called with (trajectories done, trajectories in all)

    Raises
    ------
    InputError : no drug, no time, an empty dose range
    UnknownNameError : a drug, context, loop or readout that the model does not have
    """
    began = time.perf_counter()
    options = _options(
        model,
        drugs=tuple(drugs),
        contexts=tuple(contexts),
        loops=None if loops is None else tuple(loops),
        readouts=None if readouts is None else tuple(readouts),
        doses=_dose_range(doses),
        at=_times(at),
        reference=reference,
        watched=watched,
        inhibition=inhibition,
    )
    runner = _Runner(model, options, progress)
    curves = runner.dose_curves()
    fitted = time.perf_counter()
    rows = curve_rows(curves, options)
    seconds_fitting = time.perf_counter() - fitted
    chosen = doses_of_equal_effect(rows, options, time_course_doses or {})
    courses = runner.time_courses(chosen)
    return Comparison(
        model=record_model(model, drugs=options.drugs, contexts=options.contexts),
        options=options,
        rows=rows,
        loop_contributions=loop_contributions(rows, options),
        time_courses=courses,
        time_course_doses=chosen,
        timing={
            **runner.seconds,
            "fit": seconds_fitting,
            "total": time.perf_counter() - began,
        },
        n_trajectories=runner.n_done,
        solver=runner.solver,
        failures=tuple(runner.failures),
    )


def _options(
    model: Model,
    *,
    drugs: tuple[str, ...],
    contexts: tuple[str, ...],
    loops: tuple[str, ...] | None,
    readouts: tuple[str, ...] | None,
    doses: tuple[float, float, int],
    at: tuple[float, ...],
    reference: str,
    watched: str,
    inhibition: float,
) -> ComparisonOptions:
    """What the caller asked for, with the model's own loops and readouts where left out."""
    if not drugs:
        raise InputError("compare needs a drug: name one or more")
    for kind, names in (("drug", drugs), ("context", contexts), ("loop", loops or ())):
        _refuse_repeats(kind, names)
    if not 0.0 < inhibition < 1.0:
        raise InputError(f"inhibition is {inhibition:g}: choose a share between 0 and 1")
    if readouts is None:
        readouts = tuple(name for name in DEFAULT_READOUTS if name in model.observables)
    needed = tuple(dict.fromkeys((*readouts, reference, watched)))
    for name in needed:
        if name not in model.observables:
            raise UnknownNameError("readout", name, model.observables, where=model.id)
    return ComparisonOptions(
        drugs=drugs,
        contexts=contexts or ("",),
        readouts=needed,
        loops=tuple(model.loops) if loops is None else loops,
        doses=dict.fromkeys(drugs, doses),
        at=at,
        reference=reference,
        watched=watched,
        inhibition=inhibition,
    )


def _times(at: Sequence[object]) -> tuple[float, ...]:
    """Ascending times in s."""
    if not len(at):
        raise InputError("compare needs a time: for example at=['2 h', '24 h']")
    times = {parse_quantity(t, dimension="time", default_unit="s", what="time") for t in at}
    if min(times) <= 0.0:
        raise InputError("time is 0: choose one after the drug is given, like '2 h'")
    return tuple(sorted(times))


def _refuse_repeats(kind: str, names: Sequence[str]) -> None:
    repeated = sorted({name for name in names if list(names).count(name) > 1})
    if repeated:
        raise InputError(f"{kind} {repeated[0]!r} is named twice")


def _dose_range(doses: int | tuple[object, object, int]) -> tuple[float, float, int]:
    """(low, high, number) in nM."""
    low, high, number = DEFAULT_DOSES if isinstance(doses, int) else doses
    number = doses if isinstance(doses, int) else number
    bottom = parse_quantity(low, default_unit="nM", what="lowest dose")
    top = parse_quantity(high, default_unit="nM", what="highest dose")
    if number < 2 or not 0.0 < bottom < top:
        raise InputError(
            f"doses {bottom:g} to {top:g} nM in {number}: a log axis needs two or more doses, "
            "the lowest above 0 and below the highest"
        )
    return bottom, top, int(number)


@dataclass(slots=True)
class _Runner:
    """Runs the sweeps of a comparison and keeps count; the only state of this module."""

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

    def _sweep(
        self, arm: _Arm, drug: str, dose: Array, at: Sequence[float] | Array
    ) -> dict[str, Array]:
        """Responses (d, t) of each readout."""
        result: SweepResult = arm.model.sweep(
            {drug: dose}, readouts=list(self.options.readouts), at=[float(t) for t in at]
        )
        if result.interrupted:
            raise KeyboardInterrupt
        self.seconds["compile"] += result.timing.compile_s
        self.seconds["run"] += result.timing.equilibrate_s + result.timing.run_s
        self.failures += [f"{arm}: {failure}" for failure in result.failures()]
        self.solver = {
            name: value
            for name, value in result.provenance.items()
            if name in SOLVER_NOTES or name.startswith("version_")
        }
        self.n_done += len(dose)
        if self.progress is not None:
            self.progress(self.n_done, self._n_all)
        return {readout: result[readout] for readout in self.options.readouts}

    @property
    def _n_all(self) -> int:
        arms = len(self.options.contexts) * len(self.options.loop_settings)
        return arms * sum(number + 2 for _, _, number in self.options.doses.values())

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
