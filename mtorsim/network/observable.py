"""What is read off a state: sums of species, or fractions of a component's total."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Observable:
    """A weighted sum of species, divided by the total of ``of`` where given.

    Parameters
    ----------
    weights : pairs (species, weight) over dynamic species
    of : component whose total divides the sum; None for an amount
    total_weights : pairs (species, copies of ``of``), empty where ``of`` is None
    title : for people
    unit : ``"nM"``, or ``"1"`` for a fraction
    origin : ``"file.toml:12"``
    """

    id: str
    weights: tuple[tuple[str, float], ...]
    of: str | None = None
    total_weights: tuple[tuple[str, float], ...] = ()
    title: str = ""
    unit: str = "nM"
    origin: str = field(default="", compare=False)
