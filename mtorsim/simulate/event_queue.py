"""Which event is executed when: triggers, delays, persistence, priorities, as in SBML Level 3."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mtorsim.codegen.general_functions import EventFunctions
from mtorsim.simulate.stopped import StoppedError
from mtorsim.solvers.options import Status
from mtorsim.symbolic.general_system import ResolvedEvent

Numbers = list[float]
#: times that differ by rounding alone are one moment
SAME_MOMENT = 1e-14
MAX_EVENTS_AT_ONCE = 10_000


@dataclass(slots=True, eq=False)
class State:
    """Where a run stands: time, continuous slots, other slots."""

    t: float
    y: Numbers
    p: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """An event that was triggered; ``values`` are those of that moment if it uses them."""

    event: int
    time: float
    values: Numbers | None


class EventQueue:
    """Triggered events in waiting.

    Parameters
    ----------
    apply : called with the number of the event and the values of its assignments
    seed : of the choice between events of equal priority, which the standard wants random
    """

    def __init__(
        self,
        events: Sequence[ResolvedEvent],
        functions: Sequence[EventFunctions],
        *,
        triggers: Callable[[], Sequence[float]],
        apply: Callable[[int, Numbers], None],
        state: State,
        seed: int = 0,
    ) -> None:
        self.events, self.functions, self.state = events, functions, state
        self._triggers, self._apply = triggers, apply
        self._was_true = [event.initially_true for event in events]
        self._pending: list[_Pending] = []
        self._random = random.Random(seed)

    @property
    def next_time(self) -> float:
        """When the next waiting event is due; infinite if none waits."""
        return min((pending.time for pending in self._pending), default=math.inf)

    def process(self) -> bool:
        """Trigger and execute everything that is due at the state's time; whether anything was."""
        self._look()
        executed = 0
        while due := self._due():
            chosen = self._choose(due)
            self._pending.remove(chosen)
            values = chosen.values
            if values is None:
                values = self._evaluate(self.functions[chosen.event].values)
            self._apply(chosen.event, values)
            executed += 1
            if executed > MAX_EVENTS_AT_ONCE:
                name = self.events[chosen.event].id
                text = f"events fire each other without end at time {self.state.t:g}"
                raise StoppedError(f"event {name!r}: {text}", Status.MAX_STEPS)
            self._look()
        return executed > 0

    def _evaluate(self, function: Callable[[float, Numbers, Numbers], Numbers]) -> Numbers:
        return function(self.state.t, self.state.y, self.state.p)

    def _due(self) -> list[_Pending]:
        limit = self.state.t + SAME_MOMENT * abs(self.state.t)
        return [pending for pending in self._pending if pending.time <= limit]

    def _look(self) -> None:
        """Compare triggers with what they were; schedule what rose, drop what fell."""
        if not self.events:
            return
        for number, value in enumerate(self._triggers()):
            is_true = bool(value) and not math.isnan(value)
            if is_true and not self._was_true[number]:
                self._schedule(number)
            elif not is_true and not self.events[number].persistent:
                self._pending = [p for p in self._pending if p.event != number]
            self._was_true[number] = is_true

    def _schedule(self, number: int) -> None:
        event, functions = self.events[number], self.functions[number]
        delay = 0.0 if functions.delay is None else float(self._evaluate(functions.delay)[0])
        if not delay >= 0.0:
            text = f"its delay is {delay:g} at time {self.state.t:g}"
            raise StoppedError(
                f"event {event.id!r}: {text}; a delay must not be negative", Status.BAD_INPUT
            )
        values = self._evaluate(functions.values) if event.uses_trigger_values else None
        self._pending.append(_Pending(number, self.state.t + delay, values))

    def _choose(self, due: list[_Pending]) -> _Pending:
        """The one with the highest priority; by lot among equals, those without one come last."""
        if len(due) == 1:
            return due[0]
        priorities = [self._priority(pending.event) for pending in due]
        highest = max(priorities)
        best = [p for p, priority in zip(due, priorities, strict=True) if priority == highest]
        return best[0] if highest == -math.inf else self._random.choice(best)

    def _priority(self, number: int) -> float:
        function = self.functions[number].priority
        if function is None:
            return -math.inf
        value = float(self._evaluate(function)[0])
        return -math.inf if math.isnan(value) else value
