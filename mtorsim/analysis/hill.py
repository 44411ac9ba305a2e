"""The four-parameter Hill curve: least squares on log-dose, with profile intervals.

Two of the four parameters (the levels without drug and at saturating dose) enter linearly, so they
are solved exactly for every trial of the other two (variable projection, Golub & Pereyra 1973);
what is left to search is a plane of log10 IC50 and log10 slope, small enough to be scanned for good
starts. Intervals of those two are profile-likelihood intervals with the F threshold for normal
errors of unknown size (Bates & Watts 1988, section 6.1); the levels get t intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

from mtorsim.analysis.profile_interval import profile_interval
from mtorsim.errors import InputError

Array = NDArray[np.float64]

SLOPE_BOUNDS = (0.1, 10.0)
"""Slopes that are searched; doses a factor 2 apart can not tell steeper curves apart."""

DECADES_BEYOND = 1.0
"""How far outside the doses an IC50 is searched, so that a fit can say that it lies there."""

LEAST_DOSES = 5
"""Distinct doses that a fit of four parameters needs to leave one degree of freedom."""

EXACT = 1e-16
"""Residual share of the variance below which a curve is taken as exact: rounding alone."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted number with its interval; an open end is 0 or infinity, an absent one NaN."""

    value: float
    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class HillFit:
    """A fitted Hill curve, ``start + (end - start) * hill_fraction(dose)``.

    Parameters
    ----------
    start : level without drug, unit of the response
    end : level at saturating dose, unit of the response
    ic50 : dose of half the change, unit of the doses; not confined to the doses tried
    slope : Hill slope, dimensionless, within ``SLOPE_BOUNDS``
    residual_sd : standard deviation of the residuals, unit of the response
    sum_of_squares : of the residuals
    n_points : points fitted
    level : confidence level of the intervals
    """

    start: Estimate
    end: Estimate
    ic50: Estimate
    slope: Estimate
    residual_sd: float
    sum_of_squares: float
    n_points: int
    level: float

    def predict(self, dose: Array) -> Array:
        """Response of the fitted curve at each dose, the shape of ``dose``."""
        fraction = hill_fraction(dose, ic50=self.ic50.value, slope=self.slope.value)
        return np.asarray(self.start.value + (self.end.value - self.start.value) * fraction)


def hill_fraction(dose: Array, *, ic50: float, slope: float) -> Array:
    """Fraction of the full effect reached at each dose.

    Parameters
    ----------
    dose : (d,) array, any unit; not negative
    ic50 : in the unit of ``dose``, greater than 0
    slope : dimensionless, greater than 0

    Returns
    -------
    (d,) array in [0, 1], rising with dose; 0 at dose 0, 0.5 at ``ic50``
    """
    return np.asarray(expit(slope * np.log(10) * (log_dose(dose) - np.log10(ic50))))


