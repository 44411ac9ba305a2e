"""How far a combination exceeds what its drugs alone lead one to expect, by four null models.

Excess is effect observed less effect expected, as a share of the effect scale: positive is synergy,
negative antagonism, each under the null model named (Greco et al. 1995; Tang et al. 2015 on why
the null must be named).

- HSA, highest single agent: the larger effect of the two doses alone (as Yadav et al. 2015 define
  it). Defined for any effect.
- Bliss independence: what is left after both drugs is the product of what each leaves (Bliss 1939).
  Needs shares in [0, 1]: undefined where a drug alone leaves more than no drug does, or less than
  nothing.
- Loewe additivity: d1/D1 + d2/D2 = 1, with D the dose of a drug alone that has the effect of the
  pair (Loewe & Muischnek 1926; Greco et al. 1995). ``"loewe"`` reads D off the model's
  own curves, ``"loewe-hill"`` off Hill curves fitted to them. Undefined where a drug alone does not
  reach the effect, turns back, or moves the readout the other way than its partner. A drug without
  effect adds nothing (D infinite), which is the case of inertism of Greco et al. 1995.
- ZIP, zero interaction potency: ``mtorsim.analysis.synergy_zip`` (Yadav et al. 2015).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination import CombinationSurface
from mtorsim.analysis.combination_curves import WIGGLE, HillCurve, SingleCurve
from mtorsim.analysis.synergy_zip import zip_levels
from mtorsim.errors import UnknownNameError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

NULL_MODELS = {
    "hsa": "highest single agent",
    "bliss": "Bliss independence",
    "loewe": "Loewe additivity",
    "loewe-hill": "Loewe additivity, Hill fits",
    "zip": "zero interaction potency (ZIP)",
}
"""Null models by id, with the words that tables and figures use."""

SHARE_TOLERANCE = 1e-3
"""How far a share may leave [0, 1] by the scatter of the solver and still be one."""

BISECTIONS = 50
"""Halvings of a bracket of levels: to double precision."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """An excess with the doses at which it stands, nM."""

    excess: float
    doses: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SynergyScore:
    """What a null model says of a surface.

    Parameters
    ----------
    null : key of ``NULL_MODELS``
    surface : what was scored
    expected : (n, m) level under the null model; NaN where undefined or a drug is absent
    observed : (n, m) level that is set against it: the surface, or for ZIP its fit
    index : (n, m) combination index d1/D1 + d2/D2, below 1 for synergy; Loewe only
    why_undefined : reason -> number of cells without a score
    """

    null: str
    surface: CombinationSurface
    expected: Array
    observed: Array
    index: Array | None = None
    why_undefined: tuple[tuple[str, int], ...] = ()

    @property
    def excess(self) -> Array:
        """(n, m) effect beyond the expected one, as a share of the scale."""
        return np.asarray((self.expected - self.observed) / self.surface.scale.width)

    @property
    def n_cells(self) -> int:
        """Pairs of doses with both drugs present."""
        return int(np.count_nonzero(self.surface.combined))

    @property
    def n_scored(self) -> int:
        """Pairs of doses that the null model is defined for."""
        return int(np.count_nonzero(np.isfinite(self.excess)))

    @property
    def mean(self) -> float:
        """Mean excess over the pairs of doses scored; NaN if there are none."""
        excess = self.excess[np.isfinite(self.excess)]
        return float(excess.mean()) if len(excess) else float("nan")

    @property
    def most_synergy(self) -> Extreme | None:
        """Largest excess; None where nothing is scored."""
        return self._at(np.nanargmax) if self.n_scored else None

    @property
    def most_antagonism(self) -> Extreme | None:
        """Smallest excess; None where nothing is scored."""
        return self._at(np.nanargmin) if self.n_scored else None

    @property
    def note(self) -> str:
        """Why cells have no score, as a clause; empty where all have."""
        return "; ".join(f"{count} undefined: {reason}" for reason, count in self.why_undefined)

    def _at(self, choose: Callable[[Array], np.intp]) -> Extreme:
        i, j = np.unravel_index(choose(self.excess), self.excess.shape)
        first, second = self.surface.doses
        return Extreme(float(self.excess[i, j]), (float(first[i]), float(second[j])))


def score_synergy(surface: CombinationSurface, null: str) -> SynergyScore:
    """Score of a surface under one null model.

    Parameters
    ----------
    null : key of ``NULL_MODELS``

    Raises
    ------
    UnknownNameError : no such null model
    """
    if null not in NULL_MODELS:
        raise UnknownNameError("null model", null, NULL_MODELS)
    if surface.flat:
        return _without_score(surface, null, "flat, no dose moves the readout by 5 % of the scale")
    if null in ("loewe", "loewe-hill"):
        return _score_loewe(surface, null)
    if null == "zip":
        return _score_zip(surface)
    expected = _highest(surface) if null == "hsa" else _independent(surface)
    return _scored(surface, null, expected, surface.level, "a drug alone leaves no share in [0, 1]")


def _scored(
    surface: CombinationSurface, null: str, expected: Array, observed: Array, reason: str
) -> SynergyScore:
    """The score, with undefined cells counted: those that failed apart from those without null."""
    found = np.isfinite(surface.level)
    lost = surface.combined & ~(found & found[:, :1] & found[:1, :])
    undefined = surface.combined & ~np.isfinite(expected) & ~lost
    reasons = ((reason, undefined), ("a trajectory failed", lost))
    return SynergyScore(
        null=null,
        surface=surface,
        expected=np.where(surface.combined, expected, np.nan),
        observed=observed,
        why_undefined=_counted(reasons),
    )


def _counted(reasons: tuple[tuple[str, Mask], ...]) -> tuple[tuple[str, int], ...]:
    counts = ((reason, int(np.count_nonzero(mask))) for reason, mask in reasons)
    return tuple((reason, count) for reason, count in counts if count)


def _without_score(surface: CombinationSurface, null: str, reason: str) -> SynergyScore:
    return SynergyScore(
        null=null,
        surface=surface,
        expected=np.full_like(surface.level, np.nan),
        observed=surface.level,
        why_undefined=((reason, int(np.count_nonzero(surface.combined))),),
    )


def _alone(surface: CombinationSurface) -> tuple[Array, Array]:
    """Levels of each drug alone at the doses of every cell, as columns and rows."""
    return surface.level[:, :1], surface.level[:1, :]


def _highest(surface: CombinationSurface) -> Array:
    """Level of the drug alone that has the larger effect."""
    first, second = _alone(surface)
    better = np.minimum if surface.scale.width > 0.0 else np.maximum
    return np.asarray(better(first, second))


def _independent(surface: CombinationSurface) -> Array:
    """Level at which what is left is the product of what each drug leaves (Bliss 1939)."""
    full = surface.scale.full
    left = [(level - full) / (surface.untreated - full) for level in _alone(surface)]
    within = [(x >= -SHARE_TOLERANCE) & (x <= 1.0 + SHARE_TOLERANCE) for x in left]
    expected = full + left[0] * left[1] * (surface.untreated - full)
    return np.where(within[0] & within[1], expected, np.nan)


def _score_zip(surface: CombinationSurface) -> SynergyScore:
    """Fitted surface against what unchanged potencies would give."""
    outside = not all(
        np.nanmin(x) >= -SHARE_TOLERANCE and np.nanmax(x) <= 1.0 + SHARE_TOLERANCE
        for x in (
            (level - surface.scale.full) / (surface.untreated - surface.scale.full)
            for level in _alone(surface)
        )
    )
    if outside:
        return _without_score(surface, "zip", "a drug alone leaves no share in [0, 1]")
    if min(map(len, surface.doses)) < 5 or not np.all(np.isfinite(surface.level)):
        return _without_score(surface, "zip", "its fits need four doses of each drug, none failed")
    expected, fitted = zip_levels(surface)
    return _scored(surface, "zip", expected, fitted, "no fit")


def _score_loewe(surface: CombinationSurface, null: str) -> SynergyScore:
    """Expected level and combination index by dose additivity."""
    if all(surface.inert):
        return _without_score(surface, null, "neither drug alone has an effect")
    active = [curve for curve in surface.curves if not curve.inert]
    if not all(curve.monotone for curve in active):
        return _without_score(surface, null, "a drug alone has a curve that turns back")
    if len({curve.direction for curve in active}) > 1:
        return _without_score(surface, null, "the drugs alone move the readout opposite ways")
    exact = null == "loewe"
    curves: list[SingleCurve] = [
        curve if exact or curve.inert else HillCurve.of_curve(curve) for curve in surface.curves
    ]
    expected = additive_level(curves[0], curves[1], surface.doses, inert=surface.inert)
    index = combination_index(curves[0], curves[1], surface.doses, surface.level)
    score = _scored(surface, null, expected, surface.level, "beyond what a drug alone reaches")
    return SynergyScore(
        null=null,
        surface=surface,
        expected=score.expected,
        observed=score.observed,
        index=np.where(surface.combined, index, np.nan),
        why_undefined=score.why_undefined,
    )


def combination_index(
    first: SingleCurve, second: SingleCurve, doses: tuple[Array, Array], level: Array
) -> Array:
    """d1/D1 + d2/D2 at the levels observed; NaN where a drug alone does not reach the level.

    Parameters
    ----------
    doses : (n,) and (m,) nM
    level : (n, m)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            doses[0][:, None] / first.dose_at(level) + doses[1][None, :] / second.dose_at(level)
        )


