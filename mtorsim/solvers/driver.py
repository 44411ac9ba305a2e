"""Drives lanes of trajectories through the generated step.

Trajectories advance together, one a lane, each with its own time, step size and error test. The
step itself is generated code, reached by its address; the driver looks only at lanes that ask for
attention: an output is due, a segment has ended, or the trajectory is lost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import njit
from mtorsim.solvers.control import (
    ATOL,
    ATTEMPTS,
    ERROR,
    MAX_ATTEMPTS,
    MAX_REJECTED_IN_ROW,
    PENDING,
    REJECTED_IN_ROW,
    RTOL,
    SEGMENT_END,
    SIZE,
    TIME,
)
from mtorsim.solvers.lanes import apply_event, begin_next, continue_segment
from mtorsim.solvers.native_calls import call_control_word, call_step
from mtorsim.solvers.options import Status
from mtorsim.solvers.recorder import retire, write_outputs
from mtorsim.solvers.work import Doubles, Kernel, Output, Task, Work

RUNNING = -1
OK = int(Status.OK)
MAX_STEPS = int(Status.MAX_STEPS)
STEP_UNDERFLOW = int(Status.STEP_UNDERFLOW)
NON_FINITE = int(Status.NON_FINITE)
INTERRUPTED = int(Status.INTERRUPTED)


@njit
def integrate(
    kernel: Kernel, task: Task, output: Output, arena: Doubles, singles: NDArray[np.float32]
) -> None:
    """Take trajectories from the shared counter until none is left; one call per thread.

    Parameters
    ----------
    arena, singles : working memory of this thread, 64-byte aligned, and its view as float32
    """
    lanes = kernel.lanes
    control = arena[: SIZE * lanes].reshape((SIZE, lanes))
    control[RTOL] = task.rtol
    control[ATOL] = task.atol
    control[MAX_ATTEMPTS] = task.max_steps
    trajectory = np.full(lanes, -1, np.int64)
    next_output, next_event = np.zeros(lanes, np.int64), np.zeros(lanes, np.int64)
    work = Work(kernel, task, output, arena, singles, control, trajectory, next_output, next_event)
    saved_word = np.int64(0)
    if kernel.control_word_address != 0:
        saved_word = call_control_word(kernel.control_word_address, kernel.flush_word)
    advance(work)
    if kernel.control_word_address != 0:
        call_control_word(kernel.control_word_address, saved_word)


@njit
def advance(work: Work) -> None:
    """Step all lanes until no trajectory is left or the caller interrupts."""
    lanes = work.kernel.lanes
    n_active = 0
    for lane in range(lanes):
        n_active += begin(work, lane)
    while n_active > 0 and work.output.interrupt[0] == 0:
        bits = call_step(work.kernel.step_address, work.arena)
        if bits != 0:
            n_active -= attend(work, bits)
    for lane in range(lanes):
        if work.trajectory[lane] >= 0:
            retire(work, lane, INTERRUPTED)


@njit
def attend(work: Work, bits: int) -> int:
    """Look after the lanes whose bit is set; returns how many have become idle."""
    n_idle = 0
    for lane in range(work.kernel.lanes):
        if (bits >> lane) & 1 == 0 or work.trajectory[lane] < 0:
            continue
        write_outputs(work, lane)
        status = outcome(work, lane)
        if status != RUNNING:
            retire(work, lane, status)
            n_idle += not begin(work, lane)
    return n_idle


@njit
def begin(work: Work, lane: int) -> bool:
    """Start the next trajectory in a lane, with its outputs at time 0; False if there is none."""
    started = begin_next(work, lane)
    if started:
        write_outputs(work, lane)
        continue_segment(work, lane)
    return bool(started)


@njit
def outcome(work: Work, lane: int) -> int:
    """How the lane's trajectory has ended, or RUNNING; begins the next segment where one is due."""
    control, task = work.control, work.task
    now = control[TIME, lane]
    if control[PENDING, lane] > 0.5 and now >= control[SEGMENT_END, lane]:
        if now >= task.t_end:
            return OK
        event = work.next_event[lane]
        if event < task.event_times.size and now >= task.event_times[event]:
            apply_event(work, lane)
        else:
            continue_segment(work, lane)
    if control[REJECTED_IN_ROW, lane] >= MAX_REJECTED_IN_ROW:
        return STEP_UNDERFLOW if np.isfinite(control[ERROR, lane]) else NON_FINITE
    if control[ATTEMPTS, lane] >= task.max_steps:
        return MAX_STEPS
    return RUNNING
