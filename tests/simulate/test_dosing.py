"""Regimens become changes at exact times."""

import pytest

from mtorsim.errors import InputError, UnitsError
from mtorsim.simulate.dosing import (
    Dosing,
    drugs_in_mg,
    input_step,
    regimens,
    schedule,
    washout,
)

DAY = 86400.0


def times_of(dosing: Dosing, *, hours: float) -> list[float]:
    return [change.time / 3600 for change in dosing.changes(hours * 3600)]


def test_repeated_doses_fall_before_the_end() -> None:
    assert times_of(Dosing("d", "1 nM", every="24 h"), hours=72) == [0, 24, 48]
    assert times_of(Dosing("d", "1 nM", every="24 h"), hours=73) == [0, 24, 48, 72]


def test_start_and_count_are_kept() -> None:
    assert times_of(Dosing("d", 1, every="1 d", start="6 h", count=2), hours=100) == [6, 30]
    assert times_of(Dosing("d", 1, start="6 h"), hours=100) == [6]
    assert times_of(Dosing("d", 1, start="200 h", every="1 h"), hours=100) == []


def test_amounts_are_read_in_nanomolar() -> None:
    (change,) = Dosing("d", "2 uM").changes(1.0)
    assert change.amount == 2000.0
    (change,) = Dosing("d").changes(1.0)
    assert change.amount is None


@pytest.mark.parametrize(
    ("written", "milligrams"),
    [("10 mg", 10.0), ("0.5g", 500.0), ("250 ug", 0.25), ("250 µg", 0.25), ("5e3 ng", 5e-3)],
)
def test_a_mass_is_read_in_milligrams(written: str, milligrams: float) -> None:
    dosing = Dosing("d", written)
    assert (dosing.amount, dosing.unit) == (pytest.approx(milligrams), "mg")
    assert Dosing("d", milligrams, unit="mg").changes(1.0)[0].unit == "mg"
    assert Dosing("d", f"{milligrams}", unit="mg").amount == pytest.approx(milligrams)


def test_days_on_and_off_alternate() -> None:
    dosing = Dosing("d", "125 mg", every="12 h", on="2 d", off="5 d")
    assert times_of(dosing, hours=8 * 24) == [0, 12, 24, 36, 168, 180]
    assert times_of(Dosing("d", 1, every="24 h", on="5 d", off="2 d"), hours=7 * 24) == [
        *range(0, 120, 24)
    ]


def test_doses_end_before_until() -> None:
    assert times_of(Dosing("d", 1, every="24 h", start="1 d", until="3 d"), hours=200) == [24, 48]
    assert times_of(Dosing("d", 1, every="24 h", until="9 d", count=2), hours=300) == [0, 24]


def test_the_loading_dose_is_the_first() -> None:
    changes = Dosing("d", "2 mg", every="24 h", loading="6 mg").changes(3 * DAY)
    assert [change.amount for change in changes] == [6.0, 2.0, 2.0]


def test_an_infusion_starts_and_ends() -> None:
    changes = Dosing("d", "25 mg", every="7 d", infusion="30 min").changes(8 * DAY)
    told = [(change.time, change.kind, change.amount) for change in changes]
    rate = 25.0 / 1800.0
    assert told == [
        (0.0, "infusion", rate),
        (1800.0, "infusion", 0.0),
        (7 * DAY, "infusion", rate),
        (7 * DAY + 1800.0, "infusion", 0.0),
    ]


def test_infusions_may_follow_one_another_at_once() -> None:
    changes = schedule([Dosing("d", "1 mg", every="1 h", infusion="1 h")], t_end=7200.0)
    assert [change.amount for change in changes if change.time == 3600.0] == [0.0, 1.0 / 3600.0]


def test_scaling_keeps_times_and_unit() -> None:
    dosing = Dosing("d", "2 mg", every="24 h", loading="6 mg").scaled(2.5)
    assert (dosing.amount, dosing.loading, dosing.unit) == (5.0, 15.0, "mg")
    assert times_of(dosing, hours=48) == [0, 24]


