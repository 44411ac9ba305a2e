import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.errors import ModelError, UnknownNameError
from mtorsim.interop.bngl_expression import evaluate

VALUES = {"c": 3.0, "p20": 3.0e-5, "p25": 5.0, "_x1": 2.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(c*p20)/p25", 1.8e-5),
        ("2*c^2", 18.0),
        ("-c^2", -9.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("1 - 2 - 3", -4.0),
        ("8/4/2", 1.0),
        ("--3", 3.0),
        ("+.5e1", 5.0),
        ("exp(ln(c))", 3.0),
        ("max(1, c, _x1) + min(4, 5)", 7.0),
        ("sqrt(_pi^2)", math.pi),
        ("log10(1000) + log2(8) + abs(-1)", 7.0),
    ],
)
def test_expressions_follow_the_precedence_of_bionetgen(text, value):
    assert evaluate(text, VALUES, where="x.net:1") == pytest.approx(value, rel=1e-15)


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
def test_every_finite_number_reads_as_itself(number):
    assert evaluate(repr(number), {}, where="x.net:1") == number


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_an_error_that_names_the_place(text):
    value, message = 0.0, "x.net:7: "
    try:
        value = evaluate(text, VALUES, where="x.net:7")
    except (ModelError, UnknownNameError) as error:
        message = str(error)
    assert math.isfinite(value)
    assert message.startswith("x.net:7: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a number or a name is wanted where 'the end' stands"),
        ("2 3", "an operator is wanted before '3'"),
        ("(2", "a bracket is not closed"),
        ("2 $ 3", "'$' does not belong there"),
        ("1/0", "'1/0' has no value"),
        ("10^400", "'10^400' has no value"),
        ("1e308*10", "a finite number is wanted"),
        ("(-1)^0.5", "has no value"),
        ("exp(1, 2)", "exp takes one argument, not 2"),
        ("(" * 60 + "1" + ")" * 60, "nested more than 50 deep"),
        ("2^" * 60 + "1", "nested more than 50 deep"),
    ],
)
def test_text_without_a_value_is_refused(text, message):
    with pytest.raises(ModelError) as caught:
        evaluate(text, VALUES, where="x.net:3")
    assert str(caught.value).startswith("x.net:3: ")
    assert message in str(caught.value)


def test_unknown_names_offer_the_nearest():
    with pytest.raises(UnknownNameError, match=r"unknown parameter 'p26'; did you mean .*'p25'"):
        evaluate("2*p26", VALUES, where="x.net:3")
    with pytest.raises(UnknownNameError, match="unknown function 'expp'; did you mean 'exp'"):
        evaluate("expp(1)", VALUES, where="x.net:3")


def test_names_of_python_are_only_names():
    with pytest.raises(UnknownNameError, match="unknown function '__import__'"):
        evaluate("__import__(1)", VALUES, where="x.net:3")
