"""Running a panel: every row and every parameter set in a few calls of the kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.panel import Change, Check, PanelRow, Quantity
from mtorsim.analysis.panel_measures import (
    dose_with_response,
    half_dose,
    half_fall,
    half_rise,
    hill_slope,
    peak_time,
)
from mtorsim.analysis.panel_plan import Batch, Course, PanelPlan, Rest, times_of
from mtorsim.modelfiles.compose import Context
from mtorsim.network.network import ReactionNetwork
from mtorsim.simulate.kernels import kernel_of
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.settling import settling_options

Array = NDArray[np.float64]
Settings = Mapping[str, Array]
"""By parameter its value in each set, (m,)."""

_OF_COURSE: Mapping[str, Callable[[Array, Array], Array]] = {
    "value": lambda _, course: course[:, -1],
    "peak": lambda _, course: course.max(axis=1),
    "lowest": lambda _, course: course.min(axis=1),
    "peak_time": peak_time,
    "half_rise": half_rise,
    "half_fall": half_fall,
}
"""Measures of one course each."""

Levels = dict[tuple[str, str, str], tuple[Array, Array]]
"""By row, arm and readout: times (t,) and levels (m, doses, t)."""


@dataclass(frozen=True, slots=True)
class PanelFound:
    """What a panel found: by row id an array (m, checks) in the units of the checks' bands."""

    values: Mapping[str, Array]
    n_trajectories: int
    n_failed: int


def run_panel(
    plan: PanelPlan, settings: Settings | None = None, *, options: SolverOptions | None = None
) -> PanelFound:
    """Run a panel for one or more sets of parameter values.

    Parameters
    ----------
    settings : values by parameter, (m,) each, over those of the model; None is the model as it is

    Returns
    -------
    NaN where a trajectory failed or a measure does not exist
    """
    runner = _Runner(plan, settings or {}, options or SolverOptions())
    levels = runner.levels()
    values = {
        row.id: np.stack([check_value(check, row, levels) for check in row.checks], axis=1)
        for row in plan.rows
    }
    return PanelFound(values, runner.n_trajectories, runner.n_failed)


def check_value(check: Check, row: PanelRow, levels: Levels) -> Array:
    """What a check found in each parameter set, (m,), in the unit of its band."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = _quantity_value(check.quantity, row, levels)
        if check.over is not None:
            value = value / _quantity_value(check.over, row, levels)
        if check.minus is not None:
            value = value - _quantity_value(check.minus, row, levels)
        return np.asarray(value / check.factor)


def _quantity_value(quantity: Quantity, row: PanelRow, levels: Levels) -> Array:
    """A quantity in each parameter set, (m,), nM and s."""
    courses = [_course(quantity, row, name, levels) for name in quantity.arms]
    times = times_of(quantity)
    if quantity.measure == "combination_index":
        return _combination_index(quantity, row, courses)
    if quantity.measure == "suppression":
        treated, untreated = (course[:, 0, -1] for course in courses)
        return np.asarray(1.0 - treated / untreated)
    found = [
        _arm_value(quantity.measure, row, name, times, course)
        for name, course in zip(quantity.arms, courses, strict=True)
    ]
    return np.asarray(np.min(found, axis=0))


def _arm_value(measure: str, row: PanelRow, arm: str, times: Array, course: Array) -> Array:
    """A measure of one arm: levels (m, doses, t)."""
    along = course[:, 0]
    series = row.arms[arm].series
    doses = np.array(series.doses) if series else np.ones(1)
    if measure == "half_level":
        found = dose_with_response(doses, course[:, 1:, -1], course[:, 0, -1] / 2.0)
        return np.asarray(np.minimum(found, doses[-1]))
    if measure in ("half_dose", "hill"):
        slope_or_dose = half_dose if measure == "half_dose" else hill_slope
        return slope_or_dose(doses, course[:, 1:, -1], course[:, 0, -1])
    return np.asarray(_OF_COURSE[measure](times, along))


def _course(quantity: Quantity, row: PanelRow, arm: str, levels: Levels) -> Array:
    """Levels (m, doses, t) at the times of the quantity."""
    times, course = levels[row.id, arm, quantity.readout]
    return course[:, :, np.searchsorted(times, times_of(quantity))]


def _combination_index(quantity: Quantity, row: PanelRow, courses: Sequence[Array]) -> Array:
    """Loewe's index of a combination, from two dose series."""
    together = row.arms[quantity.arms[0]].changes[0].drugs
    reached = courses[0][:, 0, -1]
    index = np.zeros(len(reached))
    for name, course in zip(quantity.arms[1:], courses[1:], strict=True):
        series = row.arms[name].series
        if series is not None:
            alone = dose_with_response(np.array(series.doses), course[:, 1:, -1], reached)
            index += together[series.name] / alone
    return index


