"""The sum of two Hill curves, for responses that fall in two steps or turn back.

A rapalog that blocks S6K1 at low dose and takes mTORC2 apart at a higher one first lifts AKT
and then lowers it: no single Hill curve has that shape. Five of the seven parameters of two Hill
curves are the two middles, the two slopes and the levels; the three levels are linear and solved
for exactly, as in ``hill``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from mtorsim.analysis.hill import hill_fraction, log_dose

Array = NDArray[np.float64]

LEAST_DOSES = 9
"""Distinct doses that seven parameters need before the comparison with one curve means anything."""

SLOPE_BOUNDS = (0.3, 10.0)
"""Flatter phases than the lower bound can not be told from one curve over the usual doses."""

_TRIAL_SLOPES = (0.8, 1.6, 3.2)
_TRIAL_MIDDLES = 19


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a two-phase curve.

    Parameters
    ----------
    ic50 : dose of half the step, unit of the doses
    slope : Hill slope of the step, dimensionless
    change : size of the step, unit of the response; negative where the response falls
    """

    ic50: float
    slope: float
    change: float


@dataclass(frozen=True, slots=True)
class TwoPhaseFit:
    """``start`` plus two Hill steps, the one at the lower dose first."""

    start: float
    first: Phase
    second: Phase
    sum_of_squares: float
    n_points: int

    def predict(self, dose: Array) -> Array:
        """Response of the fitted curve at each dose, the shape of ``dose``."""
        total = np.full(np.shape(dose), self.start)
        for phase in (self.first, self.second):
            total = total + phase.change * hill_fraction(dose, ic50=phase.ic50, slope=phase.slope)
        return total


def fit_two_phase(dose: Array, response: Array) -> TwoPhaseFit:
    """Two Hill steps of least squares, both with their middle among the doses tried.

    Parameters
    ----------
    dose : (d,) array, any unit; not negative, at least ``LEAST_DOSES`` distinct
    response : (d,) array, finite
    """
    x, y = log_dose(dose), np.asarray(response, dtype=np.float64)
    positive = x[np.isfinite(x)]
    lower, upper = float(positive.min()), float(positive.max())
    steep_low, steep_high = np.log10(SLOPE_BOUNDS)
    scale = float(np.std(y)) or 1.0
    found = least_squares(
        lambda p: _residuals(p, x, y) / scale,
        _best_trial(x, y, lower, upper),
        bounds=(
            [lower - 1e-9, lower - 1e-9, steep_low, steep_low],
            [upper + 1e-9, upper + 1e-9, steep_high, steep_high],
        ),
        max_nfev=60,  # on noise alone the steps wander along a flat valley without end
    )
    levels = _levels(found.x, x, y)
    phases = sorted(
        (
            Phase(ic50=float(10 ** found.x[i]), slope=float(10 ** found.x[2 + i]), change=change)
            for i, change in enumerate(map(float, levels[1:]))
        ),
        key=lambda phase: phase.ic50,
    )
    residual = _residuals(found.x, x, y)
    return TwoPhaseFit(float(levels[0]), phases[0], phases[1], float(residual @ residual), len(y))


def _design(parameters: Array, x: Array) -> Array:
    """(d, 3): a constant and the two fractions."""
    columns = [np.ones_like(x)]
    for i in range(2):
        fraction = hill_fraction(
            10.0**x, ic50=10.0 ** parameters[i], slope=float(10.0 ** parameters[2 + i])
        )
        columns.append(fraction)
    return np.stack(columns, axis=1)


def _levels(parameters: Array, x: Array, y: Array) -> Array:
    """(3,) start and the two changes of least squares."""
    # The cut keeps two coinciding steps from taking huge changes of opposite sign.
    return np.asarray(np.linalg.lstsq(_design(parameters, x), y, rcond=1e-6)[0])


def _residuals(parameters: Array, x: Array, y: Array) -> Array:
    return np.asarray(y - _design(parameters, x) @ _levels(parameters, x, y))


def _best_trial(x: Array, y: Array, lower: float, upper: float) -> Array:
    """Start values: the best pair among all pairs of trial steps, by their normal equations."""
    middles, slopes = np.meshgrid(
        np.linspace(lower, upper, _TRIAL_MIDDLES + 2)[1:-1], _TRIAL_SLOPES, indexing="ij"
    )
    trials = np.stack([middles.ravel(), np.log10(slopes.ravel())], axis=1)
    shapes = np.stack(
        [hill_fraction(10.0**x, ic50=10.0**m, slope=float(10.0**s)) for m, s in trials]
    )
    shapes = shapes - shapes.mean(axis=1, keepdims=True)
    gram, moment = shapes @ shapes.T, shapes @ (y - y.mean())
    first, second = np.triu_indices(len(trials), k=1)
    a, b, c = gram[first, first], gram[second, second], gram[first, second]
    determinant = a * b - c**2
    # Pairs that are nearly the same shape explain no more than one of them.
    usable = determinant > 1e-4 * a * b
    explained = np.full(len(first), -np.inf)
    p, q = moment[first], moment[second]
    explained[usable] = ((b * p**2 - 2 * c * p * q + a * q**2) / np.where(usable, determinant, 1))[
        usable
    ]
    i = int(np.argmax(explained))
    (m1, s1), (m2, s2) = trials[first[i]], trials[second[i]]
    return np.array([m1, m2, s1, s2])
