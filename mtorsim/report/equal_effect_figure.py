"""The comparison at a glance: every readout at the dose of equal effect, by drug and cell."""

from __future__ import annotations

import textwrap
from math import isfinite, isnan
from typing import TYPE_CHECKING

from mtorsim.analysis.comparison import Comparison
from mtorsim.analysis.number_text import dose_text, time_text
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.tables import band_of
from mtorsim.report.words import percent, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_Row = tuple[str, str, int]  # drug, context, number of the context

ROW_HEIGHT = 0.42  # inches
SPREAD = 0.32  # part of a row that the times take up
RANGE_ALPHA = 0.55


def equal_effect_figure(comparison: Comparison) -> Figure:
    """One panel per readout; levels are percentages of no drug in the same cell, all loops on.

    Ranges over the parameter sets are drawn where there are some. A row without a mark has no dose
    of equal effect among those tried.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    options = comparison.options
    rows = [
        (drug, context, i) for drug in options.drugs for i, context in enumerate(options.contexts)
    ]
    # The reference readout is the same in every row by definition.
    others = [name for name in options.readouts if name != options.reference]
    readouts = others or [options.reference]
    n_panels = len(readouts)
    figure = Figure(
        figsize=(1.7 + 2.4 * n_panels, 1.5 + ROW_HEIGHT * len(rows)),
        dpi=style.DPI,
        layout="constrained",
        facecolor="white",
    )
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, n_panels, sharey=True, squeeze=False)[0]
    for index, (axes, readout) in enumerate(zip(panels, readouts, strict=True)):
        _draw(axes, comparison, readout, rows)
        style.letter(axes, index)
    panels[0].set_yticks(range(len(rows)), [_row_name(row) for row in rows])
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    _legend(figure, comparison)
    reference = title_of(comparison, options.reference)
    title = f"At the dose that takes {percent(options.inhibition)} off {reference} in the same cell"
    style.words_on(figure.suptitle, title, larger=1)
    return figure


def _draw(axes: Axes, comparison: Comparison, readout: str, rows: list[_Row]) -> None:
    options = comparison.options
    axes.axvline(100.0, color="#999999", linewidth=0.8, zorder=1)
    for y, (drug, context, i_context) in enumerate(rows):
        for i_time, time in enumerate(options.at):
            row = comparison.row(drug, readout, time=time, context=context)
            at = y + _offset(i_time, len(options.at))
            if isnan(row.level_at_equal_dose):
                continue
            colour = style.colour_of(i_context)
            band = band_of(comparison, row)
            if band is not None and all(map(isfinite, band.level_at_equal_dose)):
                ends = [100.0 * end for end in band.level_at_equal_dose]
                axes.plot(ends, [at, at], color=colour, linewidth=1.6, alpha=RANGE_ALPHA, zorder=2)
            axes.plot(
                100.0 * row.level_at_equal_dose,
                at,
                marker=_MARKERS[i_time % len(_MARKERS)],
                markersize=5.2,
                color=colour,
                markerfacecolor=colour if time == options.at[-1] else "white",
                linestyle="none",
                zorder=3,
            )
    style.words_on(axes.set_title, textwrap.fill(title_of(comparison, readout), 20))
    style.dress(axes)
    style.words_on(axes.set_xlabel, "% of no drug")
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    _, right = axes.get_xlim()
    axes.set_xlim(0.0, max(right, 108.0))


_MARKERS = ("o", "s", "^", "D")


def _offset(index: int, count: int) -> float:
    """Place of a time within its row, the first above."""
    return SPREAD * (index / (count - 1) - 0.5) if count > 1 else 0.0


def _row_name(row: _Row) -> str:
    drug, context, _ = row
    return f"{drug}\n{context}" if context else drug


def _legend(figure: Figure, comparison: Comparison) -> None:
    """Times by mark; what a bar is, where there are bars."""
    from matplotlib.lines import Line2D

    options = comparison.options
    handles = [
        Line2D(
            [],
            [],
            marker=_MARKERS[i % len(_MARKERS)],
            color=style.INK,
            markerfacecolor=style.INK if time == options.at[-1] else "white",
            linestyle="none",
            markersize=5.2,
            label=f"{time_text(time)} after the drug",
        )
        for i, time in enumerate(options.at)
    ]
    if comparison.bands is not None:
        share, number = percent(comparison.bands.share), comparison.bands.n_sets
        line = Line2D([], [], color=style.INK, linewidth=1.6, alpha=RANGE_ALPHA)
        line.set_label(f"{share} of {number} parameter sets")
        handles.append(line)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=len(handles),
        frameon=False,
        prop={"family": style.FONT, "size": style.TEXT_SIZE},
        labelcolor=style.INK,
    )


def equal_doses_text(comparison: Comparison) -> str:
    """The doses that the figure is drawn at, by drug, cell and time."""
    options = comparison.options
    told = []
    for drug in options.drugs:
        for context in options.contexts:
            rows = [
                comparison.row(drug, options.reference, time=time, context=context)
                for time in options.at
            ]
            doses = [dose_text(row.equal_dose) for row in rows if 0 < row.equal_dose < float("inf")]
            where = f" in {context}" if context else ""
            told.append(f"{drug}{where} {' and '.join(doses) or 'at none of the doses tried'}")
    return "; ".join(told)
