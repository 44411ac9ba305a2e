"""The pathway as a picture: boxes and arrows coloured by what the drug changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mtorsim.analysis.explanation import Explanation
from mtorsim.analysis.number_text import dose_text, three_figures, time_text
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.pathway_graph import Influence, PathwayGraph, pathway_graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UNIT = 0.92, 0.62  # inches per column and row
BOX = 0.39, 0.23  # half width and half height of a box, in columns and rows
STRONGEST = 2.0  # log2 of the change at which colours stop: fourfold
SEEN = 0.07  # log2 of the change below which nothing is coloured: 5 %
DRUG_COLOUR = "#3B3B3B"
HEADS = {1: "-|>,head_length=3.5,head_width=1.8", -1: "|-|,widthA=0,widthB=2.6", 0: "-"}


def pathway_figure(explanation: Explanation) -> Figure:
    """Proteins and what they do to one another, coloured by the change from before the drug.

    A box has the colour of the change in what the protein does, an arrow that of its drive: rate
    constant times amount of what acts. Feedback loops are dashed. Proteins that neither change nor
    lie between others that do are left out.
    """
    graph = _pruned(pathway_graph(explanation.change, drugs=tuple(explanation.drugs)))
    figure, axes = _canvas(graph)
    boxes = {
        name: _box(axes, name, place, graph.activity[name], is_drug=name in explanation.drugs)
        for name, place in graph.places.items()
    }
    for index, influence in enumerate(graph.influences):
        _arrow(axes, graph, influence, boxes, twin=_is_twin(graph.influences, index))
    given = " and ".join(f"{drug} {dose_text(dose)}" for drug, dose in explanation.drugs.items())
    where = f" ({', '.join(explanation.contexts)})" if explanation.contexts else ""
    title = f"{given}, {time_text(explanation.time)} against no drug{where}"
    style.words_on(axes.set_title, title, larger=2)
    _scale(figure, axes)
    return figure


def _pruned(graph: PathwayGraph) -> PathwayGraph:
    """Only what changed, with the arrows between."""
    kept = {name for name, value in graph.activity.items() if abs(value) >= SEEN}
    arrows = tuple(e for e in graph.influences if {e.source, e.target} <= kept)
    touched = {name for entry in arrows for name in (entry.source, entry.target)}
    return PathwayGraph(
        {name: place for name, place in graph.places.items() if name in touched},
        {name: value for name, value in graph.activity.items() if name in touched},
        arrows,
    )


def _canvas(graph: PathwayGraph) -> tuple[Figure, Axes]:
    """An empty figure with one unit of the axes per column and row."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    columns = [place[0] for place in graph.places.values()] or [0.0]
    rows = [place[1] for place in graph.places.values()] or [0.0]
    left, right = min(columns) - 0.6, max(columns) + 0.6
    top, bottom = min(rows) - 0.5, max(rows) + 0.5
    size = UNIT[0] * (right - left), UNIT[1] * (bottom - top) + 0.9
    figure = Figure(figsize=size, dpi=style.DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.axis("off")
    return figure, axes


def _box(axes: Axes, name: str, at: tuple[float, float], change: float, *, is_drug: bool) -> Any:
    from matplotlib.patches import FancyBboxPatch

    new = is_drug or np.isposinf(change)
    fill = DRUG_COLOUR if new else _colour(change)
    box = FancyBboxPatch(
        (at[0] - BOX[0], at[1] - BOX[1]),
        2 * BOX[0],
        2 * BOX[1],
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=fill,
        edgecolor=style.INK,
        linewidth=0.8,
        zorder=3,
    )
    axes.add_patch(box)
    pale = new or abs(change) > 1.3
    text = name if new else f"{name}\n{fold_text(change)}"
    axes.text(
        *at,
        text,
        ha="center",
        va="center",
        fontsize=style.TEXT_SIZE - 1.5,
        fontfamily=style.FONT,
        color="white" if pale else style.INK,
        linespacing=1.05,
        zorder=4,
    )
    return box


def _arrow(
    axes: Axes,
    graph: PathwayGraph,
    influence: Influence,
    boxes: Mapping[str, Any],
    *,
    twin: bool,
) -> None:
    """Head for a positive effect, bar for a negative one, neither where it can not be said."""
    from matplotlib.patches import FancyArrowPatch

    start, end = graph.places[influence.source], graph.places[influence.target]
    change = influence.log2_fold
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle=HEADS[influence.sign],
            connectionstyle=f"arc3,rad={_bend(start, end, loop=bool(influence.loops), twin=twin)}",
            patchA=boxes[influence.source],
            patchB=boxes[influence.target],
            shrinkA=0,
            shrinkB=2.5,
            linewidth=0.8 + 0.4 * min(abs(change), STRONGEST),
            linestyle=(0, (4, 2)) if influence.loops else "solid",
            color=DRUG_COLOUR if np.isposinf(change) else _colour(change, dark=True),
            zorder=2 if abs(change) >= SEEN else 1,
            mutation_scale=1.4,
        )
    )


def _bend(start: tuple[float, float], end: tuple[float, float], *, loop: bool, twin: bool) -> float:
    """Curvature: arrows that run far along a column go round what stands between."""
    rise, sideways = abs(start[1] - end[1]), abs(start[0] - end[0])
    if rise > 1.5 and sideways < 1.5:
        return -0.22 if loop or start[1] > end[1] else 0.22
    return 0.2 if loop or twin else 0.0


def _is_twin(influences: Sequence[Influence], index: int) -> bool:
    """Whether another arrow joins the same two boxes."""
    ends = {influences[index].source, influences[index].target}
    return any(
        {other.source, other.target} == ends for i, other in enumerate(influences) if i != index
    )


def _colour(change: float, *, dark: bool = False) -> Any:
    """Blue for less, red for more, grey for no change."""
    from matplotlib import colormaps

    if abs(change) < SEEN:
        return "#B9B9B9" if dark else "#F2F2F2"
    scaled = float(np.clip(change / STRONGEST, -1.0, 1.0))
    # The middle of the map is white: arrows start where it can be seen on paper.
    position = 0.5 + 0.5 * (np.sign(scaled) * (0.35 + 0.65 * abs(scaled)) if dark else scaled)
    return colormaps["RdBu_r"](position)


def fold_text(change: float) -> str:
    """A log2 change as people say it, ``"×1.8"``; "gone" where nothing is left."""
    if np.isneginf(change) or change < -10.0:
        return "gone"
    return "new" if np.isposinf(change) else f"×{three_figures(float(f'{2.0**change:.2g}'))}"


def _scale(figure: Figure, axes: Axes) -> None:
    """The colour scale below the picture, in multiples."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    mappable = ScalarMappable(Normalize(-STRONGEST, STRONGEST), cmap="RdBu_r")
    bar = figure.colorbar(
        mappable, ax=axes, location="bottom", shrink=0.45, aspect=30, pad=0.02, extend="both"
    )
    ticks = [-2, -1, 0, 1, 2]
    bar.set_ticks(ticks, labels=[f"×{three_figures(2.0**tick)}" for tick in ticks])
    bar.ax.tick_params(labelsize=style.TEXT_SIZE - 1, length=2)
    bar.outline.set_linewidth(0.5)
    style.words_on(
        bar.set_label, "what it does now, as a multiple of before; dashed: feedback loop"
    )
