"""What an imported model contains, and what looks wrong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.interop.sbml_findings import Finding
from mtorsim.network.general_model import GeneralModel, ModelReaction, Participant
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.symbolic.terms import TermReader

#: states at which rate laws are tried, each species drawn from a wide range
N_TRIALS = 20


@dataclass(frozen=True, slots=True)
class ImportedCheck:
    """Findings on one model.

    Parameters
    ----------
    contents : pairs (what, how many)
    is_mass_action : whether the whole model runs on the mass-action engine
    findings : what looks wrong, with file and line
    """

    contents: tuple[tuple[str, int], ...]
    is_mass_action: bool
    findings: tuple[Finding, ...]


def check_imported(imported: ImportedEngine) -> ImportedCheck:
    """Look a model over; nothing is simulated."""
    model = imported.model
    contents = (
        ("compartments", len(model.compartments)),
        ("species", len(model.species)),
        ("parameters", len(model.parameters)),
        ("reactions", len(model.reactions)),
        ("assignment rules", len(model.rules)),
        ("rate rules", len(model.rates)),
        ("initial assignments", len(model.initial)),
        ("events", len(model.events)),
    )
    findings = (
        *_unused(model),
        *_without_law(model),
        *_not_mass_action(imported),
        *_negative(imported),
    )
    is_mass_action = imported.lane_kernels().mass_action is not None
    return ImportedCheck(contents, is_mass_action, findings)


def used_symbols(model: GeneralModel) -> set[str]:
    """Ids that some formula, species or event of a model uses."""
    roots = [*model.rules.values(), *model.rates.values(), *model.initial.values()]
    roots += [reaction.law for reaction in model.reactions if reaction.law is not None]
    for event in model.events:
        parts = (event.trigger, event.delay, event.priority)
        roots += [part for part in parts if part is not None]
        roots += [formula for _, formula in event.assignments]
    used = {str(name) for name in model.graph.leaves(roots, "symbol")}
    used |= {str(name) for name in model.graph.leaves(roots, "rate")}
    factors = (model.conversion_factor, *(s.conversion_factor for s in model.species))
    return used | {factor for factor in factors if factor is not None}


def _unused(model: GeneralModel) -> Iterator[Finding]:
    used = {*used_symbols(model), *model.rules, *model.rates}
    for parameter in model.parameters:
        where, name = model.where(parameter.id), f"parameter {parameter.id!r}"
        if parameter.id not in used:
            yield Finding("unused", where, f"{name} is not used")
        elif parameter.value is None and parameter.id not in {*model.rules, *model.initial}:
            yield Finding("no value", where, f"{name} has no value")


def _without_law(model: GeneralModel) -> Iterator[Finding]:
    for reaction in model.reactions:
        if reaction.law is None:
            text = f"reaction {reaction.id!r} has no rate law"
            yield Finding("no rate law", model.where(reaction.id), text)


def _not_mass_action(imported: ImportedEngine) -> Iterator[Finding]:
    """Reactions whose rate is no sum of products in which their reactants stand."""
    system, model = imported.system, imported.model
    reader = TermReader(system.graph, system.n_continuous)
    for reaction in model.reactions:
        if reaction.law is None:
            continue
        terms = reader.terms(system.values[reaction.id])
        where, name = model.where(reaction.id), f"reaction {reaction.id!r}"
        if terms is None:
            text = f"{name}: the rate law is not a polynomial of amounts"
            yield Finding("not mass action", where, text)
        elif not all(_holds_a_side(imported, reaction, term) for term in terms):
            text = f"{name}: the rate law is not a product with its reactants"
            yield Finding("not mass action", where, text)


def _holds_a_side(imported: ImportedEngine, reaction: ModelReaction, term: tuple[int, ...]) -> bool:
    """Whether the reactants, or of a reversible reaction the products, are among the factors."""
    sides = [reaction.reactants, *([reaction.products] if reaction.reversible else [])]
    factors = Counter(term)
    return any(_slots(imported, side) <= factors for side in sides)


def _slots(imported: ImportedEngine, side: Sequence[Participant]) -> Counter[int]:
    """Slots of the species on a side that reactions change, each as often as it reacts."""
    slots: Counter[int] = Counter()
    for participant in side:
        slot = imported.slot_of.get(participant.species)
        if slot is not None and slot < imported.system.n_continuous:
            slots[slot] += max(1, round(participant.stoichiometry or 1.0))
    return slots


def _negative(imported: ImportedEngine) -> Iterator[Finding]:
    """Reactions that go on though one of their reactants is used up."""
    system, model = imported.system, imported.model
    n = system.n_continuous
    start = imported.start()[0]
    draws = np.random.default_rng(0).lognormal(sigma=3.0, size=(N_TRIALS, start.size))
    for reaction in model.reactions:
        for participant in reaction.reactants:
            slot = imported.slot_of.get(participant.species, n)
            if reaction.law is None or slot >= n:
                continue
            slots = {i: draws[:, i] if i < n else start[i : i + 1] for i in range(start.size)}
            slots[slot] = np.zeros(N_TRIALS)
            (rate,) = evaluate(system.graph, [system.values[reaction.id]], slots=slots, time=0.0)
            if np.any(rate > 0.0):
                text = (
                    f"reaction {reaction.id!r} goes on without its reactant "
                    f"{participant.species!r}, which can so become negative"
                )
                yield Finding("can go negative", model.where(reaction.id), text)
