"""Rows of amounts and rate constants that a kernel reads, put together from axes and problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.network import ReactionNetwork
from mtorsim.simulate.axes import Axis, Role
from mtorsim.simulate.axis_arranging import CONTEXT, MEMBER
from mtorsim.simulate.dosing import Change
from mtorsim.simulate.problem import Problem
from mtorsim.solvers.event import Event
from mtorsim.solvers.shared_rows import SharedRows

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(slots=True)
class BaselineRows:
    """Numbers of states before the drug, one row each.

    Parameters
    ----------
    y0 : (b, n_dynamic) nM; the initial amounts, and the steady state once it is known
    k : (b, r) rate constants before fixed species
    fixed : (b, n_fixed) nM, fixed species before the drug
    dose_amounts : by drug (b,) nM of its dose species for a dose of 1 nM or mg
    """

    y0: Array
    k: Array
    fixed: Array
    dose_amounts: dict[str, Array]
    _running_k: Array | None = None

    def folded(self, network: ReactionNetwork) -> Array:
        """(b, r) rate constants with the fixed species multiplied in."""
        return network.fold_fixed(self.k, self.fixed)

    def running_k(self, network: ReactionNetwork, baseline: Indices) -> SharedRows:
        """(m, r) rate constants of trajectories whose fixed species are as before the drug."""
        if self._running_k is None:
            self._running_k = self.folded(network)
        return SharedRows.make(self._running_k, baseline)


@dataclass(frozen=True, slots=True)
class DosedRows:
    """Numbers of trajectories from time 0 on, one row each, most of them shared."""

    y0: SharedRows
    k: SharedRows
    events: tuple[Event, ...]

    def chosen(self, which: NDArray[np.bool_]) -> DosedRows:
        """Some of the trajectories."""
        events = tuple(
            Event(
                event.time,
                y_scale=event.y_scale,
                y_add=None if event.y_add is None else event.y_add[which],
                k=None if event.k is None else event.k[which],
            )
            for event in self.events
        )
        return DosedRows(self.y0.chosen(which), self.k.chosen(which), events)


def baseline_rows(
    problem: Problem, axes: Sequence[Axis], points: Sequence[Indices]
) -> BaselineRows:
    """Rows before the drug at the given positions of each axis."""
    network = problem.network
    n_rows = len(points[0]) if points else 1
    columns = columns_of(axes, points)
    values = _parameter_values(problem.value_table, columns, n_rows)
    for name, at in columns.get("parameter", {}).items():
        values[:, network.parameter_ids.index(name)] = at
    initial = network.initial_amounts(values)
    replaced: dict[str, float | Array] = {**problem.amounts, **columns.get("amount", {})}
    for name, amount in replaced.items():
        initial[:, network.species_ids.index(name)] = amount
    return BaselineRows(
        y0=initial[:, network.dynamic_columns],
        k=network.rate_constants(values) * problem.reaction_factors,
        fixed=initial[:, network.fixed_columns],
        dose_amounts={drug: network.dose_amounts(drug, values) for drug in network.doses},
    )


def _parameter_values(
    table: Array, columns: Mapping[Role, Mapping[str, Array]], n_rows: int
) -> Array:
    """Parameter values (n_rows, p) of each row's context and member."""
    nowhere = np.zeros(n_rows, dtype=np.intp)
    context = columns.get("context", {}).get(CONTEXT, nowhere).astype(np.intp)
    member = columns.get("member", {}).get(MEMBER, nowhere).astype(np.intp)
    values: Array = table[context, member]
    return values


def hold_signals(problem: Problem, rows: BaselineRows) -> None:
    """Add the fixed species that clamped loops read, at the present level of their signals."""
    dynamic = problem.network.dynamic_species
    held = [dynamic.index(signal) for signal in problem.held_signals]
    rows.fixed = np.hstack([rows.fixed, rows.y0[:, held]])


