"""What the driver's functions hand to each other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.control import ATOL, MAX_ATTEMPTS, RTOL, SHARE, SIZE, share_of_earlier

Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]
Singles = NDArray[np.float32]
Booleans = NDArray[np.bool_]

CACHE_LINE = 64

#: in place of a trajectory: nothing left to do; nothing done yet
IDLE, FRESH = -1, -2


class Kernel(NamedTuple):
    """Machine code and the layout of its arena (offsets in lanes).

    The stages stand behind ``increment``, each ``stage_spacing`` after the one before. Without
    coefficients of a dense output, outputs get steps of their own. Conserved
    sums (``moiety_*``) are held to within a relative ``held``.
    """

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
    stage_spacing: int
    dense: Doubles
    moiety_start: Integers
    moiety_species: Integers
    moiety_weight: Doubles
    held: float


class Task(NamedTuple):
    """A block of trajectories: what to start from, what to write down, and when to change what.

    Starts and rate constants are `SharedRows` taken apart: few rows, which of them each trajectory
    takes, and what it has instead in some columns.
    """

    y0: Doubles
    y0_of_row: Integers
    y0_columns: Integers
    y0_values: Doubles
    k: Doubles
    k_of_row: Integers
    k_columns: Integers
    k_values: Doubles
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
    event_changes_k: Booleans
    usable: Booleans
    rtol: float
    atol: float
    max_steps: int


class Output(NamedTuple):
    """Where results go; ``next_trajectory`` and ``interrupt`` are shared between threads.

    ``evaluations`` counts right-hand sides for methods whose attempts do not all take as many;
    ``output_attempts`` the attempts of steps that were made for outputs alone.
    """

    values: Doubles
    final_state: Doubles
    t_reached: Doubles
    status: NDArray[np.int8]
    attempts: Integers
    accepted: Integers
    evaluations: Integers
    output_attempts: Integers
    next_trajectory: Integers
    interrupt: Integers


class Work(NamedTuple):
    """What one thread works on besides kernel, task and output.

    Parameters
    ----------
    arena : working memory, 64-byte aligned
    control, y, k, total : views of the arena as (slot, lane)
    k_low : (n_reactions, lanes) rate constants in float32; no rows in a float64 kernel
    stages : (stages + 1, n_species, lanes) increment and stages; empty in a float32 kernel
    stages_low : the same in float32; empty in a float64 kernel
    increment, increment_low : (n_species, lanes) the first of the stages; one of them has no rows
    kept_control, kept_y, kept_increment, kept_increment_low : what a lane held when it was sent
        off for an output, a row a lane
    is_away : per lane, whether it is on its way to an output
    trajectory, next_output, next_event : per lane; trajectory is negative where there is none
    k_held : per lane, the shared row of rate constants that it holds but for the columns that
        trajectories change; negative where it holds another
    constants, constants_held : the rate constants of the trajectory begun last, and their shared
        row as one number
    row, state, sums, coefficients : room for one lane
    """

    arena: Doubles
    control: Doubles
    y: Doubles
    k: Doubles
    total: Doubles
    k_low: Singles
    stages: Doubles
    stages_low: Singles
    increment: Doubles
    increment_low: Singles
    kept_control: Doubles
    kept_y: Doubles
    kept_increment: Doubles
    kept_increment_low: Singles
    is_away: Booleans
    trajectory: Integers
    next_output: Integers
    next_event: Integers
    k_held: Integers
    constants: Doubles
    constants_held: Integers
    row: Doubles
    state: Doubles
    sums: Doubles
    coefficients: Doubles


def make_work(kernel: Kernel, task: Task) -> Work:
    """Allocate a thread's memory and lay the views over it."""
    lanes = kernel.lanes
    n_species, n_reactions = task.y0.shape[1], task.k.shape[1]
    n_rows, n_totals = kernel.dense.shape[0] + 1, kernel.moiety_start.size - 1
    arena = new_arena(kernel.arena_size, lanes)
    slots = arena.reshape(kernel.arena_size, lanes)
    singles = arena.view(np.float32).reshape(2 * kernel.arena_size, lanes)
    n_low = n_reactions if kernel.is_single else 0
    control = slots[:SIZE]
    control[RTOL], control[ATOL], control[MAX_ATTEMPTS] = task.rtol, task.atol, task.max_steps
    control[SHARE] = share_of_earlier(task.rtol)
    y = slots[kernel.y : kernel.y + n_species]
    stages = _stage_views(kernel, slots, n_species, is_single=False)
    stages_low = _stage_views(kernel, singles, n_species, is_single=True)
    increment, increment_low = stages[:1].reshape(-1, lanes), stages_low[:1].reshape(-1, lanes)
    return Work(
        arena=arena,
        control=control,
        y=y,
        k=slots[kernel.k : kernel.k + n_reactions],
        total=slots[kernel.total : kernel.total + n_totals],
        k_low=singles[2 * kernel.k_low : 2 * kernel.k_low + n_low],
        stages=stages,
        stages_low=stages_low,
        increment=increment,
        increment_low=increment_low,
        kept_control=np.zeros((lanes, SIZE)),
        kept_y=np.zeros((lanes, n_species)),
        kept_increment=np.zeros((lanes, increment.shape[0])),
        kept_increment_low=np.zeros((lanes, increment_low.shape[0]), np.float32),
        is_away=np.zeros(lanes, np.bool_),
        trajectory=np.full(lanes, FRESH, np.int64),
        next_output=np.zeros(lanes, np.int64),
        next_event=np.zeros(lanes, np.int64),
        k_held=np.full(lanes, FRESH, np.int64),
        constants=np.zeros(n_reactions),
        constants_held=np.full(1, FRESH, np.int64),
        row=np.zeros(n_species),
        state=np.zeros(n_species),
        sums=np.zeros(n_totals),
        coefficients=np.zeros(n_rows),
    )


def _stage_views(
    kernel: Kernel, slots: NDArray[Any], n_species: int, *, is_single: bool
) -> NDArray[Any]:
    """Increment and stages as one array; they stand at equal distances in the arena."""
    if kernel.is_single != is_single:
        return slots[:0].reshape(0, 0, kernel.lanes)
    per_slot = 2 if is_single else 1
    start, spacing = kernel.increment * per_slot, kernel.stage_spacing * per_slot
    n_rows = kernel.dense.shape[0] + 1
    block = slots[start : start + n_rows * spacing]
    return block.reshape(n_rows, spacing, kernel.lanes)


def new_arena(size: int, lanes: int) -> Doubles:
    """Zeroed working memory of ``size`` slots, aligned to a cache line."""
    memory = np.zeros(size * lanes + CACHE_LINE // 8)
    skip = -(memory.ctypes.data // 8) % (CACHE_LINE // 8)
    return memory[skip : skip + size * lanes]
