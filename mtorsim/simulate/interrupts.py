"""Ctrl-C that is not lost when it comes while a kernel is just finishing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Whether Ctrl-C was pressed since the block began."""

    noticed = False

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Note the signal, and raise KeyboardInterrupt as Python does."""
        self.noticed = True
        signal.default_int_handler(number, frame)


@contextmanager
def noticing_interrupts() -> Iterator[Interrupts]:
    """Note Ctrl-C inside the block; where signals are not ours to handle, nothing is noted.

    A kernel ends early on Ctrl-C and returns what it has. If it had all, its result does not show
    that the next block of trajectories is no longer wanted.
    """
    interrupts = Interrupts()
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield interrupts
        return
    signal.signal(signal.SIGINT, interrupts.handle)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
