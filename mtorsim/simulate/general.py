"""One run of a model with arbitrary rate laws, rules and events.

Between two jumps (of a piecewise formula, a trigger, an event) the right-hand side is smooth: what
jumps is held as it was. A step that passes a jump is searched for the first number in time at
which the jump shows; there what is held is looked up anew, triggers are looked at, and integration
goes on. So no solver step ever averages over a jump, and times of events are exact to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.general_functions import GeneralFunctions
from mtorsim.errors import InputError, ModelError
from mtorsim.simulate.event_queue import EventQueue, State
from mtorsim.simulate.jump_search import JumpSearch
from mtorsim.simulate.stopped import StoppedError
from mtorsim.solvers.options import Status
from mtorsim.symbolic.general_system import GeneralSystem

Array = NDArray[np.float64]
Numbers = list[float]
Path = Callable[[float], Numbers]

MAX_JUMPS = 1_000_000
#: a share of the time reached; so many steps in a row that are no longer lead nowhere
SMALLEST_STEP, MAX_TINY_STEPS = 1e-13, 50


@dataclass(frozen=True, slots=True)
class GeneralOptions:
    """Tolerances of a run, in the model's own units.

    Parameters
    ----------
    rtol, atol : relative and absolute tolerance of the integration
    max_steps : solver steps that a run may take, and as many events or jumps
    seed : of the choice between simultaneous events of equal priority
    """

    rtol: float = 1e-10
    atol: float = 1e-14
    max_steps: int = 200_000
    seed: int = 0


def simulate_general(
    system: GeneralSystem,
    functions: GeneralFunctions,
    *,
    t_out: Sequence[float] | Array,
    start: Sequence[float] | None = None,
    options: GeneralOptions | None = None,
) -> Array:
    """Values of the outputs that ``functions`` were made for.

    Parameters
    ----------
    t_out : (n_times,), ascending, in the model's unit; the run starts at 0, or at the first of
        them if that is negative
    start : value of every slot; None takes those of the model

    Returns
    -------
    (n_times, n_outputs); at the time of an event the values after it

    Raises
    ------
    InputError : times that are not ascending
    ModelError : a start value or a rate at the start is not finite
    SolverError : the integration can not go on; the message says at what time
    """
    times = checked_times(t_out)
    run = GeneralRun(system, functions, times, start, options or GeneralOptions())
    return np.array(run.rows(), dtype=np.float64)


def checked_times(t_out: Sequence[float] | Array) -> list[float]:
    """The output times as plain numbers, or InputError."""
    times = [float(t) for t in t_out]
    if not times or any(b < a for a, b in pairwise(times)):
        raise InputError("output times must be ascending")
    if not all(map(math.isfinite, times)):
        raise InputError("output times must be finite")
    return times


class GeneralRun:
    """State of one run and its loop."""

    def __init__(
        self,
        system: GeneralSystem,
        functions: GeneralFunctions,
        times: list[float],
        start: Sequence[float] | None,
        options: GeneralOptions,
    ) -> None:
        self.system, self.f, self.times, self.options = system, functions, times, options
        begin = min(0.0, times[0])
        slots = functions.start(begin) if start is None else list(start)
        n = system.n_continuous
        self.state = State(begin, [float(v) for v in slots[:n]], [float(v) for v in slots[n:]])
        self.collected: list[Numbers] = []
        self.segment_end = self.first_execution = math.inf
        self.stops_at_events = False
        self.steps = self.tiny_steps = self.jumps = self.segments = 0
        self.queue = EventQueue(
            system.events,
            functions.events,
            triggers=lambda: functions.triggers(self.state.t, self.state.y, self.state.p),
            apply=self.apply,
            state=self.state,
            seed=options.seed,
        )

    def rows(self) -> list[Numbers]:
        """Integrate to the last output time."""
        state, end = self.state, self.times[-1]
        self.queue.process()
        self.sides = self.look(state.t, state.y)
        self.check_start()
        while state.t < end and not (self.stops_at_events and self.first_execution < math.inf):
            self.count_segment()
            self.segment(min(end, self.queue.next_time))
            self.queue.process()
            self.sides = self.look(state.t, state.y)
        self.write(math.inf, lambda _: state.y)
        return self.collected

    def check_start(self) -> None:
        """Refuse a start from which there is no way on."""
        state, model = self.state, self.system.model
        rates = self.f.rates(state.t, state.y, state.p, self.held())
        for i, (value, rate) in enumerate(zip(state.y, rates, strict=True)):
            sid = self.system.slots[i]
            if not math.isfinite(value):
                raise ModelError(f"{model.where(sid)}: {sid!r} starts with the value {value:g}")
            if not math.isfinite(rate):
                raise ModelError(
                    f"{model.where(sid)}: the rate of change of {sid!r} is {rate:g} at the start"
                )

    def look(self, t: float, y: Numbers) -> Numbers:
        """On which side of each jump this is."""
        return self.f.sides(t, y, self.state.p)

    def write(self, before: float, path: Path) -> None:
        """Write the outputs that are due before a time."""
        while len(self.collected) < len(self.times) and self.times[len(self.collected)] < before:
            t = self.times[len(self.collected)]
            self.collected.append(self.f.outputs(t, path(t), self.state.p))

    def apply(self, number: int, values: Numbers) -> None:
        """Execute the assignments of an event.

        Concentrations go with the size that their compartment has before the event; where the
        event changes that size too, it is then the amounts that stay.
        """
        system, state, event = self.system, self.state, self.system.events[number]
        self.first_execution = min(self.first_execution, state.t)
        sizes = self.f.events[number].sizes(state.t, state.y, state.p)
        size_of = dict(zip(event.times_size, sizes, strict=True))
        n = system.n_continuous
        value_of = dict(zip(event.sets, values, strict=True))
        concentrations = [slot for slot in value_of if slot in system.concentration_slots]
        for slot in concentrations:
            state.y[slot] = float(value_of.pop(slot))
        sizes_before = self.f.sizes(state.t, state.y, state.p)
        for slot, value in value_of.items():
            new = float(value) * size_of.get(slot, 1.0)
            if slot < n:
                state.y[slot] = new
            else:
                state.p[slot - n] = new
        self.keep_amounts(sizes_before)

    def keep_amounts(self, sizes_before: Numbers) -> None:
        """Where a slot holds a concentration, let the amount be what it was before."""
        state, slots = self.state, self.system.concentration_slots
        sizes = self.f.sizes(state.t, state.y, state.p)
        for slot, before, after in zip(slots, sizes_before, sizes, strict=True):
            if before != after:
                state.y[slot] *= before / after

    def segment(self, stop: float) -> None:
        """Advance to ``stop``, or to the first moment at which the run has to start afresh."""
        state, self.segment_end = self.state, stop
        held = self.held()
        if not state.y:
            self.scan(state.t, stop, lambda _: state.y)
            return
        solver = self.solver(stop, held)
        while solver.status == "running":
            self.advance(solver)
            dense, last = solver.dense_output(), solver.t
            path = _path(dense, last, solver.y.tolist())
            if self.scan(state.t, last, path):
                return

    def advance(self, solver: Any) -> None:
        """One step of the solver; SolverError where it gets nowhere."""
        before = solver.t
        message = solver.step()
        self.steps += 1
        is_tiny = solver.t - before <= SMALLEST_STEP * abs(before)
        self.tiny_steps = self.tiny_steps + 1 if is_tiny else 0
        if solver.status == "failed" or not np.all(np.isfinite(solver.y)):
            reason, status = message or "a value is not a number", Status.NON_FINITE
        elif self.tiny_steps > MAX_TINY_STEPS:
            reason, status = "the step became too small", Status.STEP_UNDERFLOW
        elif self.steps > self.options.max_steps:
            reason, status = f"more than {self.options.max_steps} steps", Status.MAX_STEPS
        else:
            return
        raise StoppedError(f"the integration stopped at time {before:g}: {reason}", status)

    def held(self) -> Numbers:
        """Value of each jump that rates depend on."""
        pairs = zip(self.sides[: self.f.n_held], self.f.is_equality, strict=False)
        return [float(side == 0) if is_equality else side for side, is_equality in pairs]

    def solver(self, stop: float, held: Numbers) -> Any:
        """A solver at the present state, up to ``stop``."""
        from scipy.integrate import LSODA

        rates, p = self.f.rates, self.state.p
        return LSODA(
            lambda t, y: rates(t, y.tolist(), p, held),
            self.state.t,
            np.array(self.state.y),
            stop,
            rtol=self.options.rtol,
            atol=self.options.atol,
        )

    def scan(self, start: float, stop: float, path: Path) -> bool:
        """Go along a path from ``start`` to ``stop``; whether the run has to start afresh.

        The state follows; at a jump that only triggers depend on, and that sets nothing off, the
        path is still good and is followed on.
        """
        position = start
        while position < stop:
            before = self.sides
            jump = self.first_jump(position, stop, path) if before else None
            position = stop if jump is None else jump
            self.write(position, path)
            self.state.t, self.state.y = position, list(path(position))
            if jump is None:
                return False
            self.count_jump()
            self.sides = self.look(position, self.state.y)
            disturbed = self.queue.process() or self.queue.next_time < self.segment_end
            if disturbed or self.sides[: self.f.n_held] != before[: self.f.n_held]:
                self.sides = self.look(position, self.state.y)
                return True
        return False

    def first_jump(self, start: float, stop: float, path: Path) -> float | None:
        """First time after ``start`` at which the sides differ from the present ones."""
        p = self.state.p
        search = JumpSearch(
            lambda t: self.f.sides(t, path(t), p),
            lambda t: self.f.gaps(t, path(t), p),
            shortest=1e-22 * (self.times[-1] - self.times[0]),
        )
        due = (self.times[i] for i in range(len(self.collected), len(self.times)))
        return search.first(start, stop, present=self.sides, also=due)

    def count_segment(self) -> None:
        """Stop a run whose events never end; each costs at least as much as a step."""
        self.segments += 1
        if self.segments > self.options.max_steps:
            text = f"more than {self.options.max_steps} events or jumps at time {self.state.t:g}"
            raise StoppedError(text, Status.MAX_STEPS)

    def count_jump(self) -> None:
        """Stop a run that jumps without getting anywhere."""
        self.jumps += 1
        if self.jumps > MAX_JUMPS:
            text = f"more than {MAX_JUMPS} jumps at time {self.state.t:g}"
            raise StoppedError(text, Status.MAX_STEPS)


def _path(dense: Callable[[float], Array], end: float, y_end: Numbers) -> Path:
    """The state along a step, exact at its end."""

    def path(t: float) -> Numbers:
        return y_end if t == end else dense(t).tolist()

    return path
