"""Small networks to solve, with exact solutions where there are any, and their kernels."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.kernel import CompiledKernel, compile_kernel
from mtorsim.network.null_space import left_null_space
from mtorsim.network.structure import MassActionStructure
from tests.oracle import read_table
from tests.strategies import structure_of_table

Array = NDArray[np.float64]

EXCHANGE_TABLE = """
A -> B
B -> A
"""
LOGISTIC_TABLE = "A + B -> B + B"
TURNOVER_TABLE = """
0 -> A
A -> 0
A + A -> A:A
A:A -> A + A
"""
BRUSSELATOR_TABLE = """
0 -> X
X + X + Y -> X + X + X
X -> Y
X -> 0
"""
CASCADE_TABLE = """
E + A -> A:E
A:E -> E + A
A:E -> E + A_p
P + A_p -> A_p:P
A_p:P -> P + A_p
A_p:P -> P + A
A_p + B -> A_p:B
A_p:B -> A_p + B
A_p:B -> A_p + B_p
Q + B_p -> B_p:Q
B_p:Q -> Q + B_p
B_p:Q -> Q + B
D + E -> D:E
D:E -> D + E
"""


def species_of(table: str) -> tuple[str, ...]:
    """Species in the order in which they appear."""
    rows = read_table(table)
    return tuple(dict.fromkeys(name for row in rows for side in row for name in side))


def structure_of(table: str) -> MassActionStructure:
    return structure_of_table(read_table(table), species_of(table))


@cache
def kernel_of(table: str) -> CompiledKernel:
    """The kernel of a table, compiled once for all tests."""
    return compile_kernel(structure_of(table))


def cascade_rows(n: int, *, seed: int = 0) -> tuple[Array, Array]:
    """Starts (n, 13) and log-normal rate constants (n, 14) of a stiff cascade under a drug."""
    random = np.random.default_rng(seed)
    species = species_of(CASCADE_TABLE)
    start = np.zeros((n, len(species)))
    amounts = {"E": 2.0, "A": 100.0, "P": 20.0, "B": 300.0, "Q": 10.0}
    for name, amount in amounts.items():
        start[:, species.index(name)] = amount
    start[:, species.index("D")] = np.geomspace(1e-2, 1e3, n)
    typical = np.array([0.1, 0.5, 1, 0.05, 0.2, 0.5, 0.02, 0.3, 0.4, 0.1, 0.2, 0.8, 0.01, 1e-3])
    return start, typical * np.exp(random.normal(0, 0.7, (n, typical.size)))


def exchange(times: Array, *, a0: float, forward: float, backward: float) -> Array:
    """A of A <-> B from (a0, 0)."""
    rest = a0 * backward / (forward + backward)
    return rest + (a0 - rest) * np.exp(-(forward + backward) * times)


def logistic(times: Array, *, a0: float, b0: float, k: float) -> Array:
    """B of A + B -> 2 B."""
    total = a0 + b0
    return total / (1 + a0 / b0 * np.exp(-k * total * times))


def conserved_weights(structure: MassActionStructure) -> Array:
    """A basis of the conserved sums, (m, n_species)."""
    basis = left_null_space(structure.n_species, (dict(changes) for changes in structure.changes))
    weights = np.zeros((len(basis), structure.n_species))
    for row, members in zip(weights, basis, strict=True):
        for i, weight in members.items():
            row[i] = weight
    return weights
