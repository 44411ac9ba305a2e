"""Networks made for benchmarks, written as tables of reactions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """A mass-action network with nominal numbers, nM and s.

    Parameters
    ----------
    species : (n,) names
    structure : reactants and net changes over ``species``
    rate_constants : (r,)
    initial_amounts : (n,)
    drugs : species whose initial amount is a dose
    """

    species: tuple[str, ...]
    structure: MassActionStructure
    rate_constants: Array
    initial_amounts: Array
    drugs: tuple[str, ...] = ()


Reaction = tuple[tuple[str, ...], tuple[str, ...], float]


def read_reactions(table: str) -> list[Reaction]:
    """Reactions of lines ``E + S <-> E:S -> E + P ; on, off, turnover``; ``0`` is nothing.

    An arrow ``<->`` takes two constants, forward and back, ``->`` takes one.
    """
    reactions: list[Reaction] = []
    for line in table.strip().splitlines():
        equation, _, numbers = line.partition(";")
        constants = [float(number) for number in numbers.split(",")]
        first, *rest = re.split(r"(<->|->)", equation)
        left = _side(first)
        for arrow, text in zip(rest[::2], rest[1::2], strict=True):
            right = _side(text)
            reactions.append((left, right, constants.pop(0)))
            if arrow == "<->":
                reactions.append((right, left, constants.pop(0)))
            left = right
        if constants:
            raise ValueError(f"{line!r} has constants to spare")
    return reactions


def _side(text: str) -> tuple[str, ...]:
    names = (name.strip() for name in text.split("+"))
    return tuple(name for name in names if name != "0")


def assemble(
    reactions: list[Reaction], amounts: Mapping[str, float], *, drugs: tuple[str, ...] = ()
) -> Network:
    """The network of reactions; species are those of ``amounts``, which is complete."""
    index = {name: i for i, name in enumerate(amounts)}
    changes = []
    for left, right, _ in reactions:
        net = Counter(index[name] for name in right)
        net.subtract(index[name] for name in left)
        changes.append(tuple(sorted((i, change) for i, change in net.items() if change)))
    reactants = tuple(tuple(sorted(index[name] for name in left)) for left, _, _ in reactions)
    return Network(
        species=tuple(index),
        structure=MassActionStructure(len(index), reactants, tuple(changes)),
        rate_constants=np.array([constant for _, _, constant in reactions]),
        initial_amounts=np.array(list(amounts.values()), dtype=np.float64),
        drugs=drugs,
    )


def add_species(amounts: dict[str, float], reactions: list[Reaction]) -> None:
    """Add the species that reactions mention, in order of appearance, starting at 0."""
    for left, right, _ in reactions:
        for name in (*left, *right):
            amounts.setdefault(name, 0.0)


SIGNALLING_TOTALS = {
    "Ins": 100, "IR": 50, "IRS": 100, "PTP": 20, "PI3K": 30, "PIP2": 1000, "PTEN": 20, "AKT": 200,
    "PDK1": 50, "PP2A": 60, "TORC2": 15, "TSC": 60, "PP1": 30, "RhebD": 100, "GEF": 30,
    "TORC1": 30, "S6K": 80, "BP1": 300, "eIF4E": 100, "S6": 500, "FOXO": 20, "mR": 0.05,
    "FKBP": 200,
}  # fmt: skip

SIGNALLING_REACTIONS = """
Ins + IR <-> IRa                                    ; 1e-3, 4e-4
IRa + IRS <-> IRa_IRS -> IRa + pIRS                 ; 5e-3, 0.1, 1.0
PTP + pIRS <-> PTP_pIRS -> PTP + IRS                ; 2e-3, 0.05, 0.5
pIRS + PI3K <-> PI3Ka                               ; 1e-2, 0.05
PI3Ka + PIP2 <-> PI3Ka_PIP2 -> PI3Ka + PIP3         ; 1e-3, 1.0, 5.0
PTEN + PIP3 <-> PTEN_PIP3 -> PTEN + PIP2            ; 1e-3, 0.5, 1.0
AKT + PIP3 <-> AKTm                                 ; 1e-3, 0.5
PDK1 + AKTm <-> PDK1_AKTm -> PDK1 + pAKT            ; 1e-2, 0.1, 1.0
PP2A + pAKT <-> PP2A_pAKT -> PP2A + AKT + PIP2      ; 1e-3, 0.05, 0.1
TORC2 + pAKT <-> TORC2_pAKT -> TORC2 + ppAKT        ; 1e-2, 0.1, 0.5
PP2A + ppAKT <-> PP2A_ppAKT -> PP2A + pAKT          ; 3e-4, 0.05, 0.1
ppAKT + TSC <-> ppAKT_TSC -> ppAKT + pTSC           ; 2e-3, 0.1, 1.0
PP1 + pTSC <-> PP1_pTSC -> PP1 + TSC                ; 1e-3, 0.1, 0.2
TSC + RhebT <-> TSC_RhebT -> TSC + RhebD            ; 2e-3, 0.5, 0.5
GEF + RhebD <-> GEF_RhebD -> GEF + RhebT            ; 5e-3, 0.5, 2.0
RhebT + TORC1 <-> TORC1a                            ; 1e-2, 0.2
TORC1a + S6K <-> TORC1a_S6K -> TORC1a + pS6K        ; 1e-2, 0.2, 2.0
PP2A + pS6K <-> PP2A_pS6K -> PP2A + S6K             ; 1e-3, 0.1, 0.5
TORC1a + BP1 <-> TORC1a_BP1 -> TORC1a + pBP1        ; 1e-2, 0.2, 4.0
PP1 + pBP1 <-> PP1_pBP1 -> PP1 + BP1                ; 3e-3, 0.1, 1.0
BP1 + eIF4E <-> BPE                                 ; 2e-2, 1e-2
pS6K + S6 <-> pS6K_S6 -> pS6K + pS6                 ; 5e-3, 0.1, 10.0
PP1 + pS6 <-> PP1_pS6 -> PP1 + S6                   ; 2e-3, 0.1, 1.0
pS6K + IRS <-> pS6K_IRS -> pS6K + iIRS              ; 5e-4, 0.1, 0.2
PP2A + iIRS <-> PP2A_iIRS -> PP2A + IRS             ; 5e-4, 0.1, 0.05
ppAKT + FOXO <-> ppAKT_FOXO -> ppAKT + pFOXO        ; 5e-3, 0.1, 1.0
PP1 + pFOXO <-> PP1_pFOXO -> PP1 + FOXO             ; 1e-3, 0.1, 0.1
FOXO -> FOXO + mR                                   ; 1e-5
mR -> 0                                             ; 1e-4
mR -> mR + IR                                       ; 1e-3
IR -> 0                                             ; 3e-5
IRa -> 0                                            ; 3e-5
0 -> mR                                             ; 1e-5
0 -> IR                                             ; 1e-4
"""

SIGNALLING_DRUGS = ("Rap", "Tor", "Pi")

SIGNALLING_DRUG_REACTIONS = """
Rap + FKBP <-> RF       ; 1e-2, 1e-4
RF + TORC1 <-> RFT      ; 1e-2, 1e-3
RF + TORC1a <-> RFTa    ; 1e-2, 1e-3
RF + TORC2 <-> RFT2     ; 1e-5, 1e-4
Tor + TORC1 <-> TT1     ; 1e-2, 5e-3
Tor + TORC1a <-> TT1a   ; 1e-2, 5e-3
Tor + TORC2 <-> TT2     ; 1e-2, 1e-2
Pi + PI3K <-> PiK       ; 1e-2, 1e-2
Pi + PI3Ka <-> PiKa     ; 1e-2, 1e-2
"""


def signalling_cascade() -> Network:
    """The cascade of 73 species and 101 reactions on which the solver was designed.

    Insulin to S6 with a slow loop through transcription, and three drugs: a rapalog ``Rap``, an
    inhibitor of both mTOR complexes ``Tor`` and one of PI3K ``Pi``. Its numbers are made up.
    """
    amounts: dict[str, float] = {name: float(value) for name, value in SIGNALLING_TOTALS.items()}
    reactions = read_reactions(SIGNALLING_REACTIONS)
    add_species(amounts, reactions)
    amounts.update(dict.fromkeys(SIGNALLING_DRUGS, 1.0))
    drug_reactions = read_reactions(SIGNALLING_DRUG_REACTIONS)
    add_species(amounts, drug_reactions)
    return assemble(reactions + drug_reactions, amounts, drugs=SIGNALLING_DRUGS)


def kinase_cascade(n_tiers: int) -> Network:
    """A chain of kinases of any length: ``5 n_tiers + 5`` species, ``6 n_tiers + 4`` reactions.

    A ligand activates the first kinase; each active kinase phosphorylates the next, each has a
    phosphatase of its own, and a drug binds the active receptor. Constants vary by tier over a
    decade, so that the time scales spread as in a real cascade.
    """
    amounts = {"L": 50.0, "R": 40.0, "D": 1.0}
    lines = ["L + R <-> K0 ; 1e-3, 2e-3", "D + K0 <-> DK0 ; 5e-3, 1e-3"]
    for tier in range(1, n_tiers + 1):
        kinase, target = f"K{tier - 1}", f"K{tier}"
        amounts[f"X{tier}"], amounts[f"P{tier}"] = 100.0, 20.0
        speed = 10.0 ** ((tier * 7 % 11) / 10 - 0.5)
        lines.append(
            f"{kinase} + X{tier} <-> {kinase}_X{tier} -> {kinase} + {target}"
            f" ; {3e-3 * speed!r}, 0.1, {0.8 * speed!r}"
        )
        lines.append(
            f"P{tier} + {target} <-> P{tier}_{target} -> P{tier} + X{tier}"
            f" ; {2e-3 / speed!r}, 0.05, 0.4"
        )
    reactions = read_reactions("\n".join(lines))
    add_species(amounts, reactions)
    return assemble(reactions, amounts, drugs=("D",))
