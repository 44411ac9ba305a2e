"""Who acts on whom, read off the reactions, and how much more or less under a drug."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.explanation_fluxes import StateChange
from mtorsim.modelfiles.diagrams import DiagramNode, load_diagram
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import composition, parse_species_id

Array = NDArray[np.float64]


PRECURSOR_SHARE, PRECURSOR_STEPS = 0.25, 6
"""What one step before a form that acts counts, and how many steps are followed."""


LEAST_GAIN = 1e-6
"""Part of what acts that must be gained or lost before an influence has a sign."""


@dataclass(frozen=True, slots=True)
class Influence:
    """One protein acts on another.

    Parameters
    ----------
    source, target : nodes
    sign : 1 where the target comes to act more, -1 where less, 0 where neither can be said
    before, after : drive, the sum of rate constant times amount of what acts; the amount of the
        target is not in it
    loops : feedback loops that some of its reactions close
    """

    source: str
    target: str
    sign: int
    before: float
    after: float
    loops: tuple[str, ...] = ()

    @property
    def log2_fold(self) -> float:
        """log2 of the change of the drive; infinite where it was 0 before."""
        return _log2_fold(self.before, self.after)


@dataclass(frozen=True, slots=True)
class PathwayGraph:
    """Proteins and what they do to one another.

    Parameters
    ----------
    places : (column, row) by node
    activity : log2 of the change in what each node does, the mean over what it acts on; of one that
        acts on nothing the change of its modified forms; infinite for what the drug brought
    """

    places: Mapping[str, tuple[float, float]]
    activity: Mapping[str, float]
    influences: tuple[Influence, ...]


@dataclass(frozen=True, slots=True)
class _Action:
    """A species acts in a reaction on a node."""

    actor: str
    source: str
    target: str
    reaction: int


def pathway_graph(
    change: StateChange, *, drugs: Sequence[str] = (), nodes: Sequence[DiagramNode] | None = None
) -> PathwayGraph:
    """The graph of a network between two states.

    A species acts on a node where it catalyses a reaction that makes or uses up species of that
    node, or is bound into one of them.

    Parameters
    ----------
    change : amounts and rate constants before and after
    drugs : ids of the drugs that were given
    nodes : boxes in order of precedence; None takes the shipped diagram
    """
    return _Builder(change, drugs, load_diagram() if nodes is None else nodes).build()


class _Builder:
    """Looks up nodes and amounts of species while the graph is put together."""

    def __init__(
        self, change: StateChange, drugs: Sequence[str], nodes: Sequence[DiagramNode]
    ) -> None:
        self.change, self.drugs, self.nodes = change, drugs, nodes
        self.reactions = change.network.reactions
        self.index = {name: i for i, name in enumerate(change.species)}
        self.node_of = {name: self._node(name) for name in change.network.species_ids}
        self.actions = [
            action
            for i, reaction in enumerate(self.reactions)
            for action in self._actions(i, reaction)
        ]
        self.potency = self._potencies()
        before, after = change.fluxes()
        self.rates = before + after

    def build(self) -> PathwayGraph:
        """See ``pathway_graph``."""
        influences = self._influences()
        activity = self._activities(influences)
        drawn = {name for entry in influences for name in (entry.source, entry.target)}
        return PathwayGraph(
            {name: place for name, place in self._places(influences).items() if name in drawn},
            {name: value for name, value in activity.items() if name in drawn},
            influences,
        )

    def _node(self, species: str) -> str:
        """The first node that holds a component of a species, else its first component."""
        parts = composition(species)
        for node in self.nodes:
            if any(component in parts for component in node.holds):
                return node.id
        return next((drug for drug in self.drugs if drug in parts), parse_species_id(species)[0][0])

    def _actions(self, i: int, reaction: Reaction) -> list[_Action]:
        """What acts in a reaction, and on which nodes."""
        net = reaction.net_change()
        targets = dict.fromkeys(self.node_of[name] for name in net)
        found = []
        for actor in dict.fromkeys(reaction.reactants):
            source = self.node_of[actor]
            if actor not in net:
                found += [_Action(actor, source, target, i) for target in targets]
            elif len(reaction.reactants) > 1:
                taken = composition(actor)
                into = [n for n in reaction.products if taken.items() <= composition(n).items()]
                found += [
                    _Action(actor, source, self.node_of[n], i)
                    for n in into
                    if self.node_of[n] != source
                ]
        return found

    def _drive(self, actions: Sequence[_Action]) -> tuple[float, float]:
        """Sum of rate constant times amount of what acts, before and after."""
        before = after = 0.0
        for action in actions:
            place = self.index.get(action.actor)
            amounts = (1.0, 1.0) if place is None else self._amounts(place)
            before += self.change.k_before[action.reaction] * amounts[0]
            after += self.change.k_after[action.reaction] * amounts[1]
        return float(before), float(after)

    def _amounts(self, place: int) -> tuple[float, float]:
        return float(self.change.before[place]), float(self.change.after[place])

    def _potencies(self) -> dict[str, float]:
        """How strongly each species acts, relative to the strongest of its node on each target."""
        strength: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for action in self.actions:
            pair = action.source, action.target
            strength[pair][action.actor] += self.change.k_after[action.reaction]
        potency: dict[str, float] = defaultdict(float)
        for actors in strength.values():
            largest = max(actors.values())
            for actor, k in actors.items():
                potency[actor] += k / largest if largest > 0 else 0.0
        return self._with_precursors(dict(potency))

    def _with_precursors(self, potency: dict[str, float]) -> dict[str, float]:
        """Forms that turn into one that acts count, too, less for every step between."""
        steps = [
            (before, after)
            for reaction in self.reactions
            for before, lost in reaction.net_change().items()
            for after, gained in reaction.net_change().items()
            if lost < 0 < gained and self.node_of[before] == self.node_of[after]
        ]
        for _ in range(PRECURSOR_STEPS):
            for before, after in steps:
                potency[before] = max(
                    potency.get(before, 0.0), PRECURSOR_SHARE * potency.get(after, 0.0)
                )
        return potency

    def _influences(self) -> tuple[Influence, ...]:
        """One per pair of nodes and direction of effect that is there at all."""
        loops_of = {
            reaction: loop.id for loop in self.change.network.loops for reaction in loop.reactions
        }
        groups: dict[tuple[str, str], list[_Action]] = defaultdict(list)
        for action in self.actions:
            if action.source != action.target:
                groups[action.source, action.target].append(action)
        found = []
        for (source, target), actions in _without_side_effects(groups).items():
            before, after = self._drive(actions)
            ids = [self.reactions[action.reaction].id for action in actions]
            loops = tuple(dict.fromkeys(loops_of[name] for name in ids if name in loops_of))
            if before > 0 or after > 0:
                sign = self._sign(actions)
                found.append(Influence(source, target, sign, before, after, loops))
        return tuple(found)

    def _sign(self, actions: Sequence[_Action]) -> int:
        """Whether the species of a node act more or less by what is done to them.

        Where none of them acts on anything, whether they gain or lose states, or come and go.
        """
        gained = modified = made = moved = 0.0
        for action in actions:
            changes = self.reactions[action.reaction].net_change()
            net = {n: c for n, c in changes.items() if self.node_of[n] == action.target}
            rate = self.rates[action.reaction]
            weights = {name: c * self.potency.get(name, 0.0) for name, c in net.items()}
            gained += rate * sum(weights.values())
            moved += rate * sum(map(abs, weights.values()))
            modified += rate * sum(c * self._states(name) for name, c in net.items())
            made += rate * sum(net.values())
        if abs(gained) > LEAST_GAIN * moved:
            return int(np.sign(gained))
        return int(np.sign(modified or made))

    def _states(self, species: str) -> int:
        return sum(len(states) for _, states in parse_species_id(species))

    def _activities(self, influences: Sequence[Influence]) -> dict[str, float]:
        """log2 of the change in what each node does."""
        folds: dict[str, list[float]] = defaultdict(list)
        for entry in influences:
            folds[entry.source].append(entry.log2_fold)
        return {
            node: float(np.mean(folds[node])) if node in folds else self._change_of_forms(node)
            for node in dict.fromkeys(self.node_of.values())
        }

    def _change_of_forms(self, node: str) -> float:
        """log2 of the change of a node's modified forms, of all forms where none is modified."""
        species = [name for name in self.change.species if self.node_of[name] == node]
        chosen = [name for name in species if self._states(name)] or species
        places = [self.index[name] for name in chosen]
        before, after = self.change.before[places].sum(), self.change.after[places].sum()
        return _log2_fold(float(before), float(after))

    def _places(self, influences: Sequence[Influence]) -> dict[str, tuple[float, float]]:
        """Places of the file; others stand beside what they act on."""
        places = {node.id: node.at for node in self.nodes}
        present = set(self.node_of.values())
        taken = {place for name, place in places.items() if name in present}
        # Drugs first: inputs that stand beside the same protein seldom change and are not drawn.
        for name in dict.fromkeys((*self.drugs, *self.node_of.values())):
            if name in places or name not in present:
                continue
            aims = [e.target for e in influences if e.source == name and e.target in places]
            place = _free_place([places[aim] for aim in aims] or [(0.0, 0.0)], taken)
            places[name] = place
            taken.add(place)
        return places


