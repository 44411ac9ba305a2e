"""Patients drawn from the spreads: the same for a seed, about the typical one, within bounds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.schedule_patients import draw_patients
from mtorsim.modelfiles.pharmacokinetics import load_pharmacokinetics
from tests.simulate.toy_model import toy


@lru_cache(maxsize=1)
def core() -> mt.Model:
    return mt.load("mtor-core").with_pharmacokinetics("everolimus")


@lru_cache(maxsize=1)
def compared() -> mt.ScheduleComparison:
    return mt.compare_schedules(
        core(),
        ["everolimus 10 mg daily", "everolimus 20 mg every 48 h"],
        span="8 d",
        start="4 d",
        readouts=["pS6K1_T389", "pAKT_S473"],
        patients=40,
        seed=3,
    )


def test_a_seed_gives_the_same_patients() -> None:
    first, again, other = (draw_patients(core(), n=5, seed=seed) for seed in (1, 1, 2))
    assert {name: values.tolist() for name, values in first.items()} == {
        name: values.tolist() for name, values in again.items()
    }
    assert not np.array_equal(first["clearance_everolimus"], other["clearance_everolimus"])


def test_draws_have_the_spread_of_their_constant() -> None:
    drawn = draw_patients(core(), n=20_000, seed=1)
    for constant in load_pharmacokinetics("everolimus").parameters:
        if constant.spread == 1.0:
            assert constant.id not in drawn
            continue
        logs = np.log(drawn[constant.id])
        # standard errors of mean and deviation of 20000 normal numbers, five times over
        width = np.log(constant.spread)
        assert logs.mean() == pytest.approx(np.log(constant.value), abs=5 * width / 140)
        assert logs.std() == pytest.approx(width, rel=5 / 200)


def test_unbound_fractions_stay_below_one() -> None:
    model = mt.load("mtor-core").with_pharmacokinetics("vistusertib")
    wide = model.with_parameters(fraction_unbound_vistusertib=0.9)
    drawn = draw_patients(wide, n=2000, seed=1)["fraction_unbound_vistusertib"]
    assert 0.0 < drawn.min() < 0.3
    assert drawn.max() <= 1.0


def test_ranges_hold_the_typical_patient() -> None:
    for arm in compared().arms:
        bands = arm.patients
        assert bands is not None
        assert (bands.n_patients, bands.n_failed) == (40, 0)
        area = bands.auc["everolimus"]
        assert area.low < arm.exposures[0].auc < area.high
        for effect in arm.effects:
            mean = bands.average_inhibition[effect.readout]
            assert mean.low < mean.median < mean.high
            assert mean.low < effect.average_inhibition < mean.high
            share = bands.share_above[effect.readout]
            assert 0.0 <= share.low <= share.median <= share.high <= 1.0


def test_the_same_patients_meet_every_schedule() -> None:
    """Exposure to equal mg a week is then the same but for what is left from the days before."""
    daily, other = (arm.patients.auc["everolimus"] for arm in compared().arms if arm.patients)
    assert other.median == pytest.approx(daily.median, rel=0.1)


def test_courses_are_ordered() -> None:
    for arm in compared().arms:
        assert arm.patients is not None
        assert set(arm.patients.courses) == {"pS6K1_T389", "pAKT_S473", "everolimus_central"}
        for low, median, high in arm.patients.courses.values():
            assert (low <= median).all()
            assert (median <= high).all()


def test_without_patients_there_are_no_ranges() -> None:
    comparison = mt.compare_schedules(core(), "everolimus 10 mg", span="1 d", readouts="pS6K1_T389")
    assert comparison.arms[0].patients is None


@pytest.mark.parametrize("n", [1, -3])
def test_too_few_patients_are_refused(n: int) -> None:
    with pytest.raises(mt.InputError, match="choose 2 or more, or 0"):
        mt.compare_schedules(core(), "everolimus 10 mg", span="1 d", patients=n)


def test_patients_without_a_body_are_refused() -> None:
    with pytest.raises(mt.InputError, match="no drug is given in mg"):
        draw_patients(toy(), n=5, seed=1)
