"""What the verb ``cohort`` does besides running one: the model it is for, and telling of it."""

from __future__ import annotations

import click

import mtorsim as mt
from mtorsim.cli.output import check_writable
from mtorsim.report.cohort_export import cohort_json
from mtorsim.report.cohort_folder import COHORT_FILES, write_cohort
from mtorsim.report.cohort_tables import cohort_text
from mtorsim.report.whole_folder import check_files


def check_target(folder: str, *, force: bool) -> None:
    """Refuse a folder that could not be filled, before anything is computed.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    """
    check_files(folder, COHORT_FILES, force=force)
    check_writable(folder)


def model_of(cohort: str, name: str | None) -> mt.Model:
    """The model of that name, or the one that the cohort is for.

    Raises
    ------
    InputError : the model comes from another tool, without contexts and drugs
    """
    loaded = mt.load(mt.load_cohort(cohort).model if name is None else name)
    if not isinstance(loaded, mt.Model):
        raise mt.InputError(f"{name}: cohorts need a native model, with contexts and drugs")
    return loaded


def tell_cohort(cohort: mt.Cohort, folder: str | None, *, force: bool, as_json: bool) -> int:
    """Print the cohort and write its files; returns the exit code."""
    files = () if folder is None else write_cohort(cohort, folder, force=force)
    click.echo(cohort_json(cohort) if as_json else cohort_text(cohort))
    if files and not as_json:
        click.echo("\n".join(["written:", *(f"  {file}" for file in files)]))
    for failure in cohort.failures[:5]:
        click.echo(f"mtorsim: {failure}", err=True)
    return 1 if cohort.failures else 0
