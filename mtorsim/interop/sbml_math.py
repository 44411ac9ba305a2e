"""Formulas of SBML (MathML, as libSBML's syntax trees) as nodes of an expression graph.

Trees are walked with a list, not by recursion, and a function definition is read once, as a
formula of its arguments; so neither depth nor nested definitions can exhaust anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from mtorsim.errors import ModelError, suggestion
from mtorsim.interop.sbml_document import UnsupportedFeatureError
from mtorsim.interop.sbml_operators import Operands, operators
from mtorsim.network.expression import ExpressionGraph

MAX_CALL_DEPTH = 100


class MathReader:
    """Reads formulas of one model.

    Parameters
    ----------
    graph : where nodes go
    functions : id -> libSBML function definition
    """

    def __init__(
        self, graph: ExpressionGraph, functions: Mapping[str, Any], *, origin: str
    ) -> None:
        self.graph, self.functions, self.origin = graph, functions, origin
        self.known: Collection[str] = ()
        self._templates: dict[str, tuple[list[str], int]] = {}
        self._open: list[str] = []

    def read(
        self, tree: Any, *, what: str, line: int, local: Mapping[str, int] | None = None
    ) -> int:
        """Node of a formula.

        Parameters
        ----------
        tree : libSBML ASTNode
        what : the element it belongs to, for messages: ``reaction 'R1'``
        local : names with a meaning of their own here

        Raises
        ------
        ModelError : an undefined symbol, or an operation that is not supported
        """
        names = {} if local is None else local
        where = f"{self.origin}:{line}: {what}"
        return self._read(tree, names, where, allow_globals=True)

    def _read(self, tree: Any, local: Mapping[str, int], where: str, *, allow_globals: bool) -> int:
        values: list[int] = []
        stack: list[tuple[Any, bool]] = [(tree, False)]
        while stack:
            node, is_ready = stack.pop()
            n_children = node.getNumChildren()
            if not is_ready and n_children:
                stack.append((node, True))
                stack.extend((node.getChild(i), False) for i in reversed(range(n_children)))
                continue
            operands = values[len(values) - n_children :]
            del values[len(values) - n_children :]
            values.append(self._node(node, operands, local, where, allow_globals))
        return values[0]

    def _node(
        self, node: Any, operands: Operands, local: Mapping[str, int], where: str, glob: bool
    ) -> int:
        sbml, graph = _libsbml(), self.graph
        kind = node.getType()
        if kind in _numbers():
            return graph.number(node.getValue() if kind == sbml.AST_INTEGER else node.getReal())
        if kind == sbml.AST_NAME:
            return self._name(node.getName(), local, where, glob)
        if kind == sbml.AST_FUNCTION:
            return self._call(node.getName(), operands, where)
        if kind == sbml.AST_FUNCTION_RATE_OF:
            return self._rate_of(operands, where)
        builder = operators().get(kind)
        if builder is None:
            place, _, element = where.partition(": ")
            raise UnsupportedFeatureError(place, element, _feature(sbml, node))
        try:
            return builder(graph, operands)
        except (IndexError, ValueError) as error:
            raise ModelError(
                f"{where}: {node.getName() or 'an operator'} has {len(operands)} operands, "
                "which is not the number it takes"
            ) from error

    def _name(self, name: str, local: Mapping[str, int], where: str, glob: bool) -> int:
        if name in local:
            return local[name]
        if glob and name in self.known:
            return self.graph.symbol(name)
        known = [*local, *(self.known if glob else ())]
        raise ModelError(f"{where}: undefined symbol {name!r}{suggestion(name, known)}")

    def _rate_of(self, operands: Operands, where: str) -> int:
        if len(operands) == 1:
            node = self.graph.nodes[operands[0]]
            if node.kind == "symbol":
                return self.graph.rate_of(str(node.value))
        raise ModelError(f"{where}: rateOf takes the id of one quantity")

    def _call(self, name: str, operands: Operands, where: str) -> int:
        parameters, body = self._template(name, where)
        if len(parameters) != len(operands):
            raise ModelError(
                f"{where}: function {name!r} is called with {len(operands)} arguments, "
                f"it takes {len(parameters)}"
            )
        graph = self.graph
        replacements: dict[int, int] = {}
        for parameter, operand in zip(parameters, operands, strict=True):
            replacements[graph.symbol(parameter)] = operand
            argument = graph.nodes[operand]
            if argument.kind == "symbol":
                replacements[graph.rate_of(parameter)] = graph.rate_of(str(argument.value))
        return graph.substitute(body, replacements)

    def _template(self, name: str, where: str) -> tuple[list[str], int]:
        """Names of the arguments (unlike any id) and the body of a function definition."""
        if name in self._templates:
            return self._templates[name]
        definition = self.functions.get(name)
        if definition is None:
            raise ModelError(
                f"{where}: undefined function {name!r}{suggestion(name, self.functions)}"
            )
        here = f"{self.origin}:{definition.getLine()}: function definition {name!r}"
        if name in self._open or len(self._open) >= MAX_CALL_DEPTH:
            raise ModelError(f"{here}: calls itself, or is nested too deeply")
        arguments = [
            definition.getArgument(i).getName() for i in range(definition.getNumArguments())
        ]
        parameters = [f"{name}({argument})" for argument in arguments]
        local = {a: self.graph.symbol(p) for a, p in zip(arguments, parameters, strict=True)}
        self._open.append(name)
        tree = definition.getBody()
        nan = self.graph.number(math.nan)
        body = nan if tree is None else self._read(tree, local, here, allow_globals=False)
        self._open.pop()
        self._templates[name] = (parameters, body)
        return parameters, body


@cache
def _libsbml() -> Any:
    import libsbml

    return libsbml


@cache
def _numbers() -> frozenset[int]:
    sbml = _libsbml()
    return frozenset({sbml.AST_INTEGER, sbml.AST_REAL, sbml.AST_REAL_E, sbml.AST_RATIONAL})


def _feature(sbml: Any, node: Any) -> str:
    """Name of an operation that is not supported."""
    if node.getType() == sbml.AST_FUNCTION_DELAY:
        return "delay() (delay differential equations)"
    return f"the operation {node.getName() or 'of this formula'!r}"
