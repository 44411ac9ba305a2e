"""Prints formulas as scalar Python functions, for runs of a single trajectory.

The text holds numbers, indices and the names of `scalar_functions`, nothing else: no word of a
model file can reach it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtorsim.codegen.scalar_functions import NAMESPACE
from mtorsim.network.expression import ExpressionGraph

_INFIX = {"add": "+", "sub": "-", "mul": "*", "lt": "<", "le": "<=", "eq": "=="}
_CALLS = {"div": "divide", "pow": "power"}
_LONGEST = 200


class FunctionPrinter:
    """Prints one function.

    Parameters
    ----------
    graph : the formulas
    n_continuous : slots below this number are ``y[i]``, the others ``p[i - n_continuous]``
    held : nodes that are not computed but read, as ``m[i]``
    """

    def __init__(
        self,
        graph: ExpressionGraph,
        *,
        n_continuous: int,
        held: Mapping[int, int] | None = None,
    ) -> None:
        self.graph, self.n_continuous = graph, n_continuous
        self.held: Mapping[int, int] = {} if held is None else held
        self.texts: dict[int, str] = {}
        self.lines: list[str] = []
        self.uses: Counter[int] = Counter()

    def function(self, name: str, arguments: str, roots: Sequence[int]) -> str:
        """Source of a function that returns the list of the roots' values."""
        return self.assignments(name, arguments, list(enumerate(roots)), array="r")

    def assignments(
        self, name: str, arguments: str, pairs: Sequence[tuple[int, int]], *, array: str
    ) -> str:
        """Source of a function that fills and returns a list, element by element as ordered."""
        order = {node: None for _, root in pairs for node in self._needed(root)}
        for node in order:
            self.uses.update(self.graph.nodes[node].operands)
        self.uses.update(root for _, root in pairs)
        for element, root in pairs:
            for node in self._needed(root):
                if node not in self.texts:
                    self._define(node)
            self.lines.append(f"{array}[{element}] = {self.texts[root]}")
        size = 1 + max((element for element, _ in pairs), default=-1)
        body = [f"{array} = [0.0] * {size}", *self.lines, f"return {array}"]
        return f"def {name}({arguments}):\n    " + "\n    ".join(body) + "\n"

    def _needed(self, root: int) -> list[int]:
        """Nodes to compute for a root, in order; nothing below a held node."""
        nodes, held = self.graph.nodes, self.held
        seen: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                if node not in held:
                    stack.extend(nodes[node].operands)
        return sorted(seen)

    def _define(self, node: int) -> None:
        text = self._text(node)
        is_leaf = node in self.held or not self.graph.nodes[node].operands
        if is_leaf or (self.uses[node] <= 1 and len(text) < _LONGEST):
            self.texts[node] = text
        else:
            self.lines.append(f"x{node} = {text}")
            self.texts[node] = f"x{node}"

    def _text(self, node: int) -> str:
        if node in self.held:
            return f"m[{self.held[node]}]"
        kind, operands, value = self.graph.nodes[node]
        if not operands:
            return self._leaf_text(kind, value)
        read = [self.texts[operand] for operand in operands]
        if kind in _INFIX:
            return f"({read[0]} {_INFIX[kind]} {read[1]})"
        if kind in _WRITTEN:
            return _WRITTEN[kind](read)
        return f"{_CALLS.get(kind, kind)}({', '.join(read)})"

    def _leaf_text(self, kind: str, value: float | str | int | None) -> str:
        if kind == "number":
            return number_text(float(value or 0.0))
        return "t" if kind == "time" else self.slot_text(int(str(value)))

    def slot_text(self, slot: int) -> str:
        """How a slot is read."""
        n = self.n_continuous
        return f"y[{slot}]" if slot < n else f"p[{slot - n}]"


_WRITTEN: dict[str, Callable[[list[str]], str]] = {
    "neg": lambda x: f"(-{x[0]})",
    "not": lambda x: f"(not {x[0]})",
    "and": lambda x: f"(not not ({x[0]} and {x[1]}))",
    "or": lambda x: f"(not not ({x[0]} or {x[1]}))",
    "xor": lambda x: f"((not {x[0]}) != (not {x[1]}))",
    "select": lambda x: f"({x[1]} if {x[0]} else {x[2]})",
}


def number_text(value: float) -> str:
    """A number as source text."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "(-inf)"
    return repr(value) if value >= 0 else f"({value!r})"


def compile_functions(sources: Sequence[str]) -> dict[str, Any]:
    """The functions of generated sources, by name."""
    namespace: dict[str, Any] = dict(NAMESPACE, __builtins__={})
    exec(compile("\n\n".join(sources), "<formulas>", "exec"), namespace)
    return namespace
