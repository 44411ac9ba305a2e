"""The question of a comparison and its answer in two sentences, both made from the results."""

from __future__ import annotations

from math import isfinite, isnan

from mtorsim.analysis.comparison import Comparison, CurveRow, LoopContribution
from mtorsim.analysis.number_text import dose_text, time_text
from mtorsim.report.words import (
    NO_VALUE,
    equal_dose_text,
    in_turn,
    joined,
    percent,
    percent_number,
    percent_range,
    signed_number,
    title_of,
)


def question(comparison: Comparison) -> str:
    """What was asked, in one sentence."""
    options = comparison.options
    low, high, number = options.doses[options.drugs[0]]
    readouts = joined([title_of(comparison, name) for name in options.readouts])
    where = f" in {joined(options.contexts)} cells" if options.contexts != ("",) else ""
    cut = [title_of(comparison, loop) for loop in options.loops]
    each = "each one" if len(cut) > 1 else "".join(cut)
    loops = f", with every feedback loop on and with {each} cut" if cut else ""
    verb = "does" if len(options.drugs) == 1 else "do"
    return (
        f"Over {number} doses from {dose_text(low)} to {dose_text(high)}, what {verb} "
        f"{joined(options.drugs)} do to {readouts}{where}{loops}?"
    )


def answer(comparison: Comparison) -> tuple[str, str]:
    """Two sentences: the drugs at equal effect, then what the loops contribute.

    Percentages are of the level without drug in the same cell and loop setting; where there are
    several contexts their numbers stand in the order of the contexts. Ranges over the parameter
    sets stand in brackets where there are some.
    """
    return _drugs_at_equal_effect(comparison), _loops_that_matter(comparison)


def _drugs_at_equal_effect(comparison: Comparison) -> str:
    options = comparison.options
    reference = title_of(comparison, options.reference)
    order = f", {joined(options.contexts)} in turn" if len(options.contexts) > 1 else ""
    opening = f"At the dose that takes {percent(options.inhibition)} off {reference} "
    opening += f"after {time_text(options.at[-1])}{order}"
    clauses = [_drug_clause(comparison, drug) for drug in options.drugs]
    return f"{opening}: {'; '.join([*clauses, *_what_ranges_are(comparison)])}."


def _what_ranges_are(comparison: Comparison) -> list[str]:
    """What stands in brackets behind a level; nothing where no parameter sets were run."""
    bands = comparison.bands
    if bands is None:
        return []
    return [f"in brackets the range of {percent(bands.share)} of {bands.n_sets} parameter sets"]


def _drug_clause(comparison: Comparison, drug: str) -> str:
    options = comparison.options
    time = options.at[-1]
    doses = [
        comparison.row(drug, options.reference, time=time, context=context).equal_dose
        for context in options.contexts
    ]
    told = in_turn([equal_dose_text(dose, comparison, drug) for dose in doses])
    levels = []
    for readout in _followed(comparison):
        rows = [
            comparison.row(drug, readout, time=time, context=context)
            for context in options.contexts
        ]
        if all(isnan(row.level_at_equal_dose) for row in rows):
            continue
        numbers = in_turn([_level_with_range(comparison, row) for row in rows])
        levels.append(f"{title_of(comparison, readout)} to {numbers} %")
    if not levels:
        return f"{drug} ({told})"
    return f"{drug} ({told}) brings {joined(levels)} of the level without drug"


def _level_with_range(comparison: Comparison, row: CurveRow) -> str:
    """A level at equal effect in per cent, with its range over the parameter sets if there is."""
    band = comparison.bands.curve(row.label) if comparison.bands else None
    there = percent_range(band.level_at_equal_dose) if band else ""
    return percent_number(row.level_at_equal_dose) + there


def _followed(comparison: Comparison) -> list[str]:
    """The watched readout, then the first that is neither it nor the reference."""
    options = comparison.options
    others = [name for name in options.readouts if name not in (options.reference, options.watched)]
    watched = [options.watched] if options.watched != options.reference else []
    return watched + others[:1]


def _loops_that_matter(comparison: Comparison) -> str:
    options = comparison.options
    if not options.loops:
        return "No feedback loop was cut, so what the loops contribute is not known."
    watched = title_of(comparison, options.watched)
    clauses = [_loop_clause(comparison, drug) for drug in options.drugs]
    most = " most" if len(options.loops) > 1 else ""
    return f"The feedback loop that changes {watched} there{most} is {'; '.join(clauses)}."


def _loop_clause(comparison: Comparison, drug: str) -> str:
    """The loop with the largest contribution in any context, and a bound on the others."""
    options = comparison.options
    found = _contributions(comparison, drug)
    if not found:
        return f"not defined under {drug}, which has no dose of equal effect"
    sizes = {
        loop: max(abs(item.contribution) for item in found if item.loop == loop)
        for loop in dict.fromkeys(item.loop for item in found)
    }
    main = max(sizes, key=lambda loop: sizes[loop])
    items = {item.context: item for item in found if item.loop == main}
    points = in_turn([_points(items.get(context)) for context in options.contexts])
    cut = in_turn([percent_number(_cut_level(items.get(c))) for c in options.contexts])
    others = [size for loop, size in sizes.items() if loop != main]
    bound = ""
    if others:
        bound = f", and no other loop adds or takes more than {percent_number(max(others))}"
    return (
        f"{title_of(comparison, main)} under {drug}, with {points} percentage points "
        f"({cut} % are left when it is cut{bound})"
    )


def _contributions(comparison: Comparison, drug: str) -> list[LoopContribution]:
    options = comparison.options
    return [
        item
        for item in comparison.loop_contributions
        if (item.drug, item.time, item.readout) == (drug, options.at[-1], options.watched)
        and isfinite(item.contribution)
    ]


def _points(item: LoopContribution | None) -> str:
    if item is None:
        return NO_VALUE
    text = signed_number(item.contribution)
    if any(map(isnan, item.range)):
        return text
    return f"{text} ({signed_number(item.range[0])} to {signed_number(item.range[1])})"


def _cut_level(item: LoopContribution | None) -> float:
    return item.cut if item else float("nan")
