"""The tables of a comparison: as text for a terminal, as CSV and JSON for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import Comparison, CurveRow, LoopContribution
from mtorsim.analysis.number_text import three_figures, time_text
from mtorsim.report.answer import answer, question
from mtorsim.report.words import (
    equal_dose_text,
    ic50_cell,
    percent,
    readable,
    signed_number,
    signed_percent,
    title_of,
)

Array = NDArray[np.float64]

# A terminal may know no more than ASCII.
_ASCII = str.maketrans({"⊣": "-|", "→": "->", "−": "-", "–": "-", "µ": "u", "×": "x", "κ": "k"})

FIT_NOTE = (
    "The interval in brackets is the {level} profile interval of a Hill curve through the "
    "model's points: how well that curve describes them, not how sure the model is."
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words; the first ``n_labels`` columns name the row."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_labels: int


def effect_table(comparison: Comparison) -> Table:
    """IC50 and largest effect of each drug, context and readout, all loops on."""
    options = comparison.options
    headings = ["drug", *_context_heading(comparison), "readout"]
    for time in options.at:
        headings += [f"IC50, {time_text(time)} (nM)", f"Emax, {time_text(time)}"]
    rows = []
    for drug in options.drugs:
        for context in options.contexts:
            for readout in options.readouts:
                cells = [drug, *([context] if context else []), title_of(comparison, readout)]
                for time in options.at:
                    row = comparison.row(drug, readout, time=time, context=context)
                    cells += [ic50_cell(row), signed_percent(row.emax)]
                rows.append(tuple(cells))
    caption = (
        "Dose-response with all loops on. IC50 is the dose of half the change, falling or rising; "
        "Emax is the largest change from no drug over the doses. "
    ) + FIT_NOTE.format(level=percent(options.level))
    if any(row.fit.turn is not None and not row.label.without for row in comparison.rows):
        caption += (
            " A response that turns back has no IC50: the dose where it turns is given, with the "
            "level there as a share of no drug."
        )
    return Table(
        caption,
        tuple(headings),
        tuple(rows),
        len(headings) - 2 * len(options.at),
    )


def loop_table(comparison: Comparison) -> Table:
    """The watched readout at equal effect on the reference, and what each loop adds to it."""
    options = comparison.options
    reference, watched = (title_of(comparison, n) for n in (options.reference, options.watched))
    inhibition = percent(options.inhibition).replace(" %", "")
    headings = ["drug", *_context_heading(comparison), "time", f"IC{inhibition} of {reference}"]
    headings += [f"{watched} there", *(title_of(comparison, loop) for loop in options.loops)]
    added = _by_loop(comparison)
    rows = []
    for drug in options.drugs:
        for context in options.contexts:
            for time in options.at:
                row = comparison.row(drug, options.watched, time=time, context=context)
                cells = [drug, *([context] if context else []), time_text(time)]
                cells.append(equal_dose_text(row.equal_dose, comparison, drug))
                cells.append(percent(row.level_at_equal_dose))
                for loop in options.loops:
                    item = added[drug, context, time, options.watched, loop]
                    cells.append(signed_number(item.contribution))
                rows.append(tuple(cells))
    caption = (
        f"{watched} at the dose that takes {percent(options.inhibition)} off {reference}, as a "
        "share of its level without drug"
    )
    if options.loops:
        caption += (
            ", and what each loop contributes to it: all loops on minus that loop cut, in "
            "percentage points, at the same dose; the cell with the cut loop is at rest before drug"
        )
    return Table(f"{caption}.", tuple(headings), tuple(rows), 3 if options.contexts != ("",) else 2)


def changes_table(comparison: Comparison) -> Table:
    """Parameters of each context that differ from the default."""
    rows = tuple(
        (
            change.context,
            change.id,
            readable(change.meaning),
            three_figures(change.value),
            three_figures(change.default),
            change.unit,
        )
        for change in comparison.model.changes
    )
    headings = ("context", "parameter", "meaning", "value", "default", "unit")
    return Table("Parameters that differ from the default.", headings, rows, 3)


def as_text(table: Table, *, width: int = 96) -> str:
    """A table in plain ASCII with aligned columns; the caption comes first, wrapped."""
    import textwrap

    cells = [[cell.translate(_ASCII) for cell in row] for row in (table.headings, *table.rows)]
    widths = [max(len(row[j]) for row in cells) for j in range(len(table.headings))]
    lines = [
        "  ".join(
            cell.ljust(w) if j < table.n_labels else cell.rjust(w)
            for j, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    rule = "  ".join("-" * w for w in widths)
    caption = textwrap.wrap(table.caption.translate(_ASCII), width)
    return "\n".join([*caption, "", lines[0], rule, *lines[1:]])


def comparison_text(comparison: Comparison) -> str:
    """What a terminal shows: question, answer and both tables, in plain ASCII."""
    import textwrap

    said = [question(comparison), " ".join(answer(comparison))]
    paragraphs = ["\n".join(textwrap.wrap(text.translate(_ASCII), 96)) for text in said]
    tables = [as_text(effect_table(comparison)), as_text(loop_table(comparison))]
    return "\n\n".join([*paragraphs, *tables]) + "\n"


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """A flat record per curve, full precision, units in the names; NaN where there is no value."""
    added = _by_loop(comparison)
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


def as_json(comparison: Comparison) -> str:
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
        "solver": dict(comparison.solver),
        "n_trajectories": comparison.n_trajectories,
        "failures": list(comparison.failures),
        "timing_s": dict(comparison.timing),
    }
    return _lines_of_json(_plain(document)) + "\n"


def _context_heading(comparison: Comparison) -> list[str]:
    return ["context"] if comparison.options.contexts != ("",) else []


_LoopKey = tuple[str, str, float, str, str]


def _by_loop(comparison: Comparison) -> Mapping[_LoopKey, LoopContribution]:
    return {
        (item.drug, item.context, item.time, item.readout, item.loop): item
        for item in comparison.loop_contributions
    }


def _record(
    row: CurveRow, added: Mapping[_LoopKey, LoopContribution], comparison: Comparison
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
    }


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


def _plain(value: Any) -> Any:
    """JSON has no NaN and no infinity: both become null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
