"""Readouts by name, as weights that a kernel applies and quotients taken afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnknownNameError
from mtorsim.network.network import ReactionNetwork

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReadoutPlan:
    """Observables and species to be read off a run.

    Parameters
    ----------
    ids, titles, units : per readout; the unit is ``"nM"`` or ``"1"``
    weights : (w, n_dynamic) sums that the kernel forms: one per readout, then the totals
    total_of_readout : (q,) row of ``weights`` that divides a readout, -1 for none
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    weights: Array
    total_of_readout: NDArray[np.intp]

    def values(self, sums: Array) -> Array:
        """Readouts (..., q) of the sums (..., w); NaN where a total is 0."""
        values = np.array(sums[..., : len(self.ids)])
        divided = np.flatnonzero(self.total_of_readout >= 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            values[..., divided] /= sums[..., self.total_of_readout[divided]]
        values[np.isinf(values)] = np.nan
        return values


def known_readouts(network: ReactionNetwork) -> tuple[str, ...]:
    """Names that can be read: observables first, then dynamic species not named like one."""
    observables = tuple(observable.id for observable in network.observables)
    taken = set(observables)
    return observables + tuple(name for name in network.dynamic_species if name not in taken)


def plan_readouts(network: ReactionNetwork, names: Sequence[str] | str | None) -> ReadoutPlan:
    """How to read ``names`` off the states of ``network``; an observable goes before a species.

    None stands for all observables, or for all species of a network that has no observable.

    Raises
    ------
    UnknownNameError : a name is neither an observable nor a dynamic species
    InputError : a name stands twice, or there is none
    """
    if names is None:
        names = [entry.id for entry in network.observables] or network.dynamic_species
    if not isinstance(names, Iterable):
        raise InputError(f"readouts is {names!r}: give a name or a list of names")
    chosen = (names,) if isinstance(names, str) else tuple(names)
    check_readouts(chosen, known_readouts(network))
    observable = {entry.id: entry for entry in network.observables}
    column = {name: i for i, name in enumerate(network.dynamic_species)}
    asked = [name for name in chosen if name in observable]
    numerators, denominators = network.observable_matrix(asked)
    weights = np.zeros((len(chosen), len(column)))
    totals: dict[bytes, int] = {}
    total_of_readout = np.full(len(chosen), -1, dtype=np.intp)
    for q, name in enumerate(chosen):
        if name not in observable:
            weights[q, column[name]] = 1.0
            continue
        row = asked.index(name)
        weights[q] = numerators[row]
        if denominators[row].any():
            place = totals.setdefault(denominators[row].tobytes(), len(chosen) + len(totals))
            total_of_readout[q] = place
    total_rows = [np.frombuffer(row) for row in totals]
    return ReadoutPlan(
        ids=chosen,
        titles=tuple(observable[n].title or n if n in observable else n for n in chosen),
        units=tuple(observable[n].unit if n in observable else "nM" for n in chosen),
        weights=np.vstack([weights, *total_rows]),
        total_of_readout=total_of_readout,
    )


def with_species(network: ReactionNetwork, plan: ReadoutPlan) -> ReadoutPlan:
    """``plan`` followed by the amount of every dynamic species, in their order."""
    n_readouts, n_species = len(plan.ids), len(network.dynamic_species)
    own, totals = plan.weights[:n_readouts], plan.weights[n_readouts:]
    moved = np.where(plan.total_of_readout >= 0, plan.total_of_readout + n_species, -1)
    return ReadoutPlan(
        ids=(*plan.ids, *(f"[{name}]" for name in network.dynamic_species)),
        titles=plan.titles + network.dynamic_species,
        units=plan.units + ("nM",) * n_species,
        weights=np.vstack([own, np.eye(n_species), totals]),
        total_of_readout=np.concatenate([moved, np.full(n_species, -1)]),
    )


def check_readouts(chosen: Sequence[str], known: Collection[str]) -> None:
    """Refuse a name that can not be read, or that stands twice, and a list without names."""
    if not chosen:
        raise InputError("no readout was asked for")
    for name in chosen:
        if name not in known:
            raise UnknownNameError("readout", str(name), known)
        if chosen.count(name) > 1:
            raise InputError(f"readout {name} was asked for twice")
