"""Rows of amounts and rate constants that a kernel reads, put together from axes and problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.network import ReactionNetwork
from mtorsim.simulate.axes import Axis, Role
from mtorsim.simulate.dosing import Change
from mtorsim.simulate.problem import Problem
from mtorsim.solvers.event import Event

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
    dose_amounts : by drug (b,) nM of its dose species for a dose of 1 nM
    """

    y0: Array
    k: Array
    fixed: Array
    dose_amounts: dict[str, Array]

    def folded(self, network: ReactionNetwork) -> Array:
        """(b, r) rate constants with the fixed species multiplied in."""
        return network.fold_fixed(self.k, self.fixed)


@dataclass(frozen=True, slots=True)
class DosedRows:
    """Numbers of trajectories from time 0 on, one row each."""

    y0: Array
    k: Array
    events: tuple[Event, ...]


def baseline_rows(
    problem: Problem, axes: Sequence[Axis], points: Sequence[Indices]
) -> BaselineRows:
    """Rows before the drug at the given positions of each axis."""
    network = problem.network
    n_rows = len(points[0]) if points else 1
    columns = columns_of(axes, points)
    values = np.tile(problem.values, (n_rows, 1))
    if problem.context_values is not None:
        values = problem.context_values[columns["context"]["context"].astype(np.intp)]
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
    y0, fixed = rows.y0[baseline], rows.fixed[baseline]
    by_time = [(t, list(group)) for t, group in groupby(problem.changes, key=lambda c: c.time)]
    at_start = by_time.pop(0)[1] if by_time and by_time[0][0] == 0.0 else []
    scale, add, fixed_changed = changer.apply(at_start, fixed)
    y0 = y0 if scale is None else y0 * scale
    y0 = y0 if add is None else y0 + add
    # Folding before copying out is cheaper, where all trajectories of a baseline share inputs.
    k = (
        network.fold_fixed(rows.k[baseline], fixed)
        if fixed_changed
        else network.fold_fixed(rows.k, rows.fixed)[baseline]
    )
    events = []
    for time, changes in by_time:
        scale, add, fixed_changed = changer.apply(changes, fixed)
        new_k = network.fold_fixed(rows.k[baseline], fixed) if fixed_changed else None
        events.append(Event(time, y_scale=scale, y_add=add, k=new_k))
    return DosedRows(y0, k, tuple(events))


def columns_of(axes: Sequence[Axis], points: Sequence[Indices]) -> dict[Role, dict[str, Array]]:
    """By role and name the value of each row, at its positions along the axes."""
    found: dict[Role, dict[str, Array]] = {}
    for axis, at in zip(axes, points, strict=True):
        for column in axis.columns:
            found.setdefault(column.role, {})[column.name] = column.values[at]
    return found


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

    def apply(
        self, changes: Sequence[Change], fixed: Array
    ) -> tuple[Array | None, Array | None, bool]:
        """Make ``changes`` that fall together; ``fixed`` (m, n_fixed) is changed in place.

        Returns
        -------
        Factors (n_dynamic,) and additions (m, n_dynamic), nM, to the state, None for no change,
        and whether a fixed species changed
        """
        scale: Array | None = None
        add: Array | None = None
        fixed_changed = False
        n_dynamic = len(self.network.dynamic_species)
        for change in changes:
            species, amount = self._target(change)
            if species in self.network.fixed_species:
                fixed[:, self.network.fixed_species.index(species)] = amount
                fixed_changed = True
                continue
            column = self.network.dynamic_species.index(species)
            if change.kind == "washout":
                scale = np.ones(n_dynamic) if scale is None else scale
                scale[column] = 0.0
            else:
                add = np.zeros((len(fixed), n_dynamic)) if add is None else add
                add[:, column] += amount
        return scale, add, fixed_changed

    def _target(self, change: Change) -> tuple[str, float | Array]:
        """The species that changes and its amount, nM."""
        level = self.levels.get(change.name, 0.0) if change.amount is None else change.amount
        if change.kind == "input":
            return change.name, level
        per_nanomolar = self.rows.dose_amounts[change.name][self.baseline]
        return self.network.doses[change.name].species, per_nanomolar * level
