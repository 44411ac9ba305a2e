"""What an imported model conserves, and the directions in which its reactions can move it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.balance import ConservedMoiety, find_moieties
from mtorsim.network.general_model import ModelReaction
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.general_system import GeneralSystem

Array = NDArray[np.float64]
Change = tuple[tuple[int, int], ...]


def moieties_of_system(system: GeneralSystem) -> tuple[ConservedMoiety, ...]:
    """Sums of amounts that neither reactions nor rate rules nor events change, by slot."""
    n = system.n_continuous
    changed = {slot for event in system.events for slot in event.sets if slot < n}
    changes = [*reaction_changes(system).values(), *(((slot, 1),) for slot in sorted(changed))]
    return find_moieties(_structure(n, changes), system.slots[:n])


def reaction_changes(system: GeneralSystem) -> dict[str, Change]:
    """By reaction, or by what moves by itself, the slots that change and by how much.

    A slot whose change is no fixed whole number (a rate rule, a stoichiometry that is a formula or
    a fraction, a conversion factor) moves by itself, under its own id.
    """
    model, n = system.model, system.n_continuous
    index = {sid: i for i, sid in enumerate(system.slots[:n])}
    alone = {sid for sid in index if sid in model.rates}
    alone |= {s.id for s in model.species if s.conversion_factor or model.conversion_factor}
    alone |= {p.species for r in model.reactions for p in (*r.reactants, *r.products) if p.id}
    nets = {r.id: _net(r) for r in model.reactions if r.law is not None}
    alone |= {sid for net in nets.values() for sid, change in net.items() if change % 1.0 != 0.0}
    changes = {
        reaction: tuple(
            sorted((index[sid], round(c)) for sid, c in net.items() if c and sid in index)
        )
        for reaction, net in nets.items()
    }
    kept = {
        reaction: tuple((i, c) for i, c in change if system.slots[i] not in alone)
        for reaction, change in changes.items()
    }
    kept = {reaction: change for reaction, change in kept.items() if change}
    return kept | {sid: ((index[sid], 1),) for sid in sorted(alone) if sid in index}


def _net(reaction: ModelReaction) -> dict[str, float]:
    """Net change by species; participants whose stoichiometry is not a number count as none."""
    net: dict[str, float] = {}
    for side, sign in ((reaction.reactants, -1.0), (reaction.products, 1.0)):
        for participant in side:
            change = sign * (participant.stoichiometry or 0.0)
            net[participant.species] = net.get(participant.species, 0.0) + change
    return net


def directions_of(n_slots: int, changes: list[Change]) -> Array:
    """Orthonormal basis (n_slots, rank) of what the changes can reach."""
    matrix = _structure(n_slots, changes).stoichiometry().astype(np.float64)
    if not changes:
        return np.zeros((n_slots, 0))
    left, sizes, _ = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-10 * sizes.max(initial=1.0)])


def _structure(n_slots: int, changes: list[Change]) -> MassActionStructure:
    distinct = tuple(dict.fromkeys(changes))
    return MassActionStructure(n_slots, ((),) * len(distinct), distinct)
