"""From the tables of a file to the parts of a network; nothing here looks at another file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from mtorsim.errors import ModelError, UnitsError, suggestion
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.document import Document, Problems, Table
from mtorsim.network.equation import ParsedEquation, parse_equation
from mtorsim.network.monomial import Monomial, parse_monomial
from mtorsim.network.quantity import Parameter, parse_unit
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species, parse_species_id

_PARAMETER_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_REACTION_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAG = re.compile(r"[A-Za-z0-9_]+")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_CONFIDENCE = ("read", "recalled")
_EXPANDED_KEYS = ("equation", "rate", "forward", "reverse")


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

    parameters: list[Parameter] = field(default_factory=list)
    species: list[Species] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    observables: list[ObservableEntry] = field(default_factory=list)


def read_fragment(document: Document, *, module: str, problems: Problems) -> Fragment:
    """Parameters, species, reactions and observables of a section, template, drug or model file."""
    fragment = Fragment()
    _read_parameters(document, fragment, problems)
    _read_species(document, fragment, problems)
    reactions = document.data.get("reaction", [])
    for i in range(len(reactions) if isinstance(reactions, list) else 0):
        if isinstance(reactions[i], dict):
            _ReactionReader(document, i, module, fragment, problems).read()
    _read_observables(document, fragment, problems)
    return fragment


def _entries(document: Document, key: str, problems: Problems) -> list[tuple[str, Table]]:
    """The tables below ``[key]``; anything else there is a problem."""
    table = document.data.get(key, {})
    entries: list[tuple[str, Table]] = []
    for name, entry in table.items() if isinstance(table, dict) else ():
        if isinstance(entry, dict):
            entries.append((name, entry))
        else:
            problems.add(document.where(key, name), f"{name!r} in [{key}] must be a table")
    return entries


def _read_parameters(document: Document, fragment: Fragment, problems: Problems) -> None:
    for name, table in _entries(document, "parameters", problems):
        where = document.where("parameters", name)
        if not _PARAMETER_ID.fullmatch(name):
            problems.add(where, f'parameter "{name}": an id is a letter, then letters, digits, "_"')
            continue
        check = schema.parameter_schema(f'parameter "{name}"')
        if check.check(table, where=document.places("parameters", name), problems=problems):
            fragment.parameters.extend(read_number(name, table, origin=where, problems=problems))


def read_number(
    name: str, table: Table, *, origin: str, problems: Problems, what: str = "parameter"
) -> list[Parameter]:
    """The parameter that a checked table describes, or nothing and a problem.

    Absent unit and spread mean dimensionless and exact, which the schema allows in contexts alone.
    """
    before = len(problems.lines)
    for complaint in _number_complaints(table):
        problems.add(origin, f'{what} "{name}": {complaint}')
    try:
        factor = parse_unit(table.get("unit", "1")).factor
    except UnitsError as error:
        problems.add(origin, f'{what} "{name}": {error}')
    if len(problems.lines) > before:
        return []
    written = table.get("range")
    return [
        Parameter(
            id=name,
            value=table["value"] * factor,
            unit=table.get("unit", "1"),
            value_as_written=float(table["value"]),
            spread=float(table.get("spread", 1.0)),
            source=table["source"],
            range=(written[0] * factor, written[1] * factor) if written else None,
            range_as_written=(float(written[0]), float(written[1])) if written else None,
            origin=origin,
            **{
                key: table.get(key, "")
                for key in ("meaning", "why", "fitted_to", "range_source", "confidence")
            },
        )
    ]


def _number_complaints(table: Table) -> list[str]:
    """What is wrong with the numbers and the provenance of a parameter."""
    value, spread, limits = table["value"], table.get("spread", 1.0), table.get("range")
    complaints = []
    if not isfinite(value) or value < 0:
        complaints.append(f"value is {value}, it must be finite and not negative")
    if not isfinite(spread) or spread < 1:
        complaints.append(f"spread is {spread}, a geometric standard deviation is 1 or more")
    if limits and not 0 <= limits[0] <= limits[1] < float("inf"):
        complaints.append(f"range is {limits}, it must be [low, high], not negative")
    if table["source"] == "fitted" and not table.get("fitted_to"):
        complaints.append('source is "fitted", so "fitted_to" must say to what')
    if table["source"] == "assumed" and not table.get("why"):
        complaints.append('source is "assumed", so "why" must give the reason')
    if table.get("confidence", "read") not in _CONFIDENCE:
        hint = suggestion(table["confidence"], _CONFIDENCE)
        complaints.append(f'unknown confidence "{table["confidence"]}"{hint}')
    return complaints


def _read_species(document: Document, fragment: Fragment, problems: Problems) -> None:
    for name, table in _entries(document, "species", problems):
        where = document.where("species", name)
        check = schema.species_schema(f'species "{name}"')
        try:
            good = check.check(table, where=document.places("species", name), problems=problems)
            parse_species_id(name)
            initial = parse_monomial(table["initial"]) if good and "initial" in table else None
        except ModelError as error:
            problems.add(where, f'species "{name}": {error}')
            continue
        if good:
            fragment.species.append(
                Species(
                    id=name,
                    fixed=table.get("fixed", False),
                    initial=initial,
                    title=table.get("title", ""),
                    identifiers=table.get("identifiers", {}),
                    origin=where,
                )
            )


def _read_observables(document: Document, fragment: Fragment, problems: Problems) -> None:
    for name, table in _entries(document, "observables", problems):
        where = document.where("observables", name)
        what = f'observable "{name}"'
        check = schema.observable_schema(what)
        places = document.places("observables", name)
        if not check.check(table, where=places, problems=problems):
            continue
        unit = "1" if "of" in table else "nM"
        if not _REACTION_ID.fullmatch(name):
            problems.add(where, f'{what}: an id is a letter, then letters, digits, "_"')
        elif ("match" in table) == ("sum" in table):
            problems.add(where, f"{what} must have one of 'match' and 'sum'")
        elif table.get("unit", unit) != unit:
            problems.add(where, f'{what}: its unit is "{unit}", not "{table["unit"]}"')
        else:
            terms = tuple(table.get("sum", ()))
            texts = [table.get(key, "") for key in ("match", "of", "title")]
            match, of, title = texts
            fragment.observables.append(ObservableEntry(name, match, terms, of, title, unit, where))


@dataclass(frozen=True, slots=True)
class _ReactionReader:
    """Reads the i-th ``[[reaction]]`` of a document into the fragment."""

    document: Document
    i: int
    module: str
    fragment: Fragment
    problems: Problems

    def read(self) -> None:
        """Check the table, expand its ``for``, and add one or two reactions for each entry."""
        table = self.document.data["reaction"][self.i]
        name = table.get("id", f"number {self.i + 1}")
        check = schema.reaction_schema(f'reaction "{name}"')
        if not check.check(
            table, where=self.document.places("reaction", self.i), problems=self.problems
        ):
            return
        if not _REACTION_ID.fullmatch(name):
            self.complain(name, 'an id is a letter, then letters, digits, "_"')
            return
        table = self.with_declared_rates(table)
        for suffix, expanded in self.expansions(table):
            self.add(name + suffix, expanded)

    def complain(self, name: str, what: str) -> None:
        """Note a problem of this reaction."""
        self.problems.add(self.document.where("reaction", self.i), f'reaction "{name}": {what}')

    def with_declared_rates(self, table: Table) -> dict[str, Any]:
        """The table with inline quantities declared as parameters and replaced by their names."""
        named = dict(table)
        for key, ending in (("rate", ""), ("forward", "_f"), ("reverse", "_r")):
            inline = table.get(key)
            if not isinstance(inline, dict):
                continue
            name = f"k_{table['id']}{ending}"
            check = schema.parameter_schema(f'reaction "{table["id"]}": {key}')
            places = self.document.places("reaction", self.i, key)
            if check.check(inline, where=places, problems=self.problems):
                origin = places("value")
                self.fragment.parameters.extend(
                    read_number(name, inline, origin=origin, problems=self.problems)
                )
            named[key] = name
        return named

    def expansions(self, table: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """Pairs (ending of the id, table) for each entry of ``for``, or the one there is."""
        if "for" not in table:
            return [("", table)]
        expanded = []
        for entry in table["for"]:
            tag = entry.get("tag", "")
            if not _TAG.fullmatch(tag):
                self.complain(
                    table["id"], "each entry of 'for' needs a 'tag' of letters and digits"
                )
                continue
            replaced = dict(table)
            for key in _EXPANDED_KEYS:
                if key in table:
                    replaced[key] = _replaced(table[key], entry)
            expanded.append((f"_{tag}", replaced))
        used = "".join(table.get(key, "") for key in _EXPANDED_KEYS)
        for name in dict.fromkeys(name for entry in table["for"] for name in entry):
            if name != "tag" and f"{{{name}}}" not in used:
                self.complain(table["id"], f"'{{{name}}}' of 'for' is used nowhere")
        return expanded

    def add(self, name: str, table: dict[str, Any]) -> None:
        """Add the reaction, or both directions of a reversible one."""
        left = _PLACEHOLDER.search("".join(table.get(key, "") for key in _EXPANDED_KEYS))
        if left:
            self.complain(name, f"nothing replaces {left[0]}")
            return
        try:
            equation = parse_equation(table["equation"])
            rates = self.rates(name, table, equation)
        except ModelError as error:
            self.complain(name, str(error))
            return
        if not rates:
            return
        forward = Reaction(
            id=name,
            module=table.get("module", self.module),
            reactants=equation.reactants,
            products=equation.products,
            rate=rates[0],
            open=table.get("open", False),
            origin=self.document.where("reaction", self.i),
        )
        if not equation.reversible:
            self.fragment.reactions.append(forward)
            return
        backward = replace(
            forward,
            id=f"{name}_r",
            reactants=forward.products,
            products=forward.reactants,
            rate=rates[1],
        )
        self.fragment.reactions.extend((replace(forward, id=f"{name}_f"), backward))

    def rates(self, name: str, table: Table, equation: ParsedEquation) -> list[Monomial]:
        """The rate, or forward and reverse rates; empty, with a problem, if they do not fit."""
        wanted = ("forward", "reverse") if equation.reversible else ("rate",)
        arrow = "<->" if equation.reversible else "->"
        missing = [key for key in wanted if key not in table]
        extra = [
            key for key in ("rate", "forward", "reverse") if key in table and key not in wanted
        ]
        if missing or extra:
            names = " and ".join(repr(key) for key in wanted)
            self.complain(
                name, f"'{arrow}' takes {names}, found {' and '.join(extra) or 'too few'}"
            )
            return []
        return [parse_monomial(table[key]) for key in wanted]


def _replaced(text: str, entry: Table) -> str:
    """``text`` with ``{name}`` replaced for each name of a ``for`` entry."""
    for name, value in entry.items():
        text = text.replace(f"{{{name}}}", value)
    return text
