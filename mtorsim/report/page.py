"""The page of a comparison: one HTML file that opens without a network, on a phone and in print."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from html import escape

from mtorsim.analysis.comparison import Comparison
from mtorsim.analysis.number_text import dose_text, three_figures, time_text
from mtorsim.report.answer import answer, question
from mtorsim.report.page_style import STYLE
from mtorsim.report.tables import Table, changes_table, effect_table, loop_table
from mtorsim.report.words import joined, percent, title_of

DISCLAIMER = "Research software: a model's answer, and no medical advice."


def page(
    comparison: Comparison, images: Mapping[str, bytes], *, command: str = "", made_on: str = ""
) -> str:
    """The whole page as text.

    Parameters
    ----------
    images : PNG bytes of ``"dose_response"`` and ``"time_course"``
    command : the command that made it; left out, the call in Python
    made_on : date as printed; left out, none is
    """
    title = f"{joined(comparison.options.drugs)} compared"
    body = "\n".join(
        [
            _header(title, comparison),
            _figure(images["dose_response"], "Dose-response", _dose_response_caption(comparison)),
            _section("IC50 and largest effect", _table(effect_table(comparison)), kept=True),
            _section("At equal block of the target", _table(loop_table(comparison)), kept=True),
            _figure(images["time_course"], "Time course", _time_course_caption(comparison)),
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


_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:nM|µM|s|min|h|d|%)(?!\w))")
_NAME_WITH_HYPHEN = re.compile(r"\b\w+(?:-\w+)+\b")


def _say(text: str) -> str:
    """Text for the page: escaped, no line break inside a name or between number and unit."""
    whole = _NAME_WITH_HYPHEN.sub(r'<span class="whole">\g<0></span>', escape(text))
    return _NUMBER_AND_UNIT.sub("&nbsp;", whole)


def _header(title: str, comparison: Comparison) -> str:
    sentences = "".join(f"<p>{_say(sentence)}</p>" for sentence in answer(comparison))
    failed = ""
    if comparison.failures:
        failed = (
            f'<p class="warning">{len(comparison.failures)} of {comparison.n_trajectories} '
            "trajectories failed and are left out; they are listed below.</p>"
        )
    return (
        f"<header><h1>{escape(title)}</h1>\n"
        f'<p class="question">{_say(question(comparison))}</p>\n'
        f'<div class="answer">{sentences}</div>\n{failed}'
        f'<p class="disclaimer">{escape(DISCLAIMER)}</p></header>'
    )


def _figure(png: bytes, title: str, caption: str) -> str:
    data = base64.b64encode(png).decode("ascii")
    return (
        f"<figure><h2>{escape(title)}</h2>\n"
        f'<div class="scroll" tabindex="0"><img src="data:image/png;base64,{data}" '
        f'alt="{escape(caption)}"></div>\n'
        f"<figcaption>{_say(caption)}</figcaption></figure>"
    )


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


def _section(title: str, content: str, *, kept: bool = False) -> str:
    """A part of the page; ``kept`` on one sheet of paper where it fits."""
    start = '<section class="kept">' if kept else "<section>"
    return f"{start}<h2>{escape(title)}</h2>\n{content}</section>"


def _table(table: Table) -> str:
    """A table in a box that scrolls sideways where the screen is narrow."""
    heads = "".join(
        f'<th scope="col"{_number_class(j, table)}>{_say(text)}</th>'
        for j, text in enumerate(table.headings)
    )
    previous: tuple[str, ...] = ()
    lines = []
    for row in table.rows:
        first = ' class="group"' if row[:1] != previous[:1] else ""
        cells = "".join(
            f"<td{_number_class(j, table)}>{escape(cell)}</td>" for j, cell in enumerate(row)
        )
        lines.append(f"<tr{first}>{cells}</tr>")
        previous = row
    return (
        f'<p class="caption">{_say(table.caption)}</p>\n'
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>{''.join(lines)}</tbody></table></div>\n"
    )


def _number_class(column: int, table: Table) -> str:
    return "" if column < table.n_labels else ' class="number"'


def _how_it_was_made(comparison: Comparison, command: str, made_on: str) -> str:
    parts = [_facts(comparison, command, made_on)]
    if comparison.model.changes:
        parts.append(_table(changes_table(comparison)))
    if comparison.failures:
        parts.append(_list("Trajectories that failed", comparison.failures))
    sources = [f"{key}: {citation}" for key, citation in comparison.model.sources]
    if sources:
        parts.append(_list("Sources of the parameters and loops", sources))
    return _section("How it was made", "\n".join(parts))


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
        ("made on", made_on),
    ]
    items = "".join(f"<dt>{escape(k)}</dt><dd>{_say(v)}</dd>" for k, v in facts if v)
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


def _list(title: str, items: Sequence[str]) -> str:
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h3>{escape(title)}</h3><ul>{lines}</ul>"
