"""Species, and what their ids say: components, states and complexes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from mtorsim.errors import ModelError
from mtorsim.network.monomial import Monomial

Component = tuple[str, tuple[str, ...]]
"""A name and its states, as in ``("AKT", ("pT308", "pS473"))``."""

_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_MESSENGER = "mRNA"


@dataclass(frozen=True, slots=True)
class Species:
    """A molecule or complex in one state.

    Parameters
    ----------
    id : components joined by ``:``, each a name followed by states after ``_``
    fixed : held constant at ``initial`` (an input)
    initial : nM, a monomial of parameters; None means 0
    title, identifiers : what people and databases call it
    origin : ``"file.toml:12"``
    """

    id: str
    fixed: bool = False
    initial: Monomial | None = None
    title: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)
    origin: str = field(default="", compare=False)


@lru_cache(maxsize=8192)
def parse_species_id(species_id: str) -> tuple[Component, ...]:
    """Components of an id in the order written; ``mRNA_PTEN`` is a component of its own.

    Raises
    ------
    ModelError : the id does not follow the grammar
    """
    components = []
    for text in species_id.split(":"):
        if _COMPONENT.fullmatch(text) is None:
            raise ModelError(
                f"{species_id!r} is not a species id: components are joined by ':', "
                "each a letter followed by letters and digits, with states after '_'"
            )
        name, *states = text.split("_")
        if name == _MESSENGER and states:
            name = f"{name}_{states.pop(0)}"
        components.append((name, tuple(states)))
    return tuple(components)


@lru_cache(maxsize=8192)
def composition(species_id: str) -> Mapping[str, int]:
    """How often each component occurs: ``"AKT_pT308:PIP3"`` holds one AKT and one PIP3."""
    return MappingProxyType(Counter(name for name, _ in parse_species_id(species_id)))


@lru_cache(maxsize=8192)
def canonical_components(species_id: str) -> tuple[Component, ...]:
    """Components and states in sorted order; two ids that agree here name the same complex."""
    return tuple(
        sorted((name, tuple(sorted(states))) for name, states in parse_species_id(species_id))
    )


@lru_cache(maxsize=65536)
def matches(pattern: str, species_id: str) -> int:
    """How many disjoint copies of the pattern a species holds.

    A component of the pattern is met by one of the same name with at least the same states.
    """
    wanted, present = parse_species_id(pattern), parse_species_id(species_id)
    copies = 0
    while (copies + 1) * len(wanted) <= len(present) and _fits(wanted * (copies + 1), present):
        copies += 1
    return copies


def _fits(wanted: tuple[Component, ...], present: tuple[Component, ...]) -> bool:
    """Whether each wanted component finds one of its own among those present."""
    if not wanted:
        return True
    (name, states), rest = wanted[0], wanted[1:]
    return any(
        name == other
        and set(states) <= set(other_states)
        and _fits(rest, present[:i] + present[i + 1 :])
        for i, (other, other_states) in enumerate(present)
    )