def contextual_values(
    network: ReactionNetwork, contexts: Sequence[Context], settings: Settings
) -> Array:
    """Parameter values (m, p): the model's, those of ``settings``, then the contexts.

    Contexts may name parameters of drugs that this network does not hold.
    """
    n_sets = max((len(values) for values in settings.values()), default=1)
    table = np.tile(network.parameter_values(), (n_sets, 1))
    column = {name: i for i, name in enumerate(network.parameter_ids)}
    for name, values in settings.items():
        if name in column:
            table[:, column[name]] = values
    for context in contexts:
        hidden = {n for other in contexts if context.id in other.overrides for n in other.touched}
        for name in (context.touched - hidden) & column.keys():
            if name in context.values:
                table[:, column[name]] = context.values[name].value
            else:
                table[:, column[name]] *= context.factors[name].value
    return table


class _Runner:
    """One run of a plan."""

    def __init__(self, plan: PanelPlan, settings: Settings, options: SolverOptions) -> None:
        self.plan, self.settings, self.options = plan, settings, options
        self.n_trajectories = self.n_failed = 0
        self.n_sets = max((len(values) for values in settings.values()), default=1)

    def levels(self) -> Levels:
        """Levels of every arm and readout."""
        rests = self.rests()
        levels: Levels = {}
        for batch in self.plan.batches:
            self.run_batch(batch, rests, levels)
        return levels

    def parameters(self, network: ReactionNetwork, rest: Rest) -> Array:
        """Parameter values (m, p) of a state of rest."""
        contexts = [self.plan.contexts[name] for name in rest[0]]
        return contextual_values(network, contexts, self.settings)

    def rests(self) -> dict[Rest, Array]:
        """States of rest (m, n) over the species of the model without drugs; NaN if not found."""
        network, rests = self.plan.base, self.plan.rests
        y0, k = [], []
        for rest in rests:
            values = self.parameters(network, rest)
            initial = network.initial_amounts(values)
            rates = network.rate_constants(values) * network.without_loops(rest[1])
            y0.append(initial[:, network.dynamic_columns])
            k.append(network.fold_fixed(rates, initial[:, network.fixed_columns]))
        kernel = kernel_of(network, options=self.options)
        solution = kernel.steady_state(
            np.vstack(y0), np.vstack(k), options=settling_options(self.options)
        )
        states = np.where(
            (solution.status == Status.OK)[:, None], solution.final_state, np.nan
        ).reshape(len(rests), self.n_sets, -1)
        return dict(zip(rests, states, strict=True))

    def run_batch(self, batch: Batch, rests: Mapping[Rest, Array], levels: Levels) -> None:
        """Run the courses of a batch and put their levels away."""
        y0, k, events = self.rows(batch, rests)
        usable = np.asarray(np.isfinite(y0).all(axis=1) & np.isfinite(k).all(axis=1))
        sums = np.full((len(y0), len(batch.times), len(batch.readouts.weights)), np.nan)
        if usable.any():
            kernel = kernel_of(batch.network, options=self.options)
            solution = kernel.solve(
                y0[usable],
                k[usable],
                t_out=batch.times,
                observe=batch.readouts.weights,
                options=self.options,
                events=_selected(events, usable),
            )
            good = solution.status == Status.OK
            sums[usable] = np.where(good[:, None, None], solution.values, np.nan)
        self.n_trajectories += len(y0)
        self.n_failed += int(np.isnan(sums[:, -1, 0]).sum())
        values = batch.readouts.values(sums)
        shape = (len(batch.courses), self.n_sets, *values.shape[1:])
        _put(levels, batch, values.reshape(shape))

    def rows(
        self, batch: Batch, rests: Mapping[Rest, Array]
    ) -> tuple[Array, Array, tuple[Event, ...]]:
        """Amounts and rate constants at time 0, and what changes later; course by course."""
        parts = [self.course_rows(batch, course, rests) for course in batch.courses]
        y0 = np.vstack([part.y0 for part in parts])
        k = np.vstack([part.k for part in parts])
        events = tuple(
            Event(
                time,
                y_add=np.vstack([part.later[i][0] for part in parts]),
                k=np.vstack([part.later[i][1] for part in parts]),
            )
            for i, time in enumerate(batch.event_times)
        )
        return y0, k, events

    def course_rows(self, batch: Batch, course: Course, rests: Mapping[Rest, Array]) -> _CourseRows:
        """Rows of one course in all parameter sets."""
        network = batch.network
        values = self.parameters(network, course.rest)
        initial = network.initial_amounts(values)
        y0 = initial[:, network.dynamic_columns]
        base = self.plan.base.dynamic_species
        places = [network.dynamic_species.index(name) for name in base]
        y0[:, places] = rests[course.rest]
        fixed = initial[:, network.fixed_columns]
        rates = network.rate_constants(values) * network.without_loops(course.rest[1])
        k, later = network.fold_fixed(rates, fixed), []
        for change in course.changes:
            added = _apply(change, network, values, fixed)
            new_k = network.fold_fixed(rates, fixed)
            if change.time == 0:
                y0, k = y0 + added, new_k
            else:
                later.append((added, new_k))
        return _CourseRows(y0, k, tuple(later))


