"""The state before a drug and some time after it: amounts, and the rate of each reaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import composition
from mtorsim.simulate.mass_action import MassActionTables

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FluxChange:
    """A reaction, or the two directions of one, before the drug and after.

    Parameters
    ----------
    id : of the reaction; without ``_f`` where both directions are taken together
    equation : as it would be written
    before, after : net rate, nM/s
    turnover_before, turnover_after : the same over the amount of the component that changes, 1/h:
        how often a molecule goes through the reaction
    component : that component
    """

    id: str
    module: str
    equation: str
    before: float
    after: float
    component: str
    turnover_before: float
    turnover_after: float

    @property
    def change(self) -> float:
        """Change of the turnover, 1/h."""
        return self.turnover_after - self.turnover_before


@dataclass(frozen=True, slots=True)
class StateChange:
    """Amounts and rate constants before the drug and after it.

    Parameters
    ----------
    network : with the drugs
    species : ids of the dynamic species
    before, after : (n,) nM
    k_before, k_after : (r,) rate constants, fixed species multiplied in
    """

    network: ReactionNetwork
    species: tuple[str, ...]
    before: Array
    after: Array
    k_before: Array
    k_after: Array

    def fluxes(self) -> tuple[Array, Array]:
        """Rate of each reaction before and after, (r,) each, nM/s."""
        tables = MassActionTables(self.network.structure())
        return tables.fluxes(self.before, self.k_before), tables.fluxes(self.after, self.k_after)

    def reading_after(self, observable: Observable) -> float:
        """Value of an observable after the drug."""
        above, below = self.network.observable_matrix([observable.id])
        total = float(below[0] @ self.after)
        value = float(above[0] @ self.after)
        return value / total if below.any() else value

    def largest_flux_changes(self, count: int) -> tuple[FluxChange, ...]:
        """The reactions whose turnover changes most, the largest first.

        The two directions of a reversible reaction are taken together. Rates are set against the
        amount of the component that changes, as nM/s would always name the most abundant lipid.
        """
        both = self.fluxes()
        found = []
        index = {reaction.id: i for i, reaction in enumerate(self.network.reactions)}
        for i, reaction in enumerate(self.network.reactions):
            name, backward = _directions(reaction, index)
            if backward == i:
                continue
            if backward is None:
                rates = [float(v[i]) for v in both]
            else:
                rates = [float(v[i] - v[backward]) for v in both]
            found.append(self._change(reaction, name, rates, reversible=backward is not None))
        found.sort(key=lambda entry: -abs(entry.change))
        return tuple(found[:count])

    def _change(
        self, reaction: Reaction, name: str, rates: list[float], *, reversible: bool
    ) -> FluxChange:
        component, pool_before, pool_after = self._pool(reaction)
        equation = reaction.equation()
        return FluxChange(
            id=name,
            module=reaction.module,
            equation=equation.replace("->", "<->") if reversible else equation,
            before=rates[0],
            after=rates[1],
            component=component,
            turnover_before=3600.0 * rates[0] / pool_before if pool_before > 0 else 0.0,
            turnover_after=3600.0 * rates[1] / pool_after if pool_after > 0 else 0.0,
        )

    def _pool(self, reaction: Reaction) -> tuple[str, float, float]:
        """The least abundant component that a reaction changes, with its total before and after."""
        changed = [name for name in reaction.net_change() if name in self.species]
        names = dict.fromkeys(part for name in changed for part in composition(name))
        pools = [(name, *self._totals(name)) for name in names]
        return min(pools, key=lambda pool: max(pool[1:]), default=("", 0.0, 0.0))

    def _totals(self, component: str) -> tuple[float, float]:
        copies = np.array([composition(name).get(component, 0) for name in self.species])
        return float(copies @ self.before), float(copies @ self.after)


def state_change(model: Model, doses: Mapping[str, float], *, time: float) -> StateChange:
    """Run a model to rest, then for ``time`` s under drugs.

    Parameters
    ----------
    model : with the drugs merged in
    doses : nM by drug

    Raises
    ------
    SolverError : it does not settle, or the run did not come to its end
    """
    rest = model.steady_state()
    run = model.simulate(at=[time], drugs=doses)
    return StateChange(
        network=model.network,
        species=model.network.dynamic_species,
        before=rest.amounts,
        after=run.amounts[-1],
        k_before=rate_constants(model, {}),
        k_after=rate_constants(model, doses),
    )


def rate_constants(model: Model, doses: Mapping[str, float]) -> Array:
    """Rate constants (r,) under drugs, nM by drug, with the fixed species multiplied in."""
    network = model.network
    k = network.rate_constants(model.parameter_values[np.newaxis])
    k = k * network.without_loops(model.cut_loops)
    fixed = model.initial_amounts[np.newaxis][:, network.fixed_columns]
    for drug, dose in doses.items():
        medium = network.doses[drug].species
        if medium in network.fixed_species:
            amount = network.dose_amounts(drug, model.parameter_values[np.newaxis])
            fixed[:, network.fixed_species.index(medium)] = amount * dose
    return np.asarray(network.fold_fixed(k, fixed)[0])


def _directions(reaction: Reaction, index: Mapping[str, int]) -> tuple[str, int | None]:
    """Name of a reaction with both directions, and the position of the backward one."""
    for suffix in ("_f", "_r"):
        if not reaction.id.endswith(suffix):
            continue
        name = reaction.id.removesuffix(suffix)
        if f"{name}_f" in index and f"{name}_r" in index:
            return name, index[f"{name}_r"]
    return reaction.id, None
