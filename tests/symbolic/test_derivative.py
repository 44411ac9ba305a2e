from __future__ import annotations

import math

import pytest

from mtorsim.codegen.expression_printer import FunctionPrinter, compile_functions
from mtorsim.network.expression import ExpressionGraph
from mtorsim.symbolic.derivative import differentiate


def evaluate(graph: ExpressionGraph, node: int, x: float) -> float:
    source = FunctionPrinter(graph, n_continuous=1).function("f", "t, y, p", [node])
    return compile_functions([source])["f"](0.0, [x], [])[0]


UNARY = ["exp", "ln", "log10", "sqrt", "abs", "sin", "cos", "tan", "asin", "acos", "atan"]
UNARY += ["sinh", "cosh", "tanh", "asinh", "atanh", "neg"]


@pytest.mark.parametrize("kind", UNARY)
def test_functions_have_the_slope_of_their_differences(kind: str) -> None:
    graph = ExpressionGraph()
    x = graph.slot(0)
    node = graph.apply(kind, x)
    slope = differentiate(graph, node, {x: graph.number(1.0)})
    step = 1e-6
    difference = evaluate(graph, node, 0.4 + step) - evaluate(graph, node, 0.4 - step)
    assert evaluate(graph, slope, 0.4) == pytest.approx(difference / (2 * step), rel=1e-8)


def test_the_slope_of_arcosh() -> None:
    graph = ExpressionGraph()
    x = graph.slot(0)
    slope = differentiate(graph, graph.apply("acosh", x), {x: graph.number(1.0)})
    assert evaluate(graph, slope, 2.0) == pytest.approx(1 / math.sqrt(3), rel=1e-14)


@pytest.mark.parametrize("kind", ["add", "sub", "mul", "div", "pow", "max", "min"])
def test_operations_have_the_slope_of_their_differences(kind: str) -> None:
    graph = ExpressionGraph()
    x = graph.slot(0)
    node = graph.apply(kind, graph.apply("exp", x), graph.apply("add", x, graph.number(2.0)))
    slope = differentiate(graph, node, {x: graph.number(1.0)})
    step = 1e-6
    difference = evaluate(graph, node, 0.7 + step) - evaluate(graph, node, 0.7 - step)
    assert evaluate(graph, slope, 0.7) == pytest.approx(difference / (2 * step), rel=1e-7)


def test_a_choice_has_the_slope_of_the_branch_taken() -> None:
    graph = ExpressionGraph()
    x = graph.slot(0)
    condition = graph.apply("lt", x, graph.number(1.0))
    node = graph.apply("select", condition, graph.apply("mul", x, x), graph.number(5.0))
    slope = differentiate(graph, node, {x: graph.number(1.0)})
    assert [evaluate(graph, slope, value) for value in (0.5, 2.0)] == [1.0, 0.0]


def test_what_does_not_depend_on_the_seed_is_the_number_zero() -> None:
    graph = ExpressionGraph()
    node = graph.apply("mul", graph.apply("exp", graph.slot(1)), graph.slot(2))
    slope = differentiate(graph, node, {graph.slot(0): graph.number(1.0)})
    assert graph.constant(slope) == 0.0