@dataclass(frozen=True, slots=True)
class _CourseRows:
    """Start of a course, and what is added and the new rate constants at each later change."""

    y0: Array
    k: Array
    later: tuple[tuple[Array, Array], ...]


def _apply(change: Change, network: ReactionNetwork, values: Array, fixed: Array) -> Array:
    """Set inputs and held drugs in ``fixed`` (m, n_fixed); what is added to the rest, (m, n)."""
    added = np.zeros((len(values), len(network.dynamic_species)))
    held = {name: i for i, name in enumerate(network.fixed_species)}
    for name, level in change.inputs.items():
        fixed[:, held[name]] = level
    for drug, dose in change.drugs.items():
        species = network.doses[drug].species
        amount = network.dose_amounts(drug, values) * dose
        if species in held:
            fixed[:, held[species]] = amount
        else:
            added[:, network.dynamic_species.index(species)] += amount
    return added


def _put(levels: Levels, batch: Batch, values: Array) -> None:
    """Put away the readouts (courses, m, t, q) of a batch."""
    places: dict[tuple[str, str], list[int]] = {}
    for i, course in enumerate(batch.courses):
        places.setdefault((course.row, course.arm), []).append(i)
    for (row, arm), indices in places.items():
        for q, readout in enumerate(batch.readouts.ids):
            levels[row, arm, readout] = (batch.times, np.moveaxis(values[indices, :, :, q], 0, 1))


def _selected(events: Sequence[Event], chosen: NDArray[np.bool_]) -> tuple[Event, ...]:
    """Events of some of the rows."""
    return tuple(
        Event(
            event.time,
            y_add=None if event.y_add is None else event.y_add[chosen],
            k=None if event.k is None else event.k[chosen],
        )
        for event in events
    )
