"""``mtorsim show``: what a model is made of."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.description import PARTS, SUMMARY, print_part
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.loops import print_loops

LOOPS = "loops"
EXAMPLES = examples(
    "mtorsim show mtor-core",
    "mtorsim show mtor-core --equations",
    "mtorsim show mtor-core --loops --dose everolimus=20nM --time 24h",
    "mtorsim show mtor-core --drug everolimus --parameters",
    "mtorsim show model.xml --equations",
)


@click.command("show", epilog=EXAMPLES)
@options.model_request(options.model_argument, options.drugs, options.doses)
@click.option("--time", metavar="TIME", help="Gains of loops after this time, not at rest.")
@options.as_json
def command(*, request: ModelRequest, time: str | None, as_json: bool, **parts: bool) -> None:
    """Describe MODEL: a summary, or one of its parts, in the context asked for.

    --loops measures the gain of each feedback loop, at rest or after --time, under the drugs of
    --dose.
    """
    named = [name for name, is_wanted in parts.items() if is_wanted]
    if len(named) > 1:
        raise mt.InputError(f"--{named[0]} and --{named[1]}: ask for one part at a time")
    part = named[0] if named else SUMMARY
    if part != LOOPS and (time or request.doses):
        raise mt.InputError("--dose and --time go with --loops, whose gains are those of a state")
    model = request.load_any_in_context()
    if part == LOOPS and isinstance(model, mt.Model):
        print_loops(model, request.drug_doses(), time=time, as_json=as_json)
    else:
        print_part(model, part, as_json=as_json)


command.params.extend(
    click.Option([f"--{name}"], is_flag=True, help=text) for name, text in PARTS.items()
)
