"""A dose-response chart to explore in the browser; empty where plotly is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from mtorsim.analysis.comparison import Comparison, CurveRow
from mtorsim.analysis.number_text import three_figures, time_text
from mtorsim.report import style
from mtorsim.report.words import title_of

MOST_POINTS = 50
"""Points of a curve, so that the page stays small; the files beside it hold all."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def chart(comparison: Comparison) -> str:
    """The chart with the library that draws it, as HTML that asks no server for anything.

    One panel per drug; a menu chooses readout and time. Contexts are colours; curves with a cut
    loop come up when their entry in the legend is chosen. Without plotly, an optional extra, an
    empty text: the picture of the same curves stands on the page anyway.
    """
    if find_spec("plotly") is None:
        return ""
    from plotly.io import to_html

    text: str = to_html(
        chart_record(comparison),
        config={"displaylogo": False, "responsive": True},
        include_plotlyjs=True,
        full_html=False,
        div_id="explore",
        default_height="30rem",
        validate=False,
    )
    return text


def chart_record(comparison: Comparison) -> dict[str, Any]:
    """Traces and layout of the chart in plain types."""
    options = comparison.options
    shown = [(readout, time) for time in options.at for readout in options.readouts]
    rows = [row for choice in shown for row in _rows_of(comparison, *choice)]
    layout: dict[str, Any] = {
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": style.INK},
        "margin": {"l": 60, "r": 10, "t": 60, "b": 55},
        "hovermode": "closest",
        "legend": {"title": {"text": "click to show or hide"}, "tracegroupgap": 0},
        "grid": {"rows": 1, "columns": len(options.drugs), "pattern": "coupled"},
        "yaxis": {"title": {"text": "multiple of untreated"}, "rangemode": "tozero"},
        "updatemenus": [_menu(comparison, shown, rows)],
    }
    for i, drug in enumerate(options.drugs):
        low, high, _ = options.doses[drug]
        powers = np.arange(np.ceil(np.log10(low) - 1e-9), np.log10(high) + 1e-9)
        decades = [float(f"{value:.3g}") for value in 10.0 ** powers[::2]]
        layout[f"xaxis{i + 1 if i else ''}"] = {
            "type": "log",
            "tickvals": decades,
            "ticktext": [three_figures(value) for value in decades],
            "title": {"text": f"{drug} (nM)"},
        }
    return {"data": [_trace(comparison, row, *shown[0]) for row in rows], "layout": layout}


def _rows_of(comparison: Comparison, readout: str, time: float) -> Iterator[CurveRow]:
    for row in comparison.rows:
        if (row.label.readout, row.label.time) == (readout, time):
            yield row


def _menu(
    comparison: Comparison, shown: list[tuple[str, float]], rows: list[CurveRow]
) -> dict[str, Any]:
    """A menu that shows the curves of one readout at one time."""
    buttons = [
        {
            "label": f"{title_of(comparison, readout)}, {time_text(time)}",
            "method": "restyle",
            "args": [{"visible": [_visible(row, readout, time) for row in rows]}],
        }
        for readout, time in shown
    ]
    place = {"x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
    return {"buttons": buttons, "bgcolor": "#ffffff", **place}


def _visible(row: CurveRow, readout: str, time: float) -> bool | str:
    """Whether a curve is drawn, only offered in the legend, or neither."""
    if (row.label.readout, row.label.time) != (readout, time):
        return False
    return "legendonly" if row.label.without else True


def _trace(comparison: Comparison, row: CurveRow, readout: str, time: float) -> dict[str, Any]:
    options, label = comparison.options, row.label
    drug, setting = options.drugs.index(label.drug), options.loop_settings.index(label.without)
    unit = comparison.no_drug_level(label.readout, options.contexts[0])
    steps = np.linspace(0, len(row.curve.dose) - 1, min(len(row.curve.dose), MOST_POINTS))
    kept = np.unique(np.round(steps).astype(np.intp))
    name = ", ".join(
        [*([label.context] if label.context else []), *(_cut(comparison, label.without))]
    )
    axis = f"x{drug + 1 if drug else ''}"
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [float(f"{value:.4g}") for value in row.curve.dose[kept]],
        "y": [float(f"{value:.4g}") for value in row.curve.response[kept] / (unit or 1.0)],
        "xaxis": axis,
        "name": name or "all loops on",
        "legendgroup": name,
        "showlegend": drug == 0,
        "visible": _visible(row, readout, time),
        "line": {
            "color": style.colour_of(options.contexts.index(label.context)),
            "dash": DASHES[setting % len(DASHES)],
            "width": 1.5 if setting else 3,
        },
        "hovertemplate": f"{label.drug} %{{x:.3g}} nM: %{{y:.3g}}<extra>{name}</extra>",
    }


def _cut(comparison: Comparison, without: tuple[str, ...]) -> list[str]:
    return [f"{title_of(comparison, loop)} cut" for loop in without]
