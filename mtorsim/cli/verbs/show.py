"""``mtorsim show``: what a model is made of."""

import click

from mtorsim.cli import options
from mtorsim.cli.description import PARTS, SUMMARY, print_part
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest

EXAMPLES = examples(
    "mtorsim show mtor-core",
    "mtorsim show mtor-core --equations",
    "mtorsim show mtor-core --drug everolimus --parameters",
    "mtorsim show model.xml --equations",
)


@click.command("show", epilog=EXAMPLES)
@options.model_request(options.model_argument, options.drugs)
@options.as_json
def command(*, request: ModelRequest, part: str, as_json: bool) -> None:
    """Describe MODEL: a summary, or one of its parts, in the context asked for."""
    print_part(request.load_any_in_context(), part, as_json=as_json)


command.params.extend(
    click.Option([f"--{name}", "part"], flag_value=name, default=SUMMARY, help=text)
    for name, text in PARTS.items()
)
