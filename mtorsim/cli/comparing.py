"""Where a comparison goes: looked at before it is computed, told afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

import mtorsim as mt
from mtorsim.analysis.comparison_bands import NO_RANGE
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.output import print_table
from mtorsim.cli.parsing import split_readouts, split_times
from mtorsim.cli.progress import progress_bar
from mtorsim.report.details_tables import details_text
from mtorsim.report.export import as_json
from mtorsim.report.tables import band_of, comparison_text, range_note
from mtorsim.report.words import ic50_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What to compare, as it was written.

    Parameters
    ----------
    drugs : ids
    doses, at, readouts : as texts
    loops : those to cut; none cuts each in turn
    uncertainty : whether, or over how many parameter sets; None leaves it to the model
    """

    drugs: Sequence[str] = field(kw_only=False)
    doses: str
    at: Sequence[str]
    readouts: Sequence[str]
    loops: Sequence[str]
    uncertainty: bool | int | None


def run_comparison(
    request: ModelRequest, settings: Settings, *, synergy: bool, with_details: bool, quiet: bool
) -> tuple[mt.Comparison, mt.ComparisonDetails | None]:
    """The comparison, with explanations, growth and synergy where they are wanted."""
    model = request.load()
    with progress_bar(quiet=quiet) as progress:
        comparison = mt.compare(
            model,
            settings.drugs,
            contexts=request.contexts,
            loops=settings.loops or None,
            doses=parse_doses(settings.doses),
            at=split_times(settings.at),
            readouts=split_readouts(settings.readouts) or None,
            uncertainty=settings.uncertainty,
            progress=progress,
        )
        details = None
        if synergy or with_details:
            details = mt.comparison_details(model, comparison, synergy=synergy)
    return comparison, details


def parse_doses(text: str) -> int | tuple[str, str, int]:
    """``"200"``, or ``"0.01:1000:200"`` in nM unless a unit is written.

    Raises
    ------
    InputError : neither
    """
    parts = text.split(":")
    try:
        if len(parts) == 1:
            return int(text)
        low, high, count = parts
        return low, high, int(count)
    except ValueError:
        raise mt.InputError(f"--doses {text!r}: write COUNT or LOW:HIGH:COUNT") from None


def print_comparison(
    comparison: mt.Comparison,
    files: Sequence[Path],
    *,
    details: mt.ComparisonDetails | None,
    json: bool,
) -> None:
    """Print the tables, or JSON, and which files were written."""
    if json:
        click.echo(as_json(comparison, details), nl=False)
        return
    click.echo(comparison_text(comparison), nl=False)
    if details is not None:
        click.echo(f"\n{details_text(details)}", nl=False)
    if files:
        click.echo("\n".join(["", "written:", *(f"  {file}" for file in files)]))


def print_fits(comparison: mt.Comparison) -> None:
    """Print a line per curve."""
    rows = [
        [
            row.label.context or "as it stands",
            row.label.readout,
            row.label.time / 3600,
            row.curve.control,
            ic50_cell(row, band_of(comparison, row)),
            row.emax,
            row.auc,
        ]
        for row in comparison.rows
    ]
    # The change as a number, then its range over the parameter sets where there is one.
    headers = ["context", "readout", "time (h)", "without drug", "IC50 (nM)", "Emax", "AUC"]
    if comparison.bands is not None:
        headers.append("Emax of sets")
        for cells, row in zip(rows, comparison.rows, strict=True):
            low, high = getattr(band_of(comparison, row), "emax", NO_RANGE)
            cells.append(f"{low:.3g} to {high:.3g}")
    print_table(headers, rows)
    if comparison.bands is not None:
        click.echo(f"\n{range_note(comparison)}")
