"""A whole reaction network, frozen, and the arrays that solvers need of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import UnknownNameError
from mtorsim.network.dose import Dose
from mtorsim.network.loop import Loop
from mtorsim.network.monomial import Monomial, MonomialTable, factor_levels
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.source import Source
from mtorsim.network.species import Species
from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True)
class ReactionNetwork:
    """Species, reactions, parameters, readouts, loops and doses; all in file order.

    The numbers of a run are rows of parameter values; everything else here is structure.

    Parameters
    ----------
    doses : how the dose of each composed drug enters
    sources : what its numbers and loops cite, by key
    folder : folder that the model was read from, empty if from none; contexts are sought there
    """

    id: str
    title: str
    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    parameters: tuple[Parameter, ...]
    observables: tuple[Observable, ...] = ()
    loops: tuple[Loop, ...] = ()
    doses: Mapping[str, Dose] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    folder: str = field(default="", compare=False)

    @cached_property
    def dynamic_species(self) -> tuple[str, ...]:
        """Ids of the species that change, in file order."""
        return tuple(species.id for species in self.species if not species.fixed)

    @cached_property
    def fixed_species(self) -> tuple[str, ...]:
        """Ids of the species held constant, in file order."""
        return tuple(species.id for species in self.species if species.fixed)

    @cached_property
    def species_ids(self) -> tuple[str, ...]:
        """Ids of all species, in file order."""
        return tuple(species.id for species in self.species)

    @cached_property
    def parameter_ids(self) -> tuple[str, ...]:
        """Ids of the parameters, in file order."""
        return tuple(parameter.id for parameter in self.parameters)

    @cached_property
    def reaction_ids(self) -> tuple[str, ...]:
        """Ids of the reactions, in file order."""
        return tuple(reaction.id for reaction in self.reactions)

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules, in order of first appearance."""
        return tuple(dict.fromkeys(reaction.module for reaction in self.reactions))

    @cached_property
    def _index(self) -> _Index:
        return _Index(
            {species.id: species for species in self.species},
            {reaction.id: reaction for reaction in self.reactions},
            {parameter.id: parameter for parameter in self.parameters},
            {observable.id: observable for observable in self.observables},
            {loop.id: loop for loop in self.loops},
        )

    def species_named(self, species_id: str) -> Species:
        """The species of an id; UnknownNameError offers the nearest."""
        return _find(species_id, self._index.species, kind="species", where=self.id)

    def reaction(self, reaction_id: str) -> Reaction:
        """The reaction of an id; UnknownNameError offers the nearest."""
        return _find(reaction_id, self._index.reactions, kind="reaction", where=self.id)

    def parameter(self, parameter_id: str) -> Parameter:
        """The parameter of an id; UnknownNameError offers the nearest."""
        return _find(parameter_id, self._index.parameters, kind="parameter", where=self.id)

    def observable(self, observable_id: str) -> Observable:
        """The observable of an id; UnknownNameError offers the nearest."""
        return _find(observable_id, self._index.observables, kind="readout", where=self.id)

    def loop(self, loop_id: str) -> Loop:
        """The loop of an id; UnknownNameError offers the nearest."""
        return _find(loop_id, self._index.loops, kind="loop", where=self.id)

    def structure(self) -> MassActionStructure:
        """The structure over the dynamic species; fixed ones are left to the rate constants."""
        return self._structure

    @cached_property
    def _structure(self) -> MassActionStructure:
        index = {species_id: i for i, species_id in enumerate(self.dynamic_species)}
        return MassActionStructure(
            n_species=len(index),
            reactants=tuple(
                tuple(sorted(index[name] for name in reaction.reactants if name in index))
                for reaction in self.reactions
            ),
            changes=tuple(
                tuple(
                    sorted((index[n], change) for n, change in r.net_change().items() if n in index)
                )
                for r in self.reactions
            ),
        )

    def parameter_values(self) -> Array:
        """Values of the parameters, (p,), in powers of nM and s."""
        return np.array([parameter.value for parameter in self.parameters], dtype=np.float64)

    def rate_constants(self, values: Array) -> Array:
        """Rate constants (m, r) of rows of parameter values (m, p), before fixed species.

        A row that divides by 0 gets inf or NaN there; other rows are not touched by it.
        """
        return self._rate_table.evaluate(_rows(values, len(self.parameters)))

    @cached_property
    def _rate_table(self) -> MonomialTable:
        return MonomialTable([reaction.rate for reaction in self.reactions], self.parameter_ids)

    def initial_amounts(self, values: Array) -> Array:
        """Initial amounts (m, n), nM, of all species in file order, without drug."""
        return self._initial_table.evaluate(_rows(values, len(self.parameters)))

    @cached_property
    def _initial_table(self) -> MonomialTable:
        nothing = Monomial(0.0)
        return MonomialTable(
            [species.initial or nothing for species in self.species], self.parameter_ids
        )

    def dose_amounts(self, drug: str, values: Array) -> Array:
        """Amounts (m,), nM, of the dose species of ``drug`` for a dose of 1 nM."""
        dose = _find(drug, self.doses, kind="drug", where=self.id)
        table = MonomialTable([dose.amount], self.parameter_ids)
        return table.evaluate(_rows(values, len(self.parameters)))[:, 0]

    @cached_property
    def dynamic_columns(self) -> NDArray[np.intp]:
        """Positions of the dynamic species among all species."""
        return np.flatnonzero([not species.fixed for species in self.species])

    @cached_property
    def fixed_columns(self) -> NDArray[np.intp]:
        """Positions of the fixed species among all species."""
        return np.flatnonzero([species.fixed for species in self.species])

    def fold_fixed(self, k: Array, fixed_amounts: Array) -> Array:
        """Rate constants over dynamic species alone: fixed reactants are multiplied in.

        Parameters
        ----------
        k : (m, r) rate constants as from ``rate_constants``; not changed
        fixed_amounts : (m, n_fixed), nM, in the order of ``fixed_species``
        """
        folded = np.array(k, dtype=np.float64)
        for reactions, species in self._fixed_factors:
            folded[:, reactions] *= fixed_amounts[:, species]
        return folded

    @cached_property
    def folded_reactions(self) -> NDArray[np.intp]:
        """Positions of the reactions that have a fixed reactant, ascending."""
        levels = [reactions for reactions, _ in self._fixed_factors]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *levels]))

    def folded_constants(self, k: Array, fixed_amounts: Array) -> Array:
        """``fold_fixed`` for ``folded_reactions`` alone.

        Parameters
        ----------
        k : (m, c) rate constants of ``folded_reactions``; not changed
        fixed_amounts : (m, n_fixed), nM, in the order of ``fixed_species``
        """
        folded = np.array(k, dtype=np.float64)
        for reactions, species in self._fixed_factors:
            columns = np.searchsorted(self.folded_reactions, reactions)
            folded[:, columns] *= fixed_amounts[:, species]
        return folded

    @cached_property
    def _fixed_factors(self) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]:
        """Pairs (reactions, fixed species): first fixed reactant of each, second, and so on."""
        index = {species_id: j for j, species_id in enumerate(self.fixed_species)}
        rows = [[index[n] for n in r.reactants if n in index] for r in self.reactions]
        return tuple(factor_levels(rows))

    def observable_matrix(self, ids: Sequence[str]) -> tuple[Array, Array]:
        """Weights of observables over the dynamic species.

        Returns
        -------
        numerators (q, n_dynamic) and denominators (q, n_dynamic); the value is their quotient,
        or the numerator alone where the row of the denominator is zero
        """
        column = {species_id: i for i, species_id in enumerate(self.dynamic_species)}
        numerators = np.zeros((len(ids), len(column)))
        denominators = np.zeros_like(numerators)
        for q, observable_id in enumerate(ids):
            observable = self.observable(observable_id)
            for name, weight in observable.weights:
                numerators[q, column[name]] = weight
            for name, weight in observable.total_weights:
                denominators[q, column[name]] = weight
        return numerators, denominators

    def without_loops(self, ids: Sequence[str]) -> Array:
        """Factor per reaction, (r,): 0 on those that close one of the loops, else 1."""
        cut = {reaction for loop_id in ids for reaction in self.loop(loop_id).reactions}
        return np.array([0.0 if name in cut else 1.0 for name in self.reaction_ids])

    def clamped(self, loop_id: str) -> ReactionNetwork:
        """Network in which a loop reads fixed species in place of its signals.

        The new species, ``"<signal>_clamped"``, stand last and start at 0: the caller sets their
        amounts, usually the levels of the signals before the drug.
        """
        loop = self.loop(loop_id)
        held = {signal: clamped_id(signal) for signal in loop.signals}
        reactions = tuple(
            _with_species_renamed(reaction, held) if reaction.id in loop.clamp else reaction
            for reaction in self.reactions
        )
        new = tuple(
            Species(name, fixed=True, title=f"{signal}, held")
            for signal, name in held.items()
            if name not in self._index.species
        )
        return replace(self, species=self.species + new, reactions=reactions)


class _Index(NamedTuple):
    """The parts of a network by id."""

    species: dict[str, Species]
    reactions: dict[str, Reaction]
    parameters: dict[str, Parameter]
    observables: dict[str, Observable]
    loops: dict[str, Loop]


def clamped_id(signal: str) -> str:
    """Id of the fixed species that stands for a clamped signal."""
    return f"{signal}_clamped"


def _find(name: str, known: Mapping[str, T], *, kind: str, where: str) -> T:
    if name not in known:
        raise UnknownNameError(kind, name, known, where=where)
    return known[name]


def _rows(values: Array, n_parameters: int) -> Array:
    """Parameter values as (m, p) float64."""
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != n_parameters:
        raise ValueError(f"parameter values have shape {rows.shape}, not (m, {n_parameters})")
    return rows


def _with_species_renamed(reaction: Reaction, names: Mapping[str, str]) -> Reaction:
    def rename(side: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in side)

    return replace(
        reaction, reactants=rename(reaction.reactants), products=rename(reaction.products)
    )
