"""What ``mtorsim show`` says of a model."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

import mtorsim as mt
from mtorsim.cli.output import print_json, print_table

if TYPE_CHECKING:
    from mtorsim.simulate.catalogue import Catalogue
    from mtorsim.simulate.model_face import ModelFace

Rows = list[dict[str, object]]

SUMMARY = "summary"
TEXTS: Mapping[str, tuple[str, Callable[[ModelFace], str]]] = {
    "equations": ("Fluxes and differential equations.", lambda model: model.equations()),
    "latex": ("The same in LaTeX.", lambda model: model.equations(latex=True)),
    "code": (
        "Where the generated Python code is.",
        lambda model: str(model.kernel().write_equations()),
    ),
}
TABLES: Mapping[str, tuple[str, Callable[[ModelFace], Rows]]] = {
    "species": ("Species with initial amounts.", lambda model: _records(model.species)),
    "reactions": ("Reactions with rates.", lambda model: _records(model.reactions)),
    "compartments": (
        "Compartments of an imported model.",
        lambda model: _records(model.compartments),
    ),
    "parameters": ("Parameters with sources.", lambda model: _records(model.parameters)),
    "readouts": ("What can be read out.", lambda model: _records(model.observables)),
    "loops": (
        "Feedback loops that can be cut.",
        lambda model: [
            {**row, "reactions": model.loops[str(row["id"])].reactions}
            for row in _records(model.loops)
        ],
    ),
    "moieties": (
        "Conserved totals.",
        lambda model: [
            {"total": moiety.name, "species": sum(map(bool, moiety.weights))}
            for moiety in model.conserved_moieties()
        ],
    ),
}
PARTS = {name: text for name, (text, _) in {**TEXTS, **TABLES}.items()}
"""What can be shown, with the line of its option."""


def print_part(model: ModelFace, part: str, *, as_json: bool) -> None:
    """Print a part of a model, or its summary."""
    if part == SUMMARY:
        _print_summary(model, as_json=as_json)
    elif part in TEXTS:
        text = TEXTS[part][1](model)
        if as_json:
            print_json({part: text})
        else:
            click.echo(text.rstrip())
    else:
        rows = TABLES[part][1](model)
        if as_json:
            print_json(rows)
        else:
            print_table(list(rows[0]) if rows else ["none"], [list(row.values()) for row in rows])


def _names(model: ModelFace) -> dict[str, tuple[str, ...]]:
    """Names that other commands take."""
    if isinstance(model, mt.Model):
        return {
            "drugs": model.drugs,
            "contexts": model.entry.contexts if model.entry else (),
            "loops": tuple(model.loops),
            "readouts": tuple(model.observables),
        }
    return {
        "time in": (model.time_unit or "a unit that the file does not declare",),
        "readouts": tuple(model.observables),
    }


def _print_summary(model: ModelFace, *, as_json: bool) -> None:
    """Counts, and the names that other commands take."""
    counts, names = model.counts, _names(model)
    if as_json:
        print_json({"id": model.id, "title": model.title, **counts, **names})
        return
    click.echo(f"{model.id}: {model.title}")
    click.echo(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    for name, values in names.items():
        text = ", ".join(values) or "none"
        click.echo(
            textwrap.fill(
                text,
                96,
                initial_indent=f"{name:<10}",
                subsequent_indent=" " * 10,
                break_on_hyphens=False,
            )
        )


def _records(catalogue: Catalogue[Any]) -> Rows:
    """A catalogue as a record per item."""
    return [dict(zip(catalogue.header, row, strict=True)) for row in catalogue.rows()]
