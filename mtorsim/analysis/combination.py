"""A readout over the doses of two drugs, and what is asked of such a surface.

Effect is a share: 0 at the control level (without drug, unless another is declared) and 1 at the
full level (0 unless another is declared, which makes it the fraction inhibited). It is linear in
the level, so that no unit survives in it; it is negative where drugs move the readout the other
way, and nothing is clipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination_curves import ModelCurve
from mtorsim.analysis.comparison import ModelRecord
from mtorsim.analysis.response_fit import LEAST_EFFECT
from mtorsim.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from mtorsim.analysis.combination_sets import ExcessOfSets

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SurfaceLabel:
    """What a surface is a surface of.

    Parameters
    ----------
    drugs : ids, of the rows and of the columns
    readout : id of the observable
    time : s after the drugs, which are given together
    context : id of the genotype, cell or condition; empty where none was asked for
    without : loops that are cut
    title : readout as written on an axis
    unit : of the level, ``"1"`` for a fraction
    """

    drugs: tuple[str, str]
    readout: str
    time: float
    context: str = ""
    without: tuple[str, ...] = ()
    title: str = ""
    unit: str = "1"


@dataclass(frozen=True, slots=True)
class EffectScale:
    """Levels that count as no effect and as full effect, in the unit of the readout.

    Raises
    ------
    InputError : the two are equal or not finite
    """

    control: float
    full: float = 0.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.control) and np.isfinite(self.full)):
            raise InputError(
                f"effect runs from level {self.control:g} to {self.full:g}: both must be finite"
            )
        if self.control == self.full:
            raise InputError(
                f"no effect and full effect are both at level {self.full:g}: declare another "
                "control or full level"
            )

    @property
    def width(self) -> float:
        """Level without effect less level at full effect; negative for drugs that raise."""
        return self.control - self.full

    def effect(self, level: Array) -> Array:
        """Effect at each level, 0 at ``control`` and 1 at ``full``."""
        return np.asarray((self.control - np.asarray(level, dtype=np.float64)) / self.width)

    def level(self, effect: float) -> float:
        """Level at an effect."""
        return self.control - effect * self.width


@dataclass(frozen=True, slots=True)
class CombinationSurface:
    """Levels of one readout at every pair of doses.

    Parameters
    ----------
    doses : (n,) and (m,) nM, ascending; the first of each is 0, the drug left out
    level : (n, m) in the unit of the label; NaN where a trajectory failed
    curves : each drug alone, on a finer set of doses that reaches further
    scale : what counts as no effect and as full effect
    label : what the surface is of

    Raises
    ------
    InputError : shapes that differ, no control, or doses not ascending from 0
    """

    doses: tuple[Array, Array]
    level: Array
    curves: tuple[ModelCurve, ModelCurve]
    scale: EffectScale
    label: SurfaceLabel

    def __post_init__(self) -> None:
        first, second = self.doses
        if self.level.shape != (len(first), len(second)):
            raise InputError(
                f"levels of shape {self.level.shape} for {len(first)} x {len(second)} doses"
            )
        for dose, drug in zip(self.doses, self.label.drugs, strict=True):
            if len(dose) < 2 or dose[0] != 0.0 or np.any(np.diff(dose) <= 0.0):
                raise InputError(f"doses of {drug} must ascend from 0, the drug left out")
        if not np.isfinite(self.untreated):
            raise InputError(f"{self.label.readout}: the run without drug failed, no control")

    @property
    def untreated(self) -> float:
        """Level without either drug."""
        return float(self.level[0, 0])

    @property
    def effect(self) -> Array:
        """(n, m) effect of each pair of doses."""
        return self.scale.effect(self.level)

    @property
    def combined(self) -> NDArray[np.bool_]:
        """(n, m) where both drugs are present: the cells that are scored."""
        return np.asarray(np.logical_and.outer(self.doses[0] > 0.0, self.doses[1] > 0.0))

    @property
    def flat(self) -> bool:
        """Whether no pair of doses moves the readout by ``LEAST_EFFECT`` of the scale."""
        change = np.abs(self.level - self.untreated)
        return bool(np.nanmax(change) < LEAST_EFFECT * abs(self.scale.width))

    @property
    def inert(self) -> tuple[bool, bool]:
        """Which drug, alone, moves the readout by less than ``LEAST_EFFECT`` at every dose."""
        return self.curves[0].inert, self.curves[1].inert

    def swapped(self) -> CombinationSurface:
        """The same with the drugs in the other order."""
        label = replace(self.label, drugs=self.label.drugs[::-1])
        return CombinationSurface(
            self.doses[::-1], self.level.T, self.curves[::-1], self.scale, label
        )


def single_curve(dose: Array, level: Array, scale: EffectScale) -> ModelCurve:
    """The curve of a drug alone, marked as inert where it moves the readout by too little.

    Points that are not finite (failed trajectories) are left out.

    Raises
    ------
    InputError : too few points are left
    """
    kept = np.isfinite(level)
    dose, level = dose[kept], level[kept]
    moved = np.abs(level - level[0]) if len(level) else np.zeros(1)
    inert = bool(moved.max() < LEAST_EFFECT * abs(scale.width))
    return ModelCurve(dose, level, inert=inert)


@dataclass(frozen=True, slots=True)
class Combination:
    """Every surface of two drugs, with the model that gave them.

    Parameters
    ----------
    drugs : ids; the same twice for a drug combined with itself
    surfaces : by context, then time, then readout
    model : record of the model
    failures : a line a trajectory that failed
    n_trajectories : that were run
    timing : s, compiling and running
    solver : method, tolerances, versions
    sets : scores over parameter sets, by surface, then null model; empty where none were asked for
    """

    drugs: tuple[str, str]
    surfaces: tuple[CombinationSurface, ...]
    model: ModelRecord
    failures: tuple[str, ...] = ()
    n_trajectories: int = 0
    timing: Mapping[str, float] = field(default_factory=dict)
    solver: Mapping[str, str | int | float] = field(default_factory=dict)
    sets: tuple[ExcessOfSets, ...] = ()

    def of_sets(self, label: SurfaceLabel, null: str) -> ExcessOfSets | None:
        """Range of a mean excess over parameter sets; None where none were asked for."""
        found = (entry for entry in self.sets if (entry.label, entry.null) == (label, null))
        return next(found, None)

    def surface(
        self, readout: str | None = None, *, time: float | None = None, context: str | None = None
    ) -> CombinationSurface:
        """The one surface of a readout, time (s) and context; each may be left out if single.

        Raises
        ------
        UnknownNameError : a readout or context that was not asked for
        InputError : a time that was not asked for, or several surfaces fit
        """
        labels = [surface.label for surface in self.surfaces]
        for kind, name, known in (
            ("readout", readout, [label.readout for label in labels]),
            ("context", context, [label.context for label in labels]),
        ):
            if name is not None and name not in known:
                raise UnknownNameError(kind, name, known)
        wanted = {"readout": readout, "time": time, "context": context}
        asked = {key: value for key, value in wanted.items() if value is not None}
        found = [
            surface
            for surface in self.surfaces
            if all(getattr(surface.label, key) == value for key, value in asked.items())
        ]
        if len(found) == 1:
            return found[0]
        said = ", ".join(f"{key} {value}" for key, value in asked.items()) or "nothing"
        raise InputError(f"{len(found)} surfaces have {said}: name readout, time and context")