def test_drugs_in_mg_are_told_from_those_in_a_medium() -> None:
    given = [Dosing("a", "1 mg"), Dosing("b", 1), washout("c", at=1), Dosing("a", "2 mg", start=9)]
    assert drugs_in_mg(given) == ("a",)


def test_changes_are_sorted_and_wash_outs_come_first() -> None:
    given = [
        input_step("Insulin", "1 nM", at="2 h"),
        Dosing("d", 1, every="1 h"),
        washout("d", at="1 h"),
    ]
    changes = schedule(given, t_end=3 * 3600.0)
    told = [(change.time / 3600, change.kind) for change in changes]
    assert told == [(0, "dose"), (1, "washout"), (1, "dose"), (2, "input"), (2, "dose")]


def test_one_regimen_is_a_list_of_one() -> None:
    assert regimens(Dosing("d")) == regimens([Dosing("d")])
    assert regimens(Dosing("d") for _ in range(2)) == (Dosing("d"), Dosing("d"))


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: Dosing("d", -1), InputError, "dosing of d, amount is -1"),
        (lambda: Dosing("d", "1 h"), UnitsError, "concentration"),
        (lambda: Dosing("d", every=0), InputError, "every is 0"),
        (lambda: Dosing("d", every="1 nM"), UnitsError, "time"),
        (lambda: Dosing("d", start="-1 h"), InputError, "start"),
        (lambda: Dosing("d", count=0), InputError, "count is 0"),
        (lambda: Dosing("d", every="1 s").changes(1e9), InputError, "too many"),
        (lambda: Dosing("d", "10 mg/m2"), UnitsError, "doses are for a whole person"),
        (lambda: Dosing("d", "-10 mg"), InputError, "can not be negative"),
        (lambda: Dosing("d", "ten mg"), InputError, "write it like '10 mg'"),
        (lambda: Dosing("d", "10 mg", every="24 h", loading="5 nM"), InputError, "choose one"),
        (lambda: Dosing("d", loading="5 nM"), InputError, "loading needs the amount"),
        (lambda: Dosing("d", 1, on="5 d", off="2 d"), InputError, "days on and off need every"),
        (lambda: Dosing("d", 1, every="1 d", on="5 d"), InputError, "on and off go together"),
        (
            lambda: Dosing("d", 1, every="7 d", on="5 d", off="2 d"),
            InputError,
            "168 h does not fit into 120 h on",
        ),
        (lambda: Dosing("d", 1, start="3 d", until="2 d"), InputError, "before it starts at 72 h"),
        (lambda: Dosing("d", 1, infusion="1 h"), InputError, "an infusion is of mg"),
        (
            lambda: Dosing("d", "1 mg", every="1 h", infusion="2 h"),
            InputError,
            "overlaps the next, 1 h later",
        ),
        (lambda: washout("d", at="noon"), InputError, "washout of d, at"),
        (lambda: regimens(["everolimus"]), InputError, "holds 'everolimus'"),  # type: ignore[list-item]
    ],
)
def test_slips_are_refused(build: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [Dosing("d", "10 mg", every="1 d"), Dosing("d", "70 mg", every="7 d")],
            "two doses at 0 h; give one dose of both amounts",
        ),
        (
            [Dosing("d", "10 mg", every="1 d"), Dosing("d", "10 nM", start="1 h")],
            "in mg and in nM",
        ),
        (
            [Dosing("d", "9 mg", infusion="3 h"), Dosing("d", "9 mg", start="2 h", infusion="1 h")],
            "the infusion from 0 h to 3 h overlaps the one from 2 h",
        ),
    ],
)
def test_regimens_that_overlap_are_refused(given: list[Dosing], message: str) -> None:
    with pytest.raises(InputError, match=message):
        schedule(given, t_end=14 * DAY)


def test_a_switch_at_the_same_time_does_not_overlap() -> None:
    first = Dosing("d", "10 mg", every="1 d", until="7 d")
    second = Dosing("d", "70 mg", every="7 d", start="7 d")
    assert len(schedule([first, second], t_end=14 * DAY)) == 8
