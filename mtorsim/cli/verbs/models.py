"""``mtorsim models``: the shipped models."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.output import print_json, print_table


@click.command("models", epilog=examples("mtorsim models --json"))
@options.as_json
def command(as_json: bool) -> None:
    """List the models that are shipped."""
    entries = [
        {
            "id": entry.id,
            "title": entry.title,
            "drugs": entry.drugs,
            "contexts": entry.contexts,
            "path": entry.path,
        }
        for entry in mt.list_models()
    ]
    if as_json:
        print_json(entries)
    else:
        print_table(
            ["model", "title", "drugs"], [[e["id"], e["title"], e["drugs"]] for e in entries]
        )
