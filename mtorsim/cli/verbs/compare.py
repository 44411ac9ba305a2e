"""``mtorsim compare``: drugs side by side."""

from collections.abc import Sequence
from pathlib import Path

import click

import mtorsim as mt
from mtorsim.analysis.comparison_details import check_synergy
from mtorsim.cli import options
from mtorsim.cli.comparing import (
    Settings,
    print_comparison,
    run_comparison,
)
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.output import print_failures
from mtorsim.report import COMPARISON_FILES
from mtorsim.report.whole_folder import check_drawn_files

EXAMPLES = examples(
    "mtorsim compare everolimus vistusertib --context PTEN-intact --context PTEN-lost --out out",
    "mtorsim compare everolimus vistusertib --model mtor --sets 100 --out bands",
    "mtorsim compare everolimus azd8055 --doses 40 --synergy --out together",
    "mtorsim compare sirolimus azd8055 --doses 0.1:1000:60 --loop s6k1_irs1_feedback --at 24h",
)


@click.command("compare", epilog=EXAMPLES)
@click.argument("drugs", nargs=-1, required=True, metavar="DRUG...")
@options.model_request(options.model_option)
@options.dose_range
@options.times
@options.readouts
@options.uncertainty
@click.option("--loop", "loops", multiple=True, metavar="LOOP", help="Cut this loop, not each.")
@click.option(
    "--synergy", is_flag=True, help="Score two drugs together, too, at all pairs of doses."
)
@click.option("--out", metavar="FOLDER", help="Folder for tables, pictures and a report.")
@options.force
@options.as_json
@options.quiet
@click.pass_obj
def command(
    journal: Journal,
    *,
    drugs: tuple[str, ...],
    request: ModelRequest,
    doses: str,
    at: tuple[str, ...],
    uncertainty: bool | int | None,
    readouts: tuple[str, ...],
    loops: tuple[str, ...],
    synergy: bool,
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Set DRUGs side by side: dose-response in each context, with all loops and with each cut.

    Prints IC50s, largest effects, and what each loop contributes at equal inhibition of S6K1.
    Where the model comes with parameter sets, ranges over them stand in brackets and are shaded.
    With --out, a page also says why: what each loop adds, the pathway, and growth.
    """
    if synergy:
        check_synergy(drugs)
    if out is not None:
        check_drawn_files(out, COMPARISON_FILES, force=force)
    settings = Settings(
        drugs, doses=doses, at=at, readouts=readouts, loops=loops, uncertainty=uncertainty
    )
    comparison, details = run_comparison(
        request, settings, synergy=synergy, with_details=out is not None, quiet=quiet
    )
    files: Sequence[Path] = ()
    if out is not None:
        files = mt.write_comparison(
            comparison, out, details=details, force=force, command=journal.command
        )
    print_comparison(comparison, files, details=details, json=as_json)
    return print_failures(comparison.failures)
