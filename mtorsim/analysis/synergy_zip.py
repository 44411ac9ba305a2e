"""Zero interaction potency: what a surface would be if neither drug changed the other's curve.

Yadav et al. 2015: Hill curves are fitted to each drug alone and, for every dose of one drug, to the
other drug on top of it, starting from what the first leaves by itself. If potency and slope do not
change, the surface is the product of the two fitted curves (their y_ZIP); the mean of the two
families of fits (their y_c) less that is the score delta. The paper holds the largest effect of
each curve at 1; here it is fitted, as many inhibitors of signalling leave a rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from mtorsim.analysis.hill import DECADES_BEYOND, SLOPE_BOUNDS

if TYPE_CHECKING:
    from mtorsim.analysis.combination import CombinationSurface

Array = NDArray[np.float64]

LEAST_CHANGE = 1e-4
"""Share of the scale below which a curve is its start: scatter of the solver, not a drug."""

GRID = 9
"""Trials per parameter and round."""

ROUNDS = 22
"""Rounds that halve the window: to 1e-6 of the first one."""


def zip_levels(surface: CombinationSurface) -> tuple[Array, Array]:
    """Levels expected at unchanged potency, and fitted levels, each (n, m).

    Parameters
    ----------
    surface : with at least four doses of each drug above 0 and no failed trajectory
    """
    full = surface.scale.full
    width = surface.untreated - full
    left = (surface.level - full) / width
    first, second = surface.doses
    alone1 = fit_from_start(first, left[:, :1].T, np.ones(1))[0]
    alone2 = fit_from_start(second, left[:1, :], np.ones(1))[0]
    # Drug 2 on top of each dose of drug 1, and drug 1 on top of each dose of drug 2.
    on_first = fit_from_start(second, left, alone1)
    on_second = fit_from_start(first, left.T, alone2).T
    expected = alone1[:, None] * alone2[None, :]
    fitted = 0.5 * (on_first + on_second)
    return full + width * expected, full + width * fitted


def fit_from_start(dose: Array, left: Array, start: Array) -> Array:
    """Hill curves of least squares whose level without drug is given.

    Parameters
    ----------
    dose : (d,) nM, the first 0, shared by all curves
    left : (c, d) shares left, a curve a row
    start : (c,) level at dose 0 that each curve is held to

    Returns
    -------
    (c, d) fitted shares. IC50 and slope are searched by windows that close on the best trial, as
    far as ``mtorsim.analysis.hill`` searches; the level at saturating dose enters linearly and is
    solved for. A curve that moves by less than ``LEAST_CHANGE`` is its start.
    """
    x = np.log10(dose[1:])
    change = left[:, 1:] - start[:, None]
    low = np.array([x[0] - DECADES_BEYOND, np.log10(SLOPE_BOUNDS[0])])
    high = np.array([x[-1] + DECADES_BEYOND, np.log10(SLOPE_BOUNDS[1])])
    best = _scan(x, change, low, high)
    window = (high - low) / 8.0
    offsets = np.linspace(-1.0, 1.0, GRID)
    steps = np.stack(np.meshgrid(offsets, offsets, indexing="ij"), axis=-1).reshape(-1, 2)
    for _ in range(ROUNDS):
        trials = np.clip(best[:, None, :] + window * steps, low, high)
        chosen = np.argmin(_sums_of_squares(_fractions(x, trials), change[:, None, :]), axis=1)
        best = trials[np.arange(len(best)), chosen]
        window = window / 2.0
    fraction = _fractions(x, best)
    fitted = _amplitude(fraction, change)[:, None] * fraction
    steady = np.ptp(left, axis=1) < LEAST_CHANGE
    fitted[steady] = 0.0
    return np.concatenate([start[:, None], start[:, None] + fitted], axis=1)


def _scan(x: Array, change: Array, low: Array, high: Array) -> Array:
    """(c, 2) best of a coarse grid of (log10 IC50, log10 slope), the same for all curves."""
    middles, slopes = np.linspace(low[0], high[0], 41), np.linspace(low[1], high[1], 13)
    trials = np.stack(np.meshgrid(middles, slopes, indexing="ij"), axis=-1).reshape(-1, 2)
    sums = _sums_of_squares(_fractions(x, trials)[None], change[:, None, :])
    return np.asarray(trials[np.argmin(sums, axis=1)])


def _fractions(x: Array, trials: Array) -> Array:
    """(..., d) Hill fractions of trials (..., 2)."""
    steepness = np.log(10.0) * 10.0 ** trials[..., 1:]
    return np.asarray(expit(steepness * (x - trials[..., :1])))


def _amplitude(fraction: Array, change: Array) -> Array:
    """Change at saturating dose of least squares."""
    norm = np.sum(fraction * fraction, axis=-1)
    covariance = np.sum(fraction * change, axis=-1)
    return np.asarray(np.divide(covariance, norm, out=np.zeros_like(norm), where=norm > 1e-12))


def _sums_of_squares(fraction: Array, change: Array) -> Array:
    """Squared residuals with the best amplitude of each trial."""
    fraction, change = np.broadcast_arrays(fraction, change)
    residual = change - _amplitude(fraction, change)[..., None] * fraction
    return np.asarray(np.sum(residual * residual, axis=-1))
