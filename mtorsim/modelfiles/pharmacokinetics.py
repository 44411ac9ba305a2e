"""What the body does to a drug, read from ``models/pharmacokinetics``: data, with sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, ModelError, suggestion
from mtorsim.modelfiles.document import Document, Problems, read_document
from mtorsim.modelfiles.library import label_of, load_sources, models_folder
from mtorsim.modelfiles.numbers import read_number
from mtorsim.modelfiles.schema import TABLE, TEXT, Schema, parameter_schema, table_at
from mtorsim.modelfiles.sourced import shipped_names
from mtorsim.network.quantity import Parameter, parse_quantity
from mtorsim.network.source import Source, source_complaint

Array = NDArray[np.float64]
Route = Literal["oral", "infusion"]
Matrix = Literal["plasma", "blood"]

FOLDER = "pharmacokinetics"
ROUTES = ("oral", "infusion")
MATRICES = ("plasma", "blood")

# Unit of each constant in its file. Volumes count as multiples of one litre in the network, and
# clearances as multiples of one litre an hour, so that amounts there are nM of the central volume.
UNITS = {
    "molar_mass": "g/mol",
    "absorption_rate": "1/h",
    "clearance": "L/h",
    "volume_central": "L",
    "clearance_distribution": "L/h",
    "volume_peripheral": "L",
    "fraction_unbound": "1",
    "blood_to_plasma": "1",
    "metabolite_auc_ratio": "1",
}
_RED_CELL_UNITS = {"capacity": "mg/L", "half": "mg/L", "linear": "1", "hematocrit": "1"}
_NETWORK_UNITS = {"g/mol": "1", "1/h": "1/h", "L/h": "1/h", "L": "1", "mg/L": "1", "1": "1"}

_FILE = Schema(
    "a file of pharmacokinetics",
    {"pharmacokinetics": TABLE, "parameters": TABLE, "red_cells": TABLE},
    ("pharmacokinetics", "parameters"),
)
_HEAD = Schema(
    "[pharmacokinetics]",
    dict.fromkeys(
        ("drug", "title", "route", "measured_in", "metabolite", "infusion", "note"), TEXT
    ),
    ("drug", "title", "route", "measured_in"),
)


@dataclass(frozen=True, slots=True)
class RedCells:
    """How much of a drug red cells hold beside plasma; it makes blood of plasma, and no more.

    Parameters
    ----------
    capacity, half : saturable sites and the plasma concentration that fills half of them, mg/L
    linear : what red cells hold besides, over plasma
    hematocrit : share of red cells in blood
    constants : the same with their sources
    """

    capacity: float
    half: float
    linear: float
    hematocrit: float
    constants: tuple[Parameter, ...] = ()

    def blood(self, plasma: Array) -> Array:
        """Concentration in whole blood at those in plasma, mg/L."""
        cells = self.capacity * plasma / (self.half + plasma) + self.linear * plasma
        return (1.0 - self.hematocrit) * plasma + self.hematocrit * cells


@dataclass(frozen=True, slots=True)
class Pharmacokinetics:
    """Linear one- or two-compartment kinetics of a drug.

    Parameters
    ----------
    drug : its id
    title : what the constants describe
    route : by mouth, then volumes and clearances are apparent (over bioavailability); or infused
    measured_in : what the central concentration is of
    parameters : constants as parameters of a network, ids ``<constant>_<drug>``
    sources : what they cite, by key
    metabolite : drug that is formed from it, "" for none
    infusion_time : how long an infusion usually takes, s; 0 by mouth
    note : what is left out
    red_cells : how plasma becomes blood, where that is known and not already measured
    """

    drug: str
    title: str
    route: Route
    measured_in: Matrix
    parameters: tuple[Parameter, ...]
    sources: Mapping[str, Source]
    metabolite: str = ""
    infusion_time: float = 0.0
    note: str = ""
    red_cells: RedCells | None = None

    def has(self, constant: str) -> bool:
        """Whether a constant is there."""
        return any(parameter.id == f"{constant}_{self.drug}" for parameter in self.parameters)

    @property
    def compartments(self) -> int:
        """1, or 2 with a peripheral compartment."""
        return 2 if self.has("volume_peripheral") else 1

    @property
    def guessed(self) -> tuple[str, ...]:
        """Constants that no source gives."""
        return tuple(
            parameter.id.removesuffix(f"_{self.drug}")
            for parameter in self.parameters
            if parameter.source == "assumed"
        )


def list_pharmacokinetics() -> tuple[str, ...]:
    """Drugs that can be given in mg, by name."""
    return shipped_names(FOLDER)


def load_pharmacokinetics(drug: str) -> Pharmacokinetics:
    """The pharmacokinetics of a drug.

    Raises
    ------
    InputError : there are none; names the drugs that have them
    ModelError : everything that is wrong with the file, one line each
    """
    known = list_pharmacokinetics()
    if drug not in known:
        raise InputError(
            f"no pharmacokinetic constants for {drug}: dose it in nM; "
            f"doses in mg can be given of {', '.join(known)}"
        )
    return read_pharmacokinetics(models_folder() / FOLDER / f"{drug}.toml")


def read_pharmacokinetics(path: Path) -> Pharmacokinetics:
    """The pharmacokinetics in a file, whose name is that of the drug.

    Raises
    ------
    ModelError : everything that is wrong with the file, one line each
    """
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    if document is None or not _FILE.check(document.data, where=document.where, problems=problems):
        raise ModelError(problems.lines)
    head = table_at(document, "pharmacokinetics", _HEAD, problems=problems)
    problems.raise_if_any()
    _check_head(document, head, path.stem, problems)
    parameters = _read_parameters(document, path.stem, problems)
    _check_constants(document, head, set(document.table("parameters")), problems)
    red_cells = _read_red_cells(document, problems)
    cells = red_cells.constants if red_cells else ()
    sources = _cited(document, (*parameters, *cells), problems)
    problems.raise_if_any()
    infusion = head.get("infusion")
    return Pharmacokinetics(
        drug=path.stem,
        title=head["title"],
        route=head["route"],
        measured_in=head["measured_in"],
        parameters=tuple(parameters),
        sources=sources,
        metabolite=head.get("metabolite", ""),
        infusion_time=parse_quantity(infusion, dimension="time") if infusion else 0.0,
        note=head.get("note", ""),
        red_cells=red_cells,
    )


def _check_head(document: Document, head: Mapping[str, str], drug: str, problems: Problems) -> None:
    if head["drug"] != drug:
        where = document.where("pharmacokinetics", "drug")
        problems.add(where, f'drug is "{head["drug"]}", but the file is {drug}.toml')
    for key, choices in (("route", ROUTES), ("measured_in", MATRICES)):
        if head[key] not in choices:
            where = document.where("pharmacokinetics", key)
            problems.add(where, f'{key} is "{head[key]}"{suggestion(head[key], choices)}')
    if (head["route"] == "infusion") != ("infusion" in head):
        where = document.where("pharmacokinetics", "route")
        problems.add(where, 'the route "infusion", and no other, goes with infusion = "30 min"')


def _read_parameters(document: Document, drug: str, problems: Problems) -> list[Parameter]:
    """The constants of the network, with their meaning and unit spelled out."""
    parameters = []
    for read in _read_constants(document, "parameters", UNITS, problems):
        meaning = f"{read.meaning or read.id.replace('_', ' ')} of {drug}, {UNITS[read.id]}"
        parameters.append(replace(read, id=f"{read.id}_{drug}", meaning=meaning))
    return parameters


def _read_constants(
    document: Document, table_name: str, units: Mapping[str, str], problems: Problems
) -> Iterator[Parameter]:
    """Constants of a table, each in its one unit and above 0."""
    for name, table in document.entries(table_name, problems=problems):
        where, what = document.where(table_name, name), f'constant "{name}"'
        if name not in units:
            problems.add(where, f"unknown {what}{suggestion(name, units)}")
            continue
        check, places = parameter_schema(what), document.places(table_name, name)
        if not check.check(table, where=places, problems=problems):
            continue
        if table["unit"] != units[name]:
            problems.add(where, f'{what}: its unit is "{units[name]}", not "{table["unit"]}"')
            continue
        with problems.collected(where, what):
            read = read_number(name, {**table, "unit": _NETWORK_UNITS[table["unit"]]}, origin=where)
            if read.value == 0.0:
                problems.add(where, f"{what}: it must be above 0")
            yield read


def _read_red_cells(document: Document, problems: Problems) -> RedCells | None:
    if "red_cells" not in document.data:
        return None
    constants = tuple(_read_constants(document, "red_cells", _RED_CELL_UNITS, problems))
    given = {constant.id: constant.value for constant in constants}
    for name in _RED_CELL_UNITS:
        if name not in document.table("red_cells"):
            problems.add(document.where("red_cells"), f'the constant "{name}" is missing')
    return RedCells(constants=constants, **given) if len(given) == len(_RED_CELL_UNITS) else None


def _check_constants(
    document: Document, head: Mapping[str, str], given: set[str], problems: Problems
) -> None:
    """The constants that the structure needs, and no others."""
    needed = {"molar_mass", "clearance", "volume_central", "fraction_unbound"}
    if head["route"] == "oral":
        needed.add("absorption_rate")
    if head["measured_in"] == "blood":
        needed.add("blood_to_plasma")
    if "metabolite" in head:
        needed.add("metabolite_auc_ratio")
    if given & {"clearance_distribution", "volume_peripheral"}:
        needed |= {"clearance_distribution", "volume_peripheral"}
    for name in sorted(needed - given):
        problems.add(document.where("parameters"), f'the constant "{name}" is missing')
    for name in sorted((given & set(UNITS)) - needed):
        problems.add(document.where("parameters", name), f'the constant "{name}" has no use here')


def _cited(
    document: Document, parameters: Sequence[Parameter], problems: Problems
) -> dict[str, Source]:
    known, cited = load_sources(), {}
    for parameter in parameters:
        for key in filter(None, (parameter.source, parameter.range_source)):
            if key in known:
                cited[key] = known[key]
            elif complaint := source_complaint(key, known):
                problems.add(parameter.origin, complaint)
    return cited
