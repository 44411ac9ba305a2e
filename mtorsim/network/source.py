"""Where a number or a mechanism is known from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mtorsim.errors import suggestion

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


def source_complaint(key: str, known: Iterable[str]) -> str:
    """What is wrong with a citation; empty where its source is known, or it says that it has none.

    Parameters
    ----------
    key : as it is written
    known : keys of the sources
    """
    keys = (*known, *NOT_A_SOURCE)
    return "" if key in keys else f'unknown source "{key}"{suggestion(key, keys)}'
