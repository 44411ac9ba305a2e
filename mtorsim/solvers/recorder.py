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
from mtorsim.solvers.rows import (
    add_stages,
    dense_coefficients,
    gather,
    hold_sums,
    weighted_sums,
)
from mtorsim.solvers.work import Kernel, Output, Task, Work


@inlined
def write_outputs(kernel: Kernel, task: Task, output: Output, work: Work, lane: int) -> None:
    """Write the outputs that the lane's last step has passed.

    The state in the lane is that at the start of the pending step; without one it is that now.
    """
    control, times = work.control, task.output_times
    number, q, now = work.next_output[lane], work.trajectory[lane], control[TIME, lane]
    if number >= times.size or times[number] > now:
        return
    is_pending = control[PENDING, lane] > 0.5
    gather(work.total, lane, work.sums)
    while number < times.size and times[number] <= now:
        gather(work.y, lane, work.state)
        if is_pending:
            theta = (times[number] - control[STEP_START, lane]) / control[USED_STEP, lane]
            dense_coefficients(kernel.dense, theta, work.coefficients)
            add_stages(work.stages, work.coefficients, lane, work.state)
            add_stages(work.stages_low, work.coefficients, lane, work.state)
        hold_sums(
            kernel.moiety_start,
            kernel.moiety_species,
            kernel.moiety_weight,
            work.sums,
            work.state,
            kernel.held,
        )
        weighted_sums(
            task.observe_start,
            task.observe_species,
            task.observe_weight,
            work.state,
            output.values[q, number],
        )
        number += 1
    work.next_output[lane] = number
    control[NEXT_OUTPUT, lane] = times[number] if number < times.size else np.inf


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
