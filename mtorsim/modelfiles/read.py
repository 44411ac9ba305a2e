"""From the tables of one file to the parts of a network; no other file is looked at."""

from __future__ import annotations

from dataclasses import dataclass

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
    parameters = _read_parameters(document, problems)
    species = _read_species(document, problems)
    reactions, declared = read_reactions(document, module=module, problems=problems)
    observables = _read_observables(document, problems)
    return Fragment((*parameters, *declared), tuple(species), tuple(reactions), tuple(observables))


def _read_parameters(document: Document, problems: Problems) -> list[Parameter]:
    parameters = []
    for name, table in document.entries("parameters", problems=problems):
        what = f'parameter "{name}"'
        where = document.where("parameters", name)
        check, places = schema.parameter_schema(what), document.places("parameters", name)
        if check.check(table, where=places, problems=problems):
            with problems.collected(where, what):
                check_id(name)
                parameters.append(read_number(name, table, origin=where))
    return parameters


def _read_species(document: Document, problems: Problems) -> list[Species]:
    species = []
    for name, table in document.entries("species", problems=problems):
        what = f'species "{name}"'
        where = document.where("species", name)
        check, places = schema.species_schema(what), document.places("species", name)
        if not check.check(table, where=places, problems=problems):
            continue
        with problems.collected(where, what):
            parse_species_id(name)
            species.append(
                Species(
                    id=name,
                    fixed=table.get("fixed", False),
                    initial=parse_monomial(table["initial"]) if "initial" in table else None,
                    title=table.get("title", ""),
                    identifiers=table.get("identifiers", {}),
                    origin=where,
                )
            )
    return species


def _read_observables(document: Document, problems: Problems) -> list[ObservableEntry]:
    observables = []
    for name, table in document.entries("observables", problems=problems):
        what = f'observable "{name}"'
        where = document.where("observables", name)
        check, places = schema.observable_schema(what), document.places("observables", name)
        if not check.check(table, where=places, problems=problems):
            continue
        with problems.collected(where, what):
            check_id(name)
            observables.append(_observable(name, table, where))
    return observables


def _observable(name: str, table: Table, origin: str) -> ObservableEntry:
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
