"""What parameter sets that describe the same behaviours make of a comparison of drugs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.dose_response import CurveLabel, DoseResponse
from mtorsim.analysis.response_fit import LEAST_EFFECT
from mtorsim.analysis.uncertainty import QUANTILES, quantiles_over

if TYPE_CHECKING:
    from mtorsim.analysis.comparison import ComparisonOptions

Array = NDArray[np.float64]
Range = tuple[float, float]

BAND_DOSES = 50
"""Most doses of a curve that each parameter set is run at: seven a decade where the range is 0.001
nM to 10 µM, so that a dose read between two of them is right to a few per cent."""

NO_RANGE: Range = (float("nan"), float("nan"))


@dataclass(frozen=True, eq=False)
class Band:
    """A curve or time course over all parameter sets, all loops on.

    Parameters
    ----------
    label : what it is a curve of
    x : (d,) doses, nM, or times, s
    low, median, high : (d,) quantiles of the level, each set's as a multiple of its own level
        without drug in the first context
    ic50 : range of the dose of half the change from no drug to the highest dose, nM; see
        ``beside_fit``
    emax : range of the largest change from no drug, share of the control
    level_at_equal_dose : range of the level where the set's reference readout is inhibited as
        asked, as a multiple of the level without drug

    A range holds the same share of the sets as the band; it is NaN where a set in two has no such
    number, and for time courses.
    """

    label: CurveLabel
    x: Array
    low: Array
    median: Array
    high: Array
    ic50: Range = NO_RANGE
    emax: Range = NO_RANGE
    level_at_equal_dose: Range = NO_RANGE


@dataclass(frozen=True, eq=False)
class ComparisonBands:
    """Bands of every curve and time course with all loops on.

    Parameters
    ----------
    quantiles : shares of the sets that lie below low, median and high
    n_sets, n_doses : parameter sets, and doses that each was run at
    made : how the sets were made
    """

    quantiles: tuple[float, float, float]
    n_sets: int
    n_doses: int
    made: str
    curves: tuple[Band, ...]
    courses: tuple[Band, ...]

    def curve(self, label: CurveLabel) -> Band | None:
        """The band of a curve; None where loops are cut."""
        return next((band for band in self.curves if band.label == label), None)

    def course(self, label: CurveLabel) -> Band | None:
        """The band of a time course; None where loops are cut."""
        return next((band for band in self.courses if _place(band.label) == _place(label)), None)

    @property
    def share(self) -> float:
        """Share of the sets inside a band."""
        return self.quantiles[2] - self.quantiles[0]


def _place(label: CurveLabel) -> tuple[str, str, str, tuple[str, ...]]:
    """A label without its time, which is no number for a time course."""
    return label.drug, label.readout, label.context, label.without


def treatments(doses: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, slice]]:
    """Doses of several drugs along one axis, no drug first, then each drug alone.

    Returns
    -------
    By drug its dose all along the axis, and by drug where its own doses stand
    """
    along = {
        drug: np.concatenate(
            [[0.0], *(own if other == drug else np.zeros(len(own)) for other, own in doses.items())]
        )
        for drug in doses
    }
    ends = np.cumsum([1, *(len(own) for own in doses.values())]).tolist()
    places = [slice(start, end) for start, end in pairwise(ends)]
    return along, dict(zip(doses, places, strict=True))


def curve_bands(
    values: Mapping[str, Array],
    doses: Mapping[str, Array],
    options: ComparisonOptions,
    labels: Mapping[tuple[str, str, float, str], CurveLabel],
) -> tuple[Band, ...]:
    """The band of each drug, context, time and readout.

    Parameters
    ----------
    values : by readout (m, c, treatments, t); the treatments are those of ``treatments(doses)``
    doses : by drug, nM
    labels : by drug, readout, time and context
    """
    _, place = treatments(doses)
    bands = []
    for drug, dose in doses.items():
        for c, context in enumerate(options.contexts):
            for t, time in enumerate(options.at):
                levels = {
                    name: np.hstack([v[:, c, :1, t], v[:, c, place[drug], t]])
                    for name, v in values.items()
                }
                equal = _equal_doses(levels[options.reference], dose, options.inhibition)
                bands += [
                    _curve_band(
                        labels[drug, name, time, context],
                        dose,
                        levels[name],
                        unit_level=values[name][:, 0, 0, t],
                        equal_doses=equal,
                    )
                    for name in options.readouts
                ]
    return tuple(bands)


def beside_fit(band: Band, curve: DoseResponse, ic50: float) -> Band:
    """A band whose range of the IC50 can stand beside the fitted IC50 of the model itself.

    Sets are not fitted: their doses of half the change are read off. A fitted IC50 is another
    number where the curve has no plateau yet, so the range is moved by what the two differ by, as a
    factor, for the curve of the model.
    """
    relative = curve.relative()
    if not (np.isfinite(ic50) and len(relative)):
        return band
    half = crossing_doses(curve.dose, relative[None], np.array([0.5 * (1.0 + relative[-1])]))[0]
    if not 0.0 < half < np.inf:
        return band
    low, high = band.ic50
    return replace(band, ic50=(low * ic50 / half, high * ic50 / half))


def course_bands(
    values: Mapping[str, Array],
    times: Array,
    options: ComparisonOptions,
    labels: Mapping[tuple[str, str, str], CurveLabel],
) -> tuple[Band, ...]:
    """The band of each time course.

    Parameters
    ----------
    values : by readout (m, c, treatments, t); no drug first, then a dose of each drug
    labels : by drug, readout and context
    """
    bands = []
    for d, drug in enumerate(options.drugs, start=1):
        for c, context in enumerate(options.contexts):
            for name in options.readouts:
                relative = (
                    values[name][:, c, d] / positive_or_nan(values[name][:, 0, 0, 0])[:, None]
                )
                low, median, high = quantiles_over(relative, QUANTILES)
                bands.append(Band(labels[drug, name, context], times, low, median, high))
    return tuple(bands)


def _curve_band(
    label: CurveLabel, dose: Array, levels: Array, *, unit_level: Array, equal_doses: Array
) -> Band:
    """The band of one curve from the levels (m, 1 + d) of all sets, without drug first."""
    control, response = levels[:, :1], levels[:, 1:]
    relative = response / positive_or_nan(control)
    largest = np.abs(relative - 1.0).argmax(axis=1)[:, None]
    end = relative[:, -1:]
    half = crossing_doses(dose, relative, 0.5 * (1.0 + end[:, 0]))
    half[np.abs(end[:, 0] - 1.0) < LEAST_EFFECT] = np.nan
    at_equal = [
        np.interp(np.log(equal), np.log(dose), row) if 0.0 < equal < np.inf else np.nan
        for equal, row in zip(equal_doses, relative, strict=True)
    ]
    low, median, high = quantiles_over(response / positive_or_nan(unit_level)[:, None], QUANTILES)
    return Band(
        label,
        dose,
        low,
        median,
        high,
        ic50=range_over(half),
        emax=range_over(np.take_along_axis(relative, largest, axis=1)[:, 0] - 1.0),
        level_at_equal_dose=range_over(np.array(at_equal)),
    )


def _equal_doses(reference: Array, dose: Array, inhibition: float) -> Array:
    """The dose of equal effect of each set, (m,)."""
    relative = reference[:, 1:] / positive_or_nan(reference[:, :1])
    return crossing_doses(dose, relative, np.full(len(relative), 1.0 - inhibition))


def crossing_doses(dose: Array, relative: Array, target: Array) -> Array:
    """Lowest dose at which each curve passes its target, from 1 without drug.

    Parameters
    ----------
    dose : (d,) ascending
    relative : (m, d) levels as multiples of no drug
    target : (m,)

    Returns
    -------
    (m,) nM, linear on log-dose between the doses; 0 where the lowest dose is past the target,
    infinity where the highest is not, NaN where the curve is not known
    """
    side = np.sign(1.0 - target)[:, None]
    passed = side * (relative - target[:, None]) <= 0.0
    first = passed.argmax(axis=1)
    rows = np.arange(len(relative))
    after, before = relative[rows, first], relative[rows, np.maximum(first - 1, 0)]
    log_dose = np.log(dose)
    step = log_dose[first] - log_dose[np.maximum(first - 1, 0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.exp(log_dose[first] - step * (after - target) / (after - before))
    found = np.where(first == 0, 0.0, found)
    found = np.where(passed.any(axis=1), found, np.inf)
    return np.where(np.isfinite(relative).all(axis=1), found, np.nan)


def positive_or_nan(levels: Array) -> Array:
    """Levels to divide by; NaN where there is nothing."""
    return np.where(levels > 0.0, levels, np.nan)


def range_over(numbers: Array) -> Range:
    """The outer quantiles of what is known, where that is of at least every other set."""
    known = numbers[~np.isnan(numbers)]
    if len(known) == 0 or 2 * len(known) < len(numbers):
        return NO_RANGE
    # The nearest set, as 0 and infinity, which stand for doses not tried, have no mean.
    ends = np.quantile(known, [QUANTILES[0], QUANTILES[2]], method="nearest")
    return float(ends[0]), float(ends[1])
