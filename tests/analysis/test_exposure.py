"""Time above a target and averages, against shapes whose answer is plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.analysis.exposure import (
    auc_per_milligram,
    average,
    given_milligrams,
    time_above,
)
from mtorsim.modelfiles.pharmacokinetics import load_pharmacokinetics
from mtorsim.simulate.dosing import Dosing

DAY = 86400.0


def test_time_above_counts_parts_of_intervals() -> None:
    times = np.array([0.0, 2.0, 6.0, 7.0])
    levels = np.array([0.0, 1.0, 0.0, 0.0])
    assert time_above(times, levels, 0.5) == pytest.approx(1.0 + 2.0)
    assert time_above(times, levels, 1.5) == 0.0
    assert time_above(times, levels, 0.0) == pytest.approx(7.0)
    assert time_above(times, np.ones(4), 1.0) == pytest.approx(7.0)


def test_time_above_of_a_sine_is_that_of_its_arc() -> None:
    times = np.linspace(0.0, 2.0 * np.pi, 20001)
    expected = np.pi - 2.0 * np.arcsin(0.5)
    assert time_above(times, np.sin(times), 0.5) == pytest.approx(expected, rel=1e-6)


@given(st.lists(st.floats(-1.0, 1.0), min_size=2, max_size=30), st.floats(-1.0, 1.0))
def test_time_above_and_time_below_fill_the_time(levels: list[float], target: float) -> None:
    times, level = np.arange(float(len(levels))), np.array(levels)
    above, below = time_above(times, level, target), time_above(times, -level, -target)
    level_at_target = np.sum((level[:-1] == target) & (level[1:] == target))
    assert above + below == pytest.approx(times[-1] + level_at_target, abs=1e-9)


def test_the_average_of_a_ramp_is_its_middle() -> None:
    times = np.array([1.0, 2.0, 5.0])
    assert average(times, 2.0 * times) == pytest.approx(6.0)


def test_milligrams_are_those_given_in_the_window() -> None:
    dosing = [
        Dosing("d", "10 mg", every="24 h", loading="30 mg"),
        Dosing("d", "5 nM", start="1 d"),
        Dosing("other", "7 mg"),
    ]
    assert given_milligrams(dosing, "d", window=(0.0, 7 * DAY)) == pytest.approx(90.0)
    assert given_milligrams(dosing, "d", window=(DAY, 7 * DAY)) == pytest.approx(60.0)


def test_the_exposure_of_a_milligram_is_dose_over_clearance() -> None:
    kinetics = load_pharmacokinetics("everolimus")
    values = {entry.id: entry.value for entry in kinetics.parameters}
    litres_an_hour = values["clearance_everolimus"] * 3600.0
    nanomol = 1e6 / values["molar_mass_everolimus"]
    assert auc_per_milligram(kinetics, values) == pytest.approx(nanomol / litres_an_hour)
