"""Writing a comparison into a folder: all five files or none."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mtorsim.analysis.comparison import Comparison
from mtorsim.errors import InputError
from mtorsim.report.export import as_csv, as_json
from mtorsim.report.figures import dose_response_figure, time_course_figure
from mtorsim.report.page import page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COMPARISON_FILES = (
    "comparison.csv",
    "comparison.json",
    "dose_response.png",
    "time_course.png",
    "report.html",
)


def check_folder(folder: str | Path, *, force: bool = False) -> None:
    """Refuse a folder that ``write_comparison`` could not write to, before hours are spent.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be made or written
    """
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file: name a folder to write to")
    present = [name for name in COMPARISON_FILES if (path / name).exists()]
    if present and not force:
        raise InputError(f"{path / present[0]} exists: use --force (force=True) to write over it")
    existing = path
    while not existing.exists():
        existing = existing.parent
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise InputError(f"{path} can not be written: {existing} is not a writable folder")


def write_comparison(
    comparison: Comparison, folder: str | Path, *, force: bool = False, command: str = ""
) -> tuple[Path, ...]:
    """Write table, data, figures and page; the folder is made where it is missing.

    Everything is written beside the folder's files first and then renamed into place, so an
    interruption leaves what was there before.

    Parameters
    ----------
    force : write over files that exist
    command : the command as shown on the page

    Returns
    -------
    Paths of ``COMPARISON_FILES``

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    """
    path = Path(folder)
    check_folder(path, force=force)
    made = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".comparison-", dir=path) as staging:
            _write_all(comparison, Path(staging), command)
            for name in COMPARISON_FILES:
                os.replace(Path(staging) / name, path / name)
    except OSError as error:
        raise InputError(f"{path} can not be written: {error.strerror or error}") from error
    finally:
        if made and path.exists() and not any(path.iterdir()):
            shutil.rmtree(path)
    return tuple(path / name for name in COMPARISON_FILES)


def png(figure: Figure) -> bytes:
    """A figure as PNG at its own resolution; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white", metadata={"Software": "mtorsim"})
    return buffer.getvalue()


def _write_all(comparison: Comparison, folder: Path, command: str) -> None:
    images = {
        "dose_response": png(dose_response_figure(comparison)),
        "time_course": png(time_course_figure(comparison)),
    }
    for name, data in images.items():
        (folder / f"{name}.png").write_bytes(data)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    texts = {
        "comparison.csv": as_csv(comparison),
        "comparison.json": as_json(comparison),
        "report.html": page(comparison, images, command=command, made_on=today),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
