"""The figures of a comparison: dose-response and time course, drugs side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import Comparison, CurveRow
from mtorsim.analysis.comparison_bands import Band, ComparisonBands
from mtorsim.analysis.number_text import dose_text, three_figures, time_text
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.words import percent, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
_Group = tuple[str, Sequence[Any]]


LEGEND_LINE = 0.175  # inches
HOUR_TICKS = (0, 0.5, 2, 4, 8, 12, 16, 20, 24)


def dose_response_figure(comparison: Comparison) -> Figure:
    """Readouts in rows; drugs, and times within each drug, in columns.

    Levels are multiples of the level without drug in the first context with all loops on, so that
    what a context or a cut loop does without drug is seen at the left end of the curves.
    """
    options = comparison.options
    columns = [(drug, time) for drug in options.drugs for time in options.at]
    legends = [*_legends(comparison), ("Marks", _marks(comparison))]
    figure, panels = _panels(len(options.readouts), len(columns), legends, width=2.1)
    for j, (drug, time) in enumerate(columns):
        for i, readout in enumerate(options.readouts):
            _draw_dose_response(panels[i, j], comparison, drug, time, readout)
        style.words_on(panels[0, j].set_title, f"{drug}, {time_text(time)}", larger=1)
        style.words_on(panels[-1, j].set_xlabel, f"{drug} (nM)")
    _finish_rows(panels, comparison)
    return figure


def time_course_figure(comparison: Comparison) -> Figure:
    """Readouts in rows, drugs in columns, each drug at its time-course dose."""
    options = comparison.options
    figure, panels = _panels(
        len(options.readouts), len(options.drugs), _legends(comparison), width=3.3
    )
    for j, drug in enumerate(options.drugs):
        for i, readout in enumerate(options.readouts):
            _draw_time_course(panels[i, j], comparison, drug, readout)
        dose = comparison.time_course_doses[drug]
        style.words_on(panels[0, j].set_title, f"{drug} {dose_text(dose)}", larger=1)
        style.words_on(panels[-1, j].set_xlabel, "time after drug (h, square-root scale)")
    _finish_rows(panels, comparison)
    return figure


def _panels(
    n_rows: int, n_columns: int, legends: Sequence[_Group], *, width: float
) -> tuple[Figure, Any]:
    """A figure with a grid of panels over a row of legends; rows share their level axis."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    lines = max((len(handles) + 1 for _, handles in legends), default=0)
    heights = [0.5 + 1.6 * n_rows, 0.1 + LEGEND_LINE * lines]
    figure = Figure(
        figsize=(0.75 + width * n_columns, sum(heights)),
        dpi=style.DPI,
        layout="constrained",
        facecolor="white",
    )
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(2, 1, height_ratios=heights)
    above, below = parts
    style.legend_row(below, legends)
    panels = above.subplots(n_rows, n_columns, sharex="col", sharey="row", squeeze=False)
    for index, axes in enumerate(panels.flat):
        axes.set_facecolor("white")
        style.letter(axes, index)
    return figure, panels


def _draw_dose_response(
    axes: Axes, comparison: Comparison, drug: str, time: float, readout: str
) -> None:
    options = comparison.options
    unit_level = _unit_level(comparison, readout)
    for i, context in enumerate(options.contexts):
        for setting, without in enumerate(options.loop_settings):
            row = comparison.row(drug, readout, time=time, context=context, without=without)
            response = row.curve.response / unit_level
            _line(axes, comparison, row.curve.dose, response, context=i, setting=setting)
            if setting == 0:
                band = comparison.bands.curve(row.label) if comparison.bands else None
                _shade(axes, band, context=i)
                _draw_marks(axes, row, unit_level, context=i)
    low, high, _ = options.doses[drug]
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    decade_ticks(axes, low, high)


def _root(hours: Array) -> Array:
    """Square root, with 0 for the slightly negative values that axes try."""
    return np.sqrt(np.maximum(hours, 0.0))


def _draw_marks(axes: Axes, row: CurveRow, unit_level: float, *, context: int) -> None:
    """The dose of equal effect, and the IC50 or turn, where they lie inside the doses tried."""
    colour = style.colour_of(context)
    if 0 < row.equal_dose < np.inf:
        dashes = (3.0 * context, (3.0, 3.0))  # contexts alternate where their lines coincide
        axes.axvline(row.equal_dose, color=colour, linewidth=0.7, linestyle=dashes, zorder=1)
    if row.fit.has_ic50:
        dose = row.fit.ic50.value
        axes.plot(dose, row.curve.value_at(dose) / unit_level, **_marker("o", colour))
    if row.fit.turn is not None:
        dose = row.fit.turn[0]
        axes.plot(dose, row.curve.value_at(dose) / unit_level, **_marker("D", colour))


def _draw_time_course(axes: Axes, comparison: Comparison, drug: str, readout: str) -> None:
    options = comparison.options
    unit_level = _unit_level(comparison, readout)
    for course in comparison.time_courses:
        label = course.label
        if (label.drug, label.readout) != (drug, readout):
            continue
        context = options.contexts.index(label.context)
        _line(
            axes,
            comparison,
            course.times / 3600.0,
            course.values / unit_level,
            context=context,
            setting=options.loop_settings.index(label.without),
        )
        band = comparison.bands.course(label) if comparison.bands else None
        _shade(axes, band, context=context, unit=3600.0)
    # The square root leaves room for the first hour, in which kinases answer, and for the day.
    axes.set_xscale("function", functions=(_root, np.square))
    axes.set_xlim(0, float(comparison.time_courses[0].times[-1]) / 3600.0)
    axes.set_xticks(HOUR_TICKS, [three_figures(hour) for hour in HOUR_TICKS])


