"""Writes down outputs, and how trajectories end."""

from __future__ import annotations

import numpy as np

from mtorsim._jit import njit
from mtorsim.solvers.control import (
    ACCEPTED,
    ATTEMPTS,
    NEXT_OUTPUT,
    PENDING,
    STEP_START,
    TIME,
    USED_STEP,
)
from mtorsim.solvers.work import Doubles, Work, end_state_value, low_value, state_value


@njit
def write_outputs(work: Work, lane: int) -> None:
    """Write the outputs that the lane's last step has passed."""
    control, times = work.control, work.task.output_times
    number, q = work.next_output[lane], work.trajectory[lane]
    while number < times.size and times[number] <= control[TIME, lane]:
        theta = 0.0
        if control[PENDING, lane] > 0.5:
            theta = (times[number] - control[STEP_START, lane]) / control[USED_STEP, lane]
        interpolate(work, work.output.values[q, number], lane, theta)
        number += 1
    work.next_output[lane] = number
    control[NEXT_OUTPUT, lane] = times[number] if number < times.size else np.inf


@njit
def interpolate(work: Work, values: Doubles, lane: int, theta: float) -> None:
    """Outputs at ``theta`` of the last step, by the dense output of the method."""
    task, kernel = work.task, work.kernel
    n_stages = kernel.dense.shape[0]
    coefficients = np.empty(n_stages)
    for j in range(n_stages):
        total = 0.0
        for p in range(kernel.dense.shape[1] - 1, -1, -1):
            total = (total + kernel.dense[j, p]) * theta
        coefficients[j] = total
    for o in range(values.size):
        total = 0.0
        for e in range(task.observe_start[o], task.observe_start[o + 1]):
            i = task.observe_species[e]
            state = state_value(work, i, lane)
            if theta != 0.0:
                state += theta * low_value(work, kernel.increment, i, lane)
                for j in range(n_stages):
                    stage = kernel.first_stage + j * kernel.stage_spacing
                    state += coefficients[j] * low_value(work, stage, i, lane)
            total += task.observe_weight[e] * state
        values[o] = total


@njit
def retire(work: Work, lane: int, status: int) -> None:
    """Write down how the lane's trajectory ended; outputs after that are NaN."""
    output, task, q = work.output, work.task, work.trajectory[lane]
    now = work.control[TIME, lane]
    for i in range(task.y0.shape[1]):
        output.final_state[q, i] = end_state_value(work, i, lane)
    for number in range(task.output_times.size):
        if task.output_times[number] > now:
            output.values[q, number] = np.nan
    output.t_reached[q] = now
    output.status[q] = status
    output.attempts[q] = int(work.control[ATTEMPTS, lane])
    output.accepted[q] = int(work.control[ACCEPTED, lane])
