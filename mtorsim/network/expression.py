"""Formulas as a graph: each distinct subexpression once, in an order of computation.

Imported models have arbitrary rate laws. Here a formula is the number of a node in an
`ExpressionGraph`; a node names its kind and the nodes it is made of, which always come before it.
So every walk over a formula is a plain loop, however deep the formula is, and two rules that
share a subexpression share its node. Truth values are numbers: 0 is false, anything else true.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

#: leaves; ``value`` is the number, the name, or the index
LEAVES = frozenset({"number", "symbol", "rate", "time", "slot"})
UNARY = frozenset(
    {"neg", "exp", "ln", "log10", "sqrt", "abs", "floor", "factorial", "not"}
    | {"sin", "cos", "tan", "asin", "acos", "atan"}
    | {"sinh", "cosh", "tanh", "asinh", "acosh", "atanh"}
)
BINARY = frozenset(
    {"add", "sub", "mul", "div", "pow", "max", "min", "lt", "le", "eq", "sign"}
    | {"and", "or", "xor"}
)
#: kinds whose value jumps; a solver must stop where it does
JUMPS = frozenset({"lt", "le", "eq", "floor"})


class Node(NamedTuple):
    """One subexpression: a leaf with ``value``, or ``kind`` applied to ``operands``.

    Besides the kinds of `UNARY` and `BINARY` there is ``select`` (condition, if true, if false).
    """

    kind: str
    operands: tuple[int, ...] = ()
    value: float | str | int | None = None


class ExpressionGraph:
    """All formulas of a model; nodes are added and never change."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._index: dict[tuple[str, tuple[int, ...], object], int] = {}

    def _intern(self, kind: str, operands: tuple[int, ...], value: float | str | int | None) -> int:
        # repr keeps 0.0 and -0.0 apart and lets NaN be found again
        key = (kind, operands, repr(value) if isinstance(value, float) else value)
        if key not in self._index:
            self._index[key] = len(self.nodes)
            self.nodes.append(Node(kind, operands, value))
        return self._index[key]

    def number(self, value: float) -> int:
        """A constant."""
        return self._intern("number", (), float(value))

    def symbol(self, name: str) -> int:
        """The value of a named quantity, to be replaced by `substitute`."""
        return self._intern("symbol", (), name)

    def rate_of(self, name: str) -> int:
        """The time derivative of a named quantity, to be replaced by `substitute`."""
        return self._intern("rate", (), name)

    def time(self) -> int:
        """Time since the start, in the model's unit."""
        return self._intern("time", (), None)

    def slot(self, index: int) -> int:
        """An entry of the state of a resolved model."""
        return self._intern("slot", (), index)

    def apply(self, kind: str, *operands: int) -> int:
        """``kind`` of its operands; sums and products with 0 or 1 are written without them."""
        simpler = self._simpler(kind, operands)
        return self._intern(kind, operands, None) if simpler is None else simpler

    def constant(self, node: int) -> float | None:
        """The number that a node is; None for anything but a number."""
        kind, _, value = self.nodes[node]
        return float(value) if kind == "number" and value is not None else None

    def _simpler(self, kind: str, operands: tuple[int, ...]) -> int | None:
        if kind in ("add", "sub", "mul", "div", "pow"):
            first, second = operands
            a, b = self.constant(first), self.constant(second)
            if a is not None and b is not None:
                return self._folded(kind, a, b)
            if b == (0.0 if kind in ("add", "sub") else 1.0):
                return first
            if (kind == "add" and a == 0.0) or (kind == "mul" and a == 1.0):
                return second
        if kind == "neg":
            a = self.constant(operands[0])
            return None if a is None else self.number(-a)
        return None

    def _folded(self, kind: str, a: float, b: float) -> int | None:
        """A result that needs no care: finite, and no division by zero or odd power."""
        if kind == "div" and b == 0.0:
            return None
        if kind == "pow" and (a <= 0.0 or abs(b) > 64):
            return None
        operations: dict[str, Callable[[float, float], float]] = {
            "add": lambda x, y: x + y,
            "sub": lambda x, y: x - y,
            "mul": lambda x, y: x * y,
            "div": lambda x, y: x / y,
            "pow": math.pow,
        }
        try:
            result = operations[kind](a, b)
        except OverflowError:
            return None
        return self.number(result) if math.isfinite(result) else None

    def total(self, terms: Iterable[int]) -> int:
        """Sum; of nothing, 0."""
        total = self.number(0.0)
        for term in terms:
            total = self.apply("add", total, term)
        return total

    def product(self, factors: Iterable[int]) -> int:
        """Product; of nothing, 1."""
        product = self.number(1.0)
        for factor in factors:
            product = self.apply("mul", product, factor)
        return product

    def reachable(self, roots: Iterable[int]) -> list[int]:
        """Nodes that the roots are made of, the roots among them, each after its operands."""
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack.extend(self.nodes[node].operands)
        return sorted(seen)

    def leaves(self, roots: Iterable[int], kind: str) -> list[float | str | int | None]:
        """Values of the leaves of one kind that the roots are made of, without repeats."""
        nodes = (self.nodes[node] for node in self.reachable(roots))
        return [node.value for node in nodes if node.kind == kind]

    def substitute(self, root: int, replacements: Mapping[int, int]) -> int:
        """The formula with some of its nodes, usually leaves, replaced by others."""
        image: dict[int, int] = {}
        for node in self.reachable([root]):
            kind, operands, _ = self.nodes[node]
            if node in replacements:
                image[node] = replacements[node]
            elif kind in LEAVES:
                image[node] = node
            else:
                new = tuple(image[operand] for operand in operands)
                image[node] = node if new == operands else self.apply(kind, *new)
        return image[root]
