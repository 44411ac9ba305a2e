"""``mtorsim validate``: the evidence panel on a model."""

import click

from mtorsim.analysis.validate import validate
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.output import print_json
from mtorsim.cli.parsing import split_list
from mtorsim.cli.progress import progress_bar
from mtorsim.cli.validating import as_record, print_rows
from mtorsim.report.validation_figures import check_pictures, write_pictures

EXAMPLES = examples(
    "mtorsim validate",
    "mtorsim validate --model mtor-core --rows B14,B46 --json",
    "mtorsim validate --model mtor-core --rows B14,B46 --plot pictures",
)


@click.command("validate", epilog=EXAMPLES)
@click.option("--model", default="mtor", show_default=True, help="Name of a model, or its file.")
@click.option("--rows", multiple=True, metavar="ID,...", help="Only these rows of the panel.")
@click.option("--plot", metavar="FOLDER", help="Folder for a picture per topic.")
@options.force
@options.as_json
@options.quiet
def command(
    *,
    model: str,
    rows: tuple[str, ...],
    plot: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run the evidence panel: what experiments show, and what the model does.

    Exits with 1 when a row fails that passed when the baseline was stored.
    """
    if plot is not None:
        check_pictures(plot, force=force)
    with progress_bar(quiet=quiet):
        validation = validate(model, rows=split_list(rows, option="--rows"))
    pictures = () if plot is None else write_pictures(validation, plot, force=force)
    if as_json:
        print_json(as_record(validation))
    else:
        print_rows(validation)
        for picture in pictures:
            click.echo(picture)
    return 1 if validation.regressions else 0
