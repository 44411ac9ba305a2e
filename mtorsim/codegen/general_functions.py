"""A resolved model as Python functions of time and state, for runs of a single trajectory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mtorsim.codegen.expression_printer import FunctionPrinter, compile_functions
from mtorsim.network.expression import JUMPS
from mtorsim.symbolic.general_system import GeneralSystem
from mtorsim.symbolic.initial_order import initial_order

Numbers = list[float]
#: f(t, y, p): of time, continuous slots and the other slots
Function = Callable[[float, Sequence[float], Sequence[float]], Numbers]


@dataclass(frozen=True, slots=True)
class EventFunctions:
    """Formulas of one event; ``sizes`` are those that assigned concentrations are multiplied by."""

    values: Function
    sizes: Function
    delay: Function | None
    priority: Function | None


@dataclass(frozen=True, slots=True)
class GeneralFunctions:
    """Everything a solver calls.

    Parameters
    ----------
    start : f(t) -> value of every slot
    rates : f(t, y, p, m) -> dy/dt, with ``m`` in place of everything that jumps
    sides : for each jump, what tells its sides apart: a truth value, a sign, a whole number
    gaps : for each jump a number that passes 0 (or a whole number) where it jumps
    is_equality : which jumps are tests of equality; their ``sides`` are signs
    n_held : the first so many jumps are those that rates depend on
    sizes : of compartments, for the slots that hold a concentration
    """

    start: Callable[[float], Numbers]
    rates: Callable[[float, Sequence[float], Sequence[float], Sequence[float]], Numbers]
    sides: Function
    gaps: Function
    triggers: Function
    outputs: Function
    sizes: Function
    is_equality: tuple[bool, ...]
    n_held: int
    events: tuple[EventFunctions, ...]


def general_functions(system: GeneralSystem, outputs: Sequence[int]) -> GeneralFunctions:
    """Compile the functions of a system.

    Parameters
    ----------
    outputs : formulas of the values to report

    Raises
    ------
    ModelError : start values that need each other
    """
    return _Writer(system, outputs).functions()


class _Writer:
    """Collects sources; names in them are made here and hold nothing of the model."""

    def __init__(self, system: GeneralSystem, outputs: Sequence[int]) -> None:
        self.system, self.outputs = system, outputs
        self.graph = system.graph
        self.sources: list[str] = []

    def functions(self) -> GeneralFunctions:
        """All functions."""
        system = self.system
        held = self._jumps(system.rates)
        triggers = [event.trigger for event in system.events]
        jumps = [*held, *(jump for jump in self._jumps(triggers) if jump not in set(held))]
        self._write_start()
        self._write("rates", system.rates, held={node: i for i, node in enumerate(held)})
        self._write_jumps(jumps)
        self._write("triggers", triggers)
        self._write("outputs", self.outputs)
        self._write("sizes", list(system.concentration_slots.values()))
        for number, event in enumerate(system.events):
            self._write(f"values{number}", list(event.sets.values()))
            self._write(f"sizes{number}", list(event.times_size.values()))
            self._write(f"delay{number}", [] if event.delay is None else [event.delay])
            self._write(f"priority{number}", [] if event.priority is None else [event.priority])
        made = compile_functions(self.sources)
        return GeneralFunctions(
            start=made["start"],
            rates=made["rates"],
            sides=made["sides"],
            gaps=made["gaps"],
            triggers=made["triggers"],
            outputs=made["outputs"],
            sizes=made["sizes"],
            is_equality=tuple(self.graph.nodes[node].kind == "eq" for node in jumps),
            n_held=len(held),
            events=tuple(self._event(made, number) for number in range(len(system.events))),
        )

    def _event(self, made: dict[str, Any], number: int) -> EventFunctions:
        event = self.system.events[number]
        return EventFunctions(
            values=made[f"values{number}"],
            sizes=made[f"sizes{number}"],
            delay=None if event.delay is None else made[f"delay{number}"],
            priority=None if event.priority is None else made[f"priority{number}"],
        )

    def _printer(self, held: dict[int, int] | None = None) -> FunctionPrinter:
        return FunctionPrinter(self.graph, n_continuous=self.system.n_continuous, held=held)

    def _write(
        self, name: str, roots: Sequence[int], *, held: dict[int, int] | None = None
    ) -> None:
        arguments = "t, y, p" if held is None else "t, y, p, m"
        self.sources.append(self._printer(held).function(name, arguments, roots))

    def _write_start(self) -> None:
        """Slots one after the other; here every slot is an element of the list that is filled."""
        system = self.system
        order = initial_order(system, system.initial)
        printer = FunctionPrinter(self.graph, n_continuous=len(system.slots))
        pairs = [(slot, system.initial[slot]) for slot in order]
        self.sources.append(printer.assignments("start", "t", pairs, array="y"))

    def _jumps(self, roots: Sequence[int]) -> list[int]:
        nodes = self.graph.nodes
        return [node for node in self.graph.reachable(roots) if nodes[node].kind in JUMPS]

    def _write_jumps(self, jumps: Sequence[int]) -> None:
        sides, gaps = [], []
        for node in jumps:
            kind, operands, _ = self.graph.nodes[node]
            sides.append(self.graph.apply("sign", *operands) if kind == "eq" else node)
            gaps.append(operands[0] if kind == "floor" else self.graph.apply("sub", *operands))
        self._write("sides", sides)
        self._write("gaps", gaps)
