"""``mtorsim convert``: a model from one format into another."""

from pathlib import Path

import click

from mtorsim.cli import options
from mtorsim.cli.converting import read_source, target_format, write_target
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.output import check_file, print_json
from mtorsim.interop.format_names import NAMES, format_of

EXAMPLES = examples(
    "mtorsim convert mtor-core core.xml --drug everolimus --context PTEN-lost",
    "mtorsim convert mtor-core demo.omex --dose everolimus=20nM --drug vistusertib",
    "mtorsim convert core.xml core.ant",
    "mtorsim convert network.net network.xml",
)


@click.command("convert", epilog=EXAMPLES)
@options.model_request(options.input_argument, options.doses, options.drugs)
@click.argument("out", metavar="OUT")
@click.option("--rested", is_flag=True, help="Start at rest without drug, not from the totals.")
@click.option(
    "--time",
    "end",
    metavar="TIME",
    help="End of the simulation in an archive: 24h, or a number in the unit of another file.",
)
@options.force
@options.as_json
@options.quiet
@click.pass_obj
def command(
    journal: Journal,
    *,
    request: ModelRequest,
    out: str,
    rested: bool,
    end: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the model IN to the file OUT; both formats go by the names.

    IN is a model's name, or a file: .toml (native), .xml or .sbml, .ant (Antimony), .net
    (BioNetGen), .omex (COMBINE archive). OUT is .xml, .ant, .omex or .toml. An archive of a native
    model starts at rest, and holds the simulations of the demo with their results.
    """
    path, kind = Path(out), target_format(out)
    check_file(path, suffixes=(path.suffix.lower(),), force=force)
    is_native = format_of(request.model) == "native"
    source = read_source(request, at_rest=rested or (kind == "omex" and is_native))
    write_target(source, path, force=force, end=end)
    journal.note(path, NAMES[kind])
    if as_json:
        print_json({"out": out, "format": kind, "baked_in": source.baked_into(kind)})
    elif not quiet:
        click.echo(f"{out}: {NAMES[kind]}")
        for clause in source.baked_into(kind):
            click.echo(f"  {clause}")
