"""The details of a comparison as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mtorsim.analysis.comparison_details import ComparisonDetails, GrowthCurve
from mtorsim.report.combination_tables import combination_record
from mtorsim.report.explanation_tables import explanation_record

EVERY_SETTING = ("before", "after")
"""Levels in each of the hundreds of choices of loops: in the explanation of a drug by itself."""


def details_record(details: ComparisonDetails) -> dict[str, Any]:
    """``explanations``, ``growth``, ``combination`` and ``notes`` in plain types."""
    combination = details.combination
    return {
        "explanations": [_explanation(explanation_record(x)) for x in details.explanations],
        "growth": [_growth(curve) for curve in details.growth],
        "combination": combination_record(combination) if combination else None,
        "notes": list(details.notes),
    }


def _explanation(record: dict[str, Any]) -> dict[str, Any]:
    """Without the levels in every single setting of the loops."""
    short = dict(record)
    for game in ("clamped", "cut"):
        kept = {key: value for key, value in record[game].items() if key not in EVERY_SETTING}
        short[game] = kept
    return short


def _growth(curve: GrowthCurve) -> dict[str, Any]:
    return {
        "drug": curve.drug,
        "context": curve.context,
        "time_h": curve.time / 3600.0,
        "dose_nM": [float(f"{dose:.6g}") for dose in curve.dose],
        "gr": [float(f"{value:.6g}") for value in curve.gr],
        "metrics": asdict(curve.metrics),
    }
