"""From the level without drug to the level reached: the drug itself, then each loop."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mtorsim.analysis.explanation import Explanation
from mtorsim.analysis.explanation_shapley import LoopGame
from mtorsim.analysis.number_text import dose_text, three_digits, time_text
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.explanation_tables import signed_multiple
from mtorsim.report.words import joined, readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UP, DOWN, LEVEL = "#D55E00", "#0072B2", "#4D4D4D"  # of the palette of Okabe & Ito
LEAST_SHARE = 0.005
"""Loops whose share is less than this part of the level without drug are drawn as one step."""

_TITLES = {
    "clamped": "loops clamped at their level before",
    "cut": "loops cut before the drug",
}


def loops_figure(explanation: Explanation) -> Figure:
    """Two staircases from no drug to the level reached: shares with loops clamped, and with cut."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    games = (explanation.clamped, explanation.cut)
    n_rows = max(len(_steps(explanation, game)) for game in games)
    figure = Figure(
        figsize=(7.2, 1.1 + 0.27 * n_rows), dpi=style.DPI, layout="constrained", facecolor="white"
    )
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2, sharex=True)
    for index, (axes, game) in enumerate(zip(panels, games, strict=True)):
        _staircase(axes, explanation, game)
        style.letter(axes, index)
    # Both panels have one axis: room for the numbers beside the longest bar of either.
    furthest = max(max(step[1:]) for game in games for step in _steps(explanation, game))
    panels[0].set_xlim(0.0, 1.2 * furthest)
    given = joined([f"{drug} {dose_text(dose)}" for drug, dose in explanation.drugs.items()])
    where = f" ({', '.join(explanation.contexts)})" if explanation.contexts else ""
    title = (
        f"{readable(explanation.title)} under {given}, {time_text(explanation.time)}{where}; "
        "Shapley shares of the loops"
    )
    style.words_on(figure.suptitle, textwrap.fill(title, 88), larger=1)
    style.words_on(figure.supxlabel, "multiple of the level without drug")
    return figure


def _steps(explanation: Explanation, game: LoopGame) -> list[tuple[str, float, float]]:
    """(what, from, to) of each bar, the loop with the largest share first."""
    steps = [("no drug", 0.0, 1.0), ("drug alone", 1.0, game.direct)]
    level, small = game.direct, 0.0
    for i in np.argsort(-np.abs(game.shares)):
        share = float(game.shares[i])
        if abs(share) < LEAST_SHARE:
            small += share
            continue
        steps.append((readable(explanation.title_of(game.loops[i])), level, level + share))
        level += share
    if sum(abs(share) < LEAST_SHARE for share in game.shares):
        steps.append(("other loops", level, level + small))
    return [*steps, ("reached", 0.0, float(game.folds[-1]))]


def _staircase(axes: Axes, explanation: Explanation, game: LoopGame) -> None:
    steps = _steps(explanation, game)
    for row, (what, start, end) in enumerate(steps):
        whole = what in ("no drug", "reached")
        colour = LEVEL if whole else (UP if end >= start else DOWN)
        axes.barh(row, end - start, left=start, height=0.62, color=colour, zorder=3)
        text = three_digits(end) if whole else signed_multiple(end - start)
        axes.annotate(
            text,
            (max(start, end), row),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.TEXT_SIZE - 1,
            fontfamily=style.FONT,
            color=style.INK,
        )
        if row:
            axes.plot([start, start], [row - 0.69, row], color=style.INK, linewidth=0.6, zorder=2)
    axes.axvline(1.0, color="#999999", linewidth=0.7, zorder=1)
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.set_yticks(range(len(steps)), [what for what, _, _ in steps])
    style.dress(axes)
    axes.grid(False, axis="y")
    style.words_on(partial(axes.set_title, loc="left"), _TITLES[game.kind])
