from __future__ import annotations

import math

from mtorsim.network.expression import ExpressionGraph


def test_equal_formulas_are_one_node() -> None:
    graph = ExpressionGraph()
    first = graph.apply("mul", graph.symbol("a"), graph.symbol("b"))
    assert graph.apply("mul", graph.symbol("a"), graph.symbol("b")) == first
    assert graph.apply("mul", graph.symbol("b"), graph.symbol("a")) != first


def test_numbers_are_found_again_by_their_bits() -> None:
    graph = ExpressionGraph()
    assert graph.number(math.nan) == graph.number(math.nan)
    assert graph.number(0.0) != graph.number(-0.0)


def test_sums_and_products_drop_neutral_terms_and_fold_numbers() -> None:
    graph = ExpressionGraph()
    x = graph.symbol("x")
    assert graph.apply("add", x, graph.number(0.0)) == x
    assert graph.apply("mul", graph.number(1.0), x) == x
    assert graph.constant(graph.apply("mul", graph.number(3.0), graph.number(4.0))) == 12.0
    assert graph.constant(graph.apply("div", graph.number(3.0), graph.number(0.0))) is None


def test_operands_come_before_what_is_made_of_them() -> None:
    graph = ExpressionGraph()
    root = graph.apply("add", graph.apply("exp", graph.symbol("x")), graph.time())
    order = graph.reachable([root])
    assert order[-1] == root
    assert all(o < node for node in order for o in graph.nodes[node].operands)


def test_substitution_reaches_every_use_and_leaves_the_original() -> None:
    graph = ExpressionGraph()
    x, y = graph.symbol("x"), graph.symbol("y")
    root = graph.apply("mul", x, graph.apply("exp", x))
    image = graph.substitute(root, {x: y})
    assert graph.leaves([image], "symbol") == ["y"]
    assert graph.leaves([root], "symbol") == ["x"]


def test_a_formula_of_100000_levels_is_walked_without_recursion() -> None:
    graph = ExpressionGraph()
    node = graph.symbol("x")
    for _ in range(100_000):
        node = graph.apply("exp", node)
    assert len(graph.reachable([node])) == 100_001
    assert graph.substitute(node, {graph.symbol("x"): graph.number(1.0)}) != node
