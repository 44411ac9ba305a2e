"""How the dose of a drug enters a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mtorsim.network.monomial import Monomial

DoseUnit = Literal["nM", "mg"]


@dataclass(frozen=True, slots=True)
class Dose:
    """The species that receives a drug.

    Parameters
    ----------
    species : its id
    amount : dimensionless monomial: nM of that species for a dose of 1 of ``unit``
    fixed : held at the dose; else the dose is its initial amount
    unit : nM in the medium, or mg given to a body
    infusion : fixed species whose level is the rate of an infusion, in nM/s of ``species``; empty
        where the drug is not infused
    infusion_time : how long an infusion lasts that does not say, s
    origin : ``"file.toml:12"``
    """

    species: str
    amount: Monomial
    fixed: bool
    unit: DoseUnit = "nM"
    infusion: str = ""
    infusion_time: float = 0.0
    origin: str = field(default="", compare=False)
