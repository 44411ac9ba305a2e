"""What the verb ``cohort`` does besides running one: the model it is for, and telling of it."""

from __future__ import annotations

import click

import mtorsim as mt
from mtorsim.cli.output import print_failures
from mtorsim.report.cohort_export import cohort_json
from mtorsim.report.cohort_folder import write_cohort
from mtorsim.report.cohort_tables import cohort_text


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
    return print_failures(cohort.failures)
