"""What a command has finished so far, and how it was called."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType


@dataclass(slots=True)
class Journal:
    """A command line, the files that it has written, and whether Ctrl-C was pressed.

    Parameters
    ----------
    command : as it was typed
    written : what each file holds
    """

    command: str = "mtorsim"
    interrupted: bool = False
    written: dict[Path, str] = field(default_factory=dict)

    def note(self, path: Path, content: str) -> None:
        """A file is on disk in full."""
        self.written[path] = content

    def kept(self) -> str:
        """A clause that says what is left behind."""
        if not self.written:
            return "nothing was written"
        return "kept: " + ", ".join(f"{path} ({what})" for path, what in self.written.items())


@contextmanager
def noting_interrupts(journal: Journal) -> Iterator[None]:
    """Note Ctrl-C in the journal, beside raising KeyboardInterrupt as always."""

    def note(number: int, frame: FrameType | None) -> None:
        journal.interrupted = True
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        # Somebody else looks after it, or it is ignored as under nohup.
        yield
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
