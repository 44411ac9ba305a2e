"""When drugs and inputs change: repeated doses, infusions, wash-out, steps of an input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.network.dose import DoseUnit
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.amounts import read_amount

Array = NDArray[np.float64]
Kind = Literal["dose", "infusion", "washout", "input"]

# More doses than this in one run are a slip of a unit, not a regimen.
MOST_CHANGES = 100_000
# Times closer than this are one time: sums of intervals differ by rounding.
SAME_TIME = 1e-6  # s


@dataclass(frozen=True, slots=True)
class Dosing:
    """A drug given at one time or again and again.

    A dose in nM goes to the medium of the cell: it adds to what is there; where the medium is held
    at the dose (a dose species that is fixed) it sets the medium to the dose. A dose in mg goes to
    a person, by the route of the drug's pharmacokinetics.

    Parameters
    ----------
    drug : its id
    amount : ``"20 nM"``, ``"10 mg"`` or a number in ``unit``; None gives the dose named in
        ``drugs`` or on its axis
    every : ``"24 h"`` or a number in s; None gives one dose
    start : time of the first dose, 0 for the start of the run
    count : number of doses; None goes on to ``until``
    until : no dose at or after this time; None goes on to the end of the run
    on, off : days of doses and days without, again and again: ``"5 d"``, ``"2 d"``
    loading : amount of the first dose, where it is another
    infusion : how long each dose runs in; None takes the usual time of a drug that is infused
    unit : of a bare number, ``"nM"`` or ``"mg"``

    Raises
    ------
    InputError, UnitsError : an amount or time is negative or has no meaning, or they do not fit
        together
    """

    drug: str
    amount: Any = None
    every: Any = field(default=None, kw_only=True)
    start: Any = field(default=0.0, kw_only=True)
    count: int | None = field(default=None, kw_only=True)
    until: Any = field(default=None, kw_only=True)
    on: Any = field(default=None, kw_only=True)
    off: Any = field(default=None, kw_only=True)
    loading: Any = field(default=None, kw_only=True)
    infusion: Any = field(default=None, kw_only=True)
    unit: DoseUnit = field(default="nM", kw_only=True)

    def __post_init__(self) -> None:
        what = f"dosing of {self.drug}"
        if not isinstance(self.drug, str):
            raise InputError(f"{what}: name the drug, like 'everolimus'")
        if self.count is not None and self.count < 1:
            raise InputError(f"{what}: count is {self.count}, choose 1 or more")
        if self.amount is not None:
            amount, unit = read_amount(self.amount, unit=self.unit, what=f"{what}, amount")
            object.__setattr__(self, "amount", amount)
            object.__setattr__(self, "unit", unit)
        for name in ("start", "every", "until", "on", "off", "infusion"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _seconds(value, f"{what}, {name}"))
        for name in ("every", "on", "off", "infusion"):
            if getattr(self, name) == 0.0:
                raise InputError(f"{what}: {name} is 0, choose a time above 0, like '24 h'")
        self._check_loading(what)
        self._check_cycle(what)
        self._check_times(what)

    def _check_loading(self, what: str) -> None:
        if self.loading is None:
            return
        if self.amount is None:
            raise InputError(f"{what}: loading needs the amount of the doses that follow")
        loading, unit = read_amount(self.loading, unit=self.unit, what=f"{what}, loading")
        if unit != self.unit:
            raise InputError(f"{what}: loading is in {unit}, the doses in {self.unit}: choose one")
        object.__setattr__(self, "loading", loading)

    def _check_cycle(self, what: str) -> None:
        """Days on and off go together, and doses must fit into the days on."""
        if (self.on is None) != (self.off is None):
            raise InputError(f"{what}: on and off go together, like on='5 d', off='2 d'")
        if self.on is None:
            return
        if self.every is None:
            raise InputError(f"{what}: days on and off need every, like every='24 h'")
        if self.every > self.on:
            raise InputError(
                f"{what}: every {_hours(self.every)} does not fit into {_hours(self.on)} on"
            )

    def _check_times(self, what: str) -> None:
        if self.until is not None and self.until <= self.start:
            raise InputError(
                f"{what}: it ends at {_hours(self.until)}, before it starts at {_hours(self.start)}"
            )
        if self.infusion is None:
            return
        if self.unit != "mg":
            raise InputError(f"{what}: an infusion is of mg; a dose in {self.unit} has none")
        if self.every is not None and self.infusion > self.every:
            raise InputError(
                f"{what}: an infusion of {_hours(self.infusion)} overlaps the next, "
                f"{_hours(self.every)} later"
            )

    def times(self, t_end: float) -> list[float]:
        """Times of the doses that fall before ``t_end``, s."""
        end = t_end if self.until is None else min(t_end, self.until)
        if self.every is None:
            return [self.start] if self.start < end else []
        cycle = self.every if self.on is None else self.on + self.off
        per_cycle = 1 if self.on is None else _whole_ceiling(self.on / self.every)
        cycles = _whole_ceiling(max(end - self.start, 0.0) / cycle)
        if min(cycles * per_cycle, self.count or np.inf) > MOST_CHANGES:
            raise InputError(
                f"dosing of {self.drug}: {cycles * per_cycle} doses in one run are too many"
            )
        times = [
            self.start + i * cycle + j * self.every for i in range(cycles) for j in range(per_cycle)
        ]
        return [time for time in times if time < end - SAME_TIME][: self.count]

    def changes(self, t_end: float) -> list[Change]:
        """What the doses change before ``t_end`` (s)."""
        changes: list[Change] = []
        for i, time in enumerate(self.times(t_end)):
            amount = self.loading if i == 0 and self.loading is not None else self.amount
            if self.infusion is None:
                changes.append(Change(time, "dose", self.drug, amount, self.unit))
                continue
            rate = amount / self.infusion
            changes.append(Change(time, "infusion", self.drug, rate, self.unit))
            if time + self.infusion < t_end:
                changes.append(Change(time + self.infusion, "infusion", self.drug, 0.0, self.unit))
        return changes

    def scaled(self, factor: float) -> Dosing:
        """The same times with every amount times ``factor``."""
        loading = None if self.loading is None else factor * self.loading
        return replace(self, amount=factor * self.amount, loading=loading)


@dataclass(frozen=True, slots=True)
class Washout:
    """The medium of a drug is emptied at a time; what is inside the cell stays."""

    drug: str
    at: float

    def changes(self, t_end: float) -> list[Change]:
        """The wash-out, if it falls before ``t_end`` (s)."""
        return [Change(self.at, "washout", self.drug, 0.0)] if self.at < t_end else []


@dataclass(frozen=True, slots=True)
class InputStep:
    """An input is set to an amount at a time."""

    name: str
    amount: float
    at: float

    def changes(self, t_end: float) -> list[Change]:
        """The step, if it falls before ``t_end`` (s)."""
        return [Change(self.at, "input", self.name, self.amount)] if self.at < t_end else []


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happens at one time.

    Parameters
    ----------
    time : s from the start of the run
    kind : dose or infusion of a drug, wash-out of a drug, or new level of an input
    name : drug or input
    amount : in ``unit``, for an infusion ``unit``/s; None for the dose of the trajectory
    """

    time: float
    kind: Kind
    name: str
    amount: float | None
    unit: DoseUnit = "nM"


