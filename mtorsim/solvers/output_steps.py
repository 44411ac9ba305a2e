"""Outputs by a step of their own: from the start of the step that passed them, to their time.

Such a step is shorter than the one that passed the error test, so the output is as good as the
steps are, where an interpolant over the whole step would be worse. It leaves no trace: afterwards
the lane stands, bit for bit, where it stood, so outputs change neither steps nor each other.
"""

from __future__ import annotations

import numpy as np

from mtorsim._jit import inlined
from mtorsim.solvers.control import (
    ACCEPTED,
    ATTEMPTS,
    NEXT_OUTPUT,
    PENDING,
    REJECTED_IN_ROW,
    SEGMENT_END,
    STEP,
    STEP_START,
    TIME,
)
from mtorsim.solvers.rows import gather, scatter
from mtorsim.solvers.work import Output, Work


@inlined
def set_out(work: Work, lane: int, time: float) -> None:
    """Keep what the lane holds, and send it from the start of its pending step to ``time``."""
    control = work.control
    gather(control, lane, work.kept_control[lane])
    gather(work.y, lane, work.kept_y[lane])
    gather(work.increment, lane, work.kept_increment[lane])
    gather(work.increment_low, lane, work.kept_increment_low[lane])
    work.is_away[lane] = True
    start = control[STEP_START, lane]
    control[TIME, lane] = start
    control[STEP, lane] = time - start
    control[SEGMENT_END, lane] = time
    control[NEXT_OUTPUT, lane] = np.inf
    for slot in (PENDING, ACCEPTED, ATTEMPTS, REJECTED_IN_ROW):
        control[slot, lane] = 0.0


@inlined
def come_back(output: Output, work: Work, lane: int) -> None:
    """Put the lane back where it set out."""
    output.output_attempts[work.trajectory[lane]] += int(work.control[ATTEMPTS, lane])
    scatter(work.kept_control[lane], work.control, lane)
    scatter(work.kept_y[lane], work.y, lane)
    scatter(work.kept_increment[lane], work.increment, lane)
    scatter(work.kept_increment_low[lane], work.increment_low, lane)
    work.is_away[lane] = False


@inlined
def stay(work: Work, lane: int) -> None:
    """The lane is lost on the way to an output: it ends there, with all its attempts counted."""
    for slot in (ACCEPTED, ATTEMPTS):
        work.control[slot, lane] += work.kept_control[lane, slot]
    work.is_away[lane] = False
