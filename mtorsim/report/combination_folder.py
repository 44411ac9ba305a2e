"""Writing a combination into a folder: table, data and a picture per surface, all or none."""

from __future__ import annotations

import re
from pathlib import Path

from mtorsim.analysis.combination import Combination, CombinationSurface
from mtorsim.analysis.number_text import time_text
from mtorsim.report.combination_tables import combination_csv, combination_json
from mtorsim.report.surface_figures import surface_figure
from mtorsim.report.whole_folder import png, write_files

COMBINATION_TABLES = ("combination.csv", "combination.json")
"""Files of every combination; each surface adds a picture."""


def write_combination(
    combination: Combination, folder: str | Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write ``combination.csv``, ``combination.json`` and a PNG per surface.

    Parameters
    ----------
    combination : of ``combine``
    folder : made where it is missing
    force : write over files that exist

    Returns
    -------
    Paths of the files

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : matplotlib is not installed
    """
    contents: dict[str, bytes | str] = {
        "combination.csv": combination_csv(combination),
        "combination.json": combination_json(combination),
    }
    for surface in combination.surfaces:
        contents[picture_name(surface)] = png(surface_figure(surface))
    return write_files(folder, contents, force=force)


def picture_name(surface: CombinationSurface) -> str:
    """File name of the picture of a surface: readout, time and context."""
    label = surface.label
    parts = ("surface", label.readout, time_text(label.time), label.context)
    words = (re.sub(r"[^A-Za-z0-9_+-]", "", part) for part in parts)
    return "_".join(word for word in words if word) + ".png"
