"""Ctrl-C that is not lost when it comes while a kernel is just finishing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object]


class Interrupts:
    """Whether Ctrl-C was pressed since the block began."""

    noticed = False

    def __init__(self, before: Handler) -> None:
        self.before = before

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Note the signal, and do what was done about it before: raise KeyboardInterrupt."""
        self.noticed = True
        self.before(number, frame)


@contextmanager
def noticing_interrupts() -> Iterator[Interrupts]:
    """Note Ctrl-C inside the block; where signals are not ours to handle, nothing is noted.

    A kernel ends early on Ctrl-C and returns what it has. If it had all, its result does not show
    that the next block of trajectories is no longer wanted.
    """
    before = signal.getsignal(signal.SIGINT)
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or not callable(before):
        yield Interrupts(signal.default_int_handler)
        return
    interrupts = Interrupts(before)
    signal.signal(signal.SIGINT, interrupts.handle)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)
