"""The grammar of reaction equations: ``"A + 2 B <-> A:B"``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtorsim.errors import ModelError
from mtorsim.network.species import parse_species_id

_ARROWS = {"->": False, "<->": True}
_ARROW_LIKE = re.compile(r"[-<>=]{2,}|[<>=→⇌↔]")
# A count needs a space or '*' behind it: 4EBP1 must not be read as four EBP1.
_TERM = re.compile(r"(?:(\d+)(?:\s+|\s*\*\s*))?([^\s*+]+)")
MAX_COEFFICIENT = 9


@dataclass(frozen=True, slots=True)
class ParsedEquation:
    """Both sides of an equation; a species that counts twice stands twice."""

    reactants: tuple[str, ...]
    products: tuple[str, ...]
    reversible: bool


def parse_equation(text: str) -> ParsedEquation:
    """Read an equation; an empty side or ``0`` means nothing (synthesis, degradation).

    Raises
    ------
    ModelError : no arrow or several, an empty term, or a malformed species id
    """
    arrows = _ARROW_LIKE.findall(text)
    if len(arrows) != 1 or arrows[0] not in _ARROWS:
        wrong = [arrow for arrow in arrows if arrow not in _ARROWS]
        found = f", not {wrong[0]!r}" if wrong else ""
        raise ModelError(f"equation {text!r} needs exactly one '->' or '<->'{found}")
    left, right = text.split(arrows[0])
    reactants, products = _side(left, text), _side(right, text)
    if sorted(reactants) == sorted(products):
        raise ModelError(f"equation {text!r} changes nothing: both sides are the same")
    return ParsedEquation(reactants, products, _ARROWS[arrows[0]])


def _side(side: str, text: str) -> tuple[str, ...]:
    """Species of one side, repeated by their coefficients."""
    if side.strip() in ("", "0"):
        return ()
    species: list[str] = []
    for term in side.split("+"):
        match = _TERM.fullmatch(term.strip())
        if match is None:
            raise ModelError(
                f"equation {text!r}: {term.strip()!r} is not a species like 'B' or '2 B'"
            )
        count = int(match[1] or 1)
        if not 1 <= count <= MAX_COEFFICIENT:
            raise ModelError(f"equation {text!r}: a count must be from 1 to {MAX_COEFFICIENT}")
        _check_species_id(match[2], text)
        species += [match[2]] * count
    return tuple(species)


def _check_species_id(species_id: str, text: str) -> None:
    try:
        parse_species_id(species_id)
    except ModelError as error:
        raise ModelError(f"equation {text!r}: {error}") from None
