"""What a cohort says: shares with intervals, by genotype and drug, beside the reported figures."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from mtorsim.analysis.cohort import Cohort, DrugResponse
from mtorsim.analysis.growth_rate_metrics import GrMetrics, gr_metrics, gr_values
from mtorsim.modelfiles.cohorts import ReportedFigure

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

NO_ALTERATION, SEVERAL = "none", "several"

RAPALOG = "rapalog"
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total`` tumours, with the interval of Wilson 1927 at the 95 % level.

    The interval is that of drawing so few tumours, not that of the model.
    """

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share, NaN of none."""
        return self.count / self.total if self.total else nan

    @property
    def interval(self) -> tuple[float, float]:
        """(low, high), within 0 and 1."""
        if not self.total:
            return nan, nan
        z = float(norm.ppf((1.0 + LEVEL) / 2.0))
        n, p = self.total, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        # At 0 and at 1 an end is the share itself, up to rounding.
        return min(max(middle - half, 0.0), p), max(min(middle + half, 1.0), p)


@dataclass(frozen=True, slots=True)
class AlterationRow:
    """One alteration: how often it was drawn, and how often p-mTOR is high with it.

    Parameters
    ----------
    drawn : share of tumours with it
    high_with, high_alone, high_without : share with high p-mTOR among tumours with it, with nothing
        else, and without it
    """

    title: str
    drawn: Share
    high_with: Share
    high_alone: Share
    high_without: Share


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """A reported figure and what the cohort has beside it.

    Parameters
    ----------
    predicted : in the unit of the figure, empty where nothing stands beside it
    intervals : of each, empty where it has none
    comment : what to think of both
    """

    figure: ReportedFigure
    predicted: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...]
    comment: str


def share(mask: Mask, among: Mask | None = None) -> Share:
    """How many of some tumours."""
    chosen = mask if among is None else mask[among]
    return Share(int(chosen.sum()), len(chosen))


def genotypes(cohort: Cohort) -> tuple[str, ...]:
    """Names of the kinds of tumour: none, each alteration by itself, several."""
    return (NO_ALTERATION, *(entry.title for entry in cohort.design.alterations), SEVERAL)


def genotype_of(cohort: Cohort) -> NDArray[np.intp]:
    """(n,) position of each tumour's kind in ``genotypes``."""
    has = cohort.tumours.alterations
    count = has.sum(axis=1)
    kind = np.where(count == 0, 0, np.argmax(has, axis=1) + 1)
    return np.where(count > 1, has.shape[1] + 1, kind).astype(np.intp)


def alteration_rows(cohort: Cohort) -> tuple[AlterationRow, ...]:
    """One row per alteration of the design."""
    has, kinds, high = cohort.tumours.alterations, genotype_of(cohort), cohort.high
    return tuple(
        AlterationRow(
            title=entry.title,
            drawn=share(has[:, j]),
            high_with=share(high, has[:, j]),
            high_alone=share(high, kinds == j + 1),
            high_without=share(high, ~has[:, j]),
        )
        for j, entry in enumerate(cohort.design.alterations)
    )


def share_if_each_sufficed(cohort: Cohort) -> float:
    """Share of tumours with any alteration, by the frequencies alone."""
    without = np.prod([1.0 - entry.frequency for entry in cohort.design.alterations])
    return float(1.0 - without)


def high_at(cohort: Cohort, percentile: float) -> Share:
    """Share with high p-mTOR if the bar stood at another percentile of the plain tumours."""
    name = cohort.design.high_readout
    bar = np.nanpercentile(cohort.plain_levels[name], percentile)
    return share(np.asarray(cohort.levels[name] > bar))


def line_metrics(cohort: Cohort, response: DrugResponse) -> tuple[tuple[str, GrMetrics], ...]:
    """GR metrics of the reference cell and of each alteration at typical amounts.

    The dose-response of a cell line: no spread of amounts.
    """
    names = ("no alteration", *(entry.title for entry in cohort.design.alterations))
    return tuple(
        (name, gr_metrics(response.doses, gr_values(curve, 1.0)))
        for name, curve in zip(names, response.lines, strict=True)
    )


def better_under(cohort: Cohort, drug: str, other: str) -> Share:
    """Share of tumours whose growth falls more under one drug than under another."""
    return share(np.asarray(cohort.response(drug).growth_left < cohort.response(other).growth_left))


def reported_rows(cohort: Cohort) -> tuple[ReportedRow, ...]:
    """Every reported figure of the design, in its order; a comparison, not a fit."""
    return tuple(_reported_row(cohort, figure) for figure in cohort.design.reported)


def _reported_row(cohort: Cohort, figure: ReportedFigure) -> ReportedRow:
    absent = [d for d in figure.drugs if d not in [entry.drug for entry in cohort.responses]]
    if figure.measure == "none" or absent:
        why = figure.why or f"not given here: --drug {' --drug '.join(absent)}"
        return ReportedRow(figure, (), (), _joined(why, figure.remark))
    if figure.measure == "inhibition":
        falls = [float(np.nanmedian(cohort.response(d).inhibition)) for d in figure.drugs]
        predicted = tuple(100.0 * fall for fall in falls)
        return ReportedRow(figure, predicted, (), figure.remark)
    shares = _shares(cohort, figure)
    percent = tuple(100.0 * entry.value for entry in shares)
    intervals = tuple((100.0 * low, 100.0 * high) for low, high in (s.interval for s in shares))
    return ReportedRow(figure, percent, intervals, figure.remark)


def _shares(cohort: Cohort, figure: ReportedFigure) -> tuple[Share, ...]:
    """The shares that a measure asks for."""
    if figure.measure == "high":
        return (share(cohort.high),)
    responds = cohort.responds(figure.drugs[0])
    if figure.measure == "responders":
        return (share(responds),)
    among = cohort.high
    if figure.measure == "responders_by_both_high":
        among = among & _erk_high(cohort)
    return share(responds, among), share(responds, ~among)


def _erk_high(cohort: Cohort) -> Mask:
    """(n,) whether ERK is above the same percentile of the plain tumours as p-mTOR must be."""
    bar = np.nanpercentile(cohort.plain_levels["ppERK"], cohort.design.high_percentile.value)
    return np.asarray(cohort.levels["ppERK"] > bar)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
