"""Tables of the details of a comparison, for a terminal and for the page."""

from __future__ import annotations

import textwrap

from mtorsim.analysis.combination import Combination
from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.analysis.explanation import Explanation
from mtorsim.analysis.number_text import dose_text, three_digits, time_text
from mtorsim.analysis.synergy import NULL_MODELS, score_synergy
from mtorsim.report.explanation_tables import signed_multiple
from mtorsim.report.plain import plain_ascii
from mtorsim.report.tables import Table, as_text
from mtorsim.report.words import joined, readable

GROWTH_NOTE = (
    "Growth is read off signalling by a phenomenological mapping ({title}), not simulated: no "
    "reaction divides a cell. GR is 1 without effect and 0 where growth stops (Hafner et al. 2016)."
)


def shares_table(explanations: tuple[Explanation, ...]) -> Table:
    """Shapley shares of the loops, drugs side by side, in multiples of the level without drug."""
    loops = dict.fromkeys(loop for entry in explanations for loop in entry.clamped.loops)
    first = explanations[0]
    rows = [("drug alone", *(three_digits(entry.clamped.direct) for entry in explanations))]
    for loop in loops:
        cells = [
            signed_multiple(float(entry.clamped.shares[entry.clamped.loops.index(loop)]))
            if loop in entry.clamped.loops
            else "–"
            for entry in explanations
        ]
        rows.append((readable(first.title_of(loop)), *cells))
    rows.append(("level reached", *(three_digits(entry.fold) for entry in explanations)))
    caption = (
        f"{readable(first.title)} at {time_text(first.time)} as a multiple of its level without "
        "drug. The share of a loop is its Shapley value: the mean over every order of letting the "
        "loops act, so that the rows add up to the level reached."
    )
    headings = ("", *(given_text(entry) for entry in explanations))
    return Table(caption, headings, tuple(rows), 1)


def growth_table(details: ComparisonDetails) -> Table:
    """GR metrics of each drug and context."""
    contexts = [curve.context for curve in details.growth]
    named = any(contexts)
    rows = [
        (
            curve.drug,
            *([curve.context] if named else []),
            curve.metrics.gr50_text(),
            three_digits(curve.metrics.gr_max),
            three_digits(curve.metrics.gr_aoc),
        )
        for curve in details.growth
    ]
    time = time_text(details.growth[0].time)
    note = GROWTH_NOTE.format(title=details.growth_title)
    if details.missing_arms:
        note += f" Held at their level without drug: {joined(details.missing_arms)}."
    headings = ["drug", *(["context"] if named else []), "GR50", "GR at the highest dose", "GR AOC"]
    return Table(f"{note} Mean over {time}.", tuple(headings), tuple(rows), 2 if named else 1)


def synergy_table(combination: Combination) -> Table:
    """Mean and largest score of every surface under every null model."""
    rows = []
    for surface in combination.surfaces:
        for null, name in NULL_MODELS.items():
            score = score_synergy(surface, null)
            most = score.most_synergy
            rows.append(
                (
                    readable(surface.label.title or surface.label.readout),
                    name,
                    f"{score.mean:+.3f}".replace("-", "−") if score.n_scored else "–",
                    f"{most.excess:+.3f}".replace("-", "−") if most else "–",
                    " + ".join(map(dose_text, most.doses)) if most else "–",
                    f"{score.n_scored} of {score.n_cells}",
                )
            )
    caption = (
        "Effect beyond each null model over all pairs of doses: above 0 more than the null model "
        "expects (synergy), below 0 less (antagonism). Pairs that a null model does not define "
        "are not scored."
    )
    headings = ("readout", "null model", "mean", "most", "at", "scored")
    return Table(caption, headings, tuple(rows), 2)


def details_text(details: ComparisonDetails) -> str:
    """What a terminal shows: shares of the loops, growth, scores, in plain ASCII."""
    tables = []
    if details.explanations:
        tables.append(shares_table(details.explanations))
    if details.growth:
        tables.append(growth_table(details))
    if details.combination is not None:
        tables.append(synergy_table(details.combination))
    notes = ["\n".join(textwrap.wrap(plain_ascii(note), 96)) for note in details.notes]
    return "\n\n".join([*map(as_text, tables), *notes]) + "\n"


def given_text(explanation: Explanation) -> str:
    """Drugs with their doses."""
    return joined([f"{drug} {dose_text(x)}" for drug, x in explanation.drugs.items()])
