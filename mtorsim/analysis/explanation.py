"""Why a readout changes under a drug: what each loop adds, what is bound, which fluxes move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import ModelRecord
from mtorsim.analysis.explanation_fluxes import StateChange, state_change
from mtorsim.analysis.explanation_shapley import LoopGame, settings
from mtorsim.analysis.explanation_switches import (
    acting,
    held,
    with_clamping_switches,
    with_cutting_switches,
)
from mtorsim.analysis.model_record import record_model
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.network.network import clamped_id
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.readouts import known_readouts
from mtorsim.simulate.setting import read_doses

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

MOST_LOOPS = 12
"""Loops whose every choice is run: 4096 settings are a second or two."""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Share of a target that a drug holds."""

    readout: str
    title: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One change explained; made by ``explain``.

    Parameters
    ----------
    model : which model, in which contexts, from which sources
    contexts, without : contexts that act and loops that were cut beforehand
    drugs : nM by drug
    time : s after the drug
    readout, title, unit : what changes, for people, and in which unit
    before, after : the readout without drug and at ``time``, in ``unit``
    cut, clamped : the readout in every setting of the loops
    occupancies : shares of targets that the drugs hold at ``time``
    change : amounts and fluxes before the drug and at ``time``
    """

    model: ModelRecord
    contexts: tuple[str, ...]
    without: tuple[str, ...]
    drugs: Mapping[str, float]
    time: float
    readout: str
    title: str
    unit: str
    before: float
    after: float
    cut: LoopGame
    clamped: LoopGame
    occupancies: tuple[Occupancy, ...]
    change: StateChange

    @property
    def fold(self) -> float:
        """The readout under the drug as a multiple of its level before."""
        return self.after / self.before

    def title_of(self, name: str) -> str:
        """Words for the id of a drug, loop, readout or context."""
        return self.model.titles.get(name) or name


def explain(
    model: Model,
    drugs: Mapping[str, Any],
    *,
    at: Any,
    readout: str,
    loops: Sequence[str] | None = None,
) -> Explanation:
    """Why a readout stands where it stands under drugs.

    Every choice of loops that act is run twice over: with the others cut, and with them clamped.
    Each of these is one sweep; one more run gives occupancies and fluxes.

    Parameters
    ----------
    model : in its context; loops that it has cut stay cut and are not explained
    drugs : dose by drug, ``{"everolimus": "20 nM"}``; bare numbers are nM
    at : one time after the drug, ``"24 h"``; bare numbers are s
    readout : an observable or species
    loops : ids of at most ``MOST_LOOPS`` loops; None takes all that are not cut

    Raises
    ------
    InputError : no drug or no dose, a readout that is 0 before the drug, too many loops, or a model
        with clamped loops
    UnknownNameError : a drug, loop or readout that the model does not have
    SolverError : a run did not come to its end
    """
    doses = _doses(drugs)
    time = parse_quantity(at, dimension="time", default_unit="s", what="time")
    if time <= 0.0:
        raise InputError("time is 0: choose one after the drug is given, like '24 h'")
    merged = model.with_drugs(*doses)
    chosen = _chosen_loops(merged, loops)
    if readout not in known_readouts(merged.network):
        raise UnknownNameError("readout", readout, known_readouts(merged.network), where=model.id)
    change = state_change(merged, doses, time=time)
    clamped = _clamped_game(merged, chosen, doses, time=time, readout=readout, change=change)
    cut = _cut_game(merged, chosen, doses, time=time, readout=readout)
    found = {entry.id: entry for entry in merged.network.observables}
    said = found.get(readout)
    return Explanation(
        model=record_model(merged, drugs=tuple(doses), contexts=()),
        contexts=merged.contexts,
        without=merged.cut_loops,
        drugs=doses,
        time=time,
        readout=readout,
        title=(said.title if said else "") or readout,
        unit=said.unit if said else "nM",
        before=float(cut.before[-1]),
        after=float(cut.after[-1]),
        cut=cut,
        clamped=clamped,
        occupancies=_occupancies(merged, doses, change),
        change=change,
    )


def _doses(drugs: Mapping[str, Any]) -> dict[str, float]:
    """Doses in nM; a dose of 0 has nothing to explain."""
    doses = read_doses(drugs)
    if not doses:
        raise InputError("explain needs a drug with a dose, like {'everolimus': '20 nM'}")
    for drug, dose in doses.items():
        if dose == 0.0:
            raise InputError(f"dose of {drug} is 0: there is no change to explain")
    return doses


def _chosen_loops(model: Model, loops: Sequence[str] | None) -> tuple[str, ...]:
    """The loops to explain by, each once."""
    if model.clamped_loops:
        raise InputError(
            f"{', '.join(model.clamped_loops)} is clamped: explain clamps loops by itself"
        )
    if loops is None:
        chosen = tuple(loop for loop in model.loops if loop not in model.cut_loops)
    else:
        chosen = tuple(dict.fromkeys(loops))
    for loop in chosen:
        model.network.loop(loop)
        if loop in model.cut_loops:
            raise InputError(f"{loop} is cut in this model: it has no part in the change")
    if not chosen:
        raise InputError(f"{model.id} has no loop left that could be cut")
    if len(chosen) > MOST_LOOPS:
        raise InputError(
            f"{len(chosen)} loops are {2 ** len(chosen)} settings: name at most {MOST_LOOPS}"
        )
    return chosen


def _cut_game(
    model: Model, loops: tuple[str, ...], doses: Mapping[str, float], *, time: float, readout: str
) -> LoopGame:
    """Every choice of loops that are cut, each from its own state of rest."""
    switches = settings(len(loops)).astype(np.float64)
    result = with_cutting_switches(model, loops).sweep(
        {"setting": {acting(loop): switches[:, i] for i, loop in enumerate(loops)}},
        drugs=doses,
        at=[0.0, time],
        readouts=[readout],
    )
    result.raise_for_status()
    return _game("cut", loops, result[readout], readout)


def _clamped_game(
    model: Model,
    loops: tuple[str, ...],
    doses: Mapping[str, float],
    *,
    time: float,
    readout: str,
    change: StateChange,
) -> LoopGame:
    """Every choice of loops that are clamped, all from the same state of rest."""
    switched, signals = with_clamping_switches(model, loops)
    rest = dict(zip(change.species, change.before.tolist(), strict=True))
    amounts = {**rest, **{clamped_id(signal): rest[signal] for signal in signals}}
    switches = settings(len(loops)).astype(np.float64)
    axis = {acting(loop): switches[:, i] for i, loop in enumerate(loops)}
    axis |= {held(loop): 1.0 - switches[:, i] for i, loop in enumerate(loops)}
    result = replace(switched, new_amounts={**model.new_amounts, **amounts}).sweep(
        {"setting": axis},
        drugs=doses,
        at=[0.0, time],
        readouts=[readout],
        pre_equilibrate=False,
    )
    result.raise_for_status()
    return _game("clamped", loops, result[readout], readout)


def _game(kind: str, loops: tuple[str, ...], levels: Array, readout: str) -> LoopGame:
    """The game of levels (2**n, 2) before and after."""
    if not (levels[:, 0] > 0.0).all():
        raise InputError(f"{readout} is 0 before the drug: there is no change to compare with")
    return LoopGame(kind, loops, levels[:, 0], levels[:, 1])


def _occupancies(
    model: Model, doses: Mapping[str, float], change: StateChange
) -> tuple[Occupancy, ...]:
    """Readouts of the drugs' own templates that say what they hold."""
    wanted = [
        entry
        for entry in model.network.observables
        if "occupancy" in entry.id and any(entry.id.endswith(f"_{drug}") for drug in doses)
    ]
    return tuple(
        Occupancy(entry.id, entry.title or entry.id, change.reading_after(entry))
        for entry in wanted
    )
