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


class RunningBlock:
    """Trajectories of a task that worker threads are integrating into ``output``.

    Parameters
    ----------
    progress : called by `wait` with the number of trajectories finished since the last call
    """

    def __init__(
        self,
        kernel: Kernel,
        task: Task,
        output: Output,
        *,
        threads: int,
        progress: Progress | None = None,
    ) -> None:
        self.output, self.progress = output, progress
        self.n_trajectories = task.y0_of_row.size
        threads = max(1, min(threads, self.n_trajectories))
        self.n_lanes = threads * kernel.lanes
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="mtorsim")
        self._futures = [
            self._pool.submit(lambda: integrate(kernel, task, output, make_work(kernel, task)))
            for _ in range(threads)
        ]

    def wait(self) -> None:
        """Wait for the last trajectory.

        Raises
        ------
        KeyboardInterrupt : after the workers have stopped; what is finished is in ``output``
        """
        try:
            reported, pending = 0, set(self._futures)
            while pending:
                _, pending = wait(pending, timeout=POLL_INTERVAL)
                finished = self.n_trajectories
                if pending:  # what was begun last may still be in a lane
                    finished = int(self.output.next_trajectory[0]) - self.n_lanes
                if self.progress is not None and finished > reported:
                    self.progress(finished - reported)
                    reported = finished
        except BaseException:
            self.stop()
            raise
        self._pool.shutdown()
        for future in self._futures:
            future.result()

    def stop(self) -> None:
        """End early; what is finished is in ``output``."""
        self.output.interrupt[0] = 1
        # Workers that wait for the compiler have nothing to hand over and can not be hurried.
        self._pool.shutdown(wait=bool(self.output.next_trajectory[0]), cancel_futures=True)
