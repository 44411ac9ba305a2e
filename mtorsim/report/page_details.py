"""Sections of the page beyond the comparison: why, growth, the drugs together."""

from __future__ import annotations

from collections.abc import Mapping

from mtorsim.analysis.combination import Combination
from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.analysis.explanation import Explanation
from mtorsim.analysis.number_text import time_text
from mtorsim.report.comparison_pictures import surface_names
from mtorsim.report.details_tables import given_text, growth_table, shares_table, synergy_table
from mtorsim.report.explanation_tables import explanation_sentence
from mtorsim.report.page_parts import figure, list_of, say, section, table
from mtorsim.report.words import joined, percent, readable

SHARES_NOTE = (
    "The change under each drug, taken apart: what the drug does by itself, every feedback loop "
    "held at its level before the drug, and what each loop adds to that."
)


def details_sections(details: ComparisonDetails, images: Mapping[str, bytes]) -> list[str]:
    """Those sections that there is something to put into.

    Parameters
    ----------
    images : PNG bytes under the names of ``comparison_pictures``
    """
    parts = [_why(entry, images) for entry in details.explanations]
    if parts:
        lead = f"<p>{say(SHARES_NOTE)}</p>\n{table(shares_table(details.explanations))}"
        parts = [section("Why", lead, kept=True), *parts]
    if details.growth:
        parts += [_growth(details, images)]
    if details.combination is not None:
        parts += [_together(details.combination, images)]
    if details.notes:
        parts += [section("What could not be made", list_of("", details.notes))]
    return parts


def _why(explanation: Explanation, images: Mapping[str, bytes]) -> str:
    """What one drug does: in words, as a staircase of the loops, and on the pathway."""
    drug, given = "_".join(explanation.drugs), given_text(explanation)
    steps = figure(
        images[f"why_{drug}_loops"],
        "",
        f"From no drug to the level of {readable(explanation.title)} under {given}: the drug by "
        "itself, then the share of each loop; a with loops clamped, b with loops cut.",
    )
    pathway = figure(
        images[f"why_{drug}_pathway"],
        "",
        f"The pathway under {given}, {time_text(explanation.time)}: boxes by the change in what a "
        "protein does, arrows by that of what they carry; red more, blue less, dashed a feedback "
        "loop. Drawn from the reactions of the model.",
    )
    held = [f"{entry.title} {percent(entry.value)}" for entry in explanation.occupancies]
    words = explanation_sentence(explanation)
    words += f" Targets held by then: {joined(held)}." if held else ""
    return section(f"Why: {given}", f"<p>{say(words)}</p>\n{steps}\n{pathway}")


def _growth(details: ComparisonDetails, images: Mapping[str, bytes]) -> str:
    drugs = joined(list(dict.fromkeys(curve.drug for curve in details.growth)))
    picture = figure(
        images["growth"],
        "Growth",
        f"Growth-rate inhibition by {drugs} against dose, each cell against itself without drug.",
    )
    return f"<section>{picture}\n{table(growth_table(details))}</section>"


def _together(combination: Combination, images: Mapping[str, bytes]) -> str:
    names = joined(combination.drugs)
    pictures = []
    for name, surface in zip(surface_names(combination), combination.surfaces, strict=True):
        label = surface.label
        where = f" in {label.context} cells" if label.context else ""
        caption = (
            f"{names} together, {label.title or label.readout} at {time_text(label.time)}{where}: "
            "effect, excess over four null models, each named above its panel, and isobologram."
        )
        pictures.append(figure(images[name], "", caption))
    content = f"{table(synergy_table(combination))}\n" + "\n".join(pictures)
    return section(f"{names} together", content)
