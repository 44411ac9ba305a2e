"""``mtorsim drugs``: the shipped drugs."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.output import print_json, print_table
from mtorsim.modelfiles.pharmacokinetics import list_pharmacokinetics


@click.command("drugs", epilog=examples("mtorsim drugs"))
@options.as_json
def command(as_json: bool) -> None:
    """List the drugs that are shipped, with the models that they act in.

    Those in mg have pharmacokinetics: mtorsim schedule gives them to a body.
    """
    models, in_mg = mt.list_models(), list_pharmacokinetics()
    entries = [
        {
            "id": entry.id,
            "title": entry.title,
            "class": entry.drug_class,
            "models": [model.id for model in models if entry.id in model.drugs],
            "in_mg": entry.id in in_mg,
        }
        for entry in mt.list_drugs()
    ]
    if as_json:
        print_json(entries)
    else:
        rows = [[*list(entry.values())[:-1], "yes" if entry["in_mg"] else ""] for entry in entries]
        print_table(["drug", "title", "class", "models", "in mg"], rows)
