"""Virtual tumours drawn from alteration frequencies and spreads of amounts.

Each tumour has a random stream of its own, made of the seed and its number: a larger cohort begins
with the tumours of a smaller one, and nothing hangs on threads or on which drugs are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.seed import check_seed
from mtorsim.errors import InputError
from mtorsim.modelfiles.cohorts import CohortDesign
from mtorsim.modelfiles.contexts import apply_contexts, load_context
from mtorsim.network.network import ReactionNetwork

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

MOST_TUMOURS = 100_000


@dataclass(frozen=True, slots=True)
class Tumours:
    """What was drawn.

    Parameters
    ----------
    alterations : (n, a) whether each tumour has each alteration of the design
    amounts : ids of the amounts that vary
    factors : (n, len(amounts)) what each is multiplied by; the median is 1
    """

    alterations: NDArray[np.bool_]
    amounts: tuple[str, ...]
    factors: Array

    def __len__(self) -> int:
        return len(self.alterations)


def draw_tumours(design: CohortDesign, network: ReactionNetwork, *, n: int, seed: int) -> Tumours:
    """Draw ``n`` tumours: alterations independently, amounts log-normal.

    Parameters
    ----------
    network : of the model without drugs
    seed : not negative

    Raises
    ------
    InputError : a number of tumours or a seed that makes no sense
    """
    if n < 1:
        raise InputError(f"a cohort of {n} tumours: ask for one or more")
    if n > MOST_TUMOURS:
        raise InputError(f"a cohort of {n} tumours: at most {MOST_TUMOURS}")
    check_seed(seed)
    spreads = amount_spreads(network, largest=design.largest_spread.value)
    chances = np.array([alteration.frequency for alteration in design.alterations])
    logs = np.log(list(spreads.values()))
    has = np.empty((n, len(chances)), dtype=bool)
    factors = np.empty((n, len(logs)))
    for i in range(n):
        stream = np.random.default_rng([seed, i])
        has[i] = stream.random(len(chances)) < chances
        factors[i] = np.exp(logs * stream.standard_normal(len(logs)))
    return Tumours(has, tuple(spreads), factors)


def amount_spreads(network: ReactionNetwork, *, largest: float) -> dict[str, float]:
    """Geometric standard deviation by amount of the cell, sorted by name.

    An amount is a parameter in nM that sets how much there is of a species that changes; one whose
    spread is 1 is a unit or an input and does not vary.
    """
    named = {
        name
        for species in network.species
        if species.initial is not None and not species.fixed
        for name in species.initial.names
    }
    return {
        parameter.id: min(parameter.spread, largest)
        for parameter in sorted(network.parameters, key=lambda parameter: parameter.id)
        if parameter.id in named and parameter.powers == (1, 0) and parameter.spread > 1.0
    }


def parameter_columns(
    model: Model,
    design: CohortDesign,
    alterations: NDArray[np.bool_],
    amounts: Mapping[str, Array],
) -> dict[str, Array]:
    """Values of every parameter that differs in some tumour, (m,) each, nM and s.

    Parameters
    ----------
    model : in the conditions of the design
    alterations : (m, a)
    amounts : by parameter (m,) what it is multiplied by
    """
    network = model.network
    conditions = [load_context(name, network=network) for name in design.conditions]
    contexts = [load_context(entry.context, network=network) for entry in design.alterations]

    def values_of(has: NDArray[np.bool_]) -> Array:
        chosen = [context for context, present in zip(contexts, has, strict=True) if present]
        found = apply_contexts(network, [*conditions, *chosen])
        for name, value in model.new_parameters.items():
            found[network.parameter_ids.index(name)] = value
        return found

    kinds, kind_of_row = np.unique(alterations, axis=0, return_inverse=True)
    values = np.array([values_of(kind) for kind in kinds])[kind_of_row.reshape(-1)]
    ids = network.parameter_ids
    for name, factor in amounts.items():
        values[:, ids.index(name)] *= factor
    differs = (values != values_of(np.zeros(len(contexts), dtype=bool))).any(axis=0)
    # Amounts stay columns even where nothing differs, so that a cohort of one is a sweep, too.
    return {name: values[:, i] for i, name in enumerate(ids) if differs[i] or name in amounts}
