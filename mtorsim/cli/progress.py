"""A progress bar that shows itself after a second, and only on a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Progress = Callable[[int, int], None]

QUIET_SECONDS = 1.0
REFRESH_SECONDS = 0.5


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """Callback taking (trajectories done, trajectories in all) while a bar is on stderr.

    Until the first call the bar says that the model is being compiled and counts the seconds.
    """
    if quiet or not sys.stderr.isatty():
        yield _ignore
        return
    bar = tqdm(desc="compiling", unit=" runs", leave=False, delay=QUIET_SECONDS, dynamic_ncols=True)
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(bar, finished), daemon=True)
    ticker.start()

    def report(done: int, total: int) -> None:
        if bar.total != total:
            bar.total = total
            bar.set_description("solving", refresh=False)
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        finished.set()
        ticker.join()
        bar.close()


def _ignore(done: int, total: int) -> None:
    """Take progress and show nothing."""


def _tick(bar: tqdm[None], finished: threading.Event) -> None:
    """Keep the seconds of the bar running while no progress comes in."""
    if finished.wait(QUIET_SECONDS):
        return
    while not finished.wait(REFRESH_SECONDS):
        bar.refresh()
