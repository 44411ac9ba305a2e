"""Drives lanes of trajectories through the generated step.

Trajectories advance together, one a lane, each with its own time, step size and error test. The
step itself is generated code, reached by its address; the driver looks only at lanes that ask for
attention: an output is due, a segment has ended, or the trajectory is lost.
"""

from __future__ import annotations

import numpy as np

from mtorsim._jit import inlined, inner, njit
from mtorsim.solvers.control import (
    ATTEMPTS,
    ERROR,
    MAX_REJECTED_IN_ROW,
    PENDING,
    REJECTED_IN_ROW,
    SEGMENT_END,
    TIME,
)
from mtorsim.solvers.lanes import apply_event, begin_next, commit
from mtorsim.solvers.native_calls import call_control_word, call_step
from mtorsim.solvers.options import Status
from mtorsim.solvers.output_steps import come_back
from mtorsim.solvers.recorder import leave, retire, write_outputs
from mtorsim.solvers.work import IDLE, Kernel, Output, Task, Work

RUNNING = -1
OK = int(Status.OK)
MAX_STEPS = int(Status.MAX_STEPS)
STEP_UNDERFLOW = int(Status.STEP_UNDERFLOW)
NON_FINITE = int(Status.NON_FINITE)
INTERRUPTED = int(Status.INTERRUPTED)


@njit
def integrate(kernel: Kernel, task: Task, output: Output, work: Work) -> None:
    """Take trajectories from the shared counter until none is left; one call per thread."""
    saved_word = exchange_control_word(kernel.control_word_address, kernel.flush_word)
    n_active = kernel.lanes
    bits = (1 << kernel.lanes) - 1  # every lane asks for its first trajectory
    while bits != 0:
        for lane in range(kernel.lanes):
            if (bits >> lane) & 1 and work.trajectory[lane] != IDLE:
                n_active -= attend(kernel, task, output, work, lane)
        bits = 0
        while bits == 0 and n_active > 0 and output.interrupt[0] == 0:
            bits = call_step(kernel.step_address, work.arena)
    for lane in range(kernel.lanes):  # those that the caller interrupted
        if work.trajectory[lane] >= 0:
            if work.is_away[lane]:
                come_back(output, work, lane)
            commit(kernel, work, lane)
            leave(output, work, lane)
    exchange_control_word(kernel.control_word_address, saved_word)


@inner
def exchange_control_word(address: int, word: int) -> int:
    """Set the floating-point control word where the kernel wants it; returns the one before."""
    if address == 0:
        return 0
    return int(call_control_word(address, word))


@inlined
def attend(kernel: Kernel, task: Task, output: Output, work: Work, lane: int) -> bool:
    """Look after a lane that asks for it; True if there is nothing more for it to do."""
    while True:
        if work.trajectory[lane] >= 0:
            if write_outputs(kernel, task, output, work, lane):
                return False
            status = outcome(kernel, task, work, lane)
            if status == RUNNING:
                return False
            retire(task, output, work, lane, status)
        if not begin_next(kernel, task, output, work, lane):
            return True
        if task.t_end > 0.0:  # else the trajectory is at its end
            return False


@inlined
def outcome(kernel: Kernel, task: Task, work: Work, lane: int) -> int:
    """How the lane's trajectory has ended, or RUNNING; begins the next segment where one is due."""
    control = work.control
    now = control[TIME, lane]
    status = RUNNING
    if now >= task.t_end:
        status = OK
    elif control[PENDING, lane] > 0.5 and now >= control[SEGMENT_END, lane]:
        commit(kernel, work, lane)
        apply_event(kernel, task, work, lane)
    elif control[REJECTED_IN_ROW, lane] >= MAX_REJECTED_IN_ROW:
        status = STEP_UNDERFLOW if np.isfinite(control[ERROR, lane]) else NON_FINITE
    if status == RUNNING and control[ATTEMPTS, lane] >= task.max_steps:
        status = MAX_STEPS
    if status != RUNNING:
        commit(kernel, work, lane)
    return status
