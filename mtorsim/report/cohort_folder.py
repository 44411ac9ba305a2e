"""Writing a cohort into a folder: words, tumours, data and two pictures."""

from __future__ import annotations

from pathlib import Path

from mtorsim.analysis.cohort import Cohort
from mtorsim.report.cohort_export import cohort_csv, cohort_json
from mtorsim.report.cohort_figures import overview_figure, waterfall_figure
from mtorsim.report.cohort_tables import cohort_text
from mtorsim.report.whole_folder import png, write_files

COHORT_FILES = ("cohort.txt", "tumours.csv", "cohort.json", "waterfall.png", "overview.png")


def write_cohort(cohort: Cohort, folder: str | Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write tables and notes, a row per tumour, the data, and two pictures, all or none.

    Parameters
    ----------
    cohort : of ``run_cohort``
    folder : made where it is missing
    force : write over files that exist

    Returns
    -------
    Paths of ``COHORT_FILES``

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : matplotlib is not installed
    """
    contents: dict[str, bytes | str] = {
        "cohort.txt": cohort_text(cohort),
        "tumours.csv": cohort_csv(cohort),
        "cohort.json": cohort_json(cohort) + "\n",
        "waterfall.png": png(waterfall_figure(cohort)),
        "overview.png": png(overview_figure(cohort)),
    }
    return write_files(folder, contents, force=force)
