"""The order in which start values can be computed."""

from __future__ import annotations

from collections.abc import Iterable

from mtorsim.errors import ModelError
from mtorsim.network.expression import ExpressionGraph


def initial_order(graph: ExpressionGraph, initial: Iterable[int]) -> list[int]:
    """Order of slots in which each start value needs only those before it.

    Raises
    ------
    InitialCycleError : start values that need each other
    """
    needs = [[int(str(i)) for i in graph.leaves([node], "slot")] for node in initial]
    order: list[int] = []
    state = [0] * len(needs)  # 0 new, 1 open, 2 done
    for start in range(len(needs)):
        stack = [start]
        while stack:
            slot = stack[-1]
            if state[slot] == 0:
                state[slot] = 1
                for needed in needs[slot]:
                    if state[needed] == 1:
                        raise InitialCycleError(needed)
                    if state[needed] == 0:
                        stack.append(needed)
            else:
                stack.pop()
                if state[slot] == 1:
                    state[slot] = 2
                    order.append(slot)
    return order


class InitialCycleError(ModelError):
    """Start values that need each other; ``slot`` is one of them."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        super().__init__(f"start values need each other in a circle (slot {slot})")
