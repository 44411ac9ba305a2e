"""Numbers read off time courses and dose series, for many parameter sets at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def peak_time(times: Array, courses: Array) -> Array:
    """Time of the largest value of each course, (m,) s after ``times[0]``.

    A course (m, t) that is largest at its start has 0.
    """
    return np.asarray(times[np.argmax(courses, axis=1)] - times[0])


def half_rise(times: Array, courses: Array) -> Array:
    """Time, (m,) s after ``times[0]``, at which half of the way to the peak is passed."""
    first, peak = courses[:, 0], courses.max(axis=1)
    return _first_crossing(times, courses, (first + peak) / 2.0)


def half_fall(times: Array, courses: Array) -> Array:
    """Time, (m,) s after ``times[0]``, at which half of the first value is left; NaN if never."""
    return _first_crossing(times, -courses, -courses[:, 0] / 2.0)


def half_dose(doses: Array, responses: Array, control: Array) -> Array:
    """Dose (m,) with half of the effect of the highest dose.

    Parameters
    ----------
    doses : (d,) nM, ascending
    responses : (m, d)
    control : (m,) without dose
    """
    return _dose_with(doses, _effects(responses, control), 0.5)


def hill_slope(doses: Array, responses: Array, control: Array) -> Array:
    """Slope (m,) of a dose-response: log 81 over log of EC90 to EC10."""
    effects = _effects(responses, control)
    ratio = _dose_with(doses, effects, 0.9) / _dose_with(doses, effects, 0.1)
    return np.asarray(np.log(81.0) / np.log(ratio))


def dose_with_response(doses: Array, responses: Array, wanted: Array) -> Array:
    """Least dose (m,) at which a response has fallen to ``wanted`` (m,); inf if none does."""
    log_doses = np.log(doses)
    crossing = _first_crossing(log_doses, -responses, -wanted)
    start = responses[:, 0] <= wanted
    found = np.exp(crossing + log_doses[0])
    found = np.where(start, doses[0], found)
    return np.where(np.isnan(found), np.inf, found)


def _effects(responses: Array, control: Array) -> Array:
    """Fractions (m, d) of the effect of the highest dose."""
    with np.errstate(divide="ignore", invalid="ignore"):
        full = responses[:, -1] - control
        return np.asarray((responses - control[:, None]) / full[:, None])


def _dose_with(doses: Array, effects: Array, fraction: float) -> Array:
    """Dose at which an effect is first reached, on a log scale; NaN if below the lowest dose."""
    wanted = np.full(len(effects), fraction)
    found = np.exp(_first_crossing(np.log(doses), effects, wanted) + np.log(doses[0]))
    return np.where(effects[:, 0] >= fraction, np.nan, found)


def _first_crossing(x: Array, courses: Array, level: Array) -> Array:
    """Distance (m,) from ``x[0]`` to where each course first rises to its level; NaN if never."""
    above = courses >= level[:, None]
    reached = above.any(axis=1)
    after = np.argmax(above, axis=1)
    before = np.maximum(after - 1, 0)
    rows = np.arange(len(courses))
    low, high = courses[rows, before], courses[rows, after]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(after > before, (level - low) / (high - low), 0.0)
    at = x[before] + part * (x[after] - x[before])
    return np.where(reached, at - x[0], np.nan)
