"""Writes down outputs, and how trajectories end."""

from __future__ import annotations

import numpy as np

from mtorsim._jit import inlined
from mtorsim.solvers.control import (
    ACCEPTED,
    ATTEMPTS,
    EVALUATIONS,
    NEXT_OUTPUT,
    PENDING,
    STEP_START,
    TIME,
    USED_STEP,
)
from mtorsim.solvers.output_steps import come_back, set_out, stay
from mtorsim.solvers.rows import (
    add_stages,
    dense_coefficients,
    gather,
    hold_sums,
    weighted_sums,
)
from mtorsim.solvers.work import Doubles, Kernel, Output, Task, Work


@inlined
def write_outputs(kernel: Kernel, task: Task, output: Output, work: Work, lane: int) -> bool:
    """Write the outputs that the lane's last step has passed; True while it is away for one."""
    control, times = work.control, task.output_times
    number, q = work.next_output[lane], work.trajectory[lane]
    if work.is_away[lane]:
        if control[TIME, lane] < times[number]:
            stay(work, lane)
            return False
        write_state(kernel, task, output.values[q, number], work, lane, 1.0)
        number += 1
        come_back(output, work, lane)
    now = control[TIME, lane]
    while number < times.size and times[number] <= now:
        theta = 0.0
        if control[PENDING, lane] > 0.5:
            theta = (times[number] - control[STEP_START, lane]) / control[USED_STEP, lane]
            theta = 1.0 if times[number] == now else theta
        if 0.0 < theta < 1.0 and kernel.dense.size == 0:
            work.next_output[lane] = number
            set_out(work, lane, times[number])
            return True
        write_state(kernel, task, output.values[q, number], work, lane, theta)
        number += 1
    work.next_output[lane] = number
    control[NEXT_OUTPUT, lane] = times[number] if number < times.size else np.inf
    return False


@inlined
def write_state(  # noqa: PLR0917 - numba takes arguments by position only
    kernel: Kernel, task: Task, values: Doubles, work: Work, lane: int, theta: float
) -> None:
    """Write the outputs at ``theta`` of the pending step: 0 is its start, 1 its end."""
    gather(work.y, lane, work.state)
    if theta > 0.0:
        dense_coefficients(kernel.dense, theta, work.coefficients)
        add_stages(work.stages, work.coefficients, lane, work.state)
        add_stages(work.stages_low, work.coefficients, lane, work.state)
    gather(work.total, lane, work.sums)
    hold_sums(
        kernel.moiety_start,
        kernel.moiety_species,
        kernel.moiety_weight,
        work.sums,
        work.state,
        kernel.held,
    )
    weighted_sums(task.observe_start, task.observe_species, task.observe_weight, work.state, values)


@inlined
def leave(output: Output, work: Work, lane: int) -> None:
    """Write down where the lane's trajectory stands."""
    q = work.trajectory[lane]
    gather(work.y, lane, output.final_state[q])
    output.t_reached[q] = work.control[TIME, lane]


@inlined
def retire(task: Task, output: Output, work: Work, lane: int, status: int) -> None:
    """Write down how the lane's trajectory ended; outputs after that stay NaN."""
    q, control = work.trajectory[lane], work.control
    leave(output, work, lane)
    output.status[q] = status
    output.attempts[q] = int(control[ATTEMPTS, lane])
    output.accepted[q] = int(control[ACCEPTED, lane])
    output.evaluations[q] = int(control[EVALUATIONS, lane])
