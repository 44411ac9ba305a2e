"""Which shape a dose-response curve has, and the IC50 where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from mtorsim.analysis import hill, two_phase
from mtorsim.analysis.hill import Estimate, HillFit, fit_hill
from mtorsim.analysis.number_text import three_digits, three_figures
from mtorsim.analysis.two_phase import TwoPhaseFit, fit_two_phase

Array = NDArray[np.float64]

Shape = Literal["falls", "rises", "two-phase", "non-monotone", "flat", "too few points"]

LEAST_EFFECT = 0.05
"""Smallest change, as a share of the control, that is called an effect; a convention."""

_SECOND_PHASE_P = 1e-3
"""F-test level for a second phase: strict, as two steps fit noise well."""


@dataclass(frozen=True, slots=True)
class ResponseFit:
    """What a curve says.

    Parameters
    ----------
    shape : ``"falls"``, ``"rises"``, ``"two-phase"`` (two steps the same way), ``"non-monotone"``,
        ``"flat"`` or ``"too few points"``
    ic50 : dose of half the change, unit of the doses; NaN where there is none inside the doses
        tried; an interval end outside them is 0 or infinity
    outside : ``"below"`` or ``"above"`` where the IC50 lies outside the doses tried, else empty
    dose_range : lowest and highest dose tried
    turn : dose and response where a non-monotone curve turns, else None
    hill : the single Hill curve, None for too few points
    two_phase : the two-step curve, where that describes the points better
    """

    shape: Shape
    ic50: Estimate
    outside: Literal["", "below", "above"]
    dose_range: tuple[float, float]
    turn: tuple[float, float] | None = None
    hill: HillFit | None = None
    two_phase: TwoPhaseFit | None = None

    @property
    def has_ic50(self) -> bool:
        """Whether an IC50 lies inside the doses tried."""
        return bool(np.isfinite(self.ic50.value))

    def predict(self, dose: Array) -> Array:
        """Fitted response at each dose; NaN for too few points."""
        chosen = self.two_phase or self.hill
        return chosen.predict(dose) if chosen else np.full(np.shape(dose), np.nan)

    def ic50_text(self, unit: str = "nM", *, interval: bool = True) -> str:
        """IC50 as printed in a table, the interval in brackets; says why where there is none."""
        low, high = self.dose_range
        if self.outside:
            bound = low if self.outside == "below" else high
            return f"{'<' if self.outside == 'below' else '>'} {three_figures(bound)} {unit}"
        if not self.has_ic50:
            return self.shape
        text = three_digits(self.ic50.value)
        if interval and not np.isnan(self.ic50.low):
            text += f" ({_end(self.ic50.low, low, '<')} to {_end(self.ic50.high, high, '>')})"
        return f"{text} {unit}"


def fit_response(
    dose: Array,
    response: Array,
    control: float,
    *,
    level: float = 0.95,
    least_effect: float = LEAST_EFFECT,
) -> ResponseFit:
    """Shape and IC50 of a curve.

    A single Hill curve is kept unless two steps describe the points better by both an F test and
    more than ``least_effect``; a curve whose fitted change over the doses tried is below
    ``least_effect``, or not distinguishable from a constant at the confidence level, is flat.

    Parameters
    ----------
    dose : (d,) array, greater than 0; repeats allowed
    response : (d,) array, finite
    control : response without drug, taken as one more point
    level : confidence level of the intervals
    least_effect : share of the control (of the largest response where the control is 0)
    """
    dose, response = np.asarray(dose, dtype=float), np.asarray(response, dtype=float)
    if len(np.unique(dose)) < hill.LEAST_DOSES:
        ends = (float(dose.min()), float(dose.max())) if len(dose) else (np.nan, np.nan)
        return ResponseFit("too few points", _NO_ESTIMATE, "", ends)
    doses, responses = np.append(0.0, dose), np.append(control, response)
    tolerance = least_effect * (abs(control) or float(np.max(np.abs(response))))
    single = fit_hill(doses, responses, level=level)
    double = _second_phase(doses, responses, single, tolerance)
    if double is not None:
        return _of_two_phases(dose, double, single, tolerance)
    return _of_single(dose, responses, single, tolerance, level)


_NO_ESTIMATE = Estimate(float("nan"), float("nan"), float("nan"))


def _second_phase(
    dose: Array, response: Array, single: HillFit, tolerance: float
) -> TwoPhaseFit | None:
    """The two-step curve where it is needed, else None."""
    misfit = np.max(np.abs(response - single.predict(dose)))
    if misfit <= 0.5 * tolerance or len(np.unique(dose)) < two_phase.LEAST_DOSES:
        return None
    double = fit_two_phase(dose, response)
    apart = np.max(np.abs(double.predict(dose) - single.predict(dose)))
    better = _f_test(single.sum_of_squares, 4, double.sum_of_squares, 7, len(dose))
    return double if apart > tolerance and better < _SECOND_PHASE_P else None


def _f_test(simple: float, p_simple: int, full: float, p_full: int, n_points: int) -> float:
    """Probability of so large a gain of the fuller of two nested curves by chance."""
    if full >= simple:
        return 1.0
    if full <= 0.0:
        return 0.0
    ratio = (simple - full) / (p_full - p_simple) / (full / (n_points - p_full))
    return float(f_distribution.sf(ratio, p_full - p_simple, n_points - p_full))


def _of_two_phases(
    dose: Array, double: TwoPhaseFit, single: HillFit, tolerance: float
) -> ResponseFit:
    """Two steps one way have a half-way dose; a curve that turns has none."""
    low, high = float(dose.min()), float(dose.max())
    grid = np.geomspace(low, high, 2001)
    values = double.predict(grid)
    turn = _turning_point(grid, values, double.start, tolerance)
    if turn is not None:
        return ResponseFit("non-monotone", _NO_ESTIMATE, "", (low, high), turn, single, double)
    total = double.first.change + double.second.change
    done = (values - double.start) / total if total else np.zeros_like(values)
    if done[0] >= 0.5 or done.max() < 0.5:
        outside: Literal["below", "above"] = "below" if done[0] >= 0.5 else "above"
        return ResponseFit("two-phase", _NO_ESTIMATE, outside, (low, high), None, single, double)
    half = float(10 ** np.interp(0.5, np.maximum.accumulate(done), np.log10(grid)))
    ic50 = Estimate(half, float("nan"), float("nan"))
    return ResponseFit("two-phase", ic50, "", (low, high), None, single, double)


def _turning_point(
    grid: Array, values: Array, start: float, tolerance: float
) -> tuple[float, float] | None:
    """Dose and level of the extremum from which the curve comes back by more than the tolerance."""
    best, found = tolerance, None
    for i in (int(np.argmax(values)), int(np.argmin(values))):
        away, back = values[i] - start, values[i] - values[-1]
        if away * back > 0 and min(abs(away), abs(back)) > best:
            best, found = min(abs(away), abs(back)), (float(grid[i]), float(values[i]))
    return found


def _of_single(
    dose: Array, responses: Array, single: HillFit, tolerance: float, level: float
) -> ResponseFit:
    """One Hill curve: flat, rising or falling, its middle inside the doses tried or not."""
    low, high = float(dose.min()), float(dose.max())
    seen = single.predict(np.array([high]))[0] - single.predict(np.array([0.0]))[0]
    deviation = responses - responses.mean()
    chance = _f_test(float(deviation @ deviation), 1, single.sum_of_squares, 4, len(responses))
    if abs(seen) <= tolerance or chance > 1.0 - level:
        return ResponseFit("flat", _NO_ESTIMATE, "", (low, high), None, single)
    shape: Shape = "rises" if seen > 0 else "falls"
    if not low <= single.ic50.value <= high:
        outside: Literal["below", "above"] = "below" if single.ic50.value < low else "above"
        return ResponseFit(shape, _NO_ESTIMATE, outside, (low, high), None, single)
    ic50 = Estimate(
        single.ic50.value,
        single.ic50.low if single.ic50.low >= low else 0.0,
        single.ic50.high if single.ic50.high <= high else float("inf"),
    )
    return ResponseFit(shape, ic50, "", (low, high), None, single)


def _end(value: float, bound: float, sign: str) -> str:
    """An interval end, or the bound of the doses tried where it is open."""
    inside = 0.0 < value < np.inf
    return three_digits(value) if inside else f"{sign} {three_figures(bound)}"
