"""The parts of an imported model as catalogues, in the model's own units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.network.general_model import (
    Compartment,
    GeneralModel,
    ModelParameter,
    ModelReaction,
    ModelSpecies,
)
from mtorsim.simulate.catalogue import Catalogue
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.symbolic.general_equations import law_text, reaction_text


@dataclass(frozen=True, slots=True)
class ImportedQuantity:
    """A species, parameter or compartment.

    Parameters
    ----------
    value : at the start; NaN where the model gives none
    unit : as the file declares it; empty where it declares none
    kind : what may change it: ``"constant"``, ``"reactions"``, ``"rate rule"``, ``"rule"`` ...
    title : name in the file
    """

    id: str
    value: float
    unit: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class ImportedReadout:
    """Something that is read out where nothing else is asked for."""

    id: str
    title: str
    unit: str


_COLUMNS = {
    "id": lambda q: q.id,
    "value": lambda q: q.value,
    "unit": lambda q: q.unit or "-",
    "kind": lambda q: q.kind,
    "title": lambda q: q.title,
}


def start_values(engine: ImportedEngine, given: Mapping[str, float]) -> dict[str, float]:
    """Value of everything that has one, at the start."""
    slots = engine.start(given)[0]
    values = engine.system.values
    by_slot = {i: np.asarray(value) for i, value in enumerate(slots)}
    numbers = evaluate(engine.system.graph, list(values.values()), slots=by_slot, time=0.0)
    return {sid: float(number) for sid, number in zip(values, numbers, strict=True)}


def list_own_species(
    model: GeneralModel, values: Mapping[str, float]
) -> Catalogue[ImportedQuantity]:
    """Species with their values at the start, as amount or concentration as the file means them."""
    moved = {
        p.species for r in model.reactions if r.law is not None for p in (*r.reactants, *r.products)
    }
    listed = (_quantity(model, values, s, _species_kind(model, s, moved)) for s in model.species)
    return Catalogue("species", listed, _COLUMNS)


def _quantity(
    model: GeneralModel,
    values: Mapping[str, float],
    item: ModelSpecies | ModelParameter | Compartment,
    kind: str,
) -> ImportedQuantity:
    return ImportedQuantity(item.id, values[item.id], model.units.get(item.id, ""), kind, item.name)


def _species_kind(model: GeneralModel, species: ModelSpecies, moved: set[str]) -> str:
    if species.id in model.rules or species.id in model.rates:
        return _kind(model, species.id)
    if species.boundary or species.constant:
        return "boundary"
    return "reactions" if species.id in moved else _kind(model, species.id)


def _kind(model: GeneralModel, sid: str) -> str:
    if sid in model.rules:
        return "rule"
    if sid in model.rates:
        return "rate rule"
    in_event = any(sid == target for event in model.events for target, _ in event.assignments)
    return "events" if in_event else "constant"


def list_own_parameters(
    model: GeneralModel, values: Mapping[str, float]
) -> Catalogue[ImportedQuantity]:
    """Parameters; those local to a reaction are ``reaction.parameter``."""
    listed = (_quantity(model, values, p, _kind(model, p.id)) for p in model.parameters)
    return Catalogue("parameter", listed, _COLUMNS)


def list_own_compartments(
    model: GeneralModel, values: Mapping[str, float]
) -> Catalogue[ImportedQuantity]:
    """Compartments with their sizes."""
    listed = (_quantity(model, values, c, _kind(model, c.id)) for c in model.compartments)
    return Catalogue("compartment", listed, _COLUMNS)


def list_own_reactions(model: GeneralModel) -> Catalogue[ModelReaction]:
    """Reactions with their rate laws."""
    return Catalogue(
        "reaction",
        model.reactions,
        {
            "id": lambda r: r.id,
            "equation": reaction_text,
            "rate": lambda r: law_text(model, r),
            "title": lambda r: r.name,
        },
    )


def names_of_quantities(model: GeneralModel) -> dict[str, str]:
    """Name in the file, by id, of species, compartments and parameters."""
    names = {species.id: species.name for species in model.species}
    names |= {compartment.id: compartment.name for compartment in model.compartments}
    return names | {parameter.id: parameter.name for parameter in model.parameters}


def list_own_readouts(model: GeneralModel, *, rules_alone: bool) -> Catalogue[ImportedReadout]:
    """What a run reads out where nothing is asked for: species, and what rules compute.

    Parameters
    ----------
    rules_alone : leave species out where there are rules, as for the groups of a BioNetGen network
    """
    names = names_of_quantities(model)
    species = [s.id for s in model.species]
    computed = [sid for sid in model.rules if sid in names and sid not in species]
    chosen = computed if rules_alone and computed else [*species, *computed]
    return Catalogue(
        "readout",
        (ImportedReadout(sid, names[sid] or sid, model.units.get(sid, "")) for sid in chosen),
        {"id": lambda q: q.id, "title": lambda q: q.title, "unit": lambda q: q.unit or "-"},
    )
