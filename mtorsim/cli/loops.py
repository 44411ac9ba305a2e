"""What ``mtorsim show --loops`` says of feedback loops: their parts and their gains at a state."""

from __future__ import annotations

from collections.abc import Mapping

import click

import mtorsim as mt
from mtorsim.analysis.loop_gain import loop_gains
from mtorsim.cli.output import print_json, print_table
from mtorsim.cli.parsing import time_with_unit

Record = dict[str, object]

DEFINITION = (
    "gain: per cent that the signal comes to move when the reactions of the loop read it one per "
    "cent higher, the other loops closed"
)


def print_loops(
    model: mt.Model, doses: Mapping[str, str], *, time: str | None, as_json: bool
) -> None:
    """Print the loops with their gains at rest, or after a time under drugs."""
    at = None if time is None else time_with_unit(time, option="--time")
    gains = {found.loop: found for found in loop_gains(model, drugs=doses, at=at)}
    records = [_record(model, gains[loop]) for loop in model.loops]
    if as_json:
        print_json(records)
        return
    headers = list(records[0]) if records else ["none"]
    print_table(headers, [[_text(value) for value in record.values()] for record in records])
    given = ", ".join(f"{drug} {dose}" for drug, dose in doses.items()) or "no drug"
    where = f"{given}, {'at rest' if time is None else f'after {at}'}"
    contexts = f" in {' and '.join(model.contexts)}" if model.contexts else ""
    click.echo(f"\n{DEFINITION}; {where}{contexts}")
    for found in gains.values():
        if found.note:
            click.echo(f"{found.loop}: {found.note}")


def _record(model: mt.Model, found: mt.LoopGain) -> Record:
    loop = model.loops[found.loop]
    return {
        "id": loop.id,
        "sign": loop.sign,
        "gain": found.gain,
        "signal": loop.signals,
        "signal nM": found.level,
        "title": loop.title,
        "source": loop.source,
        "reactions": loop.reactions,
    }


def _text(value: object) -> object:
    return ", ".join(value) if isinstance(value, tuple) else value