def _free_place(
    aims: Sequence[tuple[float, float]], taken: set[tuple[float, float]]
) -> tuple[float, float]:
    """The first place beside one of ``aims`` where no other box stands, lower down if need be."""
    for down in np.arange(0.0, 100.0, 0.7):
        for column, row in aims:
            for aside in (-1.4, 1.4):
                place = (column + aside, float(row + down))
                if all(abs(x - place[0]) >= 0.9 or abs(y - place[1]) >= 0.6 for x, y in taken):
                    return place
    return aims[0]


def _without_side_effects(
    groups: Mapping[tuple[str, str], list[_Action]],
) -> dict[tuple[str, str], list[_Action]]:
    """Without pairs whose reactions are all among the more numerous ones of another target.

    S6K1 takes IRS1 off PI3K where it phosphorylates the bound form: that is S6K1 on IRS1.
    """
    reactions = {pair: {action.reaction for action in found} for pair, found in groups.items()}
    return {
        pair: found
        for pair, found in groups.items()
        if not any(
            pair[0] == other[0] and reactions[pair] < reactions[other] for other in reactions
        )
    }


def _log2_fold(before: float, after: float) -> float:
    """log2 of after over before; 0 where neither is there."""
    if before <= 0.0:
        return float("inf") if after > 0.0 else 0.0
    return float(np.log2(after / before)) if after > 0.0 else -float("inf")
