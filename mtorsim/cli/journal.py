"""What a command has finished so far, for the line printed when it is interrupted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Journal:
    """Files that a command has written in full."""

    written: list[Path] = field(default_factory=list)

    def kept(self) -> str:
        """A clause that says what is left behind."""
        if not self.written:
            return "nothing was written"
        return "kept: " + ", ".join(str(path) for path in self.written)
