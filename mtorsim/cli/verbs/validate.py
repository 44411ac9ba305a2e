"""``mtorsim validate``: the evidence panel on a model."""

import click

from mtorsim.analysis.validate import validate
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.output import print_json
from mtorsim.cli.parsing import split_list
from mtorsim.cli.progress import progress_bar
from mtorsim.cli.validating import as_record, print_rows

EXAMPLES = examples(
    "mtorsim validate",
    "mtorsim validate --model mtor-core --rows B14,B46 --json",
)


@click.command("validate", epilog=EXAMPLES)
@click.option("--model", default="mtor", show_default=True, help="Name of a model, or its file.")
@click.option("--rows", multiple=True, metavar="ID,...", help="Only these rows of the panel.")
@options.as_json
@options.quiet
def command(*, model: str, rows: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Run the evidence panel: what experiments show, and what the model does.

    Exits with 1 when a row fails that passed when the baseline was stored.
    """
    with progress_bar(quiet=quiet):
        validation = validate(model, rows=split_list(rows))
    if as_json:
        print_json(as_record(validation))
    else:
        print_rows(validation)
    return 1 if validation.regressions else 0
