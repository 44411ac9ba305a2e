"""Where a number or a mechanism is known from."""

from __future__ import annotations

from dataclasses import dataclass

NOT_A_SOURCE = ("fitted", "assumed")
"""What may stand in place of a source: a fitted number, or a guess with its reason."""


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of ``sources.toml``.

    Parameters
    ----------
    citation : author, year, journal
    confidence : ``"read"`` or ``"recalled"``, empty where not said
    """

    id: str
    citation: str
    title: str = ""
    doi: str = ""
    confidence: str = ""
    note: str = ""
