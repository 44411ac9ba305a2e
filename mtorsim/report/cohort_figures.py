"""The pictures of a cohort: every tumour under each drug, p-mTOR and response by genotype."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis import cohort_reading as reading
from mtorsim.analysis.cohort import NOTICE, Cohort, DrugResponse
from mtorsim.analysis.number_text import dose_text
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.words import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

PLAIN, SEVERAL = "#BDBDBD", "#4D4D4D"
"""Colours of tumours without alteration and with several; single ones take those of the palette."""


def waterfall_figure(cohort: Cohort) -> Figure:
    """One bar a tumour: change of its growth rate under each drug, sorted within its genotype."""
    n = len(cohort.responses)
    columns = min(n, 2)
    rows = -(-n // columns)
    figure = _figure(3.6 * columns, 2.2 * rows + 0.75)
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for index, axes in enumerate(panels.flat):
        if index >= n:
            axes.set_visible(False)
            continue
        _waterfall(axes, cohort, cohort.responses[index])
        style.letter(axes, index)
    for axes in panels[:, 0]:
        style.words_on(axes.set_ylabel, "change of growth rate (%)")
    names = reading.genotypes(cohort)
    handles = [_patch(colour, name) for colour, name in zip(_colours(cohort), names, strict=True)]
    _legend_and_notice(figure, handles)
    return figure


def overview_figure(cohort: Cohort) -> Figure:
    """p-mTOR by genotype with its bar, growth against dose, and responders by genotype and drug."""
    figure = _figure(7.4, 4.6 + 0.35 * len(cohort.responses))
    (high, curves), (responders, against) = figure.subplots(2, 2)
    _draw_high(high, cohort)
    _draw_curves(curves, cohort)
    _draw_responders(responders, cohort)
    _draw_reported(against, cohort)
    for index, axes in enumerate((high, curves, responders, against)):
        style.dress(axes)
        style.letter(axes, index)
    handles = [
        _patch(style.colour_of(i), f"{entry.drug} ({entry.drug_class})")
        for i, entry in enumerate(cohort.responses)
    ]
    _legend_and_notice(figure, handles)
    return figure


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    figure = Figure(figsize=(width, height), dpi=style.DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _waterfall(axes: Axes, cohort: Cohort, response: DrugResponse) -> None:
    kinds = reading.genotype_of(cohort)
    order = np.lexsort((response.inhibition, kinds))
    change = -100.0 * response.inhibition[order]
    colours = np.array(_colours(cohort))[kinds[order]]
    axes.bar(np.arange(len(order)), change, width=1.0, color=colours, linewidth=0, zorder=3)
    bar = -100.0 * (1.0 - cohort.design.response.value)
    axes.axhline(bar, color=style.INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=4)
    responders = reading.share(cohort.responds(response.drug))
    title = f"{response.drug} {dose_text(response.dose)}: {percent(responders.value)} respond"
    style.words_on(axes.set_title, title, larger=1)
    axes.set_xticks([])
    axes.margins(x=0.01)
    style.dress(axes)
    style.words_on(axes.set_xlabel, f"{len(order)} tumours, by genotype")


def _draw_high(axes: Axes, cohort: Cohort) -> None:
    """Boxes of the high readout by genotype; the bar above which it is high."""
    level = cohort.levels[cohort.design.high_readout] / cohort.threshold
    kinds = reading.genotype_of(cohort)
    names, colours = reading.genotypes(cohort), _colours(cohort)
    shown = [i for i in range(len(names)) if (kinds == i).any()]
    boxes: dict[str, Any] = axes.boxplot(
        [level[kinds == i] for i in shown],
        orientation="horizontal",
        widths=0.6,
        patch_artist=True,
        sym="",
        whis=(5, 95),
        medianprops={"color": style.INK, "linewidth": 1.2},
        whiskerprops={"linewidth": 0.7},
        capprops={"linewidth": 0.7},
        boxprops={"linewidth": 0.7},
    )
    for box, i in zip(boxes["boxes"], shown, strict=True):
        box.set_facecolor(colours[i])
    axes.axvline(1.0, color=style.INK, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_yticks(range(1, len(shown) + 1), [names[i] for i in shown])
    axes.invert_yaxis()
    axes.set_xlim(left=0.0)
    high = reading.share(cohort.high)
    style.words_on(axes.set_title, f"p-mTOR is high in {percent(high.value)}")
    style.words_on(axes.set_xlabel, "p-mTOR before drug (multiple of the bar)")


def _draw_curves(axes: Axes, cohort: Cohort) -> None:
    """Growth against dose: median and quartiles of the tumours."""
    for i, entry in enumerate(cohort.responses):
        low, middle, high = np.nanpercentile(100.0 * entry.growth, [25, 50, 75], axis=0)
        colour = style.colour_of(i)
        axes.fill_between(entry.doses, low, high, color=colour, alpha=0.2, linewidth=0)
        # Later ones are thinner and above, so that curves that coincide show both.
        axes.plot(
            entry.doses, middle, color=colour, linewidth=2.2 - 1.2 * i / len(cohort.responses)
        )
        at = np.interp(np.log(entry.dose), np.log(entry.doses), middle)
        axes.plot(entry.dose, at, "o", color=colour, markersize=4.5, markerfacecolor="white")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0.0)
    style.words_on(axes.set_title, "growth: quartiles, dose read")
    style.words_on(axes.set_xlabel, "dose (nM)")
    style.words_on(axes.set_ylabel, "% of no drug")


def _draw_responders(axes: Axes, cohort: Cohort) -> None:
    """Share of responders by genotype, one bar a drug."""
    kinds, names = reading.genotype_of(cohort), reading.genotypes(cohort)
    shown = [i for i in range(len(names)) if (kinds == i).any()]
    height = 0.8 / len(cohort.responses)
    for j, entry in enumerate(cohort.responses):
        responds = cohort.responds(entry.drug)
        shares = [reading.share(responds, kinds == i) for i in shown]
        values = np.array([100.0 * found.value for found in shares])
        ends = np.array([found.interval for found in shares]).T * 100.0
        axes.barh(
            np.arange(len(shown)) + (j - (len(cohort.responses) - 1) / 2) * height,
            values,
            height=height,
            color=style.colour_of(j),
            xerr=np.maximum([values - ends[0], ends[1] - values], 0.0),
            error_kw={"linewidth": 0.6, "ecolor": style.INK},
        )
    axes.set_yticks(range(len(shown)), [names[i] for i in shown])
    axes.invert_yaxis()
    axes.set_xlim(left=0.0)
    fall = percent(1.0 - cohort.design.response.value)
    style.words_on(axes.set_title, f"growth falls by {fall} or more")
    style.words_on(axes.set_xlabel, "% of tumours (95 % interval of the draw)")


def _draw_reported(axes: Axes, cohort: Cohort) -> None:
    """Reported figures against those of the cohort, where both are per cent."""
    rows = [row for row in reading.reported_rows(cohort) if row.predicted]
    labels, place = [], 0
    for row in rows:
        for i, (reported, found) in enumerate(_pairs(row.figure.values, row.predicted)):
            axes.plot([reported, found], [place, place], color=style.FAINT, linewidth=1.5, zorder=1)
            axes.plot(reported, place, "D", color=style.INK, markersize=4, zorder=3)
            axes.plot(found, place, "o", color=style.PALETTE[1], markersize=5, zorder=3)
            many = len(row.figure.values) > 1
            drug = f" {row.figure.drugs[i % len(row.figure.drugs)]}" if row.figure.drugs else ""
            labels.append(f"{row.figure.id}{drug}{f' ({i + 1})' if many else ''}")
            place += 1
    axes.set_yticks(range(place), labels)
    axes.invert_yaxis()
    axes.set_xlim(0.0, 100.0)
    style.words_on(axes.set_title, "reported ◆, cohort ●: not a fit")
    style.words_on(axes.set_xlabel, "%")


def _pairs(reported: tuple[float, ...], found: tuple[float, ...]) -> list[tuple[float, float]]:
    """Each reported value with its prediction; a single prediction stands beside all of them."""
    many = found * len(reported) if len(found) == 1 else found
    return [pair for pair in zip(reported, many, strict=True) if np.isfinite(pair).all()]


def _colours(cohort: Cohort) -> list[str]:
    """One per genotype."""
    singles = [style.colour_of(i) for i in range(len(cohort.design.alterations))]
    return [PLAIN, *singles, SEVERAL]


def _patch(colour: str, label: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(facecolor=colour, label=label)


def _legend_and_notice(figure: Figure, handles: list[Any]) -> None:
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=min(len(handles), 3 if len(handles) > 4 else 4),
        frameon=False,
        prop={"family": style.FONT, "size": style.TEXT_SIZE},
        labelcolor=style.INK,
    )
    style.words_on(figure.suptitle, NOTICE, larger=0.5)
