"""Regimens become changes at exact times."""

import pytest

from mtorsim.errors import InputError, UnitsError
from mtorsim.simulate.dosing import Dosing, input_step, regimens, schedule, washout


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
        (lambda: washout("d", at="noon"), InputError, "washout of d, at"),
        (lambda: regimens(["everolimus"]), InputError, "holds 'everolimus'"),  # type: ignore[list-item]
    ],
)
def test_slips_are_refused(build: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build()  # type: ignore[operator]
