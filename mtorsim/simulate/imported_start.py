"""Start values of a resolved model, with values that are given in place of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.symbolic.general_system import GeneralSystem
from mtorsim.symbolic.initial_order import initial_order

Array = NDArray[np.float64]
Values = Mapping[str, float | Array]


def start_of(system: GeneralSystem, given: Values) -> Array:
    """Start value of every slot, (n_trajectories, n_slots).

    Parameters
    ----------
    given : id -> a number, or one per trajectory

    Raises
    ------
    UnknownNameError : an id that no slot has
    InputError : arrays of unequal length
    """
    rows = {sid: np.atleast_1d(np.asarray(value, dtype=float)) for sid, value in given.items()}
    lengths = {row.size for row in rows.values() if row.size != 1}
    if len(lengths) > 1 or any(row.ndim != 1 for row in rows.values()):
        raise InputError("values given for several quantities must be as many for each")
    for sid in rows:
        if sid not in system.slots:
            raise UnknownNameError("quantity", sid, system.slots, where=system.model.origin)
    n = max(lengths, default=1)
    slots: dict[int, Array] = {}
    formulas = _formulas(system, rows)
    for slot in initial_order(system, formulas):
        value = evaluate(system.graph, [formulas[slot]], slots=slots, time=0.0)[0]
        factor = rows.get(system.slots[slot], 1.0)
        slots[slot] = np.broadcast_to(value * factor, (n,))
    columns = [slots[i] for i in range(len(slots))]
    return np.stack(columns, axis=1) if columns else np.zeros((n, 0))


def _formulas(system: GeneralSystem, given: Collection[str]) -> list[int]:
    """Formula of each slot's start value; of one that is given, what its value is scaled by."""
    one = system.graph.number(1.0)
    formulas = list(system.initial)
    for sid in given:
        slot = system.slots.index(sid)
        is_amount = sid in system.amounts and slot not in system.concentration_slots
        formulas[slot] = _amount_per_value(system, sid) if is_amount else one
    return formulas


def _amount_per_value(system: GeneralSystem, sid: str) -> int:
    """What turns the value of a species in formulas into its amount."""
    kind, operands, _ = system.graph.nodes[system.values[sid]]
    return operands[1] if kind == "div" else system.graph.number(1.0)
