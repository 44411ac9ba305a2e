"""Dosing schedules side by side: concentrations, target occupancy and what the cell does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.exposure import Exposure, average, exposure_of, time_above
from mtorsim.analysis.schedule_patients import PatientBands, draw_patients, patient_bands
from mtorsim.analysis.schedule_request import equal_factors, named_schedules
from mtorsim.analysis.schedule_results import Effect, Occupancy, ScheduleArm, ScheduleComparison
from mtorsim.errors import InputError
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.dosing import Dosing, drugs_in_mg
from mtorsim.simulate.pharmacokinetics import with_metabolites
from mtorsim.simulate.quantities import read_times
from mtorsim.simulate.result import Trajectory
from mtorsim.simulate.setting import with_usual_infusion

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]
STEP = 900.0  # s; a quarter of an hour resolves absorption
FEWEST_TIMES, MOST_TIMES = 201, 3001


def compare_schedules(
    model: Model,
    schedules: Mapping[str, Any] | Sequence[Any],
    *,
    span: Any,
    readouts: Sequence[str] | str | None = None,
    start: Any = 0.0,
    target: float = 0.9,
    equal: str | None = None,
    patients: int = 0,
    seed: int = 1,
    rtol: float | None = None,
) -> ScheduleComparison:
    """Run schedules and set side by side what drug and cell do.

    Parameters
    ----------
    model : in its context; drugs are merged in
    schedules : by name, or a list: each a ``Dosing``, several, or ``"everolimus 10 mg daily"``
    span, start : ``"14 d"``, the end of the runs; the window of averages runs from start to there
    readouts : what effects are of; None takes pS6K1_T389, p4EBP1 and pAKT_S473 where they are
    target : inhibition that time is counted above, between 0 and 1
    equal : ``"mass"`` scales all schedules after the first to as many mg in the window,
        ``"auc"`` to as much area under the total concentration, of one drug each
    patients, seed : draw as many from the spreads of the pharmacokinetic constants, the same for
        every schedule, and give the ranges over them; 0 for the typical one alone
    rtol : relative tolerance of the runs; None takes the usual one

    Raises
    ------
    InputError, UnitsError, UnknownNameError : a schedule, time or name can not be used
    SolverError : a run did not come to its end
    """
    if not 0.0 < target < 1.0:
        raise InputError(f"target inhibition is {target:g}: choose a fraction between 0 and 1")
    given = named_schedules(schedules)
    window = _window(start, span)
    model = _with_drugs(model, given.values())
    values = dict(zip(model.network.parameter_ids, model.parameter_values.tolist(), strict=True))
    factors = dict.fromkeys(given, 1.0)
    if equal is not None:
        factors = equal_factors(given, equal=equal, values=values, window=window)
    plan = _Plan(
        model=model,
        values=values,
        readouts=_readouts(model, readouts),
        window=window,
        target=target,
        patients=draw_patients(model, n=patients, seed=seed) if patients else None,
        rtol=rtol,
    )
    return ScheduleComparison(
        model=model.id,
        context=", ".join(model.contexts),
        window=window,
        target=target,
        equal=equal or "",
        readouts=plan.readouts,
        arms=tuple(plan.arm(name, dosing, factors[name]) for name, dosing in given.items()),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What all arms share."""

    model: Model
    values: Mapping[str, float]
    readouts: tuple[str, ...]
    window: tuple[float, float]
    target: float
    patients: Mapping[str, Array] | None
    rtol: float | None

    def arm(self, name: str, dosing: Sequence[Dosing], factor: float) -> ScheduleArm:
        """Run one schedule, in the typical patient and in those that were drawn."""
        scaled = tuple(_scaled(self.model, entry, factor) for entry in dosing)
        occupancies = _occupancies(self.model, scaled)
        run = self.model.simulate(
            at=_times(scaled, self.window),
            dosing=scaled,
            readouts=[*self.readouts, *occupancies],
            rtol=self.rtol,
        )
        part = _Part(run, self.window, self.target)
        return ScheduleArm(
            name=name,
            dosing=scaled,
            factor=factor,
            run=run,
            exposures=_exposures(run, scaled, self.values, self.window),
            occupancies=tuple(part.occupancy(entry) for entry in occupancies),
            effects=tuple(part.effect(entry) for entry in self.readouts),
            patients=self.bands(scaled),
        )

    def bands(self, dosing: Sequence[Dosing]) -> PatientBands | None:
        """Ranges over the patients, where there are any."""
        if self.patients is None:
            return None
        return patient_bands(
            self.model,
            dosing,
            self.patients,
            readouts=self.readouts,
            window=self.window,
            target=self.target,
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """A run between the ends of a window."""

    run: Trajectory
    window: tuple[float, float]
    target: float

    def course(self, readout: str) -> tuple[Array, Array]:
        """Times (s) and levels in the window."""
        inside = (self.run.times >= self.window[0]) & (self.run.times <= self.window[1])
        return self.run.times[inside], self.run[readout][inside]

    def occupancy(self, readout: str) -> Occupancy:
        """Of a target."""
        times, levels = self.course(readout)
        title = self.run.titles[self.run.readouts.index(readout)]
        return Occupancy(
            readout, title, average(times, levels), float(levels.min()), float(levels.max())
        )

    def effect(self, readout: str) -> Effect:
        """On a readout."""
        times, levels = self.course(readout)
        place = self.run.readouts.index(readout)
        before = float(self.run[readout][0])
        with np.errstate(divide="ignore", invalid="ignore"):
            inhibition = 1.0 - levels / before if before > 0 else np.full_like(levels, np.nan)
        above = time_above(times, inhibition, self.target)
        return Effect(
            readout=readout,
            title=self.run.titles[place],
            unit=self.run.units[place],
            before=before,
            average=average(times, levels),
            lowest=float(levels.min()),
            highest=float(levels.max()),
            average_inhibition=average(times, inhibition),
            hours_above=above / 3600.0,
            share_above=above / (self.window[1] - self.window[0]),
        )


def _scaled(model: Model, dosing: Dosing, factor: float) -> Dosing:
    """The dosing with its amounts scaled and the time of its infusions written out."""
    timed = with_usual_infusion(model.network, dosing)
    return timed if factor == 1.0 else timed.scaled(factor)


def _window(start: Any, span: Any) -> tuple[float, float]:
    end = float(read_times(span, what="span")[-1])
    begin = parse_quantity(start, dimension="time", default_unit="s", what="start")
    if begin >= end:
        raise InputError(f"start is {begin / 3600:g} h, at or after the end at {end / 3600:g} h")
    return begin, end


def _with_drugs(model: Model, schedules: Iterable[Sequence[Dosing]]) -> Model:
    """With the drugs of all schedules, so that every arm is the same network."""
    listed = [entry for dosing in schedules for entry in dosing]
    merged = model.with_drugs(*(entry.drug for entry in listed))
    in_mg = drugs_in_mg(listed)
    return merged.with_pharmacokinetics(*in_mg) if in_mg else merged


def _readouts(model: Model, given: Sequence[str] | str | None) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    if given is not None:
        return tuple(given)
    known = [entry.id for entry in model.network.observables]
    usual = [name for name in ("pS6K1_T389", "p4EBP1", "pAKT_S473") if name in known]
    return tuple(usual or known[:3])


def _occupancies(model: Model, dosing: Sequence[Dosing]) -> tuple[str, ...]:
    """Bound fractions of the targets of the drugs of a schedule, and of what they form."""
    drugs = {entry.drug for entry in dosing} | set(with_metabolites(drugs_in_mg(dosing)))
    known = (entry.id for entry in model.network.observables)
    return tuple(name for name in known if name.rpartition("_occupancy_")[2] in drugs)


def _times(dosing: Sequence[Dosing], window: tuple[float, float]) -> Array:
    """Even times, the start of the window, each dose and the end of each infusion."""
    count = int(np.clip(window[1] / STEP + 1, FEWEST_TIMES, MOST_TIMES))
    starts = [(time, entry.infusion) for entry in dosing for time in entry.times(window[1])]
    ends = [time + infusion for time, infusion in starts if infusion]
    moments = [window[0], *(time for time, _ in starts), *(end for end in ends if end < window[1])]
    return np.unique([*np.linspace(0.0, window[1], count), *moments])


def _exposures(
    run: Trajectory,
    dosing: Sequence[Dosing],
    values: Mapping[str, float],
    window: tuple[float, float],
) -> tuple[Exposure, ...]:
    """Of drugs that are given in mg here, and of those that they form."""
    return tuple(
        exposure_of(run, drug, values=values, dosing=dosing, window=window)
        for drug in with_metabolites(drugs_in_mg(dosing))
    )