def dosed_rows(
    problem: Problem,
    rows: BaselineRows,
    baseline: Indices,
    axes: Sequence[Axis],
    points: Sequence[Indices],
) -> DosedRows:
    """Rows from time 0 on: what ``problem.changes`` does to each trajectory's baseline.

    Parameters
    ----------
    rows : baselines, with the fixed species of ``problem.running_network``
    baseline : (m,) row of ``rows`` that each trajectory starts from
    points : per axis (m,) position of each trajectory
    """
    network = problem.running_network
    changer = _Changer(problem, rows, baseline, columns_of(axes, points))
    fixed = np.take(rows.fixed, baseline, axis=0)
    by_time = [(t, list(group)) for t, group in groupby(problem.changes, key=lambda c: c.time)]
    at_start = by_time.pop(0)[1] if by_time and by_time[0][0] == 0.0 else []
    start = changer.apply(at_start, fixed)
    y0 = start.changed(SharedRows.make(rows.y0, baseline))
    k = rows.running_k(network, baseline)
    if start.fixed_changed:
        folded = network.folded_reactions
        k = k.changed(folded, network.folded_constants(rows.k[:, folded][baseline], fixed))
    events = []
    for time, changes in by_time:
        effect = changer.apply(changes, fixed)
        new_k = network.fold_fixed(rows.k[baseline], fixed) if effect.fixed_changed else None
        events.append(effect.event(time, y0.shape, new_k))
    return DosedRows(y0, k, tuple(events))


def columns_of(axes: Sequence[Axis], points: Sequence[Indices]) -> dict[Role, dict[str, Array]]:
    """By role and name the value of each row, at its positions along the axes."""
    found: dict[Role, dict[str, Array]] = {}
    for axis, at in zip(axes, points, strict=True):
        for column in axis.columns:
            found.setdefault(column.role, {})[column.name] = column.values[at]
    return found


@dataclass(slots=True)
class _Effect:
    """What happens to the states of a block at one time.

    Parameters
    ----------
    emptied : dynamic species whose amount becomes 0
    added : dynamic species and what is then added, nM, a number or (m,)
    fixed_changed : whether a fixed species changed
    """

    emptied: list[int]
    added: list[tuple[int, float | Array]]
    fixed_changed: bool = False

    def changed(self, y: SharedRows) -> SharedRows:
        """The states after it."""
        columns = np.array(sorted({*self.emptied, *(c for c, _ in self.added)}), dtype=np.intp)
        if not len(columns):
            return y
        values = y.base[:, columns][y.base_of_row]
        values[:, np.isin(columns, self.emptied)] = 0.0
        for column, amount in self.added:
            values[:, np.searchsorted(columns, column)] += amount
        return y.changed(columns, values)

    def event(self, time: float, shape: tuple[int, ...], k: Array | None) -> Event:
        """The same for a solver to do at ``time`` to states of ``shape`` (m, n)."""
        scale, add = np.ones(shape[1]), np.zeros(shape)
        scale[self.emptied] = 0.0
        for column, amount in self.added:
            add[:, column] += amount
        return Event(
            time,
            y_scale=scale if self.emptied else None,
            y_add=add if self.added else None,
            k=k,
        )


class _Changer:
    """Works out what a change does to the amounts of a block of trajectories."""

    def __init__(
        self,
        problem: Problem,
        rows: BaselineRows,
        baseline: Indices,
        columns: dict[Role, dict[str, Array]],
    ) -> None:
        self.network = problem.running_network
        self.rows = rows
        self.baseline = baseline
        self.levels: dict[str, float | Array] = {
            **problem.doses,
            **problem.inputs,
            **columns.get("drug", {}),
            **columns.get("input", {}),
        }

    def apply(self, changes: Sequence[Change], fixed: Array) -> _Effect:
        """What ``changes`` that fall together do; ``fixed`` (m, n_fixed) is changed in place."""
        effect = _Effect([], [])
        for change in changes:
            species, amount = self._target(change)
            if species in self.network.fixed_species:
                fixed[:, self.network.fixed_species.index(species)] = amount
                effect.fixed_changed = True
                continue
            column = self.network.dynamic_species.index(species)
            if change.kind == "washout":
                effect.emptied.append(column)
            else:
                effect.added.append((column, amount))
        return effect

    def _target(self, change: Change) -> tuple[str, float | Array]:
        """The species that changes and its amount, nM."""
        level = self.levels.get(change.name, 0.0) if change.amount is None else change.amount
        if change.kind == "input":
            return change.name, level
        dose = self.network.doses[change.name]
        per_unit = self.rows.dose_amounts[change.name][self.baseline]
        return dose.infusion if change.kind == "infusion" else dose.species, per_unit * level
