"""Schedules in words are read as meant, and what is written is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.errors import InputError, MtorsimError, UnitsError
from mtorsim.simulate.dosing import Dosing
from mtorsim.simulate.regimen_text import read_regimen, read_schedule, regimen_text

DAY = 86400.0


@pytest.mark.parametrize(
    ("text", "dosing"),
    [
        ("10 mg", Dosing("d", "10 mg")),
        ("10mg every 24h", Dosing("d", "10 mg", every="24 h")),
        ("10 mg daily", Dosing("d", "10 mg", every="24 h")),
        ("70 mg weekly", Dosing("d", "70 mg", every="7 d")),
        ("0.5 uM twice daily", Dosing("d", "0.5 uM", every="12 h")),
        ("6 mg then 2 mg daily", Dosing("d", "2 mg", every="24 h", loading="6 mg")),
        (
            "125 mg twice daily, 2 d on 5 d off",
            Dosing("d", "125 mg", every="12 h", on="2 d", off="5 d"),
        ),
        (
            "25 mg over 30 min every 7 d from 1 d until 30 d",
            Dosing("d", "25 mg", every="7 d", infusion="30 min", start="1 d", until="30 d"),
        ),
        ("1e1 mg every 24 h 3 times", Dosing("d", "10 mg", every="24 h", count=3)),
        ("other 10 mg daily", Dosing("other", "10 mg", every="24 h")),
    ],
)
def test_words_of_a_protocol(text: str, dosing: Dosing) -> None:
    assert read_regimen(text, drug="d") == dosing


def test_regimens_are_joined_by_a_plus() -> None:
    read = read_schedule("a 10 mg daily until 7 d + b 50 mg twice daily from 7 d")
    assert [entry.drug for entry in read] == ["a", "b"]
    assert read[0].until == read[1].start == 7 * DAY


hours = st.integers(1, 400).map(lambda n: n * 1800.0)


@given(
    amount=st.floats(1e-3, 1e4),
    every=st.none() | hours,
    start=st.just(0.0) | hours,
    count=st.none() | st.integers(1, 50),
    loading=st.none() | st.floats(1e-3, 1e4),
    unit=st.sampled_from(["mg", "nM"]),
)
def test_what_is_written_is_read_back(
    *,
    amount: float,
    every: float | None,
    start: float,
    count: int | None,
    loading: float | None,
    unit: str,
) -> None:
    dosing = Dosing(
        "d",
        f"{amount:.6g} {unit}",
        every=every,
        start=start,
        count=count,
        loading=None if loading is None else f"{loading:.6g} {unit}",
    )
    assert read_regimen(regimen_text(dosing)) == dosing


def test_all_clauses_are_written() -> None:
    text = "d 9 mg then 3 mg over 30 min every 12 h 2 d on 5 d off from 1.5 h until 30 d 7 times"
    assert read_regimen(regimen_text(read_regimen(text))) == read_regimen(text)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("10 daily", InputError, "no dose with a unit"),
        ("daily", InputError, "no dose with a unit"),
        ("10 mg dayly", InputError, "'dayly' can not be read; write AMOUNT"),
        ("10 mg daily every 12 h", InputError, "says every twice"),
        ("10 mg every 12 mg", UnitsError, "every"),
        ("10 mg 2 d on", InputError, "can not be read"),
        ("10 lb daily", UnitsError, "lb"),
    ],
)
def test_what_can_not_be_read_is_told(text: str, error: type[MtorsimError], message: str) -> None:
    with pytest.raises(error, match=message):
        read_regimen(text, drug="d")


def test_a_schedule_names_its_drug() -> None:
    with pytest.raises(InputError, match="names no drug"):
        read_schedule("10 mg daily")
