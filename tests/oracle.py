"""Mass action by the book: reads a table of reactions, shares no code with the package."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Side = Sequence[str]


def read_table(text: str) -> list[tuple[list[str], list[str]]]:
    """Rows (reactants, products) of lines like ``A + A -> A:A``; ``0`` is an empty side."""
    rows = []
    for line in text.strip().splitlines():
        left, right = (side.split("+") for side in line.split("->"))
        rows.append(tuple([s.strip() for s in side if s.strip() != "0"] for side in (left, right)))
    return rows


def oracle_rhs(
    table: Sequence[tuple[Side, Side]], species: Sequence[str], *, y: ArrayLike, k: ArrayLike
) -> NDArray[np.generic]:
    """dy/dt, (n_species,); each reaction takes its reactants away and puts its products there."""
    amount = dict(zip(species, np.asarray(y), strict=True))
    slope = dict.fromkeys(species, 0.0)
    for (reactants, products), rate in zip(table, np.asarray(k), strict=True):
        flux = rate
        for name in reactants:
            flux = flux * amount[name]
        for name in reactants:
            slope[name] = slope[name] - flux
        for name in products:
            slope[name] = slope[name] + flux
    return np.array([slope[name] for name in species])


def oracle_jacobian(
    table: Sequence[tuple[Side, Side]], species: Sequence[str], *, y: ArrayLike, k: ArrayLike
) -> NDArray[np.float64]:
    """d(rhs)/dy by complex steps, exact to rounding, (n_species, n_species)."""
    step = 1e-100
    columns = []
    for i in range(len(species)):
        shifted = np.asarray(y, dtype=complex).copy()
        shifted[i] += 1j * step
        columns.append(oracle_rhs(table, species, y=shifted, k=k).imag / step)
    return np.array(columns, dtype=np.float64).reshape(len(species), len(species)).T
