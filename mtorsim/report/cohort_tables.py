"""A cohort in words and tables: for a terminal, as CSV of tumours, as JSON."""

from __future__ import annotations

import textwrap
from math import isnan

import numpy as np

from mtorsim.analysis import cohort_reading as reading
from mtorsim.analysis.cohort import NOTICE, Cohort
from mtorsim.analysis.cohort_reading import RAPALOG, Share
from mtorsim.analysis.number_text import dose_text, three_digits, three_figures
from mtorsim.report.plain import plain_ascii
from mtorsim.report.tables import Table, as_text
from mtorsim.report.words import percent

BARS = (80.0, 90.0, 95.0)
"""Percentiles at which the share with high p-mTOR is told, to show how much hangs on the bar."""

COMPARISON_NOTE = "Set beside what is reported: a comparison, not a fit."


def cohort_sentences(cohort: Cohort) -> tuple[str, ...]:
    """What the cohort says, in words that follow from its numbers."""
    n, high = len(cohort), reading.share(cohort.high)
    said = [
        f"{n} virtual tumours ({cohort.design.title}, seed {cohort.seed}, model "
        f"{cohort.model.id}): p-mTOR is high in {_share(high)}.",
        _why_not_more(cohort),
        *_classes(cohort),
    ]
    if cohort.missing_arms:
        said.append(
            f"{', '.join(cohort.missing_arms)} of growth is not in {cohort.model.id} and is held "
            "at its level in the reference cell."
        )
    if cohort.failures:
        said.append(f"{len(cohort.failures)} trajectories failed and count as no response.")
    return tuple(said)


def _why_not_more(cohort: Cohort) -> str:
    """Beside the share that would follow if each alteration were enough by itself."""
    each = 100.0 * reading.share_if_each_sufficed(cohort)
    rows = [row for row in reading.alteration_rows(cohort) if row.high_alone.total]
    alone = ", ".join(f"{row.title} {percent(row.high_alone.value)}" for row in rows)
    bars = ", ".join(
        f"{percent(reading.high_at(cohort, bar).value)} above the {bar:g}th" for bar in BARS
    )
    return (
        f"If every alteration were enough by itself it would be high in {three_figures(each)} %; "
        f"alone, each makes it so in this share of tumours: {alone}. The bar is a convention: "
        f"{bars} percentile of the same tumours without their alterations."
    )


def _classes(cohort: Cohort) -> list[str]:
    """Each other drug against each rapalog."""
    rapalogs = [entry.drug for entry in cohort.responses if entry.drug_class == RAPALOG]
    others = [entry.drug for entry in cohort.responses if entry.drug_class != RAPALOG]
    return [
        f"{other} slows growth more than {rapalog} in "
        f"{_share(reading.better_under(cohort, other, rapalog))}."
        for other in others
        for rapalog in rapalogs
    ]


def drug_table(cohort: Cohort) -> Table:
    """Each drug at the dose where it is read: fall of growth, and who responds."""
    rows = []
    for entry in cohort.responses:
        low, middle, high = np.nanpercentile(entry.inhibition, [25, 50, 75])
        rows.append(
            (
                entry.drug,
                entry.drug_class,
                dose_text(entry.dose),
                f"{percent(middle)} ({percent(low)} to {percent(high)})",
                _share(reading.share(cohort.responds(entry.drug))),
            )
        )
    left = cohort.design.response.value
    caption = (
        f"Fall of the growth rate over 72 h, median and quartiles, and tumours whose growth falls "
        f"by {percent(1 - left)} or more, with the 95 % interval of drawing so few tumours. Growth "
        "is a phenomenological reading of signalling."
    )
    headings = ("drug", "class", "dose", "growth falls by", "respond")
    return Table(caption, headings, tuple(rows), 2)


def genotype_table(cohort: Cohort) -> Table:
    """Who responds by genotype."""
    kinds, names = reading.genotype_of(cohort), reading.genotypes(cohort)
    rows = []
    for position, name in enumerate(names):
        among = kinds == position
        if not among.any():
            continue
        cells = [name, str(int(among.sum()))]
        for entry in cohort.responses:
            fall = np.nanmedian(entry.inhibition[among])
            responders = reading.share(cohort.responds(entry.drug), among)
            cells += [percent(float(fall)), percent(responders.value)]
        rows.append(tuple(cells))
    headings = ["alterations", "tumours"]
    for entry in cohort.responses:
        headings += [f"{entry.drug} falls by", "respond"]
    return Table(
        "Median fall of growth and responders by genotype.", tuple(headings), tuple(rows), 1
    )


