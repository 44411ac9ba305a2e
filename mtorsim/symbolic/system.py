"""The ODE system of a network in symbols: readable mathematics, and the oracle of the kernels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sympy import Expr, ImmutableSparseMatrix, Symbol

from mtorsim.errors import ModelError
from mtorsim.network.monomial import Monomial
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic import equations
from mtorsim.symbolic.jacobian import (
    flux_jacobian,
    flux_rate_jacobian,
    times_stoichiometry,
)
from mtorsim.symbolic.mass_action import (
    Symbols,
    fluxes,
    right_hand_side,
    stoichiometric_matrix,
)

if TYPE_CHECKING:
    from mtorsim.network.network import ReactionNetwork

Matrix = Mapping[tuple[int, int], Expr]
"""Sparse matrix: (row, column) -> entry that is not zero, sorted by row then column."""


@dataclass(frozen=True, slots=True)
class OdeSystem:
    """``dy/dt = N v(y, k)`` with its derivatives, made from a structure or from a network.

    Parameters
    ----------
    structure : the network by index
    species : (n_species,) ids
    reactions : (n_reactions,) ids
    rate_laws : (n_reactions,) each rate constant by parameters; ``k_<reaction>`` if it is its own
    inputs : (n_reactions,) fixed species that multiply each rate constant
    y : (n_species,) amounts, symbols named as the species, nM
    k : (n_reactions,) rate constants ``k_<reaction>``, inputs included, nM**(1 - order)/s
    stoichiometry : N, (n_species, n_reactions)
    fluxes : v, (n_reactions,), nM/s
    rhs : N v, (n_species,), nM/s
    flux_jacobian : dv/dy, (n_reactions, n_species), sparse
    jacobian : N dv/dy, (n_species, n_species), sparse
    flux_rate_jacobian : dv/dk, (n_reactions, n_reactions), sparse, diagonal
    rate_jacobian : N dv/dk, (n_species, n_reactions), sparse
    """

    structure: MassActionStructure
    species: tuple[str, ...]
    reactions: tuple[str, ...]
    rate_laws: tuple[Monomial, ...]
    inputs: tuple[tuple[str, ...], ...]
    y: Symbols
    k: Symbols
    stoichiometry: ImmutableSparseMatrix
    fluxes: tuple[Expr, ...]
    rhs: tuple[Expr, ...]
    flux_jacobian: Matrix
    jacobian: Matrix
    flux_rate_jacobian: Matrix
    rate_jacobian: Matrix

    @classmethod
    def from_structure(
        cls,
        structure: MassActionStructure,
        *,
        species: Sequence[str] | None = None,
        reactions: Sequence[str] | None = None,
        rate_laws: Sequence[Monomial] | None = None,
        inputs: Sequence[Sequence[str]] | None = None,
    ) -> OdeSystem:
        """Derive the system of ``structure``.

        Parameters
        ----------
        structure : the network
        species : (n_species,) ids; ``y0``, ``y1`` and so on if None
        reactions : (n_reactions,) ids; ``r0``, ``r1`` and so on if None
        rate_laws : (n_reactions,) what each rate constant is; a parameter of its own if None
        inputs : (n_reactions,) fixed species that multiply each rate constant; none if None

        Raises
        ------
        ModelError : a name stands for two things, or there are too few or too many names
        """
        species_ids = _ids(species, structure.n_species, letter="y", what="species")
        reaction_ids = _ids(reactions, structure.n_reactions, letter="r", what="reactions")
        y, k = _symbols(species_ids, tuple(f"k_{reaction}" for reaction in reaction_ids))
        v = fluxes(structure, y, k=k)
        dv_dy = flux_jacobian(structure, y, k=k)
        dv_dk = flux_rate_jacobian(structure, y)
        return cls(
            structure=structure,
            species=species_ids,
            reactions=reaction_ids,
            rate_laws=tuple(rate_laws or (Monomial(1.0, ((rate.name, 1),)) for rate in k)),
            inputs=tuple(map(tuple, inputs or [()] * structure.n_reactions)),
            y=y,
            k=k,
            stoichiometry=stoichiometric_matrix(structure),
            fluxes=v,
            rhs=right_hand_side(structure, v),
            flux_jacobian=MappingProxyType(dv_dy),
            jacobian=MappingProxyType(times_stoichiometry(structure, dv_dy)),
            flux_rate_jacobian=MappingProxyType(dv_dk),
            rate_jacobian=MappingProxyType(times_stoichiometry(structure, dv_dk)),
        )

    @classmethod
    def from_network(cls, network: ReactionNetwork) -> OdeSystem:
        """Derive the system of the dynamic species; fixed ones multiply the rate constants."""
        fixed = set(network.fixed_species)
        return cls.from_structure(
            network.structure(),
            species=network.dynamic_species,
            reactions=[reaction.id for reaction in network.reactions],
            rate_laws=[reaction.rate for reaction in network.reactions],
            inputs=[
                tuple(name for name in reaction.reactants if name in fixed)
                for reaction in network.reactions
            ],
        )

    def equations_text(self) -> str:
        """Fluxes and balances as plain text, see ``equations.equations_text``."""
        return equations.equations_text(self)

    def equations_latex(self) -> str:
        """Fluxes and balances as LaTeX ``align*`` (amsmath), see ``equations.equations_latex``."""
        return equations.equations_latex(self)


def _ids(given: Sequence[str] | None, n: int, *, letter: str, what: str) -> tuple[str, ...]:
    ids = tuple(f"{letter}{i}" for i in range(n)) if given is None else tuple(given)
    if len(ids) != n:
        raise ModelError(f"{len(ids)} ids for {n} {what}: give one for each")
    return ids


def _symbols(species: tuple[str, ...], rate_constants: tuple[str, ...]) -> tuple[Symbols, Symbols]:
    """One symbol a name; two equal names would silently become one unknown, so they are refused."""
    repeated = [name for name, uses in Counter(species + rate_constants).items() if uses > 1]
    if repeated:
        raise ModelError(
            f"{name!r} names more than one species or rate constant: rename all but one"
            for name in repeated
        )
    return tuple(Symbol(name) for name in species), tuple(Symbol(name) for name in rate_constants)
