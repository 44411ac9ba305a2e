"""What a command has finished so far, and how it was called."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Journal:
    """A command line, and the files that it has written with what each holds."""

    command: str = "mtorsim"
    written: dict[Path, str] = field(default_factory=dict)

    def note(self, path: Path, content: str) -> None:
        """A file is on disk in full."""
        self.written[path] = content

    def kept(self) -> str:
        """A clause that says what is left behind."""
        if not self.written:
            return "nothing was written"
        return "kept: " + ", ".join(f"{path} ({what})" for path, what in self.written.items())
