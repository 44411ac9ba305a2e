"""Curves of one drug that can be read both ways: the level at a dose, and the dose at a level.

Dose additivity asks which dose of each drug alone reaches a level. ``ModelCurve`` answers from the
model's own curve, ``HillCurve`` from a fit. Neither extrapolates: a level that is not reached is
NaN, except that a drug without effect reaches none at any dose, which is infinity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from mtorsim.analysis.hill import HillFit, fit_hill
from mtorsim.errors import InputError

Array = NDArray[np.float64]

WIGGLE = 1e-3
"""Way back, as a share of the whole change, up to which a curve counts as monotone: twenty times
what trajectories at the default tolerance scatter."""

NEWTON_STEPS = 6
"""Doublings of digits from a straight line between neighbours: far past double precision."""


class SingleCurve(Protocol):
    """The curve of one drug alone."""

    @property
    def ends(self) -> tuple[float, float]:
        """Level without drug, and the level that bounds what the drug reaches."""

    @property
    def saturated(self) -> bool:
        """Whether the second of ``ends`` is a plateau that the curve has come to."""

    def level_at(self, dose: Array) -> Array:
        """Level at each dose; NaN beyond the curve."""

    def dose_at(self, level: Array) -> Array:
        """Dose at each level; NaN where the curve does not reach it, infinity for an inert drug."""


@dataclass(frozen=True)
class ModelCurve:
    """A curve as the model gives it: a cubic spline on log-dose, a straight line below.

    Parameters
    ----------
    dose : (d,) nM, ascending, the first 0
    level : (d,) unit of the readout, finite
    inert : whether the drug counts as without effect; then no dose reaches another level

    Raises
    ------
    InputError : fewer than four doses above 0, or the first is not 0
    """

    dose: Array
    level: Array
    inert: bool = False

    def __post_init__(self) -> None:
        if len(self.dose) < 5 or self.dose[0] != 0.0 or np.any(np.diff(self.dose) <= 0.0):
            raise InputError(
                "the curve of a drug alone needs dose 0 and four ascending doses above it, "
                f"found {len(self.dose)} doses"
            )

    @property
    def ends(self) -> tuple[float, float]:
        """Level without drug, and the one furthest from it in the direction of the curve."""
        start = float(self.level[0])
        return start, start + self.direction * float(self._rising[-1])

    @property
    def direction(self) -> float:
        """1 where the level rises with dose, -1 where it falls."""
        return 1.0 if self.level[-1] >= self.level[0] else -1.0

    @property
    def monotone(self) -> bool:
        """Whether the level goes one way, apart from ``WIGGLE``."""
        change = self.direction * (self.level - self.level[0])
        back = np.maximum.accumulate(change) - change
        return bool(back.max() <= WIGGLE * np.ptp(self.level))

    @property
    def saturated(self) -> bool:
        """Whether the last tenfold of the dose moves the level by less than ``WIGGLE``."""
        before = float(self.level_at(self.dose[-1:] / 10.0)[0])
        return abs(self.ends[1] - before) <= WIGGLE * float(np.ptp(self.level))

    def level_at(self, dose: Array) -> Array:
        """Level at each dose; NaN above the highest."""
        dose = np.asarray(dose, dtype=np.float64)
        low, high = self.dose[1], self.dose[-1]
        straight = self.level[0] + (self.level[1] - self.level[0]) * dose / low
        curved = self._spline(np.log10(np.clip(dose, low, high)))
        return np.where(dose > high, np.nan, np.where(dose < low, straight, curved))

    def dose_at(self, level: Array) -> Array:
        """Dose at each level: 0 at the level without drug; NaN outside the curve.

        Raises
        ------
        InputError : the curve turns back, so that a level belongs to several doses
        """
        level = np.asarray(level, dtype=np.float64)
        if self.inert:
            return np.full(level.shape, np.inf)
        if not self.monotone:
            raise InputError("a curve that turns back has several doses for a level")
        change = self.direction * (level - self.level[0])
        nodes = self._rising
        segment = np.clip(np.searchsorted(nodes, change, side="left"), 1, len(nodes) - 1)
        dose = np.where(segment == 1, self._straight(change), self._curved(level, change, segment))
        return np.where((change < 0.0) | (change > nodes[-1]) | np.isnan(level), np.nan, dose)

    def _straight(self, change: Array) -> Array:
        """Doses below the lowest, where the effect is in proportion to the dose."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.dose[1] * change / self._rising[1])

    def _curved(self, level: Array, change: Array, segment: NDArray[np.intp]) -> Array:
        """Root of the spline between two neighbouring doses, by Newton steps kept between them."""
        nodes, x = self._rising, self._x
        left, right = np.maximum(segment - 1, 1), np.maximum(segment, 2)
        width = nodes[right] - nodes[left]
        share = np.divide(change - nodes[left], width, out=np.zeros_like(width), where=width > 0.0)
        root = x[left - 1] + np.clip(share, 0.0, 1.0) * (x[right - 1] - x[left - 1])
        for _ in range(NEWTON_STEPS):
            slope = self._spline(root, 1)
            miss = level - self._spline(root)
            step = np.divide(miss, slope, out=np.zeros_like(root), where=slope != 0.0)
            root = np.clip(root + step, x[left - 1], x[right - 1])
        return np.asarray(10.0**root)

    @cached_property
    def _x(self) -> Array:
        return np.log10(self.dose[1:])

    @cached_property
    def _spline(self) -> CubicSpline:
        return CubicSpline(self._x, self.level[1:])

    @cached_property
    def _rising(self) -> Array:
        """Change from no drug in the direction of the curve, ironed out within ``WIGGLE``."""
        change = np.maximum.accumulate(self.direction * (self.level - self.level[0]))
        return np.asarray(np.maximum(change, 0.0))