Regimen = Dosing | Washout | InputStep


def washout(drug: str, *, at: Any) -> Washout:
    """Medium without ``drug`` from ``at`` on (``"24 h"``, or a number in s).

    Parameters
    ----------
    drug : its id
    at : time from which it is gone, ``"24 h"`` or a number in s

    Raises
    ------
    InputError, UnitsError : an amount or time is negative or has no meaning
    """
    return Washout(drug, _seconds(at, f"washout of {drug}, at"))


def input_step(name: str, amount: Any, *, at: Any) -> InputStep:
    """Input ``name`` at ``amount`` (nM) from ``at`` on (``"2 h"``, or a number in s).

    Parameters
    ----------
    name : of the input, an amount of the model that is held
    amount : ``"10 nM"``, or a number in nM
    at : time of the step, ``"2 h"`` or a number in s

    Raises
    ------
    InputError, UnitsError : an amount or time is negative or has no meaning
    """
    level = parse_quantity(amount, default_unit="nM", what=f"input {name}")
    return InputStep(name, level, _seconds(at, f"step of {name}, at"))


def regimens(given: Regimen | Iterable[Regimen]) -> tuple[Regimen, ...]:
    """What a caller gave as dosing: one regimen, or several."""
    listed = tuple(given) if isinstance(given, Iterable) else (given,)
    for entry in listed:
        if not isinstance(entry, Dosing | Washout | InputStep):
            raise InputError(f"dosing holds {entry!r}: build it with Dosing, washout or input_step")
    return listed


def drugs_in_mg(given: Iterable[Regimen]) -> tuple[str, ...]:
    """Drugs that are given in mg, in order, each once."""
    named = [entry.drug for entry in given if isinstance(entry, Dosing) and entry.unit == "mg"]
    return tuple(dict.fromkeys(named))


def schedule(given: Iterable[Regimen], *, t_end: float) -> tuple[Change, ...]:
    """All changes before ``t_end`` (s), by time; at one time what ends comes first.

    Raises
    ------
    InputError : a drug is given in two units, twice at one time, or by infusions that overlap
    """
    listed = tuple(given)
    _check_overlaps([entry for entry in listed if isinstance(entry, Dosing)], t_end)
    changes = [change for regimen in listed for change in regimen.changes(t_end)]
    return tuple(sorted(changes, key=lambda change: (change.time, not _ends(change))))


def _ends(change: Change) -> bool:
    return change.kind == "washout" or (change.kind == "infusion" and change.amount == 0.0)


def _check_overlaps(dosings: Sequence[Dosing], t_end: float) -> None:
    """Refuse what two regimens of one drug can not both mean."""
    for drug in dict.fromkeys(entry.drug for entry in dosings):
        of_drug = [entry for entry in dosings if entry.drug == drug]
        if len({entry.unit for entry in of_drug if entry.amount is not None}) > 1:
            raise InputError(f"dosing of {drug} is in mg and in nM: choose one")
        spans = sorted(
            (time, time + (entry.infusion or 0.0))
            for entry in of_drug
            for time in entry.times(t_end)
        )
        for (start, end), (following, _) in pairwise(spans):
            if following - start < SAME_TIME:
                raise InputError(
                    f"dosing of {drug}: two doses at {_hours(start)}; "
                    "give one dose of both amounts, or move one regimen with start or until"
                )
            if following < end - SAME_TIME:
                raise InputError(
                    f"dosing of {drug}: the infusion from {_hours(start)} to {_hours(end)} "
                    f"overlaps the one from {_hours(following)}"
                )


def _whole_ceiling(ratio: float) -> int:
    """The next whole number, where rounding of the ratio does not count."""
    return int(np.ceil(ratio - 1e-9))


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:g} h"


def _seconds(value: Any, what: str) -> float:
    return parse_quantity(value, dimension="time", default_unit="s", what=what)
