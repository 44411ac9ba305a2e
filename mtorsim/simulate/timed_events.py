"""Events that only the time sets off: when the first of them is executed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mtorsim.codegen.general_functions import general_functions
from mtorsim.simulate.general import GeneralOptions, GeneralRun
from mtorsim.symbolic.general_system import GeneralSystem, ResolvedEvent


def are_timed(system: GeneralSystem) -> bool:
    """Whether no trigger and no delay depends on the state."""
    return all(not _needs(system, event, below=True) for event in system.events)


def trigger_slots(system: GeneralSystem) -> set[int]:
    """Slots, apart from those of the state, that decide when events are executed."""
    return {slot for event in system.events for slot in _needs(system, event, below=False)}


def _needs(system: GeneralSystem, event: ResolvedEvent, *, below: bool) -> list[int]:
    roots = [event.trigger] if event.delay is None else [event.trigger, event.delay]
    slots = [int(str(slot)) for slot in system.graph.leaves(roots, "slot")]
    return [slot for slot in slots if (slot < system.n_continuous) == below]


def first_execution(system: GeneralSystem, start: Sequence[float], end: float) -> float:
    """Time of the first execution of a timed event up to ``end``; infinite if there is none.

    Parameters
    ----------
    start : value of every slot
    """
    at_rest = replace(system, rates=(), concentration_slots={})
    functions = general_functions(at_rest, [])
    run = GeneralRun(at_rest, functions, [0.0, end], start, GeneralOptions())
    run.stops_at_events = True
    run.rows()
    return run.first_execution if run.first_execution <= end else math.inf
