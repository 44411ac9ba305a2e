"""The figure of a two-drug surface: effect, excess over each null model, isobologram."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination import CombinationSurface
from mtorsim.analysis.combination_isoboles import Isobole, effects_in_reach, isoboles
from mtorsim.analysis.number_text import dose_text, three_figures, time_text
from mtorsim.analysis.synergy import NULL_MODELS, SynergyScore, score_synergy
from mtorsim.errors import MissingExtraError
from mtorsim.report import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

SHOWN_NULLS = ("hsa", "bliss", "loewe", "zip")
"""Null models with a panel; Loewe is read off the model's own curves."""

LEAST_COLOUR = 0.05
"""Excess at which colours are full at least, so that scatter stays pale."""

NO_ISOBOLE = "No isobole: there is no effect that each drug reaches alone, at one dose."

WIDTH_OF_NOTE = 34  # characters that fit into a panel


def surface_figure(surface: CombinationSurface) -> Figure:
    """Six panels: effect with isoboles, excess over four null models, isobologram.

    Every panel of a score names its null model; cells that it does not define are grey, with the
    reason.

    Raises
    ------
    MissingExtraError : matplotlib is not installed
    """
    scores = [score_synergy(surface, null) for null in SHOWN_NULLS]
    effects = effects_in_reach(surface)
    figure, panels = _panels()
    mesh = _draw_effect(panels[0], surface, effects)
    _colour_bar(figure, mesh, panels[:1], "effect (0 no drug, 1 full)", shrink=0.85)
    limit = max([LEAST_COLOUR, *(np.nanmax(np.abs(s.excess)) for s in scores if s.n_scored)])
    for axes, score in zip(panels[1:5], scores, strict=True):
        mesh = _draw_score(axes, score, limit)
    _colour_bar(
        figure,
        mesh,
        panels[1:5],
        "effect beyond the null model: synergy > 0 > antagonism",
        shrink=0.6,
    )
    _draw_isobologram(panels[5], surface, isoboles(surface, effects))
    for index, axes in enumerate((*panels[:3], panels[5], *panels[3:5])):
        _dress(axes)
        style.letter(axes, index)
    style.words_on(figure.suptitle, surface_title(surface), larger=2)
    return figure


def surface_title(surface: CombinationSurface) -> str:
    """Drugs, readout, time, context and cut loops of a surface, for people."""
    label = surface.label
    parts = [" + ".join(label.drugs), label.title or label.readout, time_text(label.time)]
    parts += [label.context] if label.context else []
    parts += [f"without {', '.join(label.without)}"] if label.without else []
    return ", ".join(parts)


def _panels() -> tuple[Figure, list[Axes]]:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    figure = Figure(
        figsize=(10.4, 6.6), dpi=style.DPI // 2, layout="constrained", facecolor="white"
    )
    FigureCanvasAgg(figure)
    grid: Any = figure.subplots(2, 3)
    # Effect and isobologram stand left, the four scores right of them.
    return figure, [grid[0, 0], grid[0, 1], grid[0, 2], grid[1, 1], grid[1, 2], grid[1, 0]]


def _colour_bar(figure: Figure, mesh: Any, beside: list[Axes], text: str, *, shrink: float) -> None:
    bar = figure.colorbar(mesh, ax=beside, shrink=shrink)
    bar.ax.tick_params(labelsize=style.TEXT_SIZE, colors=style.INK)
    style.words_on(bar.set_label, text)


def _draw_effect(axes: Axes, surface: CombinationSurface, effects: tuple[float, ...]) -> Any:
    """Effect of all pairs; each drug alone at the left and lower margin."""
    first, second = (_with_margin(dose) for dose in surface.doses)
    effect = np.ma.masked_invalid(surface.effect.T)
    span = (min(0.0, float(effect.min())), max(1.0, float(effect.max())))
    mesh = axes.pcolormesh(
        _margin_edges(first),
        _margin_edges(second),
        effect,
        cmap="viridis",
        vmin=span[0],
        vmax=span[1],
    )
    _draw_contours(axes, surface, effects)
    style.words_on(axes.set_title, "effect, isoboles in white", larger=1)
    _dose_axes(axes, surface, first, second)
    return mesh


def _draw_contours(axes: Axes, surface: CombinationSurface, effects: tuple[float, ...]) -> None:
    """Isoboles where both drugs are present, as far as the surface reaches them."""
    effect = np.ma.masked_invalid(surface.effect[1:, 1:].T)
    reached = sorted(level for level in effects if effect.min() < level < effect.max())
    if min(effect.shape) < 2 or not reached:
        return
    first, second = (np.log10(dose[1:]) for dose in surface.doses)
    lines = axes.contour(first, second, effect, levels=reached, colors="white", linewidths=1.1)
    axes.clabel(lines, fmt=lambda level: f"{level:.2g}", fontsize=style.TEXT_SIZE - 1)


