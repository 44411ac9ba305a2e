"""From the tables of one file to the parts of a network; no other file is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mtorsim.errors import InputError, ModelError, UnitsError, suggestion
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.document import Document, Problems, Table
from mtorsim.modelfiles.numbers import check_id, read_number
from mtorsim.modelfiles.reactions import read_reactions
from mtorsim.network.dose import Dose
from mtorsim.network.loop import Loop
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.quantity import Parameter, parse_quantity
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species, parse_species_id

Part = TypeVar("Part")

KINDS = {"parameters": "parameter", "species": "species", "observables": "observable"}
"""What an entry of each table is, for error lines."""


@dataclass(frozen=True, slots=True)
class ObservableEntry:
    """An observable as written; which species it sums is known once all are."""

    id: str
    match: str
    terms: tuple[str, ...]
    of: str
    title: str
    unit: str
    origin: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """What one file adds to a network, in file order."""

    parameters: tuple[Parameter, ...]
    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    observables: tuple[ObservableEntry, ...]


def read_fragment(document: Document, *, module: str, problems: Problems) -> Fragment:
    """Parameters, species, reactions and observables of a section, template, drug or model file.

    Parameters
    ----------
    module : what reactions belong to that do not say
    problems : gets a line for each thing that is wrong; the thing itself is left out
    """
    parameters = _read_entries(
        document, "parameters", keys_of=schema.parameter_schema, read=_parameter, problems=problems
    )
    species = _read_entries(
        document, "species", keys_of=schema.species_schema, read=_species, problems=problems
    )
    reactions, declared = read_reactions(document, module=module, problems=problems)
    observables = _read_entries(
        document,
        "observables",
        keys_of=schema.observable_schema,
        read=_observable,
        problems=problems,
    )
    return Fragment((*parameters, *declared), tuple(species), tuple(reactions), tuple(observables))


def _read_entries(
    document: Document,
    key: str,
    *,
    keys_of: Callable[[str], schema.Schema],
    read: Callable[[str, Table, str], Part],
    problems: Problems,
) -> list[Part]:
    """What stands below ``[key]``; what is wrong is noted and left out.

    Parameters
    ----------
    keys_of : the schema of an entry, from how error lines call it
    read : from name, table and origin
    """
    found = []
    for name, table in document.entries(key, problems=problems):
        what, where = f'{KINDS[key]} "{name}"', document.where(key, name)
        if keys_of(what).check(table, where=document.places(key, name), problems=problems):
            with problems.collected(where, what):
                found.append(read(name, table, where))
    return found


def _parameter(name: str, table: Table, origin: str) -> Parameter:
    check_id(name)
    return read_number(name, table, origin=origin)


def _species(name: str, table: Table, origin: str) -> Species:
    parse_species_id(name)
    return Species(
        id=name,
        fixed=table.get("fixed", False),
        initial=parse_monomial(table["initial"]) if "initial" in table else None,
        title=table.get("title", ""),
        identifiers=table.get("identifiers", {}),
        origin=origin,
    )


def _observable(name: str, table: Table, origin: str) -> ObservableEntry:
    check_id(name)
    unit = "1" if "of" in table else "nM"
    if ("match" in table) == ("sum" in table):
        raise ModelError("one of 'match' and 'sum' must be given")
    if table.get("unit", unit) != unit:
        raise ModelError(f'its unit is "{unit}", not "{table["unit"]}"')
    match, of, title = (table.get(key, "") for key in ("match", "of", "title"))
    return ObservableEntry(name, match, tuple(table.get("sum", ())), of, title, unit, origin)


_DOSE_UNITS = ("nM", "mg")


def read_dose(table: Table, *, origin: str) -> Dose:
    """The dose in a table; whether its species is fixed shows once all species are there.

    Raises
    ------
    ModelError : the amount is no monomial, or the unit or the time of an infusion is not right
    """
    unit = table.get("unit", "nM")
    if unit not in _DOSE_UNITS:
        raise ModelError(f'unit is "{unit}"{suggestion(unit, _DOSE_UNITS)}')
    if ("infusion" in table) != ("infusion_time" in table):
        raise ModelError("infusion and infusion_time go together")
    time = table.get("infusion_time", "0 s")
    try:
        infusion_time = parse_quantity(time, dimension="time", what="infusion_time")
    except (InputError, UnitsError) as error:
        raise ModelError(str(error)) from None
    return Dose(
        table["species"],
        parse_monomial(table["amount"]),
        fixed=False,
        unit=unit,
        infusion=table.get("infusion", ""),
        infusion_time=infusion_time,
        origin=origin,
    )


_SIGNS = ("negative", "positive")


def read_loop(document: Document, table: Table, *path: str | int, problems: Problems) -> list[Loop]:
    """The loop in the table at ``path``, or nothing and a problem."""
    if not schema.LOOP.check(table, where=document.places(*path), problems=problems):
        return []
    if table["sign"] not in _SIGNS:
        what = f'loop "{table["id"]}": sign is "{table["sign"]}", not negative or positive'
        problems.add(document.where(*path, "sign"), what)
    signal = table["signal"]
    return [
        Loop(
            id=table["id"],
            title=table["title"],
            sign=table["sign"],
            signals=(signal,) if isinstance(signal, str) else tuple(signal),
            reactions=tuple(table["reactions"]),
            clamp=tuple(table.get("clamp", table["reactions"])),
            source=table["source"],
            why=table.get("why", ""),
            origin=document.where(*path),
        )
    ]
