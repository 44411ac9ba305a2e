"""The figure of dosing schedules: concentrations, target occupancy and readouts over time."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mtorsim.analysis.schedule_results import ScheduleArm, ScheduleComparison
from mtorsim.errors import MissingExtraError
from mtorsim.report import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, ROW_HEIGHT, LEGEND_LINE = 7.2, 1.55, 0.175  # inches
TARGETS = ("mTORC1", "mTORC2", "FKBP12")
DAY = 86400.0
THREE_WEEKS = 21 * DAY
DECADES = 3.0


def schedule_figure(comparison: ScheduleComparison) -> Figure:
    """One panel a row over time in days; a colour a schedule.

    The first panel has total (solid) and unbound (dashed) concentrations on a logarithmic axis,
    the second the bound fraction of each target, the others readouts as a fraction of their level
    before the drug, with the level of the target inhibition. Where patients were drawn, 5 to 95 %
    of them are shaded about totals and readouts.

    Parameters
    ----------
    comparison : of ``compare_schedules``
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    has_body = any(arm.exposures for arm in comparison.arms)
    has_targets = any(_drawn_targets(arm) for arm in comparison.arms)
    n_rows = has_body + has_targets + len(comparison.readouts)
    legends = _legends(comparison)
    legend_height = 0.1 + LEGEND_LINE * max(len(handles) + 1 for _, handles in legends)
    heights = [0.4 + ROW_HEIGHT * n_rows, legend_height]
    figure = Figure(
        figsize=(WIDTH, sum(heights)), dpi=style.DPI, layout="constrained", facecolor="white"
    )
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(2, 1, height_ratios=heights)
    above, below = parts
    style.legend_row(below, legends)
    panels = list(above.subplots(n_rows, 1, sharex=True, squeeze=False)[:, 0])
    rest = list(panels)
    if has_body:
        _draw_concentrations(rest.pop(0), comparison)
    if has_targets:
        _draw_occupancies(rest.pop(0), comparison)
    for axes, readout in zip(rest, comparison.readouts, strict=True):
        _draw_readout(axes, comparison, readout)
    _finish(panels, comparison)
    return figure


def _draw_concentrations(axes: Axes, comparison: ScheduleComparison) -> None:
    largest = 0.0
    for i, arm in enumerate(comparison.arms):
        for exposure in arm.exposures:
            total = arm.run[f"{exposure.drug}_central"]
            largest = max(largest, float(total.max()))
            unbound = exposure.unbound_fraction * total
            _shade(axes, arm, f"{exposure.drug}_central", colour=i)
            for j, levels in enumerate((total, unbound)):
                _line(axes, arm, np.where(levels > 0.0, levels, np.nan), colour=i, dashes=j)
    smallest = min(
        exposure.unbound_fraction for arm in comparison.arms for exposure in arm.exposures
    )
    axes.set_yscale("log")
    axes.set_ylim(largest * smallest * 10.0**-DECADES, 2.0 * largest)
    _label(axes, "drug in blood or plasma (nM)")


def _draw_occupancies(axes: Axes, comparison: ScheduleComparison) -> None:
    for i, arm in enumerate(comparison.arms):
        for readout, target in _drawn_targets(arm):
            _line(axes, arm, arm.run[readout], colour=i, dashes=TARGETS.index(target))
    axes.set_ylim(0.0, 1.02)
    _label(axes, "target with drug (fraction)")


def _draw_readout(axes: Axes, comparison: ScheduleComparison, readout: str) -> None:
    top = 1.0
    for i, arm in enumerate(comparison.arms):
        before = float(arm.run[readout][0])
        levels = arm.run[readout] / before if before > 0.0 else arm.run[readout]
        top = max(top, float(np.nanmax(levels)))
        _line(axes, arm, levels, colour=i, dashes=0)
        _shade(axes, arm, readout, colour=i, before=before)
    axes.axhline(1.0, color="#999999", linewidth=0.7, zorder=1)
    axes.axhline(1.0 - comparison.target, color="#999999", linewidth=0.7, linestyle=":", zorder=1)
    axes.set_ylim(0.0, 1.05 * top)
    title = comparison.arms[0].run.titles[comparison.arms[0].run.readouts.index(readout)]
    _label(axes, f"{title}, over before")


