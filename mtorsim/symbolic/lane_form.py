"""A resolved model in the form that lanes of trajectories are compiled from.

Everything that stays the same between two known moments (a rate constant over a volume, a power of
a parameter, a dose that a piecewise formula switches on) is an *input*: computed once per
trajectory, not once per step. What is left are formulas of the state and of the inputs. If they
need the time, it is one more state that grows at the rate 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from mtorsim.network.expression import JUMPS, LEAVES, ExpressionGraph
from mtorsim.symbolic.derivative import differentiate
from mtorsim.symbolic.general_system import GeneralSystem


@dataclass(frozen=True, slots=True)
class LaneForm:
    """Formulas of the states (slots below ``n_states``) and inputs (slots from there on).

    Parameters
    ----------
    n_states : states, the time as the last of them if ``has_time``
    rates : formula of d(state)/dt
    inputs : formula of each input, in slots of the system and time
    switches : gaps (formulas of parameters and time) that pass 0 where an input jumps
    slopes : their time derivatives, of parameters alone
    is_complete : False where an input jumps at moments that are not known in advance
    """

    graph: ExpressionGraph
    n_states: int
    has_time: bool
    rates: tuple[int, ...]
    inputs: tuple[int, ...]
    switches: tuple[int, ...]
    slopes: tuple[int, ...]
    is_complete: bool

    def fingerprint(self) -> str:
        """SHA-256 of the formulas; equal ones share machine code."""
        nodes = self.graph.nodes
        number: dict[int, int] = {}
        digest = hashlib.sha256()
        for node in self.graph.reachable(self.rates):
            number[node] = len(number)
            kind, operands, value = nodes[node]
            digest.update(repr((kind, [number[o] for o in operands], value)).encode())
        digest.update(repr((self.n_states, [number[root] for root in self.rates])).encode())
        return digest.hexdigest()


def lane_form(system: GeneralSystem, *, varied: Collection[str] = ()) -> LaneForm:
    """The lane form of a system, its events left out.

    Parameters
    ----------
    varied : ids that trajectories may differ in; sizes of other compartments that nothing changes
        become numbers, and with a size of 1 they vanish
    """
    return _LaneFormer(system, fixed_sizes(system, varied)).form()


def fixed_sizes(system: GeneralSystem, varied: Collection[str]) -> dict[int, int]:
    """Slot of each compartment that never changes -> its size, both as nodes."""
    graph, n = system.graph, system.n_continuous
    changed = {slot for event in system.events for slot in event.sets}
    sizes = {}
    ids = {compartment.id for compartment in system.model.compartments} - set(varied)
    for slot, sid in enumerate(system.slots):
        size = system.initial[slot]
        is_number = graph.constant(size) is not None
        if sid in ids and slot >= n and slot not in changed and is_number:
            sizes[graph.slot(slot)] = size
    return sizes


class _LaneFormer:
    def __init__(self, system: GeneralSystem, sizes: dict[int, int]) -> None:
        self.system, self.graph = system, system.graph
        self.system_rates = [self.graph.substitute(rate, sizes) for rate in system.rates]
        self.order = self.graph.reachable(self.system_rates)
        self.is_steady: dict[int, bool] = {}
        self.needs_state: dict[int, bool] = {}
        self._classify()
        self._turn_divisions()
        self._classify()

    def _classify(self) -> None:
        """Which nodes stay the same between switches, and which depend on the state."""
        nodes, n = self.graph.nodes, self.system.n_continuous
        for node in self.order:
            kind, operands, value = nodes[node]
            if kind in LEAVES:
                self.needs_state[node] = kind == "slot" and int(str(value)) < n
                self.is_steady[node] = kind != "time" and not self.needs_state[node]
                continue
            self.needs_state[node] = any(self.needs_state[o] for o in operands)
            steady = all(self.is_steady[o] for o in operands)
            jumps = kind in JUMPS and not self.needs_state[node]
            self.is_steady[node] = steady or jumps

    def _turn_divisions(self) -> None:
        """Divide by a steady divisor by multiplying with its reciprocal, which is an input."""
        graph, replacements = self.graph, dict[int, int]()
        for node in self.order:
            kind, operands, _ = graph.nodes[node]
            if kind != "div" or self.is_steady[node] or not self.is_steady[operands[1]]:
                continue
            reciprocal = graph.apply("div", graph.number(1.0), operands[1])
            numerator = graph.substitute(operands[0], replacements)
            replacements[node] = graph.apply("mul", numerator, reciprocal)
        self.system_rates = [graph.substitute(rate, replacements) for rate in self.system_rates]
        self.order = graph.reachable(self.system_rates)

    def form(self) -> LaneForm:
        """Replace steady parts by inputs, the time by a state."""
        graph, system = self.graph, self.system
        inputs = self._inputs()
        n = system.n_continuous
        needs_time = any(
            graph.nodes[node].kind == "time" for node in self._above_inputs(set(inputs))
        )
        n_states = n + needs_time
        replacements = {node: graph.slot(n_states + j) for j, node in enumerate(inputs)}
        if needs_time:
            replacements[graph.time()] = graph.slot(n)
        rates = [graph.substitute(rate, replacements) for rate in self.system_rates]
        if needs_time:
            rates.append(graph.number(1.0))
        switches, slopes, is_complete = self._switches(inputs)
        return LaneForm(
            graph=graph,
            n_states=n_states,
            has_time=needs_time,
            rates=tuple(rates),
            inputs=tuple(inputs),
            switches=switches,
            slopes=slopes,
            is_complete=is_complete,
        )

    def _above_inputs(self, inputs: set[int]) -> list[int]:
        """Nodes that are computed at every step."""
        seen: set[int] = set()
        stack = list(self.system_rates)
        while stack:
            node = stack.pop()
            if node not in seen and node not in inputs:
                seen.add(node)
                stack.extend(self.graph.nodes[node].operands)
        return sorted(seen)

    def _inputs(self) -> list[int]:
        """The largest steady parts, numbers apart."""
        nodes = self.graph.nodes
        found: dict[int, None] = {}
        seen: set[int] = set()
        stack = list(self.system_rates)
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            if not self.is_steady[node]:
                stack.extend(nodes[node].operands)
            elif nodes[node].kind != "number":
                found[node] = None
        return sorted(found)

    def _switches(self, inputs: list[int]) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
        """Gaps of the jumps in inputs that the time passes, their slopes, and whether all are."""
        graph = self.graph
        switches, slopes, is_complete = [], [], True
        for node in graph.reachable(inputs):
            kind, operands, _ = graph.nodes[node]
            if kind not in JUMPS or not graph.leaves([node], "time"):
                continue
            if kind == "floor":
                is_complete = False
                continue
            gap = graph.apply("sub", *operands)
            slope = differentiate(graph, gap, {graph.time(): graph.number(1.0)})
            is_complete &= not graph.leaves([slope], "time") and not self._jumps_inside(gap)
            switches.append(gap)
            slopes.append(slope)
        return tuple(switches), tuple(slopes), is_complete

    def _jumps_inside(self, gap: int) -> bool:
        """Whether a gap itself jumps with the time."""
        graph = self.graph
        return any(
            graph.nodes[node].kind in JUMPS and graph.leaves([node], "time")
            for node in graph.reachable([gap])
        )


def jacobian_of(form: LaneForm) -> dict[tuple[int, int], int]:
    """(i, j) -> formula of d(rate i)/d(state j), where that is not zero."""
    graph, entries = form.graph, {}
    zero, one = graph.number(0.0), graph.number(1.0)
    for i, rate in enumerate(form.rates):
        for slot in sorted(int(str(s)) for s in graph.leaves([rate], "slot")):
            if slot < form.n_states:
                entry = differentiate(graph, rate, {graph.slot(slot): one})
                if entry != zero:
                    entries[i, slot] = entry
    return entries
