"""Writing a fit into a folder: parameters, all starts, the waterfall, the numbers."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mtorsim.analysis.petab_fit import PetabFit, write_parameter_table
from mtorsim.errors import MissingExtraError
from mtorsim.report import style
from mtorsim.report.whole_folder import check_drawn_files, png
from mtorsim.simulate.files import whole_file
from mtorsim.simulate.petab import PetabObjective

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIT_FILES = ("parameters.tsv", "starts.csv", "fit.json", "waterfall.png")
#: what the best start is drawn at, on a logarithmic axis that shows differences to it
SMALLEST_SHOWN = 1e-6


def write_fit(
    fit: PetabFit, objective: PetabObjective, folder: str | Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write `FIT_FILES`, each whole or not at all; ``parameters.tsv`` is a PEtab parameter table.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : matplotlib is not installed
    """
    check_drawn_files(folder, FIT_FILES, force=force)
    picture = png(waterfall_figure(fit))
    writers: dict[str, Callable[[Path], object]] = {
        "parameters.tsv": lambda path: write_parameter_table(fit, objective, path),
        "starts.csv": lambda path: _write_starts(fit, path),
        "fit.json": lambda path: path.write_text(json.dumps(fit_record(fit), indent=2) + "\n"),
        "waterfall.png": lambda path: path.write_bytes(picture),
    }
    files = tuple(Path(folder) / name for name in FIT_FILES)
    for file in files:
        with whole_file(file, force=force) as unfinished:
            writers[file.name](unfinished)
    return files


def fit_record(fit: PetabFit) -> dict[str, object]:
    """The fit in plain types; an objective that is not finite is None."""
    values = [float(v) if np.isfinite(v) else None for v in fit.objective]
    return {
        "best": values[0],
        "nominal": fit.nominal if np.isfinite(fit.nominal) else None,
        "parameters": fit.best,
        "waterfall": values,
        "converged": fit.converged.tolist(),
        "interrupted": fit.is_interrupted,
    }


def _write_starts(fit: PetabFit, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["objective", "converged", *fit.names])
        for value, is_end, row in zip(fit.objective, fit.converged, fit.vectors, strict=True):
            writer.writerow([repr(float(value)), int(is_end), *map(repr, row.tolist())])


def waterfall_figure(fit: PetabFit) -> Figure:
    """How far each start's optimum is above the best one, in order.

    Raises
    ------
    MissingExtraError : matplotlib is not installed
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plots") from error
    figure = Figure(figsize=(3.6, 2.6), dpi=style.DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    is_finite = np.isfinite(fit.objective)
    above = np.maximum(fit.objective[is_finite] - fit.objective[0], SMALLEST_SHOWN)
    rank = 1 + np.arange(above.size)
    axes.plot(rank, above, color=style.FAINT, linewidth=0.8, zorder=1)
    for is_end, face in ((True, style.colour_of(0)), (False, "white")):
        chosen = fit.converged[is_finite] == is_end
        axes.scatter(
            rank[chosen],
            above[chosen],
            s=14,
            facecolor=face,
            edgecolor=style.colour_of(0),
            label="converged" if is_end else "not converged",
            zorder=2,
        )
    axes.set_yscale("log")
    style.dress(axes)
    style.words_on(axes.set_xlabel, "start, best first")
    style.words_on(axes.set_ylabel, f"objective above the best, {fit.objective[0]:.6g}")
    if not fit.converged[is_finite].all():
        axes.legend(frameon=False, prop={"family": style.FONT, "size": style.TEXT_SIZE})
    return figure