def _shade(axes: Axes, arm: ScheduleArm, name: str, *, colour: int, before: float = 1.0) -> None:
    """Between 5 and 95 % of the patients, where some were drawn."""
    if arm.patients is None:
        return
    low, _, high = arm.patients.courses[name] / (before if before > 0.0 else 1.0)
    axes.fill_between(
        arm.patients.times / DAY,
        low,
        high,
        color=style.colour_of(colour),
        alpha=0.2,
        linewidth=0,
        zorder=2,
    )


def _line(axes: Axes, arm: ScheduleArm, levels: Any, *, colour: int, dashes: int) -> None:
    axes.plot(
        arm.run.times / DAY,
        levels,
        color=style.colour_of(colour),
        linestyle=style.line_style_of(dashes),
        # Where curves coincide the one below still shows at both sides.
        linewidth=max(2.0 - 0.6 * colour, 0.8) if dashes == 0 else 0.9,
        zorder=3 - 0.1 * dashes + 0.01 * colour,
    )


def _drawn_targets(arm: ScheduleArm) -> list[tuple[str, str]]:
    """Occupancies that are drawn, each with its target."""
    named = [
        (entry.readout, entry.readout.partition("_occupancy_")[0]) for entry in arm.occupancies
    ]
    return [(readout, target) for readout, target in named if target in TARGETS]


def _label(axes: Axes, text: str) -> None:
    style.words_on(axes.set_ylabel, textwrap.fill(text, 20))


def _finish(panels: Sequence[Axes], comparison: ScheduleComparison) -> None:
    """Shared looks, the time axis, and the part before the window in grey."""
    from matplotlib.ticker import MultipleLocator

    start, end = comparison.window
    if end >= THREE_WEEKS:
        panels[-1].xaxis.set_major_locator(MultipleLocator(7.0))
    for index, axes in enumerate(panels):
        axes.set_facecolor("white")
        axes.set_xlim(0.0, end / DAY)
        if start > 0.0:
            axes.axvspan(0.0, start / DAY, color=style.FAINT, alpha=0.5, zorder=0, linewidth=0)
        style.dress(axes)
        style.letter(axes, index)
    style.words_on(panels[-1].set_xlabel, "time (d)")


def _legends(comparison: ScheduleComparison) -> list[tuple[str, list[Any]]]:
    """Schedules by colour; what line styles mean in the upper panels."""
    from matplotlib.lines import Line2D

    def handle(text: str, *, colour: str = style.INK, dashes: int = 0) -> Any:
        style_of = style.line_style_of(dashes)
        return Line2D([], [], color=colour, linestyle=style_of, linewidth=1.4, label=text)

    schedules = [
        handle(_arm_words(arm), colour=style.colour_of(i)) for i, arm in enumerate(comparison.arms)
    ]
    groups = [("Schedules", [*schedules, *_patients_handle(comparison)])]
    if any(arm.exposures for arm in comparison.arms):
        groups.append(("Drug", [handle("total"), handle("unbound", dashes=1)]))
    present = {target for arm in comparison.arms for _, target in _drawn_targets(arm)}
    targets = [handle(name, dashes=i) for i, name in enumerate(TARGETS) if name in present]
    if targets:
        groups.append(("Targets", targets))
    return groups


def _patients_handle(comparison: ScheduleComparison) -> list[Any]:
    """What the shades mean, where there are any."""
    from matplotlib.patches import Patch

    drawn = [arm.patients.n_patients for arm in comparison.arms if arm.patients is not None]
    return [
        Patch(color=style.INK, alpha=0.2, linewidth=0, label=f"5 to 95 % of {n} patients")
        for n in drawn[:1]
    ]


def _arm_words(arm: ScheduleArm) -> str:
    """The name, with the factor where amounts were scaled."""
    name = arm.name if len(arm.name) <= 46 else f"{arm.name[:45]}…"
    return name if arm.factor == 1.0 else f"{name} × {arm.factor:.3g}"
