"""Three small networks with equations derived by hand, and numbers for symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Symbol

from mtorsim.symbolic.system import OdeSystem
from tests.oracle import read_table
from tests.strategies import RandomNetwork, structure_of_table

Array = NDArray[np.float64]


def system_of(table: str, species: Sequence[str], reactions: Sequence[str]) -> OdeSystem:
    return OdeSystem.from_structure(
        structure_of_table(read_table(table), species), species=species, reactions=reactions
    )


def enzyme() -> OdeSystem:
    table = """
    E + S -> E:S
    E:S -> E + S
    E:S -> E + P
    """
    return system_of(table, ["E", "S", "E:S", "P"], ["on", "off", "cat"])


def dimer() -> OdeSystem:
    table = """
    0 -> A
    A -> 0
    A + A -> A:A
    A:A -> A + A
    """
    return system_of(table, ["A", "A:A"], ["syn", "deg", "on", "off"])


def kinase() -> OdeSystem:
    table = """
    K + S -> K + S_p
    S_p + S -> S_p + S_p
    S_p + S_p + S_p -> S + S_p + S_p
    """
    return system_of(table, ["K", "S", "S_p"], ["cat", "auto", "off"])


def values_of(
    expressions: Sequence[Expr] | Mapping[tuple[int, int], Expr],
    system: OdeSystem,
    *,
    y: Array,
    k: Array,
) -> Array:
    """Numbers of a vector (or of the entries of a sparse matrix) at a state."""
    entries = list(expressions.values() if isinstance(expressions, Mapping) else expressions)
    function = sympy.lambdify((system.y, system.k), entries, "math", cse=False)
    return np.array(function(y, k), dtype=np.float64)


def dense_values_of(
    matrix: Mapping[tuple[int, int], Expr],
    system: OdeSystem,
    *,
    shape: tuple[int, int],
    y: Array,
    k: Array,
) -> Array:
    """A sparse matrix of symbols as a dense one of numbers."""
    dense = np.zeros(shape)
    for position, value in zip(matrix, values_of(matrix, system, y=y, k=k), strict=True):
        dense[position] = value
    return dense


def system_of_random(network: RandomNetwork) -> OdeSystem:
    return OdeSystem.from_structure(network.structure)


def symbols(*names: str) -> tuple[Symbol, ...]:
    return tuple(Symbol(name) for name in names)
