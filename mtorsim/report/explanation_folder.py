"""Writing an explanation into a folder: words, data and two pictures."""

from __future__ import annotations

from pathlib import Path

from mtorsim.analysis.explanation import Explanation
from mtorsim.report.explanation_figures import loops_figure
from mtorsim.report.explanation_tables import explanation_json, explanation_text
from mtorsim.report.pathway_diagram import pathway_figure
from mtorsim.report.whole_folder import png, write_files

EXPLANATION_FILES = ("explanation.txt", "explanation.json", "loops.png", "pathway.png")


def write_explanation(
    explanation: Explanation, folder: str | Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write the tables, the data, the staircase of the loops and the pathway, all or none.

    Parameters
    ----------
    explanation : of ``explain``
    folder : made where it is missing
    force : write over files that exist

    Returns
    -------
    Paths of ``EXPLANATION_FILES``

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : matplotlib is not installed
    """
    contents: dict[str, bytes | str] = {
        "explanation.txt": explanation_text(explanation),
        "explanation.json": explanation_json(explanation) + "\n",
        "loops.png": png(loops_figure(explanation)),
        "pathway.png": png(pathway_figure(explanation)),
    }
    return write_files(folder, contents, force=force)
