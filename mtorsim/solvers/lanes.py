"""Gives lanes their trajectories, segments and events."""

from __future__ import annotations

import numpy as np

from mtorsim._jit import njit
from mtorsim.solvers.control import (
    ACCEPTED,
    ATTEMPTS,
    FIRST_STEP,
    GROWTH,
    MAX_GROWTH,
    NEXT_OUTPUT,
    PENDING,
    REJECTED_IN_ROW,
    SEGMENT_END,
    STEP,
    STEP_START,
    TIME,
    UNCUT_STEP,
    USED_STEP,
)
from mtorsim.solvers.native_calls import call_first_step, fetch_and_add
from mtorsim.solvers.options import Status
from mtorsim.solvers.work import Doubles, Task, Work, end_state_value, state_value

BAD_INPUT = int(Status.BAD_INPUT)


@njit
def begin_next(work: Work, lane: int) -> bool:
    """Give the lane the next usable trajectory; False, and an idle lane, if there is none."""
    task, output = work.task, work.output
    n_trajectories = task.y0.shape[0]
    while True:
        q = fetch_and_add(output.next_trajectory)
        if q >= n_trajectories:
            make_idle(work, lane)
            return False
        if is_usable(task, q):
            begin_trajectory(work, lane, q)
            return True
        output.status[q] = BAD_INPUT
        output.values[q] = np.nan
        output.final_state[q] = np.nan
        output.t_reached[q] = 0.0


@njit
def begin_trajectory(work: Work, lane: int, q: int) -> None:
    """Set a lane to the start of a trajectory."""
    task, control = work.task, work.control
    for i in range(task.y0.shape[1]):
        work.arena[(work.kernel.y + i) * work.kernel.lanes + lane] = task.y0[q, i]
    set_rate_constants(work, task.k[q], lane)
    set_totals(work, lane)
    work.trajectory[lane] = q
    work.next_output[lane] = 0
    work.next_event[lane] = 0
    control[FIRST_STEP, lane] = task.first_step
    if task.first_step <= 0.0:
        control[FIRST_STEP, lane] = call_first_step(
            work.kernel.first_step_address, task.y0[q], task.k[q]
        )
    control[ACCEPTED, lane] = 0.0
    control[ATTEMPTS, lane] = 0.0
    control[STEP_START, lane] = 0.0
    control[USED_STEP, lane] = 1.0
    begin_segment(work, lane, 0.0)


@njit
def is_usable(task: Task, q: int) -> bool:
    """Whether start, rate constants and events of a trajectory are numbers a solver can use."""
    usable = bool(np.all(np.isfinite(task.y0[q])))
    for value in task.k[q]:
        usable = usable and np.isfinite(value) and value >= 0.0
    for e in range(task.event_times.size):
        usable = usable and bool(np.all(np.isfinite(task.event_add[e, q])))
        for value in task.event_k[e, q]:
            usable = usable and not np.isinf(value) and not value < 0.0
    return usable


@njit
def set_rate_constants(work: Work, k: Doubles, lane: int) -> None:
    """Write rate constants into a lane, in both precisions."""
    kernel = work.kernel
    for r in range(k.size):
        work.arena[(kernel.k + r) * kernel.lanes + lane] = k[r]
        if kernel.is_single:
            work.singles[(2 * kernel.k_low + r) * kernel.lanes + lane] = k[r]


@njit
def set_totals(work: Work, lane: int) -> None:
    """Note the conserved sums of the lane's present state."""
    kernel = work.kernel
    for m in range(kernel.moiety_start.size - 1):
        total = 0.0
        for e in range(kernel.moiety_start[m], kernel.moiety_start[m + 1]):
            total += kernel.moiety_weight[e] * state_value(work, kernel.moiety_species[e], lane)
        work.arena[(kernel.total + m) * kernel.lanes + lane] = total


@njit
def segment_end(work: Work, lane: int) -> float:
    """Time of the next event, of the next output if the method has no dense output, or the end."""
    task, event = work.task, work.next_event[lane]
    end = task.event_times[event] if event < task.event_times.size else task.t_end
    number = work.next_output[lane]
    if work.kernel.stops_at_outputs and number < task.output_times.size:
        end = min(end, task.output_times[number])
    return float(end)


@njit
def begin_segment(work: Work, lane: int, start: float) -> None:
    """Start afresh at ``start``, with a small step."""
    control = work.control
    control[TIME, lane] = start
    control[STEP, lane] = control[FIRST_STEP, lane]
    control[UNCUT_STEP, lane] = 0.0
    control[SEGMENT_END, lane] = segment_end(work, lane)
    control[GROWTH, lane] = MAX_GROWTH
    control[PENDING, lane] = 0.0
    control[REJECTED_IN_ROW, lane] = 0.0


@njit
def continue_segment(work: Work, lane: int) -> None:
    """Go on, from a step that was cut to end at an output, with a step as if it had not been."""
    control = work.control
    control[SEGMENT_END, lane] = segment_end(work, lane)
    control[STEP, lane] = max(control[STEP, lane], control[UNCUT_STEP, lane])


@njit
def make_idle(work: Work, lane: int) -> None:
    """A lane without work holds zeros, and never asks for attention."""
    control = work.control
    for i in range(work.task.y0.shape[1]):
        work.arena[(work.kernel.y + i) * work.kernel.lanes + lane] = 0.0
    set_rate_constants(work, np.zeros(work.task.k.shape[1]), lane)
    set_totals(work, lane)
    work.trajectory[lane] = -1
    control[PENDING, lane] = 0.0
    control[TIME, lane] = 0.0
    control[STEP, lane] = 1.0
    control[SEGMENT_END, lane] = np.inf
    control[NEXT_OUTPUT, lane] = np.inf
    control[ATTEMPTS, lane] = -np.inf
    control[REJECTED_IN_ROW, lane] = -np.inf


@njit
def apply_event(work: Work, lane: int) -> None:
    """Add the pending step to the state, then change state and rate constants."""
    task, q, event = work.task, work.trajectory[lane], work.next_event[lane]
    for i in range(task.y0.shape[1]):
        state = end_state_value(work, i, lane)
        state = state * task.event_scale[event, i] + task.event_add[event, q, i]
        work.arena[(work.kernel.y + i) * work.kernel.lanes + lane] = state
    if not np.isnan(task.event_k[event, q, 0]):
        set_rate_constants(work, task.event_k[event, q], lane)
    set_totals(work, lane)
    work.next_event[lane] = event + 1
    begin_segment(work, lane, work.control[TIME, lane])
