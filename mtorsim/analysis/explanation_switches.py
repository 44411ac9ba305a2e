"""Loops with switches: every choice of loops that act is a row of numbers of one kernel.

To cut a loop is to switch its reactions off, before the drug too. To clamp it is to let them read
the level that its signals had before the drug. Both are written into the network as reactions times
parameters that are 0 or 1, so that all settings run in one sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from mtorsim.network.monomial import Monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction

if TYPE_CHECKING:
    from mtorsim.model import Model


def acting(loop: str) -> str:
    """Parameter that is 1 where a loop acts and 0 where it is cut or clamped."""
    return f"acting_{loop}"


def held(loop: str) -> str:
    """Parameter that is 1 where a loop is clamped and 0 where it acts."""
    return f"held_{loop}"


def with_cutting_switches(model: Model, loops: Sequence[str]) -> Model:
    """The model with a parameter per loop that cuts it at 0; at 1 nothing is changed."""
    network = model.network
    loops_of = _loops_of_reaction({loop: network.loop(loop).reactions for loop in loops})
    reactions = tuple(
        _times(reaction, [acting(loop) for loop in loops_of.get(reaction.id, ())])
        for reaction in network.reactions
    )
    switches = tuple(_switch(acting(loop), 1.0) for loop in loops)
    return replace(
        model,
        network=replace(network, reactions=reactions, parameters=network.parameters + switches),
    )


def with_clamping_switches(model: Model, loops: Sequence[str]) -> tuple[Model, tuple[str, ...]]:
    """The model with a pair of parameters per loop that clamps it at (acting 0, held 1).

    A reaction that reads signals of several loops is there once for every choice of those that are
    held.

    Returns
    -------
    The model, and the signals that it can hold; the caller sets the amounts of the fixed species
    that stand for them, whose ids ``clamped_id`` gives
    """
    network = model.network
    loops_of = _loops_of_reaction({loop: network.loop(loop).clamp for loop in loops})
    all_held = _clamped(network, loops)
    reactions: list[Reaction] = []
    for reaction in network.reactions:
        readers = loops_of.get(reaction.id, ())
        for choice in product((False, True), repeat=len(readers)):
            chosen = [loop for loop, is_held in zip(readers, choice, strict=True) if is_held]
            variant = _clamped(network, chosen).reaction(reaction.id)
            name = "__".join((reaction.id, *map(held, chosen)))
            factors = [(held if loop in chosen else acting)(loop) for loop in readers]
            reactions.append(_times(replace(variant, id=name), factors))
    switches = [_switch(acting(loop), 1.0) for loop in loops]
    switches += [_switch(held(loop), 0.0) for loop in loops]
    switched = replace(
        network,
        species=all_held.species,
        reactions=tuple(reactions),
        parameters=network.parameters + tuple(switches),
        loops=(),
    )
    signals = dict.fromkeys(signal for loop in loops for signal in network.loop(loop).signals)
    return replace(model, network=switched), tuple(signals)


def _loops_of_reaction(reactions_of: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The loops that each reaction belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for loop, reactions in reactions_of.items():
        for reaction in reactions:
            found[reaction] = (*found.get(reaction, ()), loop)
    return found


def _clamped(network: ReactionNetwork, loops: Sequence[str]) -> ReactionNetwork:
    for loop in loops:
        network = network.clamped(loop)
    return network


def _times(reaction: Reaction, factors: Sequence[str]) -> Reaction:
    """The reaction at its rate times some parameters."""
    if not factors:
        return reaction
    above = [pair for pair in reaction.rate.powers if pair[1] > 0]
    below = [pair for pair in reaction.rate.powers if pair[1] < 0]
    powers = (*above, *((factor, 1) for factor in factors), *below)
    return replace(reaction, rate=Monomial(reaction.rate.coefficient, powers))


def _switch(name: str, value: float) -> Parameter:
    return Parameter(
        name, value, "1", value, 1.0, "assumed", why="a switch, not a number of the cell"
    )