def _draw_score(axes: Axes, score: SynergyScore, limit: float) -> Any:
    """Excess over one null model, undefined cells grey."""
    surface = score.surface
    first, second = (np.log10(dose[1:]) for dose in surface.doses)
    axes.set_facecolor(style.FAINT)
    mesh = axes.pcolormesh(
        _edges(first),
        _edges(second),
        np.ma.masked_invalid(score.excess[1:, 1:].T),
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
    )
    mean = f"mean {score.mean:+.3f}".replace("-0.000", "0.000") if score.n_scored else "no score"
    inert = [d for d, flat in zip(surface.label.drugs, surface.inert, strict=True) if flat]
    if inert and score.n_scored:
        mean += f" ({', '.join(inert)} inert)"
    style.words_on(axes.set_title, f"null: {NULL_MODELS[score.null]}\n{mean}", larger=1)
    if score.n_scored < score.n_cells:
        reasons = "\n".join(
            textwrap.fill(f"grey: {reason}", WIDTH_OF_NOTE) for reason, _ in score.why_undefined
        )
        _write_inside(axes, reasons)
    _dose_axes(axes, surface, first, second)
    return mesh


def _draw_isobologram(axes: Axes, surface: CombinationSurface, found: tuple[Isobole, ...]) -> None:
    """Isoboles in units of the dose of each drug alone; the diagonal is Loewe additivity."""
    drawn = [isobole for isobole in found if np.all(np.isfinite(isobole.alone))]
    style.words_on(axes.set_title, "isobologram\nnull: Loewe additivity", larger=1)
    first, second = surface.label.drugs
    style.words_on(axes.set_xlabel, f"{first}, share of its dose alone")
    style.words_on(axes.set_ylabel, f"{second}, share of its dose alone")
    if not drawn:
        axes.set_xticks([])
        axes.set_yticks([])
        _write_inside(axes, textwrap.fill(NO_ISOBOLE, WIDTH_OF_NOTE))
        return
    axes.plot([0, 1], [1, 0], color="#999999", linewidth=0.9, label="Loewe additivity")
    for i, isobole in enumerate(drawn):
        shares = [dose / alone for dose, alone in zip(isobole.doses, isobole.alone, strict=True)]
        alone = " or ".join(map(dose_text, isobole.alone))
        axes.plot(
            np.concatenate([[0.0], shares[0], [1.0]]),
            np.concatenate([[1.0], shares[1], [0.0]]),
            color=style.colour_of(i),
            linewidth=1.4,
            label=f"effect {isobole.effect:.2g}; alone {alone}",
        )
    axes.set_xlim(0, None)
    axes.set_ylim(0, None)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(0.0, -0.2),
        frameon=False,
        prop={"family": style.FONT, "size": style.TEXT_SIZE - 1},
        labelcolor=style.INK,
    )


def _write_inside(axes: Axes, text: str) -> None:
    """Text in the upper left corner of a panel."""
    axes.text(
        0.03,
        0.97,
        text,
        transform=axes.transAxes,
        fontsize=style.TEXT_SIZE - 1,
        fontfamily=style.FONT,
        color=style.INK,
        va="top",
        bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1.5},
    )


def _with_margin(dose: Array) -> Array:
    """log10 of the doses; the drug left out stands a tenth of the axis below the lowest."""
    x = np.log10(dose[1:])
    return np.append(x[0] - 0.1 * max(float(np.ptp(x)), 1.0), x)


def _margin_edges(x: Array) -> Array:
    """Cell borders where the first cell is the drug left out, with a border of its own."""
    inner = _edges(x[1:])
    return np.append(2.0 * x[0] - inner[0], inner)


def _edges(x: Array) -> Array:
    """Cell borders half-way between centres, and as far outside the ends."""
    if len(x) == 1:
        return np.array([x[0] - 0.5, x[0] + 0.5])
    middle = 0.5 * (x[1:] + x[:-1])
    return np.concatenate([[1.5 * x[0] - 0.5 * x[1]], middle, [1.5 * x[-1] - 0.5 * x[-2]]])


def _dose_axes(axes: Axes, surface: CombinationSurface, first: Array, second: Array) -> None:
    """Decades as plain numbers, 0 at the margin, drugs as labels."""
    drugs, doses = surface.label.drugs, surface.doses
    axes.set_xticks(*_ticks(first, margin=len(first) == len(doses[0])))
    axes.set_yticks(*_ticks(second, margin=len(second) == len(doses[1])))
    style.words_on(axes.set_xlabel, f"{drugs[0]} (nM)")
    style.words_on(axes.set_ylabel, f"{drugs[1]} (nM)")


def _ticks(x: Array, *, margin: bool) -> tuple[list[float], list[str]]:
    """Decades within the doses, every second of many; with a margin, its first place is dose 0."""
    lowest = x[1] if margin else x[0]
    powers = np.arange(np.ceil(lowest - 1e-9), x[-1] + 1e-9)
    powers = powers[:: 2 if len(powers) > 5 else 1]
    if margin:
        # The label of dose 0 needs the room of one figure.
        powers = powers[powers - x[0] > 0.15 * np.ptp(x)]
    texts = [three_figures(10.0**power) for power in powers]
    return ([x[0], *powers], ["0", *texts]) if margin else (list(powers), texts)


def _dress(axes: Axes) -> None:
    style.dress(axes)
    axes.grid(visible=False)