def _line(
    axes: Axes, comparison: Comparison, x: Array, y: Array, *, context: int, setting: int
) -> None:
    """All loops on is thick and above the cut loops; later contexts are thinner and above.

    So where curves coincide the one below still shows at both sides.
    """
    thinner = min(1.0, 1.4 / max(len(comparison.options.contexts) - 1, 1))
    axes.plot(
        x,
        y,
        color=style.colour_of(context),
        linestyle=style.line_style_of(setting),
        linewidth=2.5 - thinner * context if setting == 0 else 0.9,
        zorder=3 + 0.1 * context if setting == 0 else 2 + 0.1 * context,
        solid_capstyle="round",
    )


def _shade(axes: Axes, band: Band | None, *, context: int, unit: float = 1.0) -> None:
    """The band of a curve behind all lines, where parameter sets were run."""
    if band is not None:
        axes.fill_between(
            band.x / unit,
            band.low,
            band.high,
            color=style.colour_of(context),
            alpha=0.18,
            linewidth=0,
            zorder=1.5,
        )


def _marker(shape: str, colour: str) -> dict[str, Any]:
    return {
        "marker": shape,
        "markersize": 4.6 if shape == "o" else 4.2,
        "markerfacecolor": "white",
        "markeredgecolor": colour,
        "markeredgewidth": 1.1,
        "linestyle": "none",
        "zorder": 4,
    }


def _unit_level(comparison: Comparison, readout: str) -> float:
    """Level that is drawn as 1: no drug, first context, all loops on."""
    level = comparison.no_drug_level(readout, comparison.options.contexts[0])
    return level if level > 0 else 1.0


def decade_ticks(axes: Axes, low: float, high: float) -> None:
    """Plain numbers at every second decade of a wide axis, unlabelled ticks between."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    first, last = int(np.ceil(np.log10(low) - 1e-9)), int(np.floor(np.log10(high) + 1e-9))
    stride = 2 if last - first > 4 else 1
    major = [10.0**power for power in range(first, last + 1, stride)]
    axes.xaxis.set_major_locator(FixedLocator(major))
    axes.xaxis.set_major_formatter(lambda value, _: three_figures(value))
    others = [10.0**power for power in range(first, last + 1) if 10.0**power not in major]
    axes.xaxis.set_minor_locator(FixedLocator(others) if others else NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def _finish_rows(panels: Any, comparison: Comparison) -> None:
    """Level axes from 0, row labels, the line of the untreated reference cell."""
    for i, readout in enumerate(comparison.options.readouts):
        for axes in panels[i]:
            axes.axhline(1.0, color="#999999", linewidth=0.7, zorder=1)
            style.dress(axes)
        _, top = panels[i, 0].get_ylim()
        panels[i, 0].set_ylim(0, 1.02 * max(top, 1.0))
        title = textwrap.fill(title_of(comparison, readout), 18)
        style.words_on(panels[i, 0].set_ylabel, title)
    reference = comparison.options.contexts[0]
    of = f"untreated {reference}, all loops on" if reference else "untreated, all loops on"
    style.words_on(panels[0, 0].figure.supylabel, f"level (multiple of {of})", larger=1)


def _legends(comparison: Comparison) -> list[_Group]:
    """Contexts by colour, loop settings by line style; each only where there is a choice."""
    from matplotlib.lines import Line2D

    options = comparison.options
    groups: list[_Group] = []
    if options.contexts != ("",):
        contexts = [
            Line2D([], [], color=style.colour_of(i), linewidth=2.2, label=context)
            for i, context in enumerate(options.contexts)
        ]
        groups.append(("Cells", contexts))
    if options.loops:
        settings = ["all on", *(f"{title_of(comparison, loop)} cut" for loop in options.loops)]
        loops = [
            Line2D(
                [],
                [],
                color=style.INK,
                linestyle=style.line_style_of(i),
                linewidth=2.0 if i == 0 else 0.9,
                label=text,
            )
            for i, text in enumerate(settings)
        ]
        groups.append(("Feedback loops", loops))
    if comparison.bands is not None:
        groups.append(("Parameter sets", [_band_mark(comparison.bands)]))
    return groups


def _band_mark(bands: ComparisonBands) -> Any:
    """Legend of the shaded bands."""
    from matplotlib.patches import Patch

    text = f"{percent(bands.share)} of {bands.n_sets}, all loops on"
    return Patch(color=style.INK, alpha=0.18, linewidth=0, label=text)


def _marks(comparison: Comparison) -> list[Any]:
    """Legend of what is marked; the turn only where a curve turns."""
    from matplotlib.lines import Line2D

    options = comparison.options
    what = title_of(comparison, options.reference)
    intact = [row for row in comparison.rows if not row.label.without]
    marks = [Line2D([], [], label="IC50 or EC50, all loops on", **_marker("o", style.INK))]
    if any(row.fit.turn is not None for row in intact):
        marks.append(Line2D([], [], label="where the curve turns", **_marker("D", style.INK)))
    marks.append(
        Line2D(
            [],
            [],
            color=style.INK,
            marker="|",
            markersize=10,
            markeredgewidth=0.8,
            linestyle="none",
            label=f"dose that takes {percent(options.inhibition)} off {what}",
        )
    )
    return marks
