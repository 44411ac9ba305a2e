"""``mtorsim compare``: drugs side by side."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.comparing import check_target, parse_doses, print_comparison, print_lost
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.parsing import split_list
from mtorsim.cli.progress import progress_bar

EXAMPLES = examples(
    "mtorsim compare everolimus vistusertib --context PTEN-intact --context PTEN-lost --out out",
    "mtorsim compare everolimus vistusertib --model mtor --sets 100 --out bands",
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
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Set DRUGs side by side: dose-response in each context, with all loops and with each cut.

    Prints IC50s, largest effects, and what each loop contributes at equal inhibition of S6K1.
    Where the model comes with parameter sets, ranges over them stand in brackets and are shaded.
    """
    if out is not None:
        check_target(out, force=force)
    with progress_bar(quiet=quiet) as progress:
        comparison = mt.compare(
            request.load(),
            drugs,
            contexts=request.contexts,
            loops=loops or None,
            doses=parse_doses(doses),
            at=split_list(at),
            readouts=split_list(readouts) or None,
            uncertainty=uncertainty,
            progress=progress,
        )
    if out is None:
        print_comparison(comparison, (), json=as_json)
    else:
        files = mt.write_comparison(comparison, out, force=force, command=journal.command)
        print_comparison(comparison, files, json=as_json)
    return print_lost(comparison)
