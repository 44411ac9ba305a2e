from __future__ import annotations

import pytest

from mtorsim.network.equation import parse_equation
from mtorsim.network.monomial import Monomial
from mtorsim.network.reaction import Reaction


def reaction(equation: str) -> Reaction:
    sides = parse_equation(equation)
    return Reaction("r", "m", sides.reactants, sides.products, Monomial(1.0))


@pytest.mark.parametrize(
    ("equation", "powers"),
    [("-> A", (1, -1)), ("A ->", (0, -1)), ("A + B -> C", (-1, -1)), ("2 A + B -> C", (-2, -1))],
)
def test_the_dimension_of_a_rate_follows_from_the_order(
    equation: str, powers: tuple[int, int]
) -> None:
    assert reaction(equation).rate_powers == powers


def test_a_catalyst_has_no_net_change() -> None:
    assert reaction("E + 2 S -> E + P + S").net_change() == {"S": -1, "P": 1}


@pytest.mark.parametrize("equation", ["A + 2 B -> A:B + B", "-> A", "A ->", "A + B + A -> C"])
def test_the_equation_reads_back_to_the_same_sides(equation: str) -> None:
    first = reaction(equation)
    assert reaction(first.equation()) == first
