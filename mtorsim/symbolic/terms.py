"""Which products of states a formula is a sum of, whatever stands before them."""

from __future__ import annotations

from mtorsim.network.expression import ExpressionGraph

#: states of one term, ascending and repeated for powers
Term = tuple[int, ...]

MAX_TERMS = 2000
MAX_ORDER = 6


class TermReader:
    """Reads formulas over slots; the first ``n_states`` of them are states.

    What holds no state (numbers, parameters, time, whatever is computed of them) is a coefficient.
    """

    def __init__(self, graph: ExpressionGraph, n_states: int) -> None:
        self.graph, self.n_states = graph, n_states
        self._known: dict[int, frozenset[Term] | None] = {}

    def terms(self, root: int) -> frozenset[Term] | None:
        """The products that a formula is a sum of; None where it is no polynomial of the states."""
        for node in self.graph.reachable([root]):
            if node not in self._known:
                self._known[node] = self._read(node)
        return self._known[root]

    def _read(self, node: int) -> frozenset[Term] | None:
        kind, operands, value = self.graph.nodes[node]
        if kind == "slot" and int(str(value)) < self.n_states:
            return frozenset({(int(str(value)),)})
        parts = [self._known[operand] for operand in operands]
        if all(part == frozenset({()}) for part in parts):
            return frozenset({()})
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return self._combined(kind, known, operands)

    def _combined(
        self, kind: str, parts: list[frozenset[Term]], operands: tuple[int, ...]
    ) -> frozenset[Term] | None:
        if kind == "neg":
            return parts[0]
        if kind in ("add", "sub"):
            return parts[0] | parts[1]
        if kind == "mul":
            return _products(parts[0], parts[1])
        if kind == "div" and parts[1] == frozenset({()}):
            return parts[0]
        power = self.graph.constant(operands[1]) if kind == "pow" else None
        if power is None or not 1 <= power <= MAX_ORDER or power != int(power):
            return None
        result: frozenset[Term] | None = parts[0]
        for _ in range(int(power) - 1):
            result = None if result is None else _products(result, parts[0])
        return result


def _products(first: frozenset[Term], second: frozenset[Term]) -> frozenset[Term] | None:
    """Every term of the one times every term of the other; None where they are too many."""
    if len(first) * len(second) > MAX_TERMS:
        return None
    products = frozenset(tuple(sorted((*a, *b))) for a in first for b in second)
    return products if all(len(term) <= MAX_ORDER for term in products) else None
