"""A reaction: always mass action, always one direction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from mtorsim.network.monomial import Monomial


@dataclass(frozen=True, slots=True)
class Reaction:
    """``reactants -> products`` with flux ``rate`` times the product of its reactants.

    Parameters
    ----------
    id : unique in a network
    module : the name of the part of the model it belongs to
    reactants, products : species ids, repeated for stoichiometry
    rate : monomial of parameters, ``nM^(1 - order)/s``
    open : makes or removes components (synthesis, translation, degradation)
    origin : ``"file.toml:12"``
    """

    id: str
    module: str
    reactants: tuple[str, ...]
    products: tuple[str, ...]
    rate: Monomial
    open: bool = False
    origin: str = field(default="", compare=False)

    @property
    def order(self) -> int:
        """Number of reactants."""
        return len(self.reactants)

    @property
    def rate_powers(self) -> tuple[int, int]:
        """The dimension its rate must have: (power of nM, power of s)."""
        return 1 - self.order, -1

    def net_change(self) -> dict[str, int]:
        """Change of each species when the reaction happens once; zero changes left out."""
        change = Counter(self.products)
        change.subtract(self.reactants)
        return {species: count for species, count in change.items() if count}

    def equation(self) -> str:
        """The equation as it would be written, ``"A + 2 B -> C"``."""
        return f"{_side_text(self.reactants)} -> {_side_text(self.products)}".strip()


def _side_text(species: tuple[str, ...]) -> str:
    """``("A", "B", "B")`` as ``"A + 2 B"``."""
    runs = ((name, len(list(run))) for name, run in groupby(species))
    return " + ".join(f"{count} {name}" if count > 1 else name for name, count in runs)
