"""Writing a comparison into a folder: all of its files or none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mtorsim.analysis.comparison import Comparison
from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.report.combination_tables import combination_csv
from mtorsim.report.comparison_pictures import comparison_pictures, on_page
from mtorsim.report.export import as_csv, as_json
from mtorsim.report.interactive import chart
from mtorsim.report.page import page
from mtorsim.report.whole_folder import check_files, write_files

COMPARISON_FILES = (
    "comparison.csv",
    "comparison.json",
    "equal_effect.png",
    "dose_response.png",
    "time_course.png",
    "report.html",
)
"""Files of every comparison; its details add pictures of their own."""


def check_folder(folder: str | Path, *, force: bool = False) -> None:
    """Refuse a folder that ``write_comparison`` could not write to, before hours are spent.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be made or written
    """
    check_files(folder, COMPARISON_FILES, force=force)


def write_comparison(
    comparison: Comparison,
    folder: str | Path,
    *,
    details: ComparisonDetails | None = None,
    force: bool = False,
    command: str = "",
) -> tuple[Path, ...]:
    """Write table, data, figures and page; the folder is made where it is missing.

    Everything is written beside the folder's files first and then renamed into place, so an
    interruption leaves what was there before.

    Parameters
    ----------
    comparison : of ``compare``
    folder : made where it is missing
    details : of ``comparison_details``, for the sections on why, growth and synergy
    force : write over files that exist
    command : the command as shown on the page

    Returns
    -------
    Paths of ``COMPARISON_FILES``, then of the pictures and the table of the details

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : matplotlib is not installed
    """
    check_folder(folder, force=force)
    details = details or ComparisonDetails()
    pictures = comparison_pictures(comparison, details)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    contents: dict[str, bytes | str] = {
        "comparison.csv": as_csv(comparison),
        "comparison.json": as_json(comparison, details),
        **{f"{name}.png": data for name, data in pictures.items()},
        "report.html": page(
            comparison,
            {name: on_page(data) for name, data in pictures.items()},
            details=details,
            interactive=chart(comparison),
            command=command,
            made_on=today,
        ),
    }
    if details.combination is not None:
        contents["combination.csv"] = combination_csv(details.combination)
    first = {name: contents.pop(name) for name in COMPARISON_FILES}
    return write_files(folder, {**first, **contents}, force=force)
