"""What the driver's functions hand to each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import njit
from mtorsim.solvers.control import PENDING

Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]


class Kernel(NamedTuple):
    """Machine code and the layout of its arena (offsets in lanes)."""

    step_address: int
    first_step_address: int
    control_word_address: int
    flush_word: int
    lanes: int
    is_single: bool
    arena_size: int
    y: int
    k: int
    k_low: int
    increment: int
    total: int
    first_stage: int
    stage_spacing: int
    dense: Doubles
    stops_at_outputs: bool
    moiety_start: Integers
    moiety_species: Integers
    moiety_weight: Doubles


class Task(NamedTuple):
    """A block of trajectories: what to start from, what to write down, and when to change what."""

    y0: Doubles
    k: Doubles
    first_step: float
    t_end: float
    output_times: Doubles
    observe_start: Integers
    observe_species: Integers
    observe_weight: Doubles
    event_times: Doubles
    event_scale: Doubles
    event_add: Doubles
    event_k: Doubles
    rtol: float
    atol: float
    max_steps: int


class Output(NamedTuple):
    """Where results go; ``next_trajectory`` and ``interrupt`` are shared between threads."""

    values: Doubles
    final_state: Doubles
    t_reached: Doubles
    status: NDArray[np.int8]
    attempts: Integers
    accepted: Integers
    next_trajectory: Integers
    interrupt: Integers


class Work(NamedTuple):
    """Everything one thread works on; all but ``output`` and the block in ``task`` is its own.

    Parameters
    ----------
    arena, singles : working memory, 64-byte aligned, and its view as float32
    control : the control block as (slot, lane), a view of the arena
    trajectory, next_output, next_event : per lane; trajectory -1 is an idle lane
    """

    kernel: Kernel
    task: Task
    output: Output
    arena: Doubles
    singles: NDArray[np.float32]
    control: Doubles
    trajectory: Integers
    next_output: Integers
    next_event: Integers


@njit
def state_value(work: Work, i: int, lane: int) -> float:
    """Amount of a species in a lane, without a pending step."""
    value: float = work.arena[(work.kernel.y + i) * work.kernel.lanes + lane]
    return value


@njit
def low_value(work: Work, offset: int, i: int, lane: int) -> float:
    """An element of an array that is kept in the kernel's lower precision."""
    if work.kernel.is_single:
        return float(work.singles[(2 * offset + i) * work.kernel.lanes + lane])
    return float(work.arena[(offset + i) * work.kernel.lanes + lane])


@njit
def end_state_value(work: Work, i: int, lane: int) -> float:
    """Amount of a species in a lane, with a pending step."""
    value = state_value(work, i, lane)
    if work.control[PENDING, lane] > 0.5:
        value += low_value(work, work.kernel.increment, i, lane)
    return value
