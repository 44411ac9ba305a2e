"""From ``[[reaction]]`` tables to reactions of one direction, with ``for`` written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mtorsim.errors import ModelError
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.document import Document, Problems, Table
from mtorsim.modelfiles.numbers import check_id, read_number
from mtorsim.network.equation import parse_equation
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction

_TAG = re.compile(r"[A-Za-z0-9_]+")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_EXPANDED_KEYS = ("equation", "rate", "forward", "reverse")
_RATE_ENDINGS = {"rate": "", "forward": "_f", "reverse": "_r"}


def read_reactions(
    document: Document, *, module: str, problems: Problems
) -> tuple[list[Reaction], list[Parameter]]:
    """The reactions of a file, and the parameters that their inline quantities declare."""
    reactions: list[Reaction] = []
    parameters: list[Parameter] = []
    for i, table in enumerate(document.array("reaction")):
        name = table.get("id", f"number {i + 1}")
        check = schema.reaction_schema(f'reaction "{name}"')
        if not check.check(table, where=document.places("reaction", i), problems=problems):
            continue
        where = document.where("reaction", i)
        with problems.collected(where, f'reaction "{name}"'):
            check_id(name)
            named, declared = _declare_rates(table, document, i, problems)
            parameters += declared
            for ending, expanded in _expansions(named):
                with problems.collected(where, f'reaction "{name}{ending}"'):
                    reactions += _directions(name + ending, expanded, module=module, origin=where)
    return reactions, parameters


def _declare_rates(
    table: Table, document: Document, i: int, problems: Problems
) -> tuple[dict[str, Any], list[Parameter]]:
    """The table with inline quantities replaced by names, and the parameters of these names."""
    named, declared = dict(table), []
    for key, ending in _RATE_ENDINGS.items():
        inline = table.get(key)
        if not isinstance(inline, dict):
            continue
        named[key] = f"k_{table['id']}{ending}"
        places = document.places("reaction", i, key)
        check = schema.parameter_schema(f'{key} of reaction "{table["id"]}"')
        if check.check(inline, where=places, problems=problems):
            declared.append(read_number(named[key], inline, origin=places("value")))
    return named, declared


def _expansions(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pairs (ending of the id, table) for each entry of ``for``, or the one there is."""
    if "for" not in table:
        yield "", table
        return
    texts = " ".join(table.get(key, "") for key in _EXPANDED_KEYS)
    for entry in table["for"]:
        if not _TAG.fullmatch(entry.get("tag", "")):
            raise ModelError("each entry of 'for' needs a 'tag' of letters, digits and '_'")
        unused = [name for name in entry if name != "tag" and f"{{{name}}}" not in texts]
        if unused:
            raise ModelError(f"'for' gives {{{unused[0]}}}, which nothing uses")
        replaced = {key: _replaced(table[key], entry) for key in _EXPANDED_KEYS if key in table}
        yield f"_{entry['tag']}", table | replaced


def _replaced(text: str, entry: Table) -> str:
    """``text`` with ``{name}`` replaced for each name of a ``for`` entry."""
    for name, value in entry.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _directions(name: str, table: Table, *, module: str, origin: str) -> list[Reaction]:
    """The reaction, or both directions of a reversible one."""
    for key in _EXPANDED_KEYS:
        if left := _PLACEHOLDER.search(table.get(key, "")):
            raise ModelError(f"nothing replaces {left[0]} in {table[key]!r}")
    equation = parse_equation(table["equation"])
    _check_rate_keys(table, reversible=equation.reversible)
    forward = Reaction(
        id=name,
        module=table.get("module", module),
        reactants=equation.reactants,
        products=equation.products,
        rate=parse_monomial(table["forward" if equation.reversible else "rate"]),
        open=table.get("open", False),
        origin=origin,
    )
    if not equation.reversible:
        return [forward]
    backward = replace(
        forward,
        id=f"{name}_r",
        reactants=forward.products,
        products=forward.reactants,
        rate=parse_monomial(table["reverse"]),
    )
    return [replace(forward, id=f"{name}_f"), backward]


def _check_rate_keys(table: Table, *, reversible: bool) -> None:
    """``->`` takes ``rate``, ``<->`` takes ``forward`` and ``reverse``, and nothing else."""
    wanted = ["forward", "reverse"] if reversible else ["rate"]
    found = [key for key in _RATE_ENDINGS if key in table]
    if sorted(found) != sorted(wanted):
        arrow = "<->" if reversible else "->"
        raise ModelError(
            f"an equation with '{arrow}' takes {' and '.join(wanted)}, "
            f"but {' and '.join(found) or 'no rate'} is given"
        )