@dataclass(frozen=True, slots=True)
class HillCurve:
    """A fitted Hill curve, ``start + (end - start) * fraction``.

    Parameters
    ----------
    start, end : levels without drug and at saturating dose
    ic50 : nM
    slope : dimensionless, greater than 0
    inert : as of ``ModelCurve``
    """

    start: float
    end: float
    ic50: float
    slope: float
    inert: bool = False

    @classmethod
    def of_fit(cls, fit: HillFit, *, inert: bool = False) -> HillCurve:
        """The curve of a fit."""
        return cls(fit.start.value, fit.end.value, fit.ic50.value, fit.slope.value, inert)

    @classmethod
    def of_curve(cls, curve: ModelCurve) -> HillCurve:
        """Least-squares Hill curve through the points of a model curve."""
        return cls.of_fit(fit_hill(curve.dose, curve.level), inert=curve.inert)

    @property
    def ends(self) -> tuple[float, float]:
        """Level without drug and at saturating dose."""
        return self.start, self.end

    @property
    def saturated(self) -> bool:
        """The end is reached at an infinite dose, so there is always a dose for less."""
        return False

    def level_at(self, dose: Array) -> Array:
        """Level at each dose."""
        power = (np.asarray(dose, dtype=np.float64) / self.ic50) ** self.slope
        return np.asarray(self.start + (self.end - self.start) * power / (1.0 + power))

    def dose_at(self, level: Array) -> Array:
        """Dose at each level: infinite at the end of the curve, NaN outside it."""
        level = np.asarray(level, dtype=np.float64)
        if self.inert:
            return np.full(level.shape, np.inf)
        with np.errstate(divide="ignore", invalid="ignore"):
            done = (level - self.start) / (self.end - self.start)
            dose = self.ic50 * (done / (1.0 - done)) ** (1.0 / self.slope)
            return np.asarray(np.where((done >= 0.0) & (done <= 1.0), dose, np.nan))
