"""Hypothesis strategies: random mass-action networks whose reactions balance by construction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]
Row = tuple[tuple[str, ...], tuple[str, ...]]

MAX_COMPLEX_SIZE = 3
CLOSED_KINDS = ("conversion", "catalysis", "binding", "dimerisation")
OPEN_KINDS = ("synthesis", "translation", "degradation")


@dataclass(frozen=True, slots=True)
class RandomNetwork:
    """A random network and numbers to run it with.

    Parameters
    ----------
    species : (n,) ids; components of a complex joined by ``:``
    table : (r,) rows (reactants, products), a species repeated for its stoichiometry
    k : (r,) rate constants, in [1e-3, 10]
    y0 : (n,) initial amounts, 0 or in [1e-2, 100]
    """

    species: tuple[str, ...]
    table: tuple[Row, ...]
    k: Array
    y0: Array

    @property
    def structure(self) -> MassActionStructure:
        """The network by index, species in the order of ``species``."""
        return structure_of_table(self.table, self.species)

    @property
    def compositions(self) -> list[Counter[str]]:
        """Component -> count of each species."""
        return [composition_of(name) for name in self.species]


def composition_of(species: str) -> Counter[str]:
    """Component -> count, read from the id: ``A_p:B`` holds one A and one B."""
    return Counter(part.split("_")[0] for part in species.split(":"))


def structure_of_table(table: Sequence[Row], species: Sequence[str]) -> MassActionStructure:
    """The structure of rows (reactants, products)."""
    index = {name: i for i, name in enumerate(species)}
    changes = []
    for reactants, products in table:
        net = Counter(index[name] for name in products)
        net.subtract(index[name] for name in reactants)
        changes.append(tuple(sorted((i, change) for i, change in net.items() if change)))
    reactants_by_index = tuple(
        tuple(sorted(index[name] for name in reactants)) for reactants, _ in table
    )
    return MassActionStructure(len(species), reactants_by_index, tuple(changes))


@st.composite
def mass_action_networks(
    draw: st.DrawFn,
    *,
    kinds: Sequence[str] = CLOSED_KINDS + OPEN_KINDS,
    max_reactions: int = 12,
) -> RandomNetwork:
    """Networks of 1 to 3 components in 1 to 3 states, of the given kinds of reaction; perhaps none.

    ``binding`` joins two species (its reverse may follow), ``dimerisation`` two equal ones,
    ``catalysis`` converts one species by way of another (or of itself: autocatalysis).
    With ``kinds=CLOSED_KINDS`` every component is conserved.
    """
    n_states = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    species = [
        name + state
        for name, n in zip("ABC", n_states, strict=False)
        for state in ("", "_p", "_q")[:n]
    ]
    table: list[Row] = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=max_reactions)):
        for row in _draw_rows(draw, kind, species):
            table.append(row)
            species += [name for name in row[1] if name not in species]
    table = draw(st.permutations(table))
    species = draw(st.permutations(species))
    return RandomNetwork(
        tuple(species),
        tuple(table),
        k=np.array(draw(_magnitudes(len(table), low=-3, high=1))),
        y0=np.array(draw(_amounts(len(species)))),
    )


def _draw_rows(draw: st.DrawFn, kind: str, species: Sequence[str]) -> list[Row]:
    """One reaction of ``kind``, perhaps with its reverse; none if the species allow none."""
    first = draw(st.sampled_from(species))
    other = first if kind == "dimerisation" else draw(st.sampled_from(species))
    if kind in ("conversion", "catalysis"):
        isomers = [
            name
            for name in species
            if name != first and composition_of(name) == composition_of(first)
        ]
        if not isomers:
            return []
        product = draw(st.sampled_from(isomers))
        helper = (other,) if kind == "catalysis" else ()
        return [((*helper, first), (*helper, product))]
    if kind in ("binding", "dimerisation"):
        parts = sorted([*first.split(":"), *other.split(":")])
        if len(parts) > MAX_COMPLEX_SIZE:
            return []
        bound: Row = ((first, other), (":".join(parts),))
        return [bound, bound[::-1]] if draw(st.booleans()) else [bound]
    return {
        "synthesis": [((), (first,))],
        "translation": [((other,), (other, first))],
        "degradation": [((first,), ())],
    }[kind]


def _magnitudes(size: int, *, low: float, high: float) -> st.SearchStrategy[list[float]]:
    """Lists of numbers from 10**low to 10**high, spread over the decades."""
    power = st.floats(low, high).map(lambda exponent: 10.0**exponent)
    return st.lists(power, min_size=size, max_size=size)


def _amounts(size: int) -> st.SearchStrategy[list[float]]:
    amount = st.one_of(st.just(0.0), st.floats(-2, 2).map(lambda exponent: 10.0**exponent))
    return st.lists(amount, min_size=size, max_size=size)
