from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.errors import ModelError
from mtorsim.network.monomial import Monomial, MonomialTable, parse_monomial

NAMES = ("k_on", "Kd", "a", "b2", "_c")
names = st.sampled_from(NAMES)
powers = st.dictionaries(names, st.integers(-3, 3).filter(bool), max_size=4)
coefficients = st.floats(1e-9, 1e9) | st.sampled_from([0.0, 1.0, 2.0])


@st.composite
def monomials(draw: st.DrawFn) -> Monomial:
    chosen = draw(powers)
    above = [(name, power) for name, power in chosen.items() if power > 0]
    below = [(name, power) for name, power in chosen.items() if power < 0]
    return Monomial(draw(coefficients), (*above, *below))


values = st.fixed_dictionaries({name: st.floats(1e-3, 1e3) for name in NAMES})


def direct(monomial: Monomial, at: dict[str, float]) -> float:
    """The product by the definition of a power."""
    result = monomial.coefficient
    for name, power in monomial.powers:
        result *= at[name] ** power
    return result


@pytest.mark.parametrize(
    ("text", "coefficient", "expected"),
    [
        ("k_on", 1.0, {"k_on": 1}),
        ("k_on * Kd", 1.0, {"k_on": 1, "Kd": 1}),
        (
            "k_syn * dose / (k_tl * X_total)",
            1.0,
            {"k_syn": 1, "dose": 1, "k_tl": -1, "X_total": -1},
        ),
        ("a / b / c", 1.0, {"a": 1, "b": -1, "c": -1}),
        ("a / (b / c)", 1.0, {"a": 1, "b": -1, "c": 1}),
        ("2 * a^2 / 4", 0.5, {"a": 2}),
        ("a**-2", 1.0, {"a": -2}),
        ("(a * b)^2", 1.0, {"a": 2, "b": 2}),
        ("1.5e-3", 1.5e-3, {}),
        ("a * b / a", 1.0, {"b": 1}),
        ("0", 0.0, {}),
    ],
)
def test_products_quotients_and_powers_are_read(
    text: str, coefficient: float, expected: dict[str, int]
) -> None:
    monomial = parse_monomial(text)
    assert monomial.coefficient == coefficient
    assert dict(monomial.powers) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Vmax * S / (Km + S)", "Michaelis-Menten and Hill.* are not mass action"),
        ("a - b", "are not mass action: write the elementary steps"),
        ("-a", "are not mass action"),
        ("S^n", "a power is a whole number up to 9; Hill terms are not mass action"),
        ("S^2.5", "a power is a whole number"),
        ("S^10", "a power is a whole number"),
        ("hill(S, 2)", "',' does not belong in a rate: write the elementary steps"),
        ("exp(a)", r"exp\(...\) is not mass action"),
        ("a b", "'\\*' or '/' is wanted before 'b'"),
        ("(a * b", "a bracket is not closed"),
        ("a *", "a parameter or number is wanted where the end stands"),
        ("", "a parameter or number is wanted where the end stands"),
        ("a * / b", "a parameter or number is wanted where '/' stands"),
        ("a / 0", "division by zero"),
        ("0^-1", "division by zero"),
        ("a; import os", "';' does not belong in a rate"),
        ("__import__(os)", r"__import__\(...\) is not mass action"),
        ("a.b", "does not belong|is wanted before"),
        ("1e300 * 1e300", "too large"),
        ("(" * 60 + "a" + ")" * 60, "wanted where"),
        ("a^9 * a^9", "too large"),
    ],
)
def test_what_is_not_a_monomial_is_refused_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        parse_monomial(text)


@given(monomials())
def test_the_text_of_a_monomial_reads_back_to_it(monomial: Monomial) -> None:
    assert parse_monomial(str(monomial)) == monomial


@given(monomials(), values)
def test_evaluation_equals_direct_arithmetic(monomial: Monomial, at: dict[str, float]) -> None:
    assert monomial.evaluate(at) == pytest.approx(direct(monomial, at), rel=1e-14)


@given(monomials(), st.lists(values, min_size=1, max_size=5))
def test_arrays_are_evaluated_element_by_element(
    monomial: Monomial, rows: list[dict[str, float]]
) -> None:
    arrays = {name: np.array([row[name] for row in rows]) for name in NAMES}
    together = np.broadcast_to(monomial.evaluate(arrays), len(rows))
    assert list(together) == [monomial.evaluate(row) for row in rows]


@given(st.lists(monomials(), max_size=6), st.integers(0, 2**32 - 1))
def test_a_table_gives_the_bits_of_each_monomial_alone(columns: list[Monomial], seed: int) -> None:
    # More rows than one block, so that the seam between blocks is crossed.
    rows = np.random.default_rng(seed).uniform(0.1, 10.0, size=(600, len(NAMES)))
    together = MonomialTable(columns, NAMES).evaluate(rows)
    at = {name: rows[:, i] for i, name in enumerate(NAMES)}
    assert together.shape == (600, len(columns))
    for c, monomial in enumerate(columns):
        assert np.array_equal(together[:, c], np.broadcast_to(monomial.evaluate(at), 600))


def test_division_by_zero_spoils_its_own_row_alone() -> None:
    table = MonomialTable([parse_monomial("a / b2")], ("a", "b2"))
    result = table.evaluate(np.array([[1.0, 2.0], [1.0, 0.0], [3.0, 1.0]]))
    assert result[:, 0].tolist() == [0.5, np.inf, 3.0]
