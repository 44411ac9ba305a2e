"""Text for terminals that know no more than ASCII, and values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

_ASCII = str.maketrans(
    {
        "⊣": "-|",
        "→": "->",
        "−": "-",
        "–": "-",
        "µ": "u",
        "×": "x",
        "κ": "k",
        "α": "a",
        "β": "b",
        "≥": ">=",
        "≤": "<=",
    }
)


def plain_ascii(text: str) -> str:
    """The text in letters that every terminal knows."""
    return text.translate(_ASCII)


def plain_json(value: Any) -> Any:
    """The value in types that JSON has; NaN and infinity become null, paths their text."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain_json(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return plain_json(value.item()) if hasattr(value, "item") else value
