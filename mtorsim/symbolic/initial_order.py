"""The order in which start values can be computed."""

from __future__ import annotations

from collections.abc import Sequence

from mtorsim.errors import ModelError
from mtorsim.symbolic.general_system import GeneralSystem

_NEW, _OPEN, _DONE = range(3)


def initial_order(system: GeneralSystem, formulas: Sequence[int]) -> list[int]:
    """Order of slots in which the formula of each needs only slots before it.

    Raises
    ------
    ModelError : start values that need each other
    """
    needs = [[int(str(i)) for i in system.graph.leaves([node], "slot")] for node in formulas]
    order: list[int] = []
    state = [_NEW] * len(needs)
    for start in range(len(needs)):
        stack = [start]
        while stack:
            slot = stack[-1]
            if state[slot] == _NEW:
                state[slot] = _OPEN
                for needed in needs[slot]:
                    if state[needed] == _OPEN:
                        sid = system.slots[needed]
                        where = system.model.where(sid)
                        raise ModelError(f"{where}: the start value of {sid!r} needs itself")
                    if state[needed] == _NEW:
                        stack.append(needed)
            else:
                stack.pop()
                if state[slot] == _OPEN:
                    state[slot] = _DONE
                    order.append(slot)
    return order
