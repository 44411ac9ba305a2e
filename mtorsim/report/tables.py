"""The tables of a comparison, as text for a terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtorsim.analysis.comparison import Comparison, CurveRow, LoopContribution
from mtorsim.analysis.comparison_bands import Band
from mtorsim.analysis.number_text import three_figures, time_text
from mtorsim.report.answer import answer, question
from mtorsim.report.words import (
    emax_cell,
    equal_dose_text,
    ic50_cell,
    percent,
    percent_range,
    readable,
    signed_number,
    title_of,
)

# A terminal may know no more than ASCII.
_ASCII = str.maketrans(
    {"⊣": "-|", "→": "->", "−": "-", "–": "-", "µ": "u", "×": "x", "κ": "k", "≥": ">=", "≤": "<="}
)

SHOWN = 0.05
"""Least contribution of a loop whose range over parameter sets stands in the table: the share of
the control below which a change is not called an effect."""

FIT_NOTE = (
    "The interval in brackets is the {level} profile interval of a Hill curve through the "
    "model's points: how well that curve describes them, not how sure the model is."
)
BAND_NOTE = (
    "The ranges in brackets hold {share} of {n_sets} parameter sets that describe the same "
    "behaviours about equally well, each run at {n_doses} of the doses."
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
                    band = band_of(comparison, row)
                    cells += [ic50_cell(row, band), emax_cell(row, band)]
                rows.append(tuple(cells))
    caption = (
        "Dose-response with all loops on. IC50 is the dose of half the change, falling or rising; "
        "Emax is the largest change from no drug over the doses. "
    ) + range_note(comparison)
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
    added = by_loop(comparison)
    rows = []
    for drug in options.drugs:
        for context in options.contexts:
            for time in options.at:
                row = comparison.row(drug, options.watched, time=time, context=context)
                cells = [drug, *([context] if context else []), time_text(time)]
                cells.append(equal_dose_text(row.equal_dose, comparison, drug))
                band = band_of(comparison, row)
                there = percent_range(band.level_at_equal_dose) if band else ""
                cells.append(percent(row.level_at_equal_dose) + there)
                for loop in options.loops:
                    item = added[drug, context, time, options.watched, loop]
                    cells.append(signed_number(item.contribution) + _loop_range(item))
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
    if comparison.bands is not None:
        caption += f". The ranges in brackets hold {percent(comparison.bands.share)} of the "
        caption += "parameter sets: levels each at its own dose of equal effect, contributions at "
        caption += f"the dose of the model, where they reach {100 * SHOWN:g}"
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


def _loop_range(item: LoopContribution) -> str:
    """The range of a contribution in brackets, where it reaches what is shown."""
    if not max(map(abs, item.range)) >= SHOWN:
        return ""
    return f" ({signed_number(item.range[0])} to {signed_number(item.range[1])})"


def range_note(comparison: Comparison) -> str:
    """What the ranges beside an IC50 are: over parameter sets, or of the fitted curve."""
    bands = comparison.bands
    if bands is None:
        return FIT_NOTE.format(level=percent(comparison.options.level))
    return BAND_NOTE.format(share=percent(bands.share), n_sets=bands.n_sets, n_doses=bands.n_doses)


def band_of(comparison: Comparison, row: CurveRow) -> Band | None:
    """The band of a curve; None where no parameter sets were run, or a loop is cut."""
    return comparison.bands.curve(row.label) if comparison.bands else None


def _context_heading(comparison: Comparison) -> list[str]:
    return ["context"] if comparison.options.contexts != ("",) else []


LoopKey = tuple[str, str, float, str, str]


def by_loop(comparison: Comparison) -> Mapping[LoopKey, LoopContribution]:
    """What each loop contributes, by drug, context, time, readout and loop."""
    return {
        (item.drug, item.context, item.time, item.readout, item.loop): item
        for item in comparison.loop_contributions
    }
