"""A feedback loop by name, with exactly the reactions that close it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Loop:
    """A feedback that can be cut (its reactions off) or clamped (its signal held).

    Parameters
    ----------
    sign : ``"negative"`` or ``"positive"``
    signals : ids of the species whose level closes the loop
    reactions : ids of the reactions that close it, off when the loop is cut
    clamp : ids of the reactions that read the held signal when the loop is clamped
    source, why : where it is known from, and how it works
    origin : ``"file.toml:12"``
    """

    id: str
    title: str
    sign: str
    signals: tuple[str, ...]
    reactions: tuple[str, ...]
    clamp: tuple[str, ...]
    source: str
    why: str = ""
    origin: str = field(default="", compare=False)
