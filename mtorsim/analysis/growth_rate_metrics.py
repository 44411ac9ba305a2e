"""Growth-rate inhibition (GR) metrics of Hafner et al. 2016, Nature Methods 13:521.

``GR(c) = 2**(k(c) / k(0)) - 1`` of the mean growth rates with and without drug: 1 without effect,
0 where growth stops, below 0 where cells are lost. The curve
``GR(c) = GRinf + (1 - GRinf) / (1 + (c / GEC50)**hGR)`` starts at 1 by definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from mtorsim.analysis.number_text import dose_text
from mtorsim.errors import InputError

Array = NDArray[np.float64]

LEAST_DOSES = 4
"""Doses that a curve of three parameters needs to leave one degree of freedom."""

SLOPES = (0.1, 5.0)
DECADES_BEYOND = 2.0
"""Bounds of hGR, and of GEC50 beyond the doses, as in Hafner et al. 2016."""

LEAST_FALL = 0.02
"""A curve that moves less than this between its doses is flat: no dose is told of it."""


@dataclass(frozen=True, slots=True)
class GrMetrics:
    """The metrics of one dose-response curve.

    Parameters
    ----------
    gr50 : dose at which GR is 0.5 on the curve, nM; infinite where the curve never gets there, also
        where it is flat
    gr_max : GR at the highest dose tried
    gr_inf : GR of the curve at infinite dose
    gec50 : dose of half of its effect, nM; NaN where it is flat
    h_gr : its slope; NaN where it is flat
    gr_aoc : mean over log dose of 1 - GR: 0 without effect, above 1 where cells are lost
    r_squared : how much of the variation the curve explains
    low, high : doses tried, nM
    """

    gr50: float
    gr_max: float
    gr_inf: float
    gec50: float
    h_gr: float
    gr_aoc: float
    r_squared: float
    low: float
    high: float

    @property
    def flat(self) -> bool:
        """Whether the drug does nothing at the doses tried."""
        return not isfinite(self.gec50)

    def gr50_text(self) -> str:
        """The GR50 as people say it; outside the doses tried it is not extrapolated."""
        if self.flat:
            return "no effect"
        if not isfinite(self.gr50):
            return "not reached"
        if self.gr50 > self.high:
            return f"above {dose_text(self.high)}"
        return f"below {dose_text(self.low)}" if self.gr50 < self.low else dose_text(self.gr50)


def gr_values(growth: Array, control: Array | float) -> Array:
    """GR of mean growth rates, any shape.

    Parameters
    ----------
    growth : mean growth rates under a drug, any unit
    control : without drug, of a shape that goes with ``growth``; above 0

    Raises
    ------
    InputError : the control does not grow
    """
    if not np.all(np.asarray(control) > 0.0):
        raise InputError("the untreated cells do not grow: GR compares with their growth")
    return np.asarray(2.0 ** (growth / control) - 1.0)


def gr_metrics(dose: Array, gr: Array) -> GrMetrics:
    """Metrics of one curve.

    Parameters
    ----------
    dose : (d,) nM, above 0, ascending
    gr : (d,) GR values

    Raises
    ------
    InputError : too few doses, doses that are not positive and ascending, or values that no GR has
    """
    dose, gr = np.asarray(dose, dtype=np.float64), np.asarray(gr, dtype=np.float64)
    _check(dose, gr)
    log_dose = np.log10(dose)
    area = float(np.trapezoid(1.0 - gr, log_dose) / (log_dose[-1] - log_dose[0]))
    fitted = _fit(log_dose, gr) if np.ptp(np.append(gr, 1.0)) >= LEAST_FALL else None
    gr_inf, gec50, slope = fitted or (float(gr.mean()), nan, nan)
    residual = gr - (_curve(log_dose, gr_inf, np.log10(gec50), slope) if fitted else gr.mean())
    variation = float(np.sum((gr - gr.mean()) ** 2))
    return GrMetrics(
        gr50=_gr50(gr_inf, gec50, slope) if fitted else inf,
        gr_max=float(gr[-1]),
        gr_inf=gr_inf,
        gec50=gec50,
        h_gr=slope,
        gr_aoc=area,
        r_squared=1.0 - float(np.sum(residual**2)) / variation if variation > 0 else nan,
        low=float(dose[0]),
        high=float(dose[-1]),
    )


def _check(dose: Array, gr: Array) -> None:
    if dose.shape != gr.shape or dose.ndim != 1:
        raise InputError(f"{dose.shape} doses and {gr.shape} GR values: give as many of both")
    if len(dose) < LEAST_DOSES:
        raise InputError(f"{len(dose)} doses: GR metrics need {LEAST_DOSES} or more")
    if not (dose > 0.0).all() or not (np.diff(dose) > 0.0).all() or not np.isfinite(dose).all():
        raise InputError("doses for GR metrics must be above 0 and ascending")
    if not np.isfinite(gr).all() or (gr < -1.0).any():
        raise InputError("a GR value is NaN, infinite or below -1, which no growth rate gives")


def _fit(log_dose: Array, gr: Array) -> tuple[float, float, float]:
    """(GRinf, GEC50, hGR) of least squares, the best of several starts."""
    bounds = (
        [-1.0, log_dose[0] - DECADES_BEYOND, np.log10(SLOPES[0])],
        [max(1.0, float(gr.max())), log_dose[-1] + DECADES_BEYOND, np.log10(SLOPES[1])],
    )

    def residual(p: Array) -> Array:
        return _curve(log_dose, p[0], p[1], 10.0 ** p[2]) - gr

    end = float(np.clip(gr[-1], -0.999, bounds[1][0] - 1e-3))
    starts = [[end, middle, 0.0] for middle in np.linspace(log_dose[0], log_dose[-1], 5)]
    found = [
        least_squares(residual, start, bounds=bounds, xtol=1e-12, ftol=1e-12) for start in starts
    ]
    best = min(found, key=lambda fit: fit.cost).x
    return float(best[0]), float(10.0 ** best[1]), float(10.0 ** best[2])


def _curve(log_dose: Array, gr_inf: float, log_gec50: float, slope: float) -> Array:
    return np.asarray(gr_inf + (1.0 - gr_inf) / (1.0 + 10.0 ** (slope * (log_dose - log_gec50))))


def _gr50(gr_inf: float, gec50: float, slope: float) -> float:
    """Dose with GR of 0.5 on the curve; infinite where it ends above."""
    if gr_inf >= 0.5:
        return inf
    return float(gec50 * ((1.0 - gr_inf) / (0.5 - gr_inf) - 1.0) ** (1.0 / slope))
