"""Schedules side by side: exposure by the books, occupancy and effects in their bounds."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.exposure import auc_per_milligram
from mtorsim.analysis.schedules import compare_schedules
from mtorsim.modelfiles.pharmacokinetics import load_pharmacokinetics

DAILY, WEEKLY = "everolimus 10 mg daily", "everolimus 70 mg weekly"


@lru_cache(maxsize=1)
def core() -> mt.Model:
    return mt.load("mtor-core").with_pharmacokinetics("everolimus")


@lru_cache(maxsize=1)
def compared() -> mt.ScheduleComparison:
    return compare_schedules(
        core(), [DAILY, WEEKLY], span="28 d", start="14 d", readouts=["pS6K1_T389", "pAKT_S473"]
    )


def test_schedules_are_named_by_their_words() -> None:
    assert [arm.name for arm in compared().arms] == [
        "everolimus 10 mg every 24 h",
        "everolimus 70 mg every 7 d",
    ]


def test_equal_mass_is_equal_exposure_at_steady_state() -> None:
    kinetics = load_pharmacokinetics("everolimus")
    values = {entry.id: entry.value for entry in kinetics.parameters}
    expected = 140.0 * auc_per_milligram(kinetics, values)
    for arm in compared().arms:
        (exposure,) = arm.exposures
        assert exposure.milligrams_per_week == pytest.approx(70.0)
        # After two weeks what is left over from week to week is the same.
        assert exposure.auc == pytest.approx(expected, rel=2e-3)
        assert exposure.unbound_auc == pytest.approx(0.27 * exposure.auc)


def test_the_area_is_that_under_the_curve() -> None:
    arm = compared().arms[0]
    inside = arm.run.hours >= 14 * 24
    drawn = np.trapezoid(arm.run["everolimus_central"][inside], arm.run.hours[inside])
    assert drawn == pytest.approx(arm.exposures[0].auc, rel=0.01)


def test_weekly_doses_swing_more_than_daily_ones() -> None:
    daily, weekly = compared().arms
    assert weekly.exposures[0].peak > daily.exposures[0].peak
    assert weekly.exposures[0].lowest < daily.exposures[0].lowest
    for steady, swinging in zip(daily.occupancies, weekly.occupancies, strict=True):
        assert swinging.lowest < steady.lowest


def test_occupancies_are_fractions_of_the_drug_that_is_given() -> None:
    for arm in compared().arms:
        assert {entry.readout for entry in arm.occupancies} == {
            "FKBP12_occupancy_everolimus",
            "mTOR_occupancy_everolimus",
            "mTORC1_occupancy_everolimus",
        }
        for entry in arm.occupancies:
            assert 0.0 <= entry.lowest <= entry.average <= entry.highest <= 1.0


def test_s6k1_is_inhibited_and_akt_rises() -> None:
    for arm in compared().arms:
        s6k1, akt = arm.effects
        assert 0.0 < s6k1.average_inhibition < 1.0
        assert akt.average_inhibition < 0.0
        assert akt.hours_above == 0.0
        assert s6k1.share_above == pytest.approx(s6k1.hours_above / (14 * 24))


def test_doses_are_balanced_in_every_arm() -> None:
    for arm in compared().arms:
        assert arm.run.conservation_drift < 1e-5


@pytest.mark.parametrize("equal", ["mass", "auc"])
def test_schedules_are_scaled_to_equal_exposure(equal: str) -> None:
    comparison = compare_schedules(
        core(),
        {"daily": DAILY, "every other day": "everolimus 10 mg every 48 h"},
        span="8 d",
        readouts="pS6K1_T389",
        equal=equal,
    )
    daily, other = comparison.arms
    assert (daily.factor, other.factor) == (1.0, pytest.approx(2.0))
    assert other.exposures[0].milligrams == pytest.approx(daily.exposures[0].milligrams)
    assert other.dosing[0].amount == pytest.approx(20.0)


def test_an_infusion_takes_its_usual_time_and_forms_its_metabolite() -> None:
    comparison = compare_schedules(
        mt.load("mtor-core"), "temsirolimus 25 mg", span="7 d", readouts="pS6K1_T389"
    )
    (arm,) = comparison.arms
    assert arm.dosing[0].infusion == 1800.0
    assert [entry.drug for entry in arm.exposures] == ["temsirolimus", "sirolimus"]
    assert arm.exposures[1].milligrams == 0.0
    assert arm.exposures[1].peak > 0.0
    assert "blood_to_plasma" in comparison.guessed["temsirolimus"]
    # 585 ng/mL at the end of the infusion is what the label reports and the volume was set to.
    assert arm.exposures[0].blood_peak == pytest.approx(585.0, rel=0.01)


def test_ten_milligrams_of_everolimus_make_the_exposure_in_blood_that_is_reported() -> None:
    """Troughs of 10 to 20 ng/mL and peaks of about 60 are reported for 10 mg daily."""
    (exposure,) = compared().arms[0].exposures
    assert exposure.blood_lowest is not None
    assert exposure.blood_peak is not None
    assert 8.0 < exposure.blood_lowest < 20.0
    assert 45.0 < exposure.blood_peak < 80.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"schedules": []}, "no schedule was given"),
        ({"schedules": [DAILY, DAILY]}, "is given twice"),
        ({"schedules": {"none": []}}, "a schedule is empty"),
        ({"schedules": [mt.washout("everolimus", at=1)]}, "give doses with amounts"),
        ({"schedules": [mt.Dosing("everolimus")]}, "give doses with amounts"),
        ({"target": 1.0}, "choose a fraction between 0 and 1"),
        ({"start": "8 d"}, "start is 192 h, at or after the end at 168 h"),
        ({"equal": "dose"}, "unknown equal exposure 'dose'"),
        (
            {"schedules": [DAILY, "everolimus 5 nM daily"], "equal": "mass"},
            "equal exposure is of one drug in mg",
        ),
        (
            {"schedules": [DAILY, "everolimus 70 mg from 9 d"], "equal": "auc"},
            "gives nothing in the window",
        ),
        ({"schedules": ["everolimus 10 mg over 1 h daily"]}, "taken by mouth, not infused"),
        ({"schedules": ["azd8055 90 mg twice daily"]}, "no pharmacokinetic constants for azd8055"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any], message: str) -> None:
    arguments = {"schedules": [DAILY], "span": "7 d", "readouts": "pS6K1_T389", **given}
    with pytest.raises(mt.MtorsimError, match=message):
        compare_schedules(core(), arguments.pop("schedules"), **arguments)
