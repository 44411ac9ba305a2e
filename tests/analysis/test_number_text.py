import pytest

from mtorsim.analysis.number_text import dose_text, three_digits, three_figures, time_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.45, "0.45"),
        (10000.0, "10000"),
        (12345.0, "12300"),
        (0.00045, "0.00045"),
        (3.14159, "3.14"),
        (0.0, "0"),
        (2.5e7, "2.5e+07"),
        (float("inf"), "inf"),
    ],
)
def test_three_figures(value, text):
    assert three_figures(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(30, "30 s"), (1800, "30 min"), (7200, "2 h"), (86400, "24 h"), (14 * 86400, "14 d")],
)
def test_times_are_in_the_unit_people_say(seconds, text):
    assert time_text(seconds) == text


@pytest.mark.parametrize(("dose", "text"), [(20, "20 nM"), (1500, "1.5 µM"), (0.001, "0.001 nM")])
def test_doses_are_in_nanomolar_or_micromolar(dose, text):
    assert dose_text(dose) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.19, "0.190"), (40.0, "40.0"), (115.2, "115"), (9.999, "10.0"), (12345.0, "12300")],
)
def test_three_digits_keep_their_zeros(value, text):
    assert three_digits(value) == text
