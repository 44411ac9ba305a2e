"""Ends of a profile-likelihood interval of one parameter."""

from __future__ import annotations

from collections.abc import Callable
from math import copysign, inf, sqrt

from scipy.optimize import brentq


def profile_interval(
    profile: Callable[[float], float],
    best: float,
    bounds: tuple[float, float],
    allowed: float,
    *,
    step: float,
) -> tuple[float, float]:
    """Where the profile has risen by the allowed factor on either side of its least point.

    Parameters
    ----------
    profile : least sum of squares for a held value of the parameter
    best : where the profile is least
    bounds : of the search
    allowed : sum of squares at the ends of the interval, relative to the least
    step : first stride of the search; it grows outward

    Returns
    -------
    (low, high); minus or plus infinity where the profile stays below to the bound, ``best`` where
    the least sum of squares is 0
    """
    least = profile(best)
    if least <= 0.0:
        return best, best
    reach = sqrt(least * (allowed - 1.0))

    def distance(value: float) -> float:
        # The root of the rise is nearly linear, which takes the search to its end in few strides.
        return sqrt(max(profile(value) - least, 0.0)) - reach

    low = _crossing(distance, best, bounds[0], -step)
    return low, _crossing(distance, best, bounds[1], step)


def _crossing(distance: Callable[[float], float], best: float, bound: float, step: float) -> float:
    """Outward search for the change of sign, with growing strides."""
    side = copysign(1.0, step)
    inner = best
    while inner != bound:
        outer = side * min(side * (inner + step), side * bound)
        if distance(outer) > 0.0:
            return float(brentq(distance, inner, outer, xtol=1e-5, rtol=1e-9))
        inner, step = outer, 1.5 * step
    return side * inf
