"""Writes formulas of an expression graph into lane programs."""

from __future__ import annotations

from collections.abc import Callable

from mtorsim.codegen.program import ProgramBuilder, Value
from mtorsim.network.expression import ExpressionGraph

#: kinds that a program calls from the C library, by their names there
C_FUNCTIONS = {
    "exp": "exp",
    "ln": "log",
    "log10": "log10",
    "floor": "floor",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "asin",
    "acos": "acos",
    "atan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "asinh": "asinh",
    "acosh": "acosh",
    "atanh": "atanh",
}
_PLAIN = {"add": "add", "sub": "sub", "mul": "mul", "div": "div", "max": "max", "min": "min"}
LARGEST_WRITTEN_POWER = 8


class FormulaWriter:
    """Writes each node of a graph once, where it is first needed.

    Parameters
    ----------
    slot : loads a slot
    """

    def __init__(
        self, builder: ProgramBuilder, graph: ExpressionGraph, *, slot: Callable[[int], Value]
    ) -> None:
        self.builder, self.graph, self.slot = builder, graph, slot
        self._values: dict[int, Value] = {}

    def value(self, root: int) -> Value:
        """A formula as a number in float64."""
        return self._as_number(self._written(root))

    def _written(self, root: int) -> Value:
        if root not in self._values:
            for node in self.graph.reachable([root]):
                if node not in self._values:
                    self._values[node] = self._write(node)
        return self._values[root]

    def _write(self, node: int) -> Value:
        kind, operands, value = self.graph.nodes[node]
        b = self.builder
        if kind == "number":
            return b.constant(float(value or 0.0), "double")
        if kind == "slot":
            return self.slot(int(str(value)))
        if kind in ("and", "or", "xor", "not"):
            return self._logic(kind, [self._as_mask(self._values[o]) for o in operands])
        if kind == "select":
            condition = self._as_mask(self._values[operands[0]])
            branches = [self._as_number(self._values[o]) for o in operands[1:]]
            return b.select(condition, *branches)
        return self._arithmetic(kind, operands)

    def _arithmetic(self, kind: str, operands: tuple[int, ...]) -> Value:
        b, x = self.builder, [self._as_number(self._values[o]) for o in operands]
        if kind in _PLAIN or kind in ("neg", "sqrt", "abs"):
            return b.operation(kind, *x)
        if kind in ("lt", "le"):
            return b.compare(kind, *x)
        if kind == "eq":
            return (x[0] <= x[1]) & (x[0] >= x[1])
        if kind == "pow":
            return self._power(x[0], x[1], self.graph.constant(operands[1]))
        if kind == "factorial":
            return b.call_c("tgamma", x[0] + 1.0)
        return b.call_c(C_FUNCTIONS[kind], *x)

    def _power(self, base: Value, exponent: Value, number: float | None) -> Value:
        """A small whole power by multiplication, any other by the C library."""
        b = self.builder
        if number == 0.5:
            return b.sqrt(base)
        if number is None or number != int(number) or not 1 <= abs(number) <= LARGEST_WRITTEN_POWER:
            return b.call_c("pow", base, exponent)
        result: Value | None = None
        square, rest = base, int(abs(number))
        while rest:
            if rest & 1:
                result = square if result is None else result * square
            rest >>= 1
            if rest:
                square = square * square
        assert result is not None  # the exponent is not 0
        return result if number > 0 else b.constant(1.0, "double") / result

    def _logic(self, kind: str, masks: list[Value]) -> Value:
        b = self.builder
        if kind == "not":
            return b.invert(masks[0])
        if kind == "xor":
            first, second = masks
            return (first | second) & b.invert(first & second)
        return b.logic(kind, *masks)

    def _as_mask(self, value: Value) -> Value:
        """Anything but 0 is true."""
        if value.precision == "mask":
            return value
        return self.builder.invert((value <= 0.0) & (value >= 0.0))

    def _as_number(self, value: Value) -> Value:
        b = self.builder
        if value.precision != "mask":
            return value
        return b.select(value, b.constant(1.0, "double"), 0.0)
