"""A `GeneralModel` resolved: every quantity as a formula of time and of a state of plain numbers.

The state is a list of *slots*. Each slot is something that nothing else determines: the amount of
a species, a compartment's size, a parameter, a stoichiometry. A species whose concentration has a
rate rule has that concentration as its slot. The first slots change continuously and have a rate;
the rest change only in events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from mtorsim.network.expression import ExpressionGraph
from mtorsim.network.general_model import GeneralModel


@dataclass(frozen=True, slots=True)
class ResolvedEvent:
    """An event whose formulas are of time and slots.

    Parameters
    ----------
    sets : slot -> formula of the value that the assignment names
    times_size : slot -> formula of the compartment's size, for species whose assignment names a
        concentration while the slot is an amount
    """

    id: str
    trigger: int
    delay: int | None
    priority: int | None
    initially_true: bool
    persistent: bool
    uses_trigger_values: bool
    sets: Mapping[int, int]
    times_size: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class GeneralSystem:
    """What a solver needs to know, and where each quantity is found.

    Parameters
    ----------
    slots : id of each slot, the continuous ones first
    rates : formula of d(slot)/dt for each continuous slot
    initial : formula of each slot's value at the start, of other slots and time
    values : id -> formula of the value that the id has in formulas
    amounts, concentrations : the same of species, as amount and as concentration
    concentration_slots : slot -> formula of the compartment's size, for slots that hold a
        concentration; an event that changes the size keeps the amount
    """

    model: GeneralModel
    graph: ExpressionGraph
    slots: tuple[str, ...]
    rates: tuple[int, ...]
    initial: tuple[int, ...]
    values: Mapping[str, int]
    amounts: Mapping[str, int]
    concentrations: Mapping[str, int]
    concentration_slots: Mapping[int, int]
    events: tuple[ResolvedEvent, ...]

    def fingerprint(self) -> str:
        """SHA-256 of all formulas, names and numbers that decide a run."""
        digest = hashlib.sha256(repr(self.slots).encode())
        roots = [*self.rates, *self.initial, *self.values.values()]
        for event in self.events:
            parts = (event.trigger, event.delay, event.priority)
            digest.update(repr((parts, tuple(event.sets.items()))).encode())
            flags = (event.initially_true, event.persistent, event.uses_trigger_values)
            digest.update(repr((flags, tuple(event.times_size.items()))).encode())
            roots += [node for node in parts if node is not None]
            roots += [*event.sets.values(), *event.times_size.values()]
        for node in self.graph.reachable(roots):
            digest.update(repr((node, self.graph.nodes[node])).encode())
        digest.update(repr((self.rates, self.initial, tuple(self.values.items()))).encode())
        return digest.hexdigest()

    @property
    def n_continuous(self) -> int:
        """Number of slots that change continuously."""
        return len(self.rates)
