"""The page of a comparison: one HTML file that opens without a network, on a phone and in print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from mtorsim.analysis.comparison import Comparison
from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.analysis.number_text import dose_text, three_figures, time_text
from mtorsim.report.answer import answer, question
from mtorsim.report.equal_effect_figure import equal_doses_text
from mtorsim.report.page_details import details_sections
from mtorsim.report.page_parts import figure, list_of, say, section, table
from mtorsim.report.page_style import STYLE
from mtorsim.report.tables import changes_table, effect_table, loop_table
from mtorsim.report.words import joined, percent, title_of

DISCLAIMER = "Research software: a model's answer, and no medical advice."


def page(
    comparison: Comparison,
    images: Mapping[str, bytes],
    *,
    details: ComparisonDetails | None = None,
    interactive: str = "",
    command: str = "",
    made_on: str = "",
) -> str:
    """The whole page as text.

    Parameters
    ----------
    images : PNG bytes under the names of ``comparison_pictures``
    details : for the sections on why, growth and the drugs together
    interactive : HTML of a chart, with all that it needs; left out where empty
    command : the command that made it; left out, the call in Python
    made_on : date as printed; left out, none is
    """
    title = f"{joined(comparison.options.drugs)} compared"
    body = "\n".join(
        [
            _header(title, comparison),
            figure(images["equal_effect"], "At a glance", _equal_effect_caption(comparison)),
            figure(images["dose_response"], "Dose-response", _dose_response_caption(comparison)),
            _explore(interactive),
            section("IC50 and largest effect", table(effect_table(comparison)), kept=True),
            section("At equal block of the target", table(loop_table(comparison)), kept=True),
            figure(images["time_course"], "Time course", _time_course_caption(comparison)),
            *details_sections(details or ComparisonDetails(), images),
            _how_it_was_made(comparison, command, made_on),
            f"<footer><p>{escape(DISCLAIMER)}</p></footer>",
        ]
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # An empty icon keeps browsers from asking a server for one.
        f'<link rel="icon" href="data:,">\n<title>{escape(title)}</title>\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _header(title: str, comparison: Comparison) -> str:
    sentences = "".join(f"<p>{say(sentence)}</p>" for sentence in answer(comparison))
    failed = ""
    if comparison.failures:
        failed = (
            f'<p class="warning">{len(comparison.failures)} of {comparison.n_trajectories} '
            "trajectories failed and are left out; they are listed below.</p>"
        )
    return (
        f"<header><h1>{escape(title)}</h1>\n"
        f'<p class="question">{say(question(comparison))}</p>\n'
        f'<div class="answer">{sentences}</div>\n{failed}'
        f'<p class="disclaimer">{escape(DISCLAIMER)}</p></header>'
    )


def _explore(interactive: str) -> str:
    """The chart for the screen; on paper the picture above it says the same."""
    if not interactive:
        return ""
    text = "The same curves to choose from, with values under the pointer."
    return (
        f'<section class="screen"><h3>Explore</h3>\n<p>{text}</p>\n<div class="scroll" '
        f'tabindex="0"><div class="chart">{interactive}</div></div></section>'
    )


def _equal_effect_caption(comparison: Comparison) -> str:
    reference = title_of(comparison, comparison.options.reference)
    text = (
        f"Each readout at the dose that takes {percent(comparison.options.inhibition)} off "
        f"{reference} in the same cell at the same time, all loops on, so that drugs are compared "
        f"at equal block of the target: {equal_doses_text(comparison)}."
    )
    if comparison.bands is not None:
        share = percent(comparison.bands.share)
        text += f" Bars hold {share} of {comparison.bands.n_sets} parameter sets."
    return text


def _dose_response_caption(comparison: Comparison) -> str:
    options = comparison.options
    times = joined([time_text(time) for time in options.at])
    text = f"Level of each readout {times} after {joined(options.drugs)} against dose. "
    return text + _unit_of_levels(comparison) + _loops_and_contexts(comparison)


def _time_course_caption(comparison: Comparison) -> str:
    options = comparison.options
    doses = joined(
        [f"{drug} at {dose_text(dose)}" for drug, dose in comparison.time_course_doses.items()]
    )
    last = time_text(float(comparison.time_courses[0].times[-1]))
    text = f"Levels over {last} under {doses}"
    context = f" in {options.contexts[0]} cells" if options.contexts[0] else ""
    if _at_equal_effect(comparison):
        reference = title_of(comparison, options.reference)
        text += f", doses that take {percent(options.inhibition)} off {reference}"
        text += f" after {time_text(options.at[0])}{context}"
    return f"{text}. " + _unit_of_levels(comparison) + _loops_and_contexts(comparison)


def _at_equal_effect(comparison: Comparison) -> bool:
    """Whether the time courses are at the doses of equal effect, not at doses asked for."""
    options = comparison.options
    return all(
        comparison.row(
            drug, options.reference, time=options.at[0], context=options.contexts[0]
        ).equal_dose
        == dose
        for drug, dose in comparison.time_course_doses.items()
    )


def _unit_of_levels(comparison: Comparison) -> str:
    first = comparison.options.contexts[0]
    cell = f" in {first} cells" if first else ""
    return f"1 is the level without drug{cell} with all loops on. "


def _loops_and_contexts(comparison: Comparison) -> str:
    options = comparison.options
    said = []
    if len(options.contexts) > 1:
        said.append("colours are cells")
    if options.loops:
        said.append("line styles are feedback loops, solid with all on")
    if comparison.bands is not None:
        share = percent(comparison.bands.share)
        said.append(f"shading holds {share} of {comparison.bands.n_sets} parameter sets")
    return f"{'; '.join(said)}.".capitalize() if said else ""


def _how_it_was_made(comparison: Comparison, command: str, made_on: str) -> str:
    parts = [_facts(comparison, command, made_on)]
    if comparison.model.changes:
        parts.append(table(changes_table(comparison)))
    if comparison.failures:
        parts.append(list_of("Trajectories that failed", comparison.failures))
    sources = [f"{key}: {citation}" for key, citation in comparison.model.sources]
    if sources:
        parts.append(list_of("Sources of the parameters and loops", sources))
    return section("How it was made", "\n".join(parts))


def _facts(comparison: Comparison, command: str, made_on: str) -> str:
    model, options = comparison.model, comparison.options
    timing = comparison.timing
    loops = joined([f"{title_of(comparison, x)} ({x})" for x in options.loops] or ["none"])
    facts = [
        ("model", f"{model.id}: {model.title}"),
        ("size", f"{model.n_species} species, {model.n_reactions} reactions, all mass action"),
        ("parameters", _parameters_text(comparison)),
        ("fingerprint", model.fingerprint),
        ("program", f"mtorsim {model.package_version}"),
        ("command", command or call_text(comparison)),
        ("drugs", _titles_text(comparison, options.drugs)),
        ("cells", _titles_text(comparison, options.contexts)),
        ("doses", "; ".join(_doses_text(comparison, drug) for drug in options.drugs)),
        ("loops cut one at a time", loops),
        ("parameter sets", comparison.bands.made if comparison.bands else ""),
        ("before the drug", "every cell and loop setting is brought to rest without drug"),
        (
            "trajectories",
            f"{comparison.n_trajectories}, of which {len(comparison.failures)} failed; "
            f"{three_figures(timing['run'])} s to solve, "
            f"{three_figures(timing['compile'])} s to compile or load",
        ),
        ("solver", _solver_text(comparison)),
        (
            "seed",
            "nothing is drawn at random here"
            + (", the parameter sets were with the seed above" if comparison.bands else ""),
        ),
        ("made on", made_on),
    ]
    items = "".join(f"<dt>{escape(k)}</dt><dd>{say(v)}</dd>" for k, v in facts if v)
    return f"<dl>{items}</dl>"


def _solver_text(comparison: Comparison) -> str:
    solver = comparison.solver
    versions = [
        f"{name.removeprefix('version_')} {value}"
        for name, value in solver.items()
        if name.startswith("version_") and name != "version_mtorsim"
    ]
    settings = [
        f"{name.replace('_nM', ' (nM)')} {solver[name]}"
        for name in ("method", "precision", "rtol", "atol_nM")
        if name in solver
    ]
    return ", ".join([*settings, *versions])


def _parameters_text(comparison: Comparison) -> str:
    model = comparison.model
    sourced = model.n_parameters - model.n_fitted - model.n_assumed
    return (
        f"{model.n_parameters}: {sourced} from the literature, {model.n_fitted} fitted to "
        f"published behaviours, {model.n_assumed} assumed"
    )


def _titles_text(comparison: Comparison, names: Sequence[str]) -> str:
    return "; ".join(f"{name}: {title_of(comparison, name)}" for name in names if name)


def _doses_text(comparison: Comparison, drug: str) -> str:
    low, high, number = comparison.options.doses[drug]
    return f"{drug} {dose_text(low)} to {dose_text(high)}, {number} on a logarithmic scale"


def call_text(comparison: Comparison) -> str:
    """The Python call that repeats the comparison."""
    options = comparison.options
    low, high, number = options.doses[options.drugs[0]]
    contexts = f", contexts={list(options.contexts)}" if options.contexts != ("",) else ""
    more = "" if not options.n_sets else f", uncertainty={options.n_sets}"
    if not _at_equal_effect(comparison):
        more += f", time_course_doses={dict(comparison.time_course_doses)}"
    return (
        f"mtorsim.compare(mtorsim.load({comparison.model.id!r}), {list(options.drugs)}{contexts}, "
        f"loops={list(options.loops)}, doses=({low:g}, {high:g}, {number}), "
        f"at={list(options.at)}, readouts={list(options.readouts)}, "
        f"reference={options.reference!r}, watched={options.watched!r}, "
        f"inhibition={options.inhibition:g}{more})"
    )
