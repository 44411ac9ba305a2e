"""Ends of a profile-likelihood interval of one parameter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq


def profile_interval(
    profile: Callable[[float], float],
    best: float,
    bounds: tuple[float, float],
    threshold: float,
    *,
    step: float,
) -> tuple[float, float]:
    """Where the profile passes the threshold on either side of its least point.

    Parameters
    ----------
    profile : least sum of squares for a held value of the parameter
    best : where the profile is least
    bounds : of the search
    threshold : sum of squares at the ends of the interval
    step : first stride of the search; it grows outward

    Returns
    -------
    (low, high); minus or plus infinity where the profile stays below the threshold to the bound
    """
    return (
        _crossing(profile, best, bounds[0], threshold, -step),
        _crossing(profile, best, bounds[1], threshold, step),
    )


def _crossing(
    profile: Callable[[float], float], best: float, bound: float, threshold: float, step: float
) -> float:
    """Outward search for the threshold, the stride doubled until it is passed."""
    if profile(best) >= threshold:  # a perfect fit has no width
        return best
    inner, outer, side = best, best, np.sign(step)
    while outer != bound:
        outer = side * min(side * (outer + step), side * bound)
        if profile(outer) > threshold:
            return float(brentq(lambda v: profile(v) - threshold, inner, outer, xtol=1e-4))
        inner, step = outer, 1.5 * step
    return float(side * np.inf)
