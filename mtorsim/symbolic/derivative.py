"""Forward differentiation of formulas in an expression graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from mtorsim.network.expression import JUMPS, LEAVES, ExpressionGraph, Node

#: derivative of a function of one argument x, whose own node is ``self``
_OuterRule = Callable[["_Algebra", int, int], int]


class _Algebra:
    """Arithmetic on nodes that drops what is zero (a derivative is mostly zeros)."""

    def __init__(self, graph: ExpressionGraph) -> None:
        self.graph = graph
        self.zero, self.one = graph.number(0.0), graph.number(1.0)

    def number(self, value: float) -> int:
        return self.graph.number(value)

    def apply(self, kind: str, *operands: int) -> int:
        return self.graph.apply(kind, *operands)

    def mul(self, a: int, b: int) -> int:
        return self.zero if self.zero in (a, b) else self.apply("mul", a, b)

    def div(self, a: int, b: int) -> int:
        return self.zero if a == self.zero else self.apply("div", a, b)

    def add(self, a: int, b: int) -> int:
        return self.apply("add", a, b)

    def sub(self, a: int, b: int) -> int:
        return self.neg(b) if a == self.zero else self.apply("sub", a, b)

    def neg(self, a: int) -> int:
        return self.zero if a == self.zero else self.apply("neg", a)

    def reciprocal(self, a: int) -> int:
        return self.apply("div", self.one, a)

    def square(self, a: int) -> int:
        return self.apply("mul", a, a)

    def root_of(self, sign: float, x: int, offset: float) -> int:
        """sqrt(offset + sign * x^2)."""
        signed = self.square(x) if sign > 0 else self.apply("neg", self.square(x))
        return self.apply("sqrt", self.add(self.number(offset), signed))


_OUTER: dict[str, _OuterRule] = {
    "exp": lambda a, x, self: self,
    "ln": lambda a, x, self: a.reciprocal(x),
    "log10": lambda a, x, self: a.reciprocal(a.mul(x, a.number(math.log(10.0)))),
    "sqrt": lambda a, x, self: a.div(a.number(0.5), self),
    "sin": lambda a, x, self: a.apply("cos", x),
    "cos": lambda a, x, self: a.neg(a.apply("sin", x)),
    "tan": lambda a, x, self: a.add(a.one, a.square(self)),
    "asin": lambda a, x, self: a.reciprocal(a.root_of(-1.0, x, 1.0)),
    "acos": lambda a, x, self: a.neg(a.reciprocal(a.root_of(-1.0, x, 1.0))),
    "atan": lambda a, x, self: a.reciprocal(a.add(a.one, a.square(x))),
    "sinh": lambda a, x, self: a.apply("cosh", x),
    "cosh": lambda a, x, self: a.apply("sinh", x),
    "tanh": lambda a, x, self: a.sub(a.one, a.square(self)),
    "asinh": lambda a, x, self: a.reciprocal(a.root_of(1.0, x, 1.0)),
    "acosh": lambda a, x, self: a.reciprocal(a.root_of(1.0, x, -1.0)),
    "atanh": lambda a, x, self: a.reciprocal(a.sub(a.one, a.square(x))),
}


def differentiate(graph: ExpressionGraph, root: int, seeds: Mapping[int, int]) -> int:
    """Derivative of a formula along a direction.

    Parameters
    ----------
    root : the formula
    seeds : derivative of each leaf; leaves that are not named have the derivative 0. One leaf with
        the seed 1 gives a partial derivative, all slots with their rates a time derivative

    Returns
    -------
    node of the derivative; where the formula jumps, that of the branch taken
    """
    algebra = _Algebra(graph)
    derivative: dict[int, int] = {}
    for node in graph.reachable([root]):
        entry = graph.nodes[node]
        if entry.kind in LEAVES:
            derivative[node] = seeds.get(node, algebra.zero)
            continue
        inner = [derivative[operand] for operand in entry.operands]
        derivative[node] = _rule(algebra, node, entry, inner)
    return derivative[root]


def _rule(a: _Algebra, node: int, entry: Node, d: list[int]) -> int:
    """Derivative of one node from those of its operands."""
    kind, x, _ = entry
    if kind in JUMPS or kind in ("and", "or", "xor", "not", "factorial"):
        return a.zero  # factorial is of whole numbers
    if kind == "select":
        return a.zero if d[1] == d[2] == a.zero else a.apply("select", x[0], d[1], d[2])
    if all(inner == a.zero for inner in d):
        return a.zero
    if kind in _OUTER:
        return a.mul(_OUTER[kind](a, x[0], node), d[0])
    if kind in _KINKED:
        return _KINKED[kind](a, x, d)
    return _ARITHMETIC[kind](a, x, d, node)


def _abs(a: _Algebra, x: tuple[int, ...], d: list[int]) -> int:
    return a.apply("select", a.apply("lt", x[0], a.zero), a.neg(d[0]), d[0])


def _max(a: _Algebra, x: tuple[int, ...], d: list[int]) -> int:
    return a.apply("select", a.apply("lt", x[0], x[1]), d[1], d[0])


def _min(a: _Algebra, x: tuple[int, ...], d: list[int]) -> int:
    return a.apply("select", a.apply("lt", x[1], x[0]), d[1], d[0])


_KINKED: dict[str, Callable[[_Algebra, tuple[int, ...], list[int]], int]] = {
    "abs": _abs,
    "max": _max,
    "min": _min,
}


def _power(a: _Algebra, x: tuple[int, ...], d: list[int], node: int) -> int:
    """d(b^e) = e b^(e-1) db + b^e ln(b) de."""
    base, exponent = x
    lower = a.apply("pow", base, a.apply("sub", exponent, a.one))
    by_base = a.mul(a.mul(exponent, lower), d[0])
    by_exponent = a.zero if d[1] == a.zero else a.mul(a.mul(node, a.apply("ln", base)), d[1])
    return a.add(by_base, by_exponent)


def _quotient(a: _Algebra, x: tuple[int, ...], d: list[int], node: int) -> int:
    """d(n/m) = (dn - (n/m) dm) / m."""
    return a.div(a.sub(d[0], a.mul(node, d[1])), x[1])


_ARITHMETIC: dict[str, Callable[[_Algebra, tuple[int, ...], list[int], int], int]] = {
    "add": lambda a, x, d, node: a.add(d[0], d[1]),
    "sub": lambda a, x, d, node: a.sub(d[0], d[1]),
    "neg": lambda a, x, d, node: a.neg(d[0]),
    "mul": lambda a, x, d, node: a.add(a.mul(d[0], x[1]), a.mul(x[0], d[1])),
    "div": _quotient,
    "pow": _power,
}
