"""Options that several verbs share, spelled and explained once."""

from __future__ import annotations

import click


def examples(*lines: str) -> str:
    """Closing part of a help text: command lines that work as they stand."""
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", heading, *(f"  {line}" for line in lines)])


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
contexts = click.option(
    "--context",
    "contexts",
    multiple=True,
    metavar="NAME",
    help="Genotype, cell or condition, as PTEN-lost; may be repeated.",
)
without = click.option(
    "--without",
    "without",
    multiple=True,
    metavar="LOOP",
    help="Cut this feedback loop; may be repeated.",
)
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a parameter another value; may be repeated.",
)
readouts = click.option(
    "--readout",
    "readouts",
    multiple=True,
    metavar="NAME,...",
    help="What to read out, separated by commas; all observables of the model if left out.",
)
force = click.option("--force", is_flag=True, help="Replace what is there.")
quiet = click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
