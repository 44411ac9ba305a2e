"""Mass action in symbols: fluxes ``v(y, k)``, stoichiometric matrix N, ``dy/dt = N v``.

Symbols come from ``sympy.Symbol(name)`` and expressions from indices: no text is ever parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sympy import Add, Expr, ImmutableSparseMatrix, Integer, Mul, Pow, Symbol

from mtorsim.network.structure import MassActionStructure

Symbols = tuple[Symbol, ...]


def fluxes(structure: MassActionStructure, y: Symbols, *, k: Symbols) -> tuple[Expr, ...]:
    """Flux of each reaction: its rate constant times the product of its reactants.

    Parameters
    ----------
    structure : the network
    y : (n_species,) amounts
    k : (n_reactions,) rate constants

    Returns
    -------
    (n_reactions,) v; a species that reacts twice stands squared
    """
    return tuple(
        Mul(rate, reactant_product(indices, y))
        for rate, indices in zip(k, structure.reactants, strict=True)
    )


def reactant_product(indices: Sequence[int], y: Symbols) -> Expr:
    """Product of ``y`` over ``indices``; 1 if there are none."""
    return Mul(*(Pow(y[i], power) for i, power in sorted(Counter(indices).items())))


def stoichiometric_matrix(structure: MassActionStructure) -> ImmutableSparseMatrix:
    """N, the net change of each species by each reaction, (n_species, n_reactions)."""
    entries = {
        (i, r): Integer(change)
        for r, changes in enumerate(structure.changes)
        for i, change in changes
    }
    return ImmutableSparseMatrix(structure.n_species, structure.n_reactions, entries)


def right_hand_side(structure: MassActionStructure, v: Sequence[Expr]) -> tuple[Expr, ...]:
    """N v, (n_species,): what each species gains and loses, summed over the reactions.

    Parameters
    ----------
    structure : the network
    v : (n_reactions,) fluxes
    """
    terms: list[list[Expr]] = [[] for _ in range(structure.n_species)]
    for r, changes in enumerate(structure.changes):
        for i, change in changes:
            terms[i].append(Mul(Integer(change), v[r]))
    return tuple(Add(*of_species) for of_species in terms)
