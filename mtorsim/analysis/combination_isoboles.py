"""Pairs of doses with the same effect, and how they lie to the line of dose additivity.

An isobole is a contour of a surface. Between the doses of each drug alone that have its effect, D1
and D2, the straight line d1/D1 + d2/D2 = 1 is Loewe additivity; an isobole that bends below it is
synergy, and the sum on the isobole is the combination index (Loewe & Muischnek 1926; Greco et al.
1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination import CombinationSurface
from mtorsim.analysis.combination_curves import ModelCurve
from mtorsim.analysis.dose_response import DoseResponse
from mtorsim.errors import InputError

Array = NDArray[np.float64]

DEFAULT_EFFECTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Isobole:
    """Doses of both drugs that together have one effect.

    Parameters
    ----------
    effect : share of the effect scale
    doses : (p,) and (p,) nM, the first ascending; both above 0
    alone : dose of each drug alone with that effect, nM; infinite for an inert drug, NaN where the
        drug alone does not reach it or has no one dose for it
    """

    effect: float
    doses: tuple[Array, Array]
    alone: tuple[float, float]

    @property
    def index(self) -> Array:
        """(p,) combination index along the isobole; NaN where a drug alone has no dose for it."""
        first, second = self.doses
        return np.asarray(first / self.alone[0] + second / self.alone[1])


def effects_in_reach(surface: CombinationSurface) -> tuple[float, ...]:
    """Effects to draw: 25, 50 and 75 %, or those shares of what the weaker drug alone reaches.

    The latter where both drugs alone act the same way and the weaker reaches less than 25 %, so
    that there is an isobole to compare with dose additivity.
    """
    if any(surface.inert) or not all(curve.monotone for curve in surface.curves):
        return DEFAULT_EFFECTS
    ends = [float(surface.scale.effect(np.array(curve.ends[1]))) for curve in surface.curves]
    weaker = min(ends, key=abs)
    if ends[0] * ends[1] <= 0.0 or weaker >= DEFAULT_EFFECTS[0]:
        return DEFAULT_EFFECTS
    return tuple(float(f"{share * weaker:.2g}") for share in DEFAULT_EFFECTS)


def isoboles(
    surface: CombinationSurface, effects: Sequence[float] = DEFAULT_EFFECTS
) -> tuple[Isobole, ...]:
    """Isoboles that pass through a surface; effects that no pair of doses reaches have none.

    Where rows or columns of a surface turn back, the lowest dose of each that has the effect.

    Parameters
    ----------
    surface : of ``combine``; effects at all pairs of doses
    effects : to draw, as fractions of the full effect

    Raises
    ------
    InputError : an effect is not finite or is 0, the effect of no drug
    """
    for effect in effects:
        if not np.isfinite(effect) or effect == 0.0:
            raise InputError(f"effect of an isobole is {effect:g}: choose one like 0.5")
    found = (_isobole(surface, float(effect)) for effect in effects)
    return tuple(isobole for isobole in found if len(isobole.doses[0]))


def _isobole(surface: CombinationSurface, effect: float) -> Isobole:
    """Crossings of every row and column of the surface, in order of the first dose."""
    level = surface.scale.level(effect)
    first, second = surface.doses
    along_second = [_crossing(second, row, level) for row in surface.level[1:]]
    along_first = [_crossing(first, column, level) for column in surface.level.T[1:]]
    points = np.concatenate(
        [
            np.stack([first[1:], along_second], axis=1),
            np.stack([along_first, second[1:]], axis=1),
        ]
    )
    points = points[np.all(np.isfinite(points), axis=1)]
    # On a level contour that falls, the first dose and the negative second rise together.
    points = points[np.lexsort((-points[:, 1], points[:, 0]))]
    alone = [_dose_alone(curve, level) for curve in surface.curves]
    return Isobole(effect, (points[:, 0], points[:, 1]), (alone[0], alone[1]))


def _crossing(dose: Array, level: Array, wanted: float) -> float:
    """Lowest dose above 0 at which a row reaches a level, between the doses tried; NaN if none."""
    kept = np.isfinite(level)
    if not kept[0] or np.count_nonzero(kept) < 3:
        return float("nan")
    curve = DoseResponse(dose[kept][1:], level[kept][1:], float(level[0]))
    found = curve.dose_at(wanted)
    return found if 0.0 < found < np.inf else float("nan")


def _dose_alone(curve: ModelCurve, level: float) -> float:
    if not (curve.inert or curve.monotone):
        return float("nan")
    return float(curve.dose_at(np.array([level]))[0])
