"""Genotypes, conditions and cell types: numbers that change parameters of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import ModelError, UnknownNameError, suggestion
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.document import Document, Problems, read_document
from mtorsim.modelfiles.library import find_part, label_of, load_sources
from mtorsim.modelfiles.numbers import read_number
from mtorsim.modelfiles.schema import table_at
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import Parameter, unit_text
from mtorsim.network.source import source_complaint

Array = NDArray[np.float64]

KINDS = ("genotype", "condition", "cell")


@dataclass(frozen=True, slots=True)
class Context:
    """Factors on parameters and values for them.

    Parameters
    ----------
    kind : ``"genotype"``, ``"condition"`` or ``"cell"``
    factors : dimensionless, by the parameter they multiply
    values : in nM and s, by the parameter they replace
    overrides : contexts whose numbers this one replaces where both touch a parameter
    of_drugs : whether its parameters belong to drugs, and are passed over where those are absent
    """

    id: str
    title: str
    kind: str
    factors: Mapping[str, Parameter]
    values: Mapping[str, Parameter]
    overrides: tuple[str, ...] = ()
    of_drugs: bool = False

    @property
    def touched(self) -> frozenset[str]:
        """Ids of the parameters it changes."""
        return frozenset((*self.factors, *self.values))


def load_context(context: str | Path, *, network: ReactionNetwork) -> Context:
    """Read a context and check it against a network.

    Parameters
    ----------
    context : id of a context beside the network's model or among the shipped ones, or a path
        ending in ``.toml``

    Raises
    ------
    UnknownNameError : no context of that id
    ModelError : everything that is wrong with the file, one line each
    """
    given = Path(context)
    is_path = isinstance(context, Path) or given.suffix == ".toml"
    path = given if is_path else find_part("context", str(context), folder=network.folder)
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    problems.raise_if_any()
    if document is None:
        raise ModelError(f"{path}: can not be read")
    loaded = _read_context(document, network, problems)
    if not is_path and loaded is not None and loaded.id != path.stem:
        where = document.where("context", "id")
        problems.add(where, f'id is "{loaded.id}", but the file is {path.name}')
    problems.raise_if_any()
    if loaded is None:
        raise ModelError(f"{path}: can not be read")
    return loaded


def _read_context(
    document: Document, network: ReactionNetwork, problems: Problems
) -> Context | None:
    """The context in a document; None, with the problem noted, where its head is wrong."""
    schema.CONTEXT_FILE.check(document.data, where=document.where, problems=problems)
    head = table_at(document, "context", schema.CONTEXT, problems=problems)
    if not head:
        return None
    if head["kind"] not in KINDS:
        hint = suggestion(head["kind"], KINDS)
        problems.add(document.where("context", "kind"), f'unknown kind "{head["kind"]}"{hint}')
    context = Context(
        id=head["id"],
        title=head["title"],
        kind=head["kind"],
        factors=_read_numbers(document, "factors", problems),
        values=_read_numbers(document, "values", problems),
        overrides=tuple(head.get("overrides", ())),
        of_drugs=head.get("of_drugs", False),
    )
    _check_against(context, network, document, problems)
    return context


def _read_numbers(document: Document, key: str, problems: Problems) -> dict[str, Parameter]:
    """The numbers below ``[factors]`` or ``[values]``."""
    make_schema = schema.factor_schema if key == "factors" else schema.value_schema
    numbers = {}
    for name, entry in document.entries(key, problems=problems):
        where = document.where(key, name)
        what = f'[{key}] "{name}"'
        if make_schema(what).check(entry, where=document.places(key, name), problems=problems):
            with problems.collected(where, what):
                numbers[name] = read_number(name, entry, origin=where)
    return numbers


def _check_against(
    context: Context, network: ReactionNetwork, document: Document, problems: Problems
) -> None:
    """Unknown parameters, wrong units, unknown sources, one parameter touched twice."""
    powers_of = {parameter.id: parameter.powers for parameter in network.parameters}
    sources = load_sources(network.folder)
    for key, numbers in (("factors", context.factors), ("values", context.values)):
        for name, number in numbers.items():
            where = document.where(key, name)
            if name not in powers_of and not context.of_drugs:
                problems.add(where, f'unknown parameter "{name}"{suggestion(name, powers_of)}')
            elif key == "values" and number.powers != powers_of.get(name, number.powers):
                wanted = unit_text(powers_of[name])
                problems.add(where, f'"{name}" has unit {number.unit}, but {wanted} is wanted')
            if complaint := source_complaint(number.source, sources):
                problems.add(where, f'"{name}": {complaint}')
    for name in context.overrides:
        with problems.collected(document.where("context", "overrides"), "overrides"):
            _check_known(name, network)
    for name in context.factors.keys() & context.values.keys():
        problems.add(document.where("values", name), f'"{name}" has a factor and a value')


def _check_known(name: str, network: ReactionNetwork) -> None:
    try:
        find_part("context", name, folder=network.folder)
    except UnknownNameError as error:
        raise ModelError(str(error)) from None


def apply_contexts(
    network: ReactionNetwork, contexts: Sequence[Context], *, values: Array | None = None
) -> Array:
    """Parameter values of a network under contexts, combined in the order given.

    Parameters
    ----------
    values : (..., p) nM and s, what the contexts change; None takes the network's own

    Returns
    -------
    Array of the shape of ``values``, (p,) where there are none

    Raises
    ------
    ModelError : two contexts touch one parameter and neither overrides the other, or a context
        touches a parameter that the network does not have
    """
    _check_clashes(contexts)
    values = np.array(network.parameter_values() if values is None else values)
    column = {name: i for i, name in enumerate(network.parameter_ids)}
    for context in contexts:
        hidden = {
            name for other in contexts if context.id in other.overrides for name in other.touched
        }
        for name in context.touched - hidden:
            if name not in column and context.of_drugs:
                continue
            if name not in column:
                hint = suggestion(name, column)
                raise ModelError(f'context {context.id}: unknown parameter "{name}"{hint}')
            if name in context.values:
                values[..., column[name]] = context.values[name].value
            else:
                values[..., column[name]] *= context.factors[name].value
    return values


def _check_clashes(contexts: Sequence[Context]) -> None:
    """Two contexts that touch one parameter without saying which holds."""
    problems = []
    for i, first in enumerate(contexts):
        for second in contexts[i + 1 :]:
            common = sorted(first.touched & second.touched)
            settled = second.id in first.overrides or first.id in second.overrides
            if common and not settled:
                problems.append(
                    f"contexts {first.id} and {second.id} both change {', '.join(common)}: "
                    "leave one out, or say overrides in one of them"
                )
    if problems:
        raise ModelError(problems)
