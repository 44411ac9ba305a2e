"""Runs a block of trajectories on worker threads that share one counter.

Which thread or lane takes a trajectory changes no bit of its result: lanes do not read each other.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.driver import integrate
from mtorsim.solvers.options import Status
from mtorsim.solvers.work import Kernel, Output, Task, make_work

Doubles = NDArray[np.float64]
Progress = Callable[[int], None]

#: how often the waiting thread looks for Ctrl-C and reports progress, s
POLL_INTERVAL = 0.05


def available_processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def empty_output(n_trajectories: int, *, n_times: int, n_outputs: int, n_species: int) -> Output:
    """Room for results; a trajectory that nobody reaches stays NaN and interrupted."""
    return Output(
        values=np.full((n_trajectories, n_times, n_outputs), np.nan),
        final_state=np.full((n_trajectories, n_species), np.nan),
        t_reached=np.zeros(n_trajectories),
        status=np.full(n_trajectories, Status.INTERRUPTED, dtype=np.int8),
        attempts=np.zeros(n_trajectories, dtype=np.int64),
        accepted=np.zeros(n_trajectories, dtype=np.int64),
        evaluations=np.zeros(n_trajectories, dtype=np.int64),
        output_attempts=np.zeros(n_trajectories, dtype=np.int64),
        next_trajectory=np.zeros(1, dtype=np.int64),
        interrupt=np.zeros(1, dtype=np.int64),
    )


def run_block(
    kernel: Kernel, task: Task, output: Output, *, threads: int, progress: Progress | None = None
) -> None:
    """Integrate all trajectories of a task into ``output``.

    Parameters
    ----------
    progress : called with the number of trajectories known to be finished since the last call

    Raises
    ------
    KeyboardInterrupt : after the workers have stopped; what is finished is in ``output``
    """
    n_trajectories = task.y0_of_row.size
    threads = max(1, min(threads, n_trajectories))

    def work() -> None:
        integrate(kernel, task, output, make_work(kernel, task))

    pool = ThreadPoolExecutor(threads, thread_name_prefix="mtorsim")
    try:
        futures = [pool.submit(work) for _ in range(threads)]
        reported, pending = 0, set(futures)
        while pending:
            _, pending = wait(pending, timeout=POLL_INTERVAL)
            finished = n_trajectories
            if pending:  # what was begun last may still be in a lane
                finished = int(output.next_trajectory[0]) - threads * kernel.lanes
            if progress is not None and finished > reported:
                progress(finished - reported)
                reported = finished
    except BaseException:
        output.interrupt[0] = 1
        # Workers that wait for the compiler have nothing to hand over and can not be hurried.
        pool.shutdown(wait=bool(output.next_trajectory[0]), cancel_futures=True)
        raise
    pool.shutdown()
    for future in futures:
        future.result()
