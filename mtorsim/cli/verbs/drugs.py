"""``mtorsim drugs``: the shipped drugs."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.output import print_json, print_table


@click.command("drugs", epilog=examples("mtorsim drugs"))
@options.as_json
def command(as_json: bool) -> None:
    """List the drugs that are shipped, with the models that they act in."""
    models = mt.list_models()
    entries = [
        {
            "id": entry.id,
            "title": entry.title,
            "class": entry.drug_class,
            "models": [model.id for model in models if entry.id in model.drugs],
        }
        for entry in mt.list_drugs()
    ]
    if as_json:
        print_json(entries)
    else:
        print_table(
            ["drug", "title", "class", "models"], [list(entry.values()) for entry in entries]
        )
