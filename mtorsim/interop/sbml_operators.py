"""What each operator of SBML's mathematics becomes in an expression graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from mtorsim.network.expression import ExpressionGraph

#: the value that SBML Level 3 gives its csymbol (CODATA 2006), 1/mol
AVOGADRO = 6.02214179e23

Operands = Sequence[int]
Builder = Callable[[ExpressionGraph, Operands], int]


def _unary(kind: str) -> Builder:
    def build(graph: ExpressionGraph, operands: Operands) -> int:
        (operand,) = operands
        return graph.apply(kind, operand)

    return build


def _reciprocal_of(kind: str) -> Builder:
    """1 / kind(x): secant and its like."""
    return lambda graph, operands: graph.apply(
        "div", graph.number(1.0), _unary(kind)(graph, operands)
    )


def _of_reciprocal(kind: str) -> Builder:
    """kind(1 / x): the inverse functions of secant and its like."""

    def build(graph: ExpressionGraph, operands: Operands) -> int:
        (operand,) = operands
        return graph.apply(kind, graph.apply("div", graph.number(1.0), operand))

    return build


def _fold(kind: str, empty: float | None = None) -> Builder:
    """A binary operation over any number of operands, from the left."""

    def build(graph: ExpressionGraph, operands: Operands) -> int:
        if not operands and empty is not None:
            return graph.number(empty)
        result = operands[0]
        for operand in operands[1:]:
            result = graph.apply(kind, result, operand)
        return result

    return build


def _logical(kind: str, empty: float) -> Builder:
    """As `_fold`; one operand alone becomes a truth value too."""

    def build(graph: ExpressionGraph, operands: Operands) -> int:
        return _fold(kind)(graph, [graph.number(empty), *operands])

    return build


def _chain(kind: str, *, swap: bool = False) -> Builder:
    """A comparison that holds between each two neighbours."""

    def build(graph: ExpressionGraph, operands: Operands) -> int:
        links = [
            graph.apply(kind, *(reversed(pair) if swap else pair)) for pair in pairwise(operands)
        ]
        return _fold("and", 1.0)(graph, links)

    return build


def _minus(graph: ExpressionGraph, operands: Operands) -> int:
    if len(operands) == 1:
        return graph.apply("neg", operands[0])
    first, second = operands
    return graph.apply("sub", first, second)


def _binary(kind: str) -> Builder:
    def build(graph: ExpressionGraph, operands: Operands) -> int:
        first, second = operands
        return graph.apply(kind, first, second)

    return build


def _not_equal(graph: ExpressionGraph, operands: Operands) -> int:
    return graph.apply("not", _binary("eq")(graph, operands))


def _implies(graph: ExpressionGraph, operands: Operands) -> int:
    condition, consequence = operands
    return graph.apply("or", graph.apply("not", condition), consequence)


def _ceiling(graph: ExpressionGraph, operands: Operands) -> int:
    (operand,) = operands
    return graph.apply("neg", graph.apply("floor", graph.apply("neg", operand)))


def _quotient(graph: ExpressionGraph, operands: Operands) -> int:
    """Quotient rounded towards zero."""
    ratio = _binary("div")(graph, operands)
    is_negative = graph.apply("lt", ratio, graph.number(0.0))
    down = graph.apply("floor", ratio)
    return graph.apply("select", is_negative, _ceiling(graph, [ratio]), down)


def _remainder(graph: ExpressionGraph, operands: Operands) -> int:
    dividend, divisor = operands
    whole = _quotient(graph, operands)
    return graph.apply("sub", dividend, graph.apply("mul", divisor, whole))


def _root(graph: ExpressionGraph, operands: Operands) -> int:
    """Children are the degree, which may be left out, and the radicand."""
    radicand = operands[-1]
    degree = graph.number(2.0) if len(operands) == 1 else operands[0]
    if graph.constant(degree) == 2.0:
        return graph.apply("sqrt", radicand)
    return graph.apply("pow", radicand, graph.apply("div", graph.number(1.0), degree))


def _log(graph: ExpressionGraph, operands: Operands) -> int:
    """Children are the base, which may be left out, and the argument."""
    if len(operands) == 1 or graph.constant(operands[0]) == 10.0:
        return graph.apply("log10", operands[-1])
    base, argument = operands
    return graph.apply("div", graph.apply("ln", argument), graph.apply("ln", base))


def _piecewise(graph: ExpressionGraph, operands: Operands) -> int:
    """Children are value, condition, value, condition, ..., and perhaps the value otherwise."""
    has_otherwise = len(operands) % 2 == 1
    result = operands[-1] if has_otherwise else graph.number(math.nan)
    pairs = operands[:-1] if has_otherwise else operands
    for i in reversed(range(0, len(pairs), 2)):
        result = graph.apply("select", pairs[i + 1], pairs[i], result)
    return result


def _constant(value: float) -> Builder:
    return lambda graph, operands: graph.number(value)


@cache
def operators() -> dict[int, Builder]:
    """What each kind of libSBML tree node becomes."""
    by_name: dict[str, Builder] = {
        "NAME_TIME": lambda graph, operands: graph.time(),
        "NAME_AVOGADRO": _constant(AVOGADRO),
        "CONSTANT_E": _constant(math.e),
        "CONSTANT_PI": _constant(math.pi),
        "CONSTANT_TRUE": _constant(1.0),
        "CONSTANT_FALSE": _constant(0.0),
        "PLUS": _fold("add", 0.0),
        "TIMES": _fold("mul", 1.0),
        "MINUS": _minus,
        "DIVIDE": _binary("div"),
        "POWER": _binary("pow"),
        "FUNCTION_POWER": _binary("pow"),
        "FUNCTION_ROOT": _root,
        "FUNCTION_LOG": _log,
        "FUNCTION_PIECEWISE": _piecewise,
        "FUNCTION_MAX": _fold("max"),
        "FUNCTION_MIN": _fold("min"),
        "FUNCTION_QUOTIENT": _quotient,
        "FUNCTION_REM": _remainder,
        "FUNCTION_CEILING": _ceiling,
        "LOGICAL_AND": _logical("and", 1.0),
        "LOGICAL_OR": _logical("or", 0.0),
        "LOGICAL_XOR": _logical("xor", 0.0),
        "LOGICAL_NOT": _unary("not"),
        "LOGICAL_IMPLIES": _implies,
        "RELATIONAL_LT": _chain("lt"),
        "RELATIONAL_LEQ": _chain("le"),
        "RELATIONAL_GT": _chain("lt", swap=True),
        "RELATIONAL_GEQ": _chain("le", swap=True),
        "RELATIONAL_EQ": _chain("eq"),
        "RELATIONAL_NEQ": _not_equal,
    }
    for kind in ("exp", "ln", "abs", "floor", "factorial"):
        by_name[f"FUNCTION_{kind.upper()}"] = _unary(kind)
    for kind, reciprocal in (("sin", "csc"), ("cos", "sec"), ("tan", "cot")):
        for tail in ("", "h"):
            upper, inverse = f"{kind}{tail}".upper(), f"{reciprocal}{tail}".upper()
            by_name[f"FUNCTION_{upper}"] = _unary(f"{kind}{tail}")
            by_name[f"FUNCTION_ARC{upper}"] = _unary(f"a{kind}{tail}")
            by_name[f"FUNCTION_{inverse}"] = _reciprocal_of(f"{kind}{tail}")
            by_name[f"FUNCTION_ARC{inverse}"] = _of_reciprocal(f"a{kind}{tail}")
    import libsbml

    return {getattr(libsbml, f"AST_{name}"): builder for name, builder in by_name.items()}
