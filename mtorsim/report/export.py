"""A comparison as data: CSV and JSON for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import Comparison, CurveRow, LoopContribution
from mtorsim.analysis.comparison_bands import Band
from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.report.answer import answer, question
from mtorsim.report.details_export import details_record
from mtorsim.report.plain import plain_json
from mtorsim.report.tables import LoopKey, band_of, by_loop

Array = NDArray[np.float64]


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """A flat record per curve, full precision, units in the names; NaN where there is no value."""
    added = by_loop(comparison)
    return [_record(row, added, comparison) for row in comparison.rows]


def as_csv(comparison: Comparison) -> str:
    """``records`` as CSV: empty where there is no value, ``inf`` above the doses tried."""
    table = records(comparison)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(table[0]), lineterminator="\n")
    writer.writeheader()
    for record in table:
        writer.writerow({key: _csv_cell(value) for key, value in record.items()})
    return buffer.getvalue()


def as_json(comparison: Comparison, details: ComparisonDetails | None = None) -> str:
    """Everything: question, answer, options, records, curves, time courses, model, timing.

    Curves are in the order of ``doses`` of their drug, null where a trajectory failed; curves and
    time courses are rounded to six figures, no number elsewhere is.
    """
    options = comparison.options
    document = {
        "format": "mtorsim comparison 1",
        "question": question(comparison),
        "answer": list(answer(comparison)),
        "units": {"dose": "nM", "time": "s", "response": "as the curve's unit"},
        "options": asdict(options),
        "model": asdict(comparison.model),
        "rows": records(comparison),
        "doses": {drug: _six_figures(options.dose_values(drug)) for drug in options.drugs},
        "curves": [
            {
                **asdict(row.label),
                "control": row.curve.control,
                "response": _six_figures(row.curve.on(options.dose_values(row.label.drug))),
            }
            for row in comparison.rows
        ],
        "time_course_times": _six_figures(comparison.time_courses[0].times),
        "time_courses": [
            {
                **asdict(course.label),
                "dose": course.dose,
                "control": course.control,
                "response": _six_figures(course.values),
            }
            for course in comparison.time_courses
        ],
        "bands": _bands(comparison),
        "solver": dict(comparison.solver),
        "n_trajectories": comparison.n_trajectories,
        "failures": list(comparison.failures),
        "timing_s": dict(comparison.timing),
        **(details_record(details) if details else {}),
    }
    return _lines_of_json(plain_json(document)) + "\n"


def _record(
    row: CurveRow, added: Mapping[LoopKey, LoopContribution], comparison: Comparison
) -> dict[str, Any]:
    label, fit, hill = row.label, row.fit, row.fit.hill
    nothing = float("nan")
    loop = label.without[0] if label.without else ""
    item = added.get((label.drug, label.context, label.time, label.readout, loop))
    return {
        "drug": label.drug,
        "context": label.context,
        "loop_cut": loop,
        "time_h": label.time / 3600.0,
        "readout": label.readout,
        "unit": label.unit,
        "level_without_drug": row.curve.control,
        "shape": fit.shape,
        "ic50_nM": fit.ic50.value,
        "ic50_low_nM": fit.ic50.low,
        "ic50_high_nM": fit.ic50.high,
        "ic50_outside_doses": fit.outside,
        "hill_slope": hill.slope.value if hill and fit.has_ic50 else nothing,
        "hill_end_level": hill.end.value if hill and fit.has_ic50 else nothing,
        "turn_dose_nM": fit.turn[0] if fit.turn else nothing,
        "turn_level": fit.turn[1] if fit.turn else nothing,
        "emax_share_of_control": row.emax,
        "auc_share_of_control": row.auc,
        f"{comparison.options.reference}_equal_effect_dose_nM": row.equal_dose,
        "level_at_equal_effect_dose": row.level_at_equal_dose,
        "level_with_loop_at_all_on_dose": item.all_on if item else nothing,
        "level_without_loop_at_all_on_dose": item.cut if item else nothing,
        "loop_contribution": item.contribution if item else nothing,
        "n_failed": row.curve.n_failed,
        **_ranges(comparison, row, item),
    }


def _ranges(
    comparison: Comparison, row: CurveRow, item: LoopContribution | None
) -> dict[str, float]:
    """Ends over the parameter sets; no column where none were run."""
    if comparison.bands is None:
        return {}
    band, nothing = band_of(comparison, row), (float("nan"), float("nan"))
    has_ic50 = band is not None and row.fit.has_ic50
    named = {
        "ic50_{}_of_sets_nM": band.ic50 if band and has_ic50 else nothing,
        "emax_{}_of_sets": band.emax if band else nothing,
        "level_at_equal_effect_dose_{}_of_sets": band.level_at_equal_dose if band else nothing,
        "loop_contribution_{}_of_sets": item.range if item else nothing,
    }
    ends = ("low", "high")
    return {name.format(end): pair[i] for name, pair in named.items() for i, end in enumerate(ends)}


def _bands(comparison: Comparison) -> dict[str, Any] | None:
    """Bands of curves and time courses; levels are multiples of no drug in the first context."""
    bands = comparison.bands
    if bands is None:
        return None
    return {
        "quantiles": list(bands.quantiles),
        "n_sets": bands.n_sets,
        "made": bands.made,
        "doses": {band.label.drug: _six_figures(band.x) for band in bands.curves},
        "curves": [_band(band) for band in bands.curves],
        "time_courses": [_band(band) for band in bands.courses],
    }


def _band(band: Band) -> dict[str, Any]:
    """A band without its doses or times, which are those of all."""
    ends = {"low": band.low, "median": band.median, "high": band.high}
    return {**asdict(band.label), **{name: _six_figures(line) for name, line in ends.items()}}


def _csv_cell(value: Any) -> Any:
    return "" if isinstance(value, float) and isnan(value) else value


def _six_figures(values: Array) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def _lines_of_json(document: Mapping[str, Any]) -> str:
    """One line per entry of the document and per item of its lists: compact, yet it diffs."""
    entries = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            items = ",\n  ".join(_json(item) for item in value)
            entries.append(f"{_json(key)}: [\n  {items}\n ]")
        else:
            entries.append(f"{_json(key)}: {_json(value)}")
    return "{\n " + ",\n ".join(entries) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
