"""Derivatives of mass action in symbols, sparse: a dictionary holds what is not zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sympy import Add, Expr, Integer, Mul

from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.mass_action import Symbols, reactant_product

Entries = dict[tuple[int, int], Expr]
"""Sparse matrix: (row, column) -> entry, sorted by row then column, no zero entry."""


def flux_jacobian(structure: MassActionStructure, y: Symbols, *, k: Symbols) -> Entries:
    """dv/dy, shape (n_reactions, n_species): one entry per distinct reactant of a reaction.

    Parameters
    ----------
    structure : the network
    y : (n_species,) amounts
    k : (n_reactions,) rate constants
    """
    entries: Entries = {}
    for r, indices in enumerate(structure.reactants):
        for i, power in sorted(Counter(indices).items()):
            others = list(indices)
            others.remove(i)
            entries[r, i] = Mul(Integer(power), k[r], reactant_product(others, y))
    return entries


def flux_rate_jacobian(structure: MassActionStructure, y: Symbols) -> Entries:
    """dv/dk, shape (n_reactions, n_reactions): diagonal, the product of the reactants.

    Parameters
    ----------
    structure : the network
    y : (n_species,) amounts
    """
    return {(r, r): reactant_product(indices, y) for r, indices in enumerate(structure.reactants)}


def times_stoichiometry(
    structure: MassActionStructure, derivatives: Mapping[tuple[int, int], Expr]
) -> Entries:
    """N D for a sparse D with a row per reaction: ``dv/dy`` gives the Jacobian, ``dv/dk`` its kin.

    No entry cancels to zero, since each reaction has a rate constant of its own.

    Parameters
    ----------
    structure : the network
    derivatives : (n_reactions, m) D, (reaction, column) -> entry
    """
    terms: dict[tuple[int, int], list[Expr]] = {}
    for (r, column), derivative in derivatives.items():
        for i, change in structure.changes[r]:
            terms.setdefault((i, column), []).append(Mul(Integer(change), derivative))
    return {position: Add(*terms[position]) for position in sorted(terms)}
