"""Random networks of every kind that the code generator meets, and sizes of their terms."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.strategies import RandomNetwork, mass_action_networks

Array = NDArray[np.float64]


@st.composite
def networks(draw: st.DrawFn, *, up_to_order: int = 3) -> RandomNetwork:
    """A random network, perhaps with species in no reaction and with three reactants."""
    network = draw(mass_action_networks(max_reactions=8))
    table, k = list(network.table), list(network.k)
    species = [*network.species, *draw(st.sampled_from([(), ("Idle",), ("Idle", "Rest")]))]
    name = st.sampled_from(species)
    for _ in range(draw(st.integers(0, 2)) if up_to_order == 3 else 0):
        reactants = (draw(name), draw(name), draw(name))
        table.append((reactants, tuple(draw(st.lists(name, max_size=3)))))
        k.append(draw(st.floats(1e-3, 10)))
    y0 = np.concatenate([network.y0, np.ones(len(species) - len(network.y0))])
    return RandomNetwork(tuple(species), tuple(table), k=np.array(k), y0=y0)


def numbers_in_lanes(network: RandomNetwork, *, lanes: int) -> tuple[Array, Array]:
    """States (n, lanes) and rate constants (r, lanes), different in every lane."""
    random = np.random.default_rng(7)
    y = network.y0[:, np.newaxis] * random.lognormal(0, 0.5, (len(network.y0), lanes))
    k = network.k[:, np.newaxis] * random.lognormal(0, 0.5, (len(network.k), lanes))
    return y, k


def gross_stoichiometry(network: RandomNetwork) -> Array:
    """How often a species stands in a reaction, on either side, (n, r).

    The oracle takes a catalyst away and puts it back, with a rounding each time.
    """
    sides = [[*reactants, *products] for reactants, products in network.table]
    return np.array([[side.count(name) for side in sides] for name in network.species], dtype=float)


def sizes_of_rates(network: RandomNetwork, y: Array, k: Array) -> Array:
    """Sum of the sizes of the terms of dy/dt, (n,): what its roundings are relative to."""
    fluxes = [
        rate * np.prod(np.abs(y[list(reactants)]))
        for rate, reactants in zip(k, network.structure.reactants, strict=True)
    ]
    return gross_stoichiometry(network) @ np.array(fluxes)


def sizes_of_derivatives(network: RandomNetwork, y: Array, k: Array) -> Array:
    """Sum of the sizes of the terms of each entry of the Jacobian, (n, n)."""
    slopes = np.zeros((len(k), len(y)))
    for r, (rate, reactants) in enumerate(zip(k, network.structure.reactants, strict=True)):
        for place, j in enumerate(reactants):
            others = [*reactants[:place], *reactants[place + 1 :]]
            slopes[r, j] += rate * np.prod(np.abs(y[others]))
    return gross_stoichiometry(network) @ slopes
