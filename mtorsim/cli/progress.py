"""A progress bar that shows itself after a second, and only on a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tqdm import tqdm


class Progress(Protocol):
    """Takes trajectories done, and in all where that was not said before."""

    def __call__(self, done: int, total: int | None = None, /) -> None:
        """Show how far it has come."""


QUIET_SECONDS = 1.0
REFRESH_SECONDS = 0.5
SOLVING = "solving"


@contextmanager
def progress_bar(total: int | None = None, *, quiet: bool = False) -> Iterator[Progress]:
    """Callback that moves a bar on stderr.

    Until the first call the bar says that the model is being compiled and counts the seconds.
    """
    if quiet or not sys.stderr.isatty():
        yield _ignore
        return
    bar = tqdm(
        desc="compiling",
        unit=" runs",
        leave=False,
        delay=QUIET_SECONDS,
        dynamic_ncols=True,
        bar_format="{desc}, {elapsed}",
    )
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(bar, finished), daemon=True)
    ticker.start()

    def report(done: int, total: int | None = total, /) -> None:
        if bar.desc != SOLVING:
            bar.total, bar.bar_format = total, None
            bar.set_description_str(SOLVING, refresh=False)
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        finished.set()
        ticker.join()
        bar.close()


def _ignore(done: int, total: int | None = None, /) -> None:
    """Take progress and show nothing."""


def _tick(bar: tqdm[None], finished: threading.Event) -> None:
    """Keep the seconds of the bar running while no progress comes in."""
    if finished.wait(QUIET_SECONDS):
        return
    while not finished.wait(REFRESH_SECONDS):
        bar.refresh()
