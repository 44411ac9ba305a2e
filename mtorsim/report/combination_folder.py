"""Writing a combination into a folder: table, data and a picture per surface, all or none."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from mtorsim.analysis.combination import Combination, CombinationSurface
from mtorsim.analysis.number_text import time_text
from mtorsim.errors import InputError
from mtorsim.report.combination_tables import combination_csv, combination_json
from mtorsim.report.folder import png
from mtorsim.report.surface_figures import surface_figure

TABLES = ("combination.csv", "combination.json")


def check_combination_folder(folder: str | Path, *, force: bool = False) -> None:
    """Refuse a folder that ``write_combination`` could not write to, before anything is run.

    Raises
    ------
    InputError : a file is in the way, or results are there already
    """
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file: name a folder to write to")
    present = [name for name in TABLES if (path / name).exists()]
    if present and not force:
        raise InputError(f"{path / present[0]} exists: use --force (force=True) to write over it")


def write_combination(
    combination: Combination, folder: str | Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write ``combination.csv``, ``combination.json`` and a PNG per surface.

    Everything is written beside the folder's files first and then renamed into place.

    Returns
    -------
    Paths of the files

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : matplotlib is not installed
    """
    path = Path(folder)
    check_combination_folder(path, force=force)
    content = {
        "combination.csv": combination_csv(combination).encode(),
        "combination.json": combination_json(combination).encode(),
    }
    for surface in combination.surfaces:
        content[picture_name(surface)] = png(surface_figure(surface))
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".combination-", dir=path) as staging:
            for name, data in content.items():
                (Path(staging) / name).write_bytes(data)
            for name in content:
                os.replace(Path(staging) / name, path / name)
    except OSError as error:
        raise InputError(f"{path} can not be written: {error.strerror or error}") from error
    return tuple(path / name for name in content)


def picture_name(surface: CombinationSurface) -> str:
    """File name of the picture of a surface: readout, time and context."""
    label = surface.label
    parts = ("surface", label.readout, time_text(label.time), label.context)
    words = (re.sub(r"[^A-Za-z0-9_+-]", "", part) for part in parts)
    return "_".join(word for word in words if word) + ".png"