def additive_level(
    first: SingleCurve,
    second: SingleCurve,
    doses: tuple[Array, Array],
    *,
    inert: tuple[bool, bool] = (False, False),
) -> Array:
    """(n, m) level at which d1/D1 + d2/D2 = 1; NaN where no level is, or the doses are 0.

    Bisection over the level: at the larger effect of the two doses alone the sum is 1 or more; at
    the largest effect that both drugs reach it is below 1 if there is a solution. Where the first
    is within ``WIGGLE`` of the plateau of the weaker drug there is nothing left to solve for.
    """
    d1, d2 = np.broadcast_arrays(doses[0][:, None], doses[1][None, :])
    if inert[0] or inert[1]:
        alone = second.level_at(d2) if inert[0] else first.level_at(d1)
        return np.where((d1 > 0.0) & (d2 > 0.0), alone, np.nan)
    sign = np.sign(first.ends[1] - first.ends[0])
    near = sign * np.maximum(sign * first.level_at(d1), sign * second.level_at(d2))
    far = np.full_like(near, sign * min(sign * first.ends[1], sign * second.ends[1]))
    both = (d1 > 0.0) & (d2 > 0.0)
    solvable = both & (sign * (far - near) >= 0.0)
    weaker = min((first, second), key=lambda curve: sign * curve.ends[1])
    settled = (
        solvable & weaker.saturated & (np.abs(far - near) <= WIGGLE * abs(np.ptp(weaker.ends)))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        solvable &= d1 / first.dose_at(far) + d2 / second.dose_at(far) <= 1.0
        for _ in range(BISECTIONS):
            middle = 0.5 * (near + far)
            # Beyond one: the level asks for less than these doses, so the effect is larger.
            above = d1 / first.dose_at(middle) + d2 / second.dose_at(middle) > 1.0
            near, far = np.where(above, middle, near), np.where(above, far, middle)
    return np.where(solvable | settled, 0.5 * (near + far), np.nan)
