"""Export to SBML Level 3 Version 2 core: one compartment, nM and s, mass-action kinetic laws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnknownNameError
from mtorsim.interop.sbml_writer import SBO_RATE_CONSTANT, SbmlWriter
from mtorsim.network.monomial import Monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.species import Species, parse_species_id
from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

SBO_NON_COVALENT_COMPLEX = "SBO:0000253"
_SBO_OF_DATABASE = {"uniprot": "SBO:0000252", "chebi": "SBO:0000247"}


def structure_to_sbml(
    structure: MassActionStructure,
    *,
    rate_constants: Array,
    initial_amounts: Array,
    species_names: Sequence[str] | None = None,
    model_id: str = "network",
) -> str:
    """SBML text of a bare network: species ``s0, s1, ...``, rate constants ``k0, k1, ...``.

    Parameters
    ----------
    rate_constants : (r,) in nM and s
    initial_amounts : (n,) nM
    species_names : (n,) names for people; the ids of the species stay ``s0, s1, ...``
    model_id : id of the model
    """
    writer = SbmlWriter(model_id)
    species_ids = [writer.unique_id(f"s{i}") for i in range(structure.n_species)]
    names = species_ids if species_names is None else species_names
    for sid, name, amount in zip(species_ids, names, initial_amounts, strict=True):
        writer.add_species(sid, float(amount), name=name)
    rates = [writer.unique_id(f"k{r}") for r in range(structure.n_reactions)]
    for sid, reactants, value in zip(rates, structure.reactants, rate_constants, strict=True):
        parameter = writer.add_parameter(sid, float(value), (1 - len(reactants), -1))
        parameter.setSBOTerm(SBO_RATE_CONSTANT)
    for r, (reactants, changes) in enumerate(
        zip(structure.reactants, structure.changes, strict=True)
    ):
        writer.add_reaction(
            writer.unique_id(f"r{r}"),
            [species_ids[i] for i in reactants],
            [species_ids[i] for i in products_of(reactants, changes)],
            writer.symbol(rates[r]),
        )
    return writer.text()


def products_of(reactants: Sequence[int], changes: Sequence[tuple[int, int]]) -> list[int]:
    """Products that give the net changes; a negative one is an error of the structure."""
    counts = Counter(reactants)
    for i, change in changes:
        counts[i] += change
    if min(counts.values(), default=0) < 0:
        raise InputError(f"a reaction of {tuple(reactants)} takes more than it has: {changes}")
    return sorted(counts.elements())


def network_to_sbml(
    network: ReactionNetwork,
    *,
    values: Array | None = None,
    doses: Mapping[str, float] | None = None,
    amounts: Mapping[str, float] | None = None,
    cut: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> str:
    """SBML text of a network with its names, units, annotations, doses and observables.

    Rates stay formulas of the parameters, and initial amounts are initial assignments, so that
    parameters and doses can be changed in the exported model. Observables are assignment rules.
    The state is the one at the start; there is no pre-equilibration in SBML core.

    Parameters
    ----------
    values : (p,) parameter values, as a context gives; None takes the network's own
    doses : nM in the medium for composed drugs; others are 0
    amounts : nM at the start by species, in place of what parameters give
    cut : loops that are off: each is a parameter ``loop_<id>`` of 0, and 1 closes it again
    notes : about the whole model, for people

    Raises
    ------
    UnknownNameError : a dose is of a drug, or an amount of a species, that the network lacks
    MissingExtraError : python-libsbml is not installed
    """
    doses, amounts = doses or {}, amounts or {}
    for kind, given, known in (
        ("drug", doses, tuple(network.doses)),
        ("species", amounts, network.species_ids),
    ):
        for name in given:
            if name not in known:
                raise UnknownNameError(kind, name, known, where=network.id)
    writer = SbmlWriter(network.id, network.title)
    writer.add_model_notes(notes)
    row = network.parameter_values() if values is None else np.asarray(values, dtype=np.float64)
    ids = _unique_ids(writer, network)
    needed = _needed_parameters(network, amounts)
    for parameter, value in zip(network.parameters, row, strict=True):
        if parameter.id in needed:
            _add_parameter(writer, ids, parameter, float(value))
    _add_all_species(writer, ids, network, row=row, doses=doses, given=amounts)
    switches = _add_switches(writer, network, cut)
    for reaction in network.reactions:
        factors = [writer.symbol(sid) for sid in switches.get(reaction.id, ())]
        element = writer.add_reaction(
            ids.reactions[reaction.id],
            [ids.species[name] for name in reaction.reactants],
            [ids.species[name] for name in reaction.products],
            writer.product([*factors, writer.monomial(ids.renamed(reaction.rate))]),
        )
        element.setName(reaction.id)
        writer.add_notes(element, [f"module: {reaction.module}"] if reaction.module else [])
    for observable in network.observables:
        _add_observable(writer, ids, observable)
    return writer.text()


@dataclass(frozen=True, slots=True)
class SbmlIds:
    """Ids in the document of the parts of a network."""

    parameters: Mapping[str, str]
    doses: Mapping[str, str]
    species: Mapping[str, str]
    reactions: Mapping[str, str]
    observables: Mapping[str, str]

    def renamed(self, monomial: Monomial) -> Monomial:
        """The monomial over ids of the document."""
        powers = tuple((self.parameters[name], power) for name, power in monomial.powers)
        return Monomial(monomial.coefficient, powers)


def _unique_ids(writer: SbmlWriter, network: ReactionNetwork) -> SbmlIds:
    """Ids for all parts; where two meet, the parameter keeps its own."""
    return SbmlIds(
        parameters={name: writer.unique_id(name) for name in network.parameter_ids},
        doses={drug: writer.unique_id(f"dose_{drug}") for drug in network.doses},
        species={name: writer.unique_id(name, kind="species") for name in network.species_ids},
        reactions={name: writer.unique_id(name, kind="reaction") for name in network.reaction_ids},
        observables={
            observable.id: writer.unique_id(observable.id, kind="observable")
            for observable in network.observables
        },
    )


def sbml_ids(network: ReactionNetwork) -> SbmlIds:
    """The ids that `network_to_sbml` gives to the parts of a network."""
    return _unique_ids(SbmlWriter(network.id), network)


def _needed_parameters(network: ReactionNetwork, given: Mapping[str, float]) -> set[str]:
    """Parameters but for those that only start values need which are given as numbers."""
    monomials = [reaction.rate for reaction in network.reactions]
    monomials += [dose.amount for dose in network.doses.values()]
    used = {name for monomial in monomials for name, _ in monomial.powers}
    starts = {True: set[str](), False: set[str]()}
    for species in network.species:
        powers = species.initial.powers if species.initial else ()
        starts[species.id in given] |= {name for name, _ in powers}
    return set(network.parameter_ids) - (starts[True] - starts[False] - used)


def _add_parameter(writer: SbmlWriter, ids: SbmlIds, parameter: Parameter, value: float) -> None:
    """A parameter with its meaning as name and its provenance as notes."""
    element = writer.add_parameter(
        ids.parameters[parameter.id], value, parameter.powers, name=parameter.meaning
    )
    if parameter.powers[1] == -1:
        element.setSBOTerm(SBO_RATE_CONSTANT)
    notes = [f"source: {parameter.source}; spread: {parameter.spread:g}"]
    notes += [text for text in (parameter.fitted_to, parameter.why) if text]
    writer.add_notes(element, notes)


def _add_switches(
    writer: SbmlWriter, network: ReactionNetwork, cut: Sequence[str]
) -> dict[str, list[str]]:
    """A parameter of 0 for each loop that is cut; by reaction those that it is multiplied with."""
    switches: dict[str, list[str]] = {}
    for loop in map(network.loop, dict.fromkeys(cut)):
        sid = writer.unique_id(f"loop_{loop.id}")
        writer.add_parameter(sid, 0.0, (0, 0), name=f"{loop.title}: 0 is cut, 1 is closed")
        for reaction in loop.reactions:
            switches.setdefault(reaction, []).append(sid)
    return switches


def _add_all_species(
    writer: SbmlWriter,
    ids: SbmlIds,
    network: ReactionNetwork,
    *,
    row: Array,
    doses: Mapping[str, float],
    given: Mapping[str, float],
) -> None:
    """Species with their initial values, those of drugs from a dose in the medium."""
    rows = row[np.newaxis, :]
    amounts = dict(zip(network.species_ids, network.initial_amounts(rows)[0], strict=True))
    amounts |= given
    formulas = {
        s.id: [writer.monomial(ids.renamed(s.initial))]
        for s in network.species
        if s.initial and s.id not in given
    }
    for drug, dose in network.doses.items():
        if given.get(dose.species):
            start = writer.unique_id(f"{ids.species[dose.species]}_at_start")
            writer.add_parameter(start, given[dose.species], (1, 0), name="before the dose")
            formulas[dose.species] = [writer.symbol(start)]
        sid, value = ids.doses[drug], doses.get(drug, 0.0)
        where = "the medium" if dose.unit == "nM" else "mg"
        writer.add_parameter(sid, value, (1, 0), name=f"dose of {drug} in {where}")
        amounts[dose.species] += value * network.dose_amounts(drug, rows)[0]
        per_nM = writer.monomial(ids.renamed(dose.amount))
        term = writer.product([writer.symbol(sid), per_nM])
        formulas.setdefault(dose.species, []).append(term)
    known = {species.id: species for species in network.species}
    for species in network.species:
        sid = ids.species[species.id]
        amount = float(amounts[species.id])
        element = writer.add_species(sid, amount, name=species.id, fixed=species.fixed)
        _annotate_species(writer, element, species, known)
        if species.id in formulas:
            writer.set_initially(sid, writer.total(formulas[species.id]))


def _annotate_species(
    writer: SbmlWriter, element: Any, species: Species, known: Mapping[str, Species]
) -> None:
    """What the species is: its own identifiers, or those of the components it is made of."""
    writer.add_notes(element, [species.title] if species.title else [])
    names = [name for name, _ in parse_species_id(species.id)]
    parts = [known[name] for name in dict.fromkeys(names) if name in known]
    if len(names) > 1:
        element.setSBOTerm(SBO_NON_COVALENT_COMPLEX)
        writer.annotate(element, "hasPart", [uri for part in parts for uri in _uris(part)])
        return
    own = species if species.identifiers else next(iter(parts), species)
    for database in own.identifiers:
        if database.lower() in _SBO_OF_DATABASE:
            element.setSBOTerm(_SBO_OF_DATABASE[database.lower()])
    writer.annotate(element, "is" if own is species else "isVersionOf", _uris(own))


def _uris(species: Species) -> list[str]:
    """Addresses at identifiers.org of the identifiers of a species."""
    uris = []
    for database, entry in species.identifiers.items():
        compact = entry if ":" in entry else f"{database.lower()}:{entry}"
        uris.append(f"https://identifiers.org/{compact}")
    return uris


def _add_observable(writer: SbmlWriter, ids: SbmlIds, observable: Observable) -> None:
    """A parameter that a rule keeps at the value of an observable."""
    sid = ids.observables[observable.id]
    powers = (0, 0) if observable.of else (1, 0)
    writer.add_parameter(sid, None, powers, name=observable.title)

    def total(weights: Sequence[tuple[str, float]]) -> Any:
        return writer.weighted_sum([(ids.species[name], weight) for name, weight in weights])

    value = total(observable.weights)
    if observable.of:
        value = writer.quotient(value, total(observable.total_weights))
    writer.set_always(sid, value)