def alteration_table(cohort: Cohort) -> Table:
    """Frequencies as reported and as drawn, and p-mTOR by alteration."""
    rows = [
        (
            row.title,
            _range(entry.low, entry.high),
            percent(row.drawn.value),
            percent(row.high_with.value),
            percent(row.high_alone.value),
            percent(row.high_without.value),
        )
        for row, entry in zip(
            reading.alteration_rows(cohort), cohort.design.alterations, strict=True
        )
    ]
    caption = (
        "Alterations, drawn independently, and the share of tumours with high p-mTOR among those "
        "with it, with it alone, and without it."
    )
    headings = ("alteration", "reported", "drawn", "high: with", "alone", "without")
    return Table(caption, headings, tuple(rows), 1)


def reported_table(cohort: Cohort) -> Table:
    """Every reported figure beside the prediction."""
    rows = []
    for row in reading.reported_rows(cohort):
        figure = row.figure
        reported = " / ".join(three_figures(value) for value in figure.values)
        predicted = " / ".join("–" if isnan(v) else f"{v:.2g}" for v in row.predicted) or "–"
        rows.append((figure.id, figure.what, f"{reported} {figure.unit}", predicted))
    headings = ("row", "what", "reported", "this cohort")
    return Table(COMPARISON_NOTE, headings, tuple(rows), 2)


def cohort_notes(cohort: Cohort) -> tuple[str, ...]:
    """Why drugs are read at their dose, and what is doubtful about each reported figure."""
    notes = [
        f"{entry.drug}, {dose_text(entry.dose)}: {entry.dose_basis}" for entry in cohort.responses
    ]
    notes += [f"{e.title}: {e.remark}" for e in cohort.design.alterations if e.remark]
    notes += [
        f"{row.figure.id}: {row.comment}" for row in reading.reported_rows(cohort) if row.comment
    ]
    numbers = (cohort.design.response, cohort.design.high_percentile, cohort.design.largest_spread)
    notes += [f"{number.id} {number.value:g}: {number.why}" for number in numbers]
    return (*notes, *filter(None, [cohort.design.high_why, cohort.design.note]))


def line_table(cohort: Cohort) -> Table:
    """GR metrics of cells with typical amounts."""
    rows = [
        (
            entry.drug,
            name,
            metrics.gr50_text(),
            three_digits(metrics.gr_max),
            three_digits(metrics.gr_aoc),
            "–" if metrics.flat else three_digits(metrics.h_gr),
        )
        for entry in cohort.responses
        for name, metrics in reading.line_metrics(cohort, entry)
    ]
    caption = (
        "Growth-rate inhibition (Hafner 2016) of cells with typical amounts, as of cell lines: GR "
        "is 1 without effect and 0 where growth stops."
    )
    return Table(caption, ("drug", "cell", "GR50", "GRmax", "GR_AOC", "hGR"), tuple(rows), 2)


def cohort_tables(cohort: Cohort) -> tuple[Table, ...]:
    """All tables, in the order of a page."""
    makers = (drug_table, genotype_table, alteration_table, reported_table, line_table)
    return tuple(table for make in makers if (table := make(cohort)).rows)


def cohort_text(cohort: Cohort) -> str:
    """What a terminal shows, in plain ASCII, the notice first and under every table."""
    said = [plain_ascii(text) for text in cohort_sentences(cohort)]
    paragraphs = ["\n".join(textwrap.wrap(text, 96)) for text in (NOTICE, *said)]
    tables = [f"{plain_ascii(as_text(table))}\n\n{NOTICE}" for table in cohort_tables(cohort)]
    notes = [
        textwrap.fill(plain_ascii(note), 96, initial_indent="* ", subsequent_indent="  ")
        for note in cohort_notes(cohort)
    ]
    return "\n\n".join([*paragraphs, *tables, "\n".join(["Notes", "", *notes])]) + "\n"


def _share(entry: Share) -> str:
    low, high = entry.interval
    return f"{percent(entry.value)} ({percent(low)} to {percent(high)})"


def _range(low: float, high: float) -> str:
    if low == high:
        return percent(low)
    return f"{three_figures(100 * low)} to {three_figures(100 * high)} %"
