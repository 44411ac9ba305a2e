"""Growth-rate inhibition against dose, one panel per drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.analysis.number_text import time_text
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.figures import decade_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def growth_figure(details: ComparisonDetails) -> Figure:
    """GR curves: 1 without effect, 0 where growth stops.

    Raises
    ------
    MissingExtraError : matplotlib is not installed
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    drugs = list(dict.fromkeys(curve.drug for curve in details.growth))
    contexts = list(dict.fromkeys(curve.context for curve in details.growth))
    figure = Figure(
        figsize=(0.9 + 3.1 * len(drugs), 2.9),
        dpi=style.DPI,
        layout="constrained",
        facecolor="white",
    )
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(drugs), sharey=True, squeeze=False)[0]
    for index, (axes, drug) in enumerate(zip(panels, drugs, strict=True)):
        for curve in (entry for entry in details.growth if entry.drug == drug):
            place = contexts.index(curve.context)
            axes.plot(
                curve.dose,
                curve.gr,
                color=style.colour_of(place),
                linewidth=2.4 - 1.2 * place / len(contexts),
                label=curve.context or None,
            )
        axes.axhline(1.0, color="#999999", linewidth=0.7, zorder=1)
        axes.axhline(0.0, color="#999999", linewidth=0.7, zorder=1)
        axes.set_xscale("log")
        doses = np.concatenate([entry.dose for entry in details.growth if entry.drug == drug])
        decade_ticks(axes, float(doses.min()), float(doses.max()))
        style.dress(axes)
        style.letter(axes, index)
        style.words_on(axes.set_title, drug, larger=1)
        style.words_on(axes.set_xlabel, f"{drug} (nM)")
    lowest = min(float(curve.gr.min()) for curve in details.growth)
    panels[0].set_ylim(min(-0.05, 1.1 * lowest), None)
    time = time_text(details.growth[0].time)
    style.words_on(panels[0].set_ylabel, f"GR over {time} (phenomenological)")
    if contexts != [""]:
        panels[0].legend(
            frameon=False,
            prop={"family": style.FONT, "size": style.TEXT_SIZE},
            labelcolor=style.INK,
            loc="lower left",
        )
    return figure
