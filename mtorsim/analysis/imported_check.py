"""What an imported model contains, and what looks wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.network.general_model import GeneralModel
from mtorsim.simulate.imported import ImportedModel

#: states at which rate laws are tried, each species drawn from a wide range
N_TRIALS = 20


@dataclass(frozen=True, slots=True)
class ImportedCheck:
    """Findings on one model.

    Parameters
    ----------
    contents : pairs (what, how many)
    is_mass_action : whether the whole model runs on the mass-action engine
    notes : one line each, with file and line, of what looks wrong
    """

    contents: tuple[tuple[str, int], ...]
    is_mass_action: bool
    notes: tuple[str, ...]


def check_imported(imported: ImportedModel) -> ImportedCheck:
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
    notes = (*_unused(model), *_without_law(model), *_negative(imported))
    is_mass_action = imported.lane_kernels().mass_action is not None
    return ImportedCheck(contents, is_mass_action, notes)


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


def _unused(model: GeneralModel) -> Iterator[str]:
    used = {*used_symbols(model), *model.rules, *model.rates}
    for parameter in model.parameters:
        if parameter.id not in used:
            yield f"{model.where(parameter.id)}: parameter {parameter.id!r} is not used"
        elif parameter.value is None and parameter.id not in {*model.rules, *model.initial}:
            yield f"{model.where(parameter.id)}: parameter {parameter.id!r} has no value"


def _without_law(model: GeneralModel) -> Iterator[str]:
    for reaction in model.reactions:
        if reaction.law is None:
            yield f"{model.where(reaction.id)}: reaction {reaction.id!r} has no rate law"


def _negative(imported: ImportedModel) -> Iterator[str]:
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
                yield (
                    f"{model.where(reaction.id)}: reaction {reaction.id!r} goes on without its "
                    f"reactant {participant.species!r}, which can so become negative"
                )