def log_dose(dose: Array) -> Array:
    """log10 of each dose; minus infinity for dose 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(np.asarray(dose, dtype=np.float64)))


def fit_hill(dose: Array, response: Array, *, level: float = 0.95) -> HillFit:
    """Hill curve of least squares through the points.

    Parameters
    ----------
    dose : (d,) array, any unit; not negative, repeats allowed, at least ``LEAST_DOSES`` distinct
    response : (d,) array, finite
    level : confidence level of the intervals, in (0, 1)

    Raises
    ------
    InputError : too few distinct doses, a value that is not finite, or a bad level
    """
    _check_points(dose, response, level)
    surface = _Surface(log_dose(dose), np.asarray(response, dtype=np.float64))
    x50, log_slope = surface.minimum()
    degrees = surface.n_points - 4
    best = surface.sum_of_squares(x50, log_slope)
    if best <= EXACT * float(np.sum((surface.y - surface.y.mean()) ** 2)):
        ends = x50, x50
    else:
        allowed = 1.0 + f_distribution.ppf(level, 1, degrees) / degrees
        ends = profile_interval(
            surface.profile, x50, surface.middle_bounds, float(allowed), step=0.1
        )
    start, end, slope = surface.linear_intervals(x50, log_slope, level)
    return HillFit(
        start=start,
        end=end,
        ic50=Estimate(10.0**x50, float(10.0 ** ends[0]), float(10.0 ** ends[1])),
        slope=slope,
        residual_sd=float(np.sqrt(best / degrees)),
        sum_of_squares=best,
        n_points=surface.n_points,
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Surface:
    """Sum of squares over (log10 IC50, log10 slope), the two levels solved for."""

    x: Array
    y: Array

    @property
    def n_points(self) -> int:
        return len(self.y)

    @property
    def middle_bounds(self) -> tuple[float, float]:
        positive = self.x[np.isfinite(self.x)]
        return float(positive.min()) - DECADES_BEYOND, float(positive.max()) + DECADES_BEYOND

    def shapes(self, x50: Array, log_slope: Array) -> Array:
        """(m, d) Hill fractions for m trials."""
        steepness = np.log(10) * 10.0 ** np.asarray(log_slope)[:, None]
        return np.asarray(expit(steepness * (self.x[None, :] - np.asarray(x50)[:, None])))

    def sums_of_squares(self, x50: Array, log_slope: Array) -> Array:
        """(m,) sums of squares with the best levels for each of m trials."""
        shape = self.shapes(x50, log_slope)
        shape = shape - shape.mean(axis=1, keepdims=True)
        y = self.y - self.y.mean()
        variance = np.einsum("md,md->m", shape, shape)
        covariance = shape @ y
        # A shape that is constant over the doses explains nothing.
        steady = variance <= 1e-12
        amplitude = np.where(steady, 0.0, covariance / np.where(steady, 1.0, variance))
        residual = y - amplitude[:, None] * shape
        return np.asarray(np.einsum("md,md->m", residual, residual))

    def sum_of_squares(self, x50: float, log_slope: float) -> float:
        return float(self.sums_of_squares(np.array([x50]), np.array([log_slope]))[0])

    def residuals(self, x50: float, log_slope: float) -> Array:
        shape = self.shapes(np.array([x50]), np.array([log_slope]))[0]
        shape = shape - shape.mean()
        y = self.y - self.y.mean()
        variance = float(shape @ shape)
        return y if variance <= 1e-12 else np.asarray(y - (shape @ y) / variance * shape)

    def minimum(self) -> tuple[float, float]:
        """(log10 IC50, log10 slope) of least squares: a scan, then refinement from the best."""
        lower, upper = self.middle_bounds
        slope_low, slope_high = _log_slope_bounds()
        x50, log_slope = np.meshgrid(
            np.linspace(lower, upper, 41), np.linspace(slope_low, slope_high, 13), indexing="ij"
        )
        trials = np.stack([x50.ravel(), log_slope.ravel()], axis=1)
        order = np.argsort(self.sums_of_squares(trials[:, 0], trials[:, 1]), kind="stable")
        inside = np.clip(
            trials[order[0]],
            [lower + 1e-6, slope_low + 1e-6],
            [upper - 1e-6, slope_high - 1e-6],
        )
        scale = float(np.std(self.y)) or 1.0  # so that the stopping rule knows no units
        found = least_squares(
            lambda p: self.residuals(p[0], p[1]) / scale,
            inside,
            bounds=([lower, slope_low], [upper, slope_high]),
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
        )
        return float(found.x[0]), float(found.x[1])

    def profile(self, x50: float) -> float:
        """Least sum of squares with the IC50 held."""
        grid = np.linspace(*_log_slope_bounds(), 17)
        return _refined(lambda s: self.sums_of_squares(np.full(len(s), x50), s), grid)

    def linear_intervals(
        self, x50: float, log_slope: float, level: float
    ) -> tuple[Estimate, Estimate, Estimate]:
        """Start, end and slope with t intervals from the linearised curve."""
        fraction = self.shapes(np.array([x50]), np.array([log_slope]))[0]
        design = np.stack([1.0 - fraction, fraction], axis=1)
        start, end = np.linalg.lstsq(design, self.y, rcond=None)[0]
        # d fraction / d x50 and / d log slope; at dose 0 both vanish.
        width = fraction * (1.0 - fraction) * np.log(10) * 10.0**log_slope
        away = np.where(np.isfinite(self.x), self.x - x50, 0.0)
        by_slope = (end - start) * width * away * np.log(10)
        jacobian = np.column_stack([design, by_slope, (start - end) * width])
        residual = self.y - design @ np.array([start, end])
        degrees = self.n_points - 4
        covariance = np.linalg.pinv(jacobian.T @ jacobian) * (residual @ residual) / degrees
        reach = t_distribution.ppf(0.5 + level / 2, degrees) * np.sqrt(
            np.maximum(np.diag(covariance)[:3], 0.0)
        )
        factor = 10.0 ** float(min(reach[2], 300.0))
        slope = 10.0**log_slope
        return (
            Estimate(float(start), float(start - reach[0]), float(start + reach[0])),
            Estimate(float(end), float(end - reach[1]), float(end + reach[1])),
            Estimate(slope, slope / factor, slope * factor),
        )


def _refined(function: Callable[[Array], Array], grid: Array) -> float:
    """Least value of a function of one variable: zooms on the best point, then a parabola."""
    values = function(grid)
    for _ in range(3):
        i = int(np.argmin(values))
        grid = np.linspace(grid[max(i - 1, 0)], grid[min(i + 1, len(grid) - 1)], 9)
        values = function(grid)
    i = int(np.clip(np.argmin(values), 1, len(grid) - 2))
    left, middle, right = values[i - 1 : i + 2]
    bend = left - 2.0 * middle + right
    if bend <= 0.0:
        return float(values.min())
    shift = float(np.clip(0.5 * (left - right) / bend, -1.0, 1.0))
    vertex = grid[i] + shift * (grid[1] - grid[0])
    return min(float(values.min()), float(function(np.array([vertex]))[0]))


def _log_slope_bounds() -> tuple[float, float]:
    return float(np.log10(SLOPE_BOUNDS[0])), float(np.log10(SLOPE_BOUNDS[1]))


def _check_points(dose: Array, response: Array, level: float) -> None:
    """Refuse what no curve can be fitted to."""
    if not 0.0 < level < 1.0:
        raise InputError(f"confidence level is {level:g}: choose a value between 0 and 1")
    if not (np.all(np.isfinite(dose)) and np.all(np.isfinite(response))):
        raise InputError("a Hill fit needs finite doses and responses: leave out failed points")
    if np.any(np.asarray(dose) < 0):
        raise InputError(f"dose {float(np.min(dose)):g} is negative")
    n_doses = len(np.unique(dose))
    if n_doses < LEAST_DOSES:
        raise InputError(f"a Hill fit needs {LEAST_DOSES} distinct doses or more, found {n_doses}")
