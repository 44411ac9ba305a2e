"""``mtorsim dose-response``: readouts against the dose of one drug."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.comparing import parse_doses, print_fits
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.output import print_failures, print_json
from mtorsim.cli.parsing import split_readouts, split_times
from mtorsim.cli.progress import progress_bar
from mtorsim.report.export import records

EXAMPLES = examples(
    "mtorsim dose-response everolimus --readout pS6K1_T389,p4EBP1 --at 2h --context PTEN-lost"
)


@click.command("dose-response", epilog=EXAMPLES)
@click.argument("drug")
@options.model_request(options.model_option)
@click.option("--readout", "readouts", multiple=True, required=True, metavar="NAME,...")
@options.dose_range
@options.times
@options.uncertainty
@options.as_json
@options.quiet
def command(
    *,
    drug: str,
    request: ModelRequest,
    readouts: tuple[str, ...],
    doses: str,
    at: tuple[str, ...],
    uncertainty: bool | int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Fit the response of readouts to DRUG: IC50 with its interval, largest effect, AUC."""
    names = split_readouts(readouts)
    with progress_bar(quiet=quiet) as progress:
        comparison = mt.compare(
            request.load(),
            [drug],
            contexts=request.contexts,
            loops=(),
            doses=parse_doses(doses),
            at=split_times(at),
            readouts=names,
            reference=names[0],
            watched=names[0],
            uncertainty=uncertainty,
            progress=progress,
        )
    if as_json:
        print_json(records(comparison))
    else:
        print_fits(comparison)
    return print_failures(comparison.failures)
