"""Pictures of a validation: for each topic what was found against the bands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mtorsim.analysis.validate import CheckResult, RowResult, Validation
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.whole_folder import check_drawn_files, png
from mtorsim.simulate.files import whole_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REACH = 10**2.5
"""How far from the middle of its band a value is drawn where it is; farther ones stand there."""
PASSES, FAILS = style.PALETTE[0], style.PALETTE[1]


def rows_by_topic(validation: Validation) -> dict[str, list[RowResult]]:
    """Rows by topic, in the order of their files."""
    topics: dict[str, list[RowResult]] = {}
    for result in validation.rows:
        topics.setdefault(result.row.topic, []).append(result)
    return topics


def picture_names(validation: Validation) -> dict[str, str]:
    """Name of a picture, without its ending, by topic: that of the panel file of its rows."""
    return {
        topic: Path(rows[0].row.origin.rpartition(":")[0]).stem
        for topic, rows in rows_by_topic(validation).items()
    }


def topic_figure(rows: Sequence[RowResult]) -> Figure:
    """Each check of some rows against its band, on a log scale: the middle of the band is 1.

    A band that reaches to 0 is drawn over two decades, one without an upper end over three.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    checks = [(r.row.id, c) for r in rows for c in r.checks if c.check.high > 0]
    figure = Figure(figsize=(6.0, 0.9 + 0.2 * len(checks)), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for y, (_, checked) in enumerate(checks):
        _draw_check(axes, y, checked)
    axes.set_xscale("log")
    style.dress(axes)
    axes.set_yticks(range(len(checks)), [name for name, _ in checks], fontsize=7)
    axes.invert_yaxis()
    words = "found over the middle of the band (grey: the band; cross: it fails)"
    style.words_on(axes.set_xlabel, words)
    return figure


def _draw_check(axes: Axes, y: int, checked: CheckResult) -> None:
    """The band of a check as a bar, and what was found as a mark."""
    low = max(checked.check.low, checked.check.high * 1e-2)
    high = min(checked.check.high, low * 1e3)
    middle = np.sqrt(low * high)
    axes.plot(
        [low / middle, high / middle], [y, y], color="0.8", linewidth=7, solid_capstyle="butt"
    )
    if np.isnan(checked.found):
        axes.text(1.0, y, "no value", color=FAILS, fontsize=6, ha="center", va="center")
        return
    found = np.clip(checked.found / middle, 1.0 / REACH, REACH)
    mark, colour = ("o", PASSES) if checked.passed else ("X", FAILS)
    axes.plot(found, y, mark, color=colour)


def check_pictures(folder: str | Path, *, force: bool = False) -> None:
    """Refuse a folder that pictures could not be put into, before anything is computed.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be made or written
    MissingExtraError : pictures can not be drawn here
    """
    present = sorted(path.name for path in Path(folder).glob("validation_*.png"))
    check_drawn_files(folder, present, force=force)


def write_pictures(
    validation: Validation, folder: str | Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write ``validation_<topic>.png`` for each topic; the folder is made where it is missing.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : pictures can not be drawn here
    """
    check_pictures(folder, force=force)
    names, paths = picture_names(validation), []
    for topic, rows in rows_by_topic(validation).items():
        path = Path(folder) / f"validation_{names[topic]}.png"
        figure = topic_figure(rows)
        figure.set_dpi(style.DPI)
        with whole_file(path, force=force) as unfinished:
            unfinished.write_bytes(png(figure))
        paths.append(path)
    return tuple(paths)
