"""Gives lanes their trajectories, segments and events."""

from __future__ import annotations

import numpy as np

from mtorsim._jit import inlined, inner
from mtorsim.solvers.control import (
    ACCEPTED,
    ATTEMPTS,
    EARLIER_STEP,
    EVALUATIONS,
    FIRST_STEP,
    GROWTH,
    MAX_GROWTH,
    NEXT_OUTPUT,
    PENDING,
    REJECTED_IN_ROW,
    SEGMENT_END,
    STEP,
    TIME,
)
from mtorsim.solvers.native_calls import call_first_step, fetch_and_add
from mtorsim.solvers.options import Status
from mtorsim.solvers.rows import (
    add_stages,
    copy_row,
    gather,
    hold_sums,
    replace_columns,
    scatter,
    scatter_single,
    weighted_sums,
)
from mtorsim.solvers.work import FRESH, IDLE, Doubles, Kernel, Output, Task, Work

BAD_INPUT = int(Status.BAD_INPUT)
#: REJECTED_IN_ROW and ATTEMPTS of an idle lane: it never asks for attention
NEVER = -np.inf


@inlined
def begin_next(kernel: Kernel, task: Task, output: Output, work: Work, lane: int) -> bool:
    """Give the lane the next usable trajectory; False, and an idle lane, if there is none."""
    q = fetch_and_add(output.next_trajectory)
    n_trajectories = task.y0_of_row.size
    while q < n_trajectories and not task.usable[q]:
        output.status[q] = BAD_INPUT
        output.attempts[q] = 0
        q = fetch_and_add(output.next_trajectory)
    control = work.control
    if q >= n_trajectories:
        work.trajectory[lane] = IDLE
        make_idle(control, work.y, lane)
        return False
    load_constants(task, work, q, lane)
    copy_row(task.y0[task.y0_of_row[q]], work.row)
    replace_columns(task.y0_columns, task.y0_values[q], work.row)
    scatter(work.row, work.y, lane)
    weighted_sums(
        kernel.moiety_start, kernel.moiety_species, kernel.moiety_weight, work.row, work.sums
    )
    scatter(work.sums, work.total, lane)
    work.trajectory[lane] = q
    work.next_output[lane] = 0
    work.next_event[lane] = 0
    control[FIRST_STEP, lane] = task.first_step
    if task.first_step <= 0.0:
        call_first_step(kernel.first_step_address, work.row, work.constants, work.state)
        control[FIRST_STEP, lane] = work.state[0]
    control[ACCEPTED, lane] = 0.0
    control[ATTEMPTS, lane] = 0.0
    control[EVALUATIONS, lane] = 0.0
    end = segment_end(task.event_times, 0, 0.0, task.t_end)
    begin_segment(control, lane, 0.0, end)
    control[NEXT_OUTPUT, lane] = np.inf
    if task.output_times.size > 0:
        control[NEXT_OUTPUT, lane] = task.output_times[0]
    return True


@inlined
def load_constants(task: Task, work: Work, q: int, lane: int) -> None:
    """Give the lane the rate constants of a trajectory; a shared row is not written twice."""
    shared = task.k_of_row[q]
    if work.constants_held[0] != shared:
        copy_row(task.k[shared], work.constants)
        work.constants_held[0] = shared
    replace_columns(task.k_columns, task.k_values[q], work.constants)
    if work.k_held[lane] != shared:
        scatter(work.constants, work.k, lane)
        scatter_single(work.constants, work.k_low, lane)
        work.k_held[lane] = shared
        return
    for c in range(task.k_columns.size):
        reaction = task.k_columns[c]
        work.k[reaction, lane] = work.constants[reaction]
        if work.k_low.shape[0] > 0:
            work.k_low[reaction, lane] = work.constants[reaction]


@inner
def segment_end(times: Doubles, first: int, now: float, end: float) -> float:
    """The first of ``times`` after ``now``, counted from number ``first``, or ``end`` if sooner."""
    for number in range(first, times.size):
        if times[number] > now:
            return float(min(times[number], end))
    return end


@inner
def begin_segment(control: Doubles, lane: int, start: float, end: float) -> None:
    """Start afresh at ``start``, with a small step."""
    control[TIME, lane] = start
    # never below what a time of this size can resolve
    control[STEP, lane] = max(control[FIRST_STEP, lane], 1e-15 * start)
    control[SEGMENT_END, lane] = end
    control[GROWTH, lane] = MAX_GROWTH
    control[PENDING, lane] = 0.0
    control[REJECTED_IN_ROW, lane] = 0.0
    control[EARLIER_STEP, lane] = 0.0


@inner
def make_idle(control: Doubles, y: Doubles, lane: int) -> None:
    """A lane without work repeats tiny steps from a state of zero, and never asks for attention."""
    for i in range(y.shape[0]):
        y[i, lane] = 0.0
    control[PENDING, lane] = 0.0
    control[TIME, lane] = 0.0
    control[STEP, lane] = 1.0
    control[SEGMENT_END, lane] = np.inf
    control[NEXT_OUTPUT, lane] = np.inf
    control[ATTEMPTS, lane] = NEVER
    control[REJECTED_IN_ROW, lane] = NEVER


@inlined
def commit(kernel: Kernel, work: Work, lane: int) -> None:
    """Add the pending step to the state, as the next step would."""
    if work.control[PENDING, lane] > 0.5:
        gather(work.y, lane, work.row)
        work.coefficients[0] = 1.0
        add_stages(work.stages[:1], work.coefficients, lane, work.row)
        add_stages(work.stages_low[:1], work.coefficients, lane, work.row)
        gather(work.total, lane, work.sums)
        hold_sums(
            kernel.moiety_start,
            kernel.moiety_species,
            kernel.moiety_weight,
            work.sums,
            work.row,
            kernel.held,
        )
        scatter(work.row, work.y, lane)
        work.control[PENDING, lane] = 0.0


@inlined
def apply_event(kernel: Kernel, task: Task, work: Work, lane: int) -> None:
    """Change state and rate constants, after the pending step was added; begin the next segment."""
    q, event = work.trajectory[lane], work.next_event[lane]
    gather(work.y, lane, work.row)
    for i in range(work.row.size):
        work.row[i] = work.row[i] * task.event_scale[event, i] + task.event_add[event, q, i]
    scatter(work.row, work.y, lane)
    if task.event_changes_k[event]:
        scatter(task.event_k[event, q], work.k, lane)
        scatter_single(task.event_k[event, q], work.k_low, lane)
        work.k_held[lane] = FRESH
    weighted_sums(
        kernel.moiety_start, kernel.moiety_species, kernel.moiety_weight, work.row, work.sums
    )
    scatter(work.sums, work.total, lane)
    work.next_event[lane] = event + 1
    now = work.control[TIME, lane]
    end = segment_end(task.event_times, event + 1, now, task.t_end)
    begin_segment(work.control, lane, now, end)
