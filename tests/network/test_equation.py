from __future__ import annotations

import pytest

from mtorsim.errors import ModelError
from mtorsim.network.equation import ParsedEquation, parse_equation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A + B <-> A:B", ParsedEquation(("A", "B"), ("A:B",), True)),
        ("A + 2 B -> C", ParsedEquation(("A", "B", "B"), ("C",), False)),
        ("2  A->A:A", ParsedEquation(("A", "A"), ("A:A",), False)),
        ("2*A -> A:A", ParsedEquation(("A", "A"), ("A:A",), False)),
        ("-> A", ParsedEquation((), ("A",), False)),
        ("A ->", ParsedEquation(("A",), (), False)),
        ("0 -> A", ParsedEquation((), ("A",), False)),
        ("E + S -> E + S_p", ParsedEquation(("E", "S"), ("E", "S_p"), False)),
    ],
)
def test_both_sides_are_read_with_their_counts(text: str, expected: ParsedEquation) -> None:
    assert parse_equation(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A + B", "needs exactly one '->' or '<->'"),
        ("A -> B -> C", "needs exactly one '->' or '<->'"),
        ("A => B", "needs exactly one '->' or '<->', not '=>'"),
        ("A <=> B", "needs exactly one '->' or '<->', not '<=>'"),
        ("A --> B", "needs exactly one '->' or '<->', not '-->'"),
        ("A <- B", "needs exactly one '->' or '<->', not '<-'"),
        ("A + -> B", "'' is not a species"),
        ("A B -> C", "'A B' is not a species"),
        ("A + 0 B -> C", "a count must be from 1 to 9"),
        ("1.5 A -> B", "'1.5 A' is not a species"),
        ("4EBP1 -> A", "'4EBP1' is not a species id"),
        ("A: -> B", "'A:' is not a species id"),
        ("A__p -> B", "'A__p' is not a species id"),
        ("A + B -> B + A", "changes nothing"),
        ("A-B -> C", "'A-B' is not a species id"),
    ],
)
def test_a_malformed_equation_is_refused_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        parse_equation(text)
    assert text in str(caught.value)
