"""How the dose of a drug enters a network."""

from __future__ import annotations

from dataclasses import dataclass, field

from mtorsim.network.monomial import Monomial


@dataclass(frozen=True, slots=True)
class Dose:
    """The species that receives a drug.

    Parameters
    ----------
    species : its id
    amount : dimensionless monomial: nM of that species for a dose of 1 nM in the medium
    fixed : held at the dose; else the dose is its initial amount
    origin : ``"file.toml:12"``
    """

    species: str
    amount: Monomial
    fixed: bool
    origin: str = field(default="", compare=False)
