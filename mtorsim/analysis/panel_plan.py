"""What a model must be run through for a panel: which courses, from which states of rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.panel import WINDOWED, Arm, Change, PanelRow, Quantity
from mtorsim.errors import InputError, MtorsimError, UnknownNameError
from mtorsim.modelfiles.compose import Context, apply_contexts, compose, load_context
from mtorsim.modelfiles.library import ModelEntry
from mtorsim.network.network import ReactionNetwork
from mtorsim.simulate.readouts import ReadoutPlan, known_readouts, plan_readouts
from mtorsim.simulate.setting import input_names

Array = NDArray[np.float64]

POINTS_OF_A_WINDOW = 61

Rest = tuple[tuple[str, ...], tuple[str, ...]]
"""Contexts and cut loops that a course starts from."""


@dataclass(frozen=True, slots=True)
class Course:
    """One trajectory a parameter set: a state of rest and what is done to it.

    Parameters
    ----------
    row, arm : ids of the row and its arm
    dose : position along the series of the arm, 0 where it has none
    """

    row: str
    arm: str
    dose: int
    rest: Rest
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Batch:
    """Courses that one call of one kernel runs.

    Parameters
    ----------
    drugs : that the network holds
    times : (t,) output times, s
    readouts : union of what the courses are read for
    """

    network: ReactionNetwork
    courses: tuple[Course, ...]
    times: Array
    readouts: ReadoutPlan

    @cached_property
    def event_times(self) -> tuple[float, ...]:
        """Times after 0 at which something is done, the same for all courses."""
        return tuple(c.time for c in self.courses[0].changes if c.time > 0)


@dataclass(frozen=True)
class PanelPlan:
    """A panel made ready for one model.

    Parameters
    ----------
    base : the model without drugs, in which the states of rest are found
    rows : rows that the model can express
    left_out : by id of the other rows, what the model lacks
    contexts : by name
    """

    base: ReactionNetwork
    rows: tuple[PanelRow, ...]
    left_out: Mapping[str, str]
    batches: tuple[Batch, ...]
    contexts: Mapping[str, Context] = field(default_factory=dict)

    @property
    def rests(self) -> tuple[Rest, ...]:
        """The states of rest that courses start from."""
        courses = (course for batch in self.batches for course in batch.courses)
        return tuple(dict.fromkeys(course.rest for course in courses))


def plan_panel(rows: Sequence[PanelRow], entry: ModelEntry) -> PanelPlan:
    """Make a panel ready for a model; rows that need what it lacks are left out with the reason."""
    return _Planner(entry).plan(rows)


def times_of(quantity: Quantity) -> Array:
    """Output times that a quantity needs, s."""
    if quantity.measure in WINDOWED:
        return np.linspace(quantity.start, quantity.end, POINTS_OF_A_WINDOW)
    return np.array([quantity.end])


def quantities_of(row: PanelRow) -> tuple[Quantity, ...]:
    """All quantities of a row."""
    return tuple(quantity for check in row.checks for quantity in check.quantities)


class _Planner:
    """Networks and contexts of a model, each made once."""

    def __init__(self, entry: ModelEntry) -> None:
        self.entry = entry
        self.networks: dict[frozenset[str], ReactionNetwork] = {}
        self.contexts: dict[str, Context] = {}
        self.base = self.network(frozenset())

    def network(self, drugs: frozenset[str]) -> ReactionNetwork:
        """The model with drugs."""
        if drugs not in self.networks:
            self.networks[drugs] = compose(self.entry.path, drugs=sorted(drugs))
        return self.networks[drugs]

    def plan(self, rows: Sequence[PanelRow]) -> PanelPlan:
        """See ``plan_panel``."""
        planned, left_out = [], {}
        batches: dict[object, list[tuple[Course, PanelRow]]] = {}
        for row in rows:
            try:
                courses = self.courses(row)
            except MtorsimError as error:
                left_out[row.id] = str(error).partition("; did you")[0]
                continue
            planned.append(row)
            for drugs, course in courses:
                batches.setdefault(self.batch_key(drugs, course, row), []).append((course, row))
        return PanelPlan(
            base=self.base,
            rows=tuple(planned),
            left_out=left_out,
            batches=tuple(self.batch(key, members) for key, members in batches.items()),
            contexts=self.contexts,
        )

    def batch_key(self, drugs: frozenset[str], course: Course, row: PanelRow) -> object:
        """Courses of one kernel, one schedule and like times go together."""
        windowed = any(q.measure in WINDOWED and course.arm in q.arms for q in quantities_of(row))
        schedule = tuple(change.time for change in course.changes if change.time > 0)
        return drugs, schedule, row.id if windowed else row.duration

    def batch(self, key: object, members: Sequence[tuple[Course, PanelRow]]) -> Batch:
        """Gather the times and readouts of courses."""
        drugs = key[0]  # type: ignore[index]
        wanted = [
            quantity
            for course, row in members
            for quantity in quantities_of(row)
            if course.arm in quantity.arms
        ]
        network = self.network(drugs)
        names = sorted({quantity.readout for quantity in wanted})
        return Batch(
            network=network,
            courses=tuple(course for course, _ in members),
            times=np.unique(np.concatenate([times_of(quantity) for quantity in wanted])),
            readouts=plan_readouts(network, names),
        )

    def courses(self, row: PanelRow) -> list[tuple[frozenset[str], Course]]:
        """Courses of a row with the drugs of their network.

        Raises
        ------
        MtorsimError : the model lacks a drug, context, input, loop or readout
        """
        used = dict.fromkeys(name for q in quantities_of(row) for name in q.arms)
        courses = []
        for name in used:
            arm = row.arms[name]
            drugs = self.drugs_of(arm)
            network = self.network(drugs)
            self.check(arm, network)
            for quantity in quantities_of(row):
                if quantity.readout not in known_readouts(network):
                    known = known_readouts(network)
                    raise UnknownNameError("readout", quantity.readout, known)
            courses += [(drugs, course) for course in self.along(arm, row, drugs)]
        return courses

    def drugs_of(self, arm: Arm) -> frozenset[str]:
        """Drugs of an arm, its series among them."""
        drugs = set(arm.drugs)
        if arm.series is not None and arm.series.name not in input_names(self.base):
            drugs.add(arm.series.name)
        for drug in drugs:
            if drug not in self.entry.drugs:
                raise UnknownNameError("drug", drug, self.entry.drugs)
        return frozenset(drugs)

    def check(self, arm: Arm, network: ReactionNetwork) -> None:
        """Refuse an arm that the network can not follow."""
        for name in arm.contexts:
            if name not in self.entry.contexts:
                raise UnknownNameError("context", name, self.entry.contexts)
            if name not in self.contexts:
                self.contexts[name] = load_context(name, network=network)
        apply_contexts(network, [self.contexts[name] for name in arm.contexts])
        for loop in arm.cut:
            network.loop(loop)
        for change in arm.changes:
            for name in change.inputs:
                if name not in input_names(network):
                    raise UnknownNameError("input", name, input_names(network))

    def along(self, arm: Arm, row: PanelRow, drugs: frozenset[str]) -> list[Course]:
        """The courses of an arm: one, or the control and one for each dose of its series."""
        rest = (arm.contexts, arm.cut)
        if arm.series is None:
            return [Course(row.id, arm.name, 0, rest, arm.changes)]
        if any(change.time == 0.0 for change in arm.changes) or not drugs | {arm.series.name}:
            raise InputError(f"arm {arm.name} has a series and a change at time 0")
        key = "drugs" if arm.series.name in drugs else "inputs"
        return [
            Course(
                row.id,
                arm.name,
                i,
                rest,
                (Change(0.0, **{key: {arm.series.name: dose}}), *arm.changes),
            )
            for i, dose in enumerate((0.0, *arm.series.doses))
        ]
