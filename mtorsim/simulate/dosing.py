"""When drugs and inputs change: repeated doses, wash-out, steps of an input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.network.quantity import parse_quantity

Array = NDArray[np.float64]
Kind = Literal["dose", "washout", "input"]

# More doses than this in one run are a slip of a unit, not a regimen.
MOST_CHANGES = 100_000


@dataclass(frozen=True, slots=True)
class Dosing:
    """A drug given at one time or again and again.

    A dose adds to what is there; where the medium is held at the dose (a dose species that is
    fixed) it sets the medium to the dose.

    Parameters
    ----------
    drug : its id
    amount : ``"20 nM"`` or a number in nM; None gives the dose named in ``drugs`` or on its axis
    every : ``"24 h"`` or a number in s; None gives one dose
    start : time of the first dose, 0 for the start of the run
    count : number of doses; None goes on to the end of the run

    Raises
    ------
    InputError, UnitsError : an amount or time is negative or has no meaning
    """

    drug: str
    amount: Any = None
    every: Any = field(default=None, kw_only=True)
    start: Any = field(default=0.0, kw_only=True)
    count: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        what = f"dosing of {self.drug}"
        if self.count is not None and self.count < 1:
            raise InputError(f"{what}: count is {self.count}, choose 1 or more")
        if self.amount is not None:
            amount = parse_quantity(self.amount, default_unit="nM", what=f"{what}, amount")
            object.__setattr__(self, "amount", amount)
        object.__setattr__(self, "start", _seconds(self.start, f"{what}, start"))
        if self.every is not None:
            object.__setattr__(self, "every", _seconds(self.every, f"{what}, every"))
            if self.every == 0.0:
                raise InputError(f"{what}: every is 0, choose a time above 0, like '24 h'")

    def changes(self, t_end: float) -> list[Change]:
        """The doses that fall before ``t_end`` (s)."""
        last = self.count
        if self.every is None:
            last = 1
        elif last is None:
            last = int(np.ceil(max(t_end - self.start, 0.0) / self.every)) + 1
        if last > MOST_CHANGES:
            raise InputError(f"dosing of {self.drug}: {last} doses in one run are too many")
        times = [self.start + i * (self.every or 0.0) for i in range(last)]
        return [Change(time, "dose", self.drug, self.amount) for time in times if time < t_end]


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
    kind : dose of a drug, wash-out of a drug, or new level of an input
    name : drug or input
    amount : nM; None for the dose of the trajectory
    """

    time: float
    kind: Kind
    name: str
    amount: float | None


Regimen = Dosing | Washout | InputStep


def washout(drug: str, *, at: Any) -> Washout:
    """Medium without ``drug`` from ``at`` on (``"24 h"``, or a number in s)."""
    return Washout(drug, _seconds(at, f"washout of {drug}, at"))


def input_step(name: str, amount: Any, *, at: Any) -> InputStep:
    """Input ``name`` at ``amount`` (nM) from ``at`` on (``"2 h"``, or a number in s)."""
    level = parse_quantity(amount, default_unit="nM", what=f"input {name}")
    return InputStep(name, level, _seconds(at, f"step of {name}, at"))


def regimens(given: Regimen | Iterable[Regimen]) -> tuple[Regimen, ...]:
    """What a caller gave as dosing: one regimen, or several."""
    listed = tuple(given) if isinstance(given, Iterable) else (given,)
    for entry in listed:
        if not isinstance(entry, Dosing | Washout | InputStep):
            raise InputError(f"dosing holds {entry!r}: build it with Dosing, washout or input_step")
    return listed


def schedule(given: Iterable[Regimen], *, t_end: float) -> tuple[Change, ...]:
    """All changes before ``t_end`` (s), by time; at one time the wash-outs come first."""
    changes = [change for regimen in given for change in regimen.changes(t_end)]
    return tuple(sorted(changes, key=lambda change: (change.time, change.kind != "washout")))


def _seconds(value: Any, what: str) -> float:
    return parse_quantity(value, dimension="time", default_unit="s", what=what)
