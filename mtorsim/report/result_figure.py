"""A picture of a run or a sweep: readouts over time, or over what was varied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.uncertainty import band_readouts
from mtorsim.errors import InputError, MissingExtraError
from mtorsim.report import style
from mtorsim.simulate.axes import Column
from mtorsim.simulate.files import whole_file
from mtorsim.simulate.result import SweepResult
from mtorsim.solvers.options import Status

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

ENDINGS = (".png", ".svg", ".pdf")
#: lines that a reader can tell apart in one panel, panels that fit on a page
MOST_LINES, MOST_PANELS = len(style.PALETTE), 24
PANEL = (2.9, 2.2)  # inches
#: values that span more than this are shown on a logarithmic axis
WIDE = 30.0


def result_figure(result: SweepResult) -> Figure:
    """Readouts over time, or over the first axis with a line for each other point and time.

    Readouts of a run that share a unit share panels; a sweep has a panel for each readout. What
    failed leaves a gap. Bands over parameter sets are shaded.

    Parameters
    ----------
    result : a run or a sweep, of a native or an imported model

    Raises
    ------
    InputError : more lines or panels than can be told apart
    MissingExtraError : matplotlib is not installed
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    panels = list(_swept(result) if result.axes else _over_time(result))
    check_figure(n_panels=len(panels), n_lines=len(panels[0].lines))
    n_columns = min(3, len(panels))
    n_rows = -(-len(panels) // n_columns)
    size = (PANEL[0] * n_columns, PANEL[1] * n_rows)
    figure = Figure(figsize=size, dpi=style.DPI, layout="constrained")
    for number, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(n_rows, n_columns, number)
        panel.draw(axes)
        style.dress(axes)
    return figure


def check_figure(*, n_panels: int, n_lines: int) -> None:
    """Refuse a figure that could not be read.

    Parameters
    ----------
    n_panels : readouts of a sweep
    n_lines : points of all axes but the first, times the number of output times
    """
    if n_panels > MOST_PANELS:
        raise InputError(
            f"a figure of {n_panels} panels is too large, {MOST_PANELS} fit: name fewer readouts"
        )
    if n_lines > MOST_LINES:
        raise InputError(
            f"{n_lines} lines in a panel are too many, {MOST_LINES} can be told apart: ask for "
            "fewer points of the other axes or times, or save .csv or .nc"
        )


def save_figure(result: SweepResult, path: str | Path, *, force: bool = False) -> Path:
    """Write `result_figure` whole or not at all, as ``.png``, ``.svg`` or ``.pdf``.

    Parameters
    ----------
    result : a run or a sweep, as of ``result_figure``
    path : file to write
    force : write over a file that exists

    Raises
    ------
    InputError : the file exists and ``force`` is not set, or its ending is another
    """
    file = Path(path)
    if file.suffix.lower() not in ENDINGS:
        raise InputError(f"{file}: choose a file that ends in {' or '.join(ENDINGS)}")
    figure = result_figure(result)
    with whole_file(file, force=force) as unfinished:
        figure.savefig(unfinished, format=file.suffix.lower()[1:], facecolor="white")
    return file


class _Panel:
    """Lines over one quantity."""

    def __init__(self, x: Array, x_title: str, y_title: str, *, spans_widely: bool) -> None:
        self.x, self.x_title, self.y_title = x, x_title, y_title
        self.spans_widely = spans_widely
        self.lines: list[tuple[str, Array]] = []
        self.bands: list[tuple[Array, Array]] = []

    def draw(self, axes: Any) -> None:
        """Put the lines on."""
        for number, (name, y) in enumerate(self.lines):
            axes.plot(self.x, y, color=style.colour_of(number), linewidth=1.3, label=name)
        for number, (low, high) in enumerate(self.bands):
            colour = style.colour_of(number)
            axes.fill_between(self.x, low, high, color=colour, alpha=0.18, linewidth=0)
        if self.spans_widely:
            axes.set_xscale("log")
        style.words_on(axes.set_xlabel, self.x_title)
        style.words_on(axes.set_ylabel, self.y_title)
        if len(self.lines) > 1 or self.lines[0][0] != self.y_title:
            font = {"family": style.FONT, "size": style.TEXT_SIZE - 1}
            axes.legend(frameon=False, prop=font, labelcolor=style.INK, handlelength=1.6)


def _over_time(result: SweepResult) -> Iterator[_Panel]:
    """Panels of readouts that share a unit, as many in each as can be told apart."""
    by_unit: dict[str, list[str]] = {}
    bands = band_readouts(result)
    for readout, unit in _own_readouts(result):
        by_unit.setdefault(unit, []).append(readout)
    for unit, readouts in by_unit.items():
        for low in range(0, len(readouts), MOST_LINES):
            shown = readouts[low : low + MOST_LINES]
            title = _title(shown[0], unit) if len(shown) == 1 else unit
            panel = _Panel(result.shown_times, result.clock.heading, title, spans_widely=False)
            panel.lines = [(name, np.asarray(result[name])) for name in shown]
            panel.bands = [
                (np.asarray(result[bands[name][0]]), np.asarray(result[bands[name][-1]]))
                for name in shown
                if name in bands
            ]
            yield panel


def _swept(result: SweepResult) -> Iterator[_Panel]:
    """A panel per readout: over the first axis, a line for each point of the others and time."""
    first = result.axes[0].columns[0]
    if first.labels:
        raise InputError(f"a figure needs numbers along its first axis, not {first.name}s")
    labels = list(_line_names(result))
    x = np.asarray(first.values, dtype=np.float64)
    order = np.argsort(x, kind="stable")
    numbers = x[np.isfinite(x)]
    is_wide = bool(numbers.size and numbers.min() > 0 and numbers.max() > WIDE * numbers.min())
    finished = (result.status == Status.OK)[..., np.newaxis]
    bands = band_readouts(result)
    for readout, unit in _own_readouts(result):
        values, *ends = (
            np.where(finished, result[name], np.nan).reshape(len(x), -1)[order]
            for name in (readout, *bands.get(readout, ()))
        )
        panel = _Panel(
            x[order], _title(first.name, first.unit), _title(readout, unit), spans_widely=is_wide
        )
        panel.lines = [(name, values[:, i]) for i, name in enumerate(labels)]
        if ends:
            panel.bands = [(ends[0][:, i], ends[-1][:, i]) for i in range(len(labels))]
        yield panel


def _own_readouts(result: SweepResult) -> list[tuple[str, str]]:
    """Readouts with their units, without those that are bands of others."""
    ends = {name for names in band_readouts(result).values() for name in names}
    named = zip(result.readouts, result.units, strict=True)
    return [(readout, unit) for readout, unit in named if readout not in ends]


def _line_names(result: SweepResult) -> Iterator[str]:
    """What each line is, the time running fastest; what all lines share is left out."""
    choices = [_points(axis.columns[0]) for axis in result.axes[1:]]
    choices.append([result.clock.text(float(time)) for time in result.times])
    telling = [len(points) > 1 for points in choices]
    telling[-1] = telling[-1] or not any(telling)
    for point in product(*choices):
        told = [text for text, tells in zip(point, telling, strict=True) if tells]
        yield ", ".join(told)


def _points(column: Column) -> Sequence[str]:
    if column.labels:
        return [str(value) for value in column.coordinates]
    return [f"{column.name} = {value:.3g} {column.unit}".strip() for value in column.values]


def _title(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit and unit != "1" else name
