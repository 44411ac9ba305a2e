"""What each feedback loop of the full model is needed for, as experiments have it.

Three ways to take a loop away answer differently, so each test says which it takes. *Clamped*: the
signal is held at its level before the drug, so that only what the drug changes through the loop is
lost. *Cut with re-equilibration*: the cell has lived without the loop and is at rest so. *Cut
acutely*: a cell at rest with the loop loses it when the drug comes; it drifts without a drug, too,
so it is set against a vehicle.

Facts are signs and orders; half of an effect stands for most of it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

import mtorsim as mt

pytestmark = pytest.mark.slow

DRUGS = ("azd8055", "bms345541", "sirolimus")
SIROLIMUS = {"sirolimus": "20 nM"}
S6K1_IRS1, FOXO_RTK, NFKB_PTEN = "s6k1_irs1_feedback", "foxo_rtk_feedback", "nfkb_pten_feedback"
HER2 = ("PIK3CA-active", "RTK-amplified")
"""Contexts of the breast cancer line in which pT308 comes back (Rodrik-Outmezguine 2011)."""


@lru_cache(maxsize=16)
def full(*contexts: str, clamped: tuple[str, ...] = ()) -> mt.Model:
    """The full model with all drugs of these tests merged in, so that tests share kernels."""
    model = mt.load("mtor").with_drugs(*DRUGS).clamped(*clamped)
    return model.with_context(*contexts) if contexts else model


def rise(model: mt.Model) -> float:
    """Change of pAKT S473 after a day of sirolimus, share of the level before."""
    level = model.simulate(at=["0 h", "24 h"], drugs=SIROLIMUS, readouts=["pAKT_S473"])
    before, after = level["pAKT_S473"]
    return float(after / before - 1.0)


@lru_cache(maxsize=4)
def under_azd8055(*clamped: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """pT308 and pS473 of AKT at 0, 1, 2, 4 and 24 h of AZD8055, shares of the level before."""
    run = full(*HER2, clamped=clamped).simulate(
        at=["0 h", "1 h", "2 h", "4 h", "24 h"],
        drugs={"azd8055": "500 nM"},
        readouts=["pAKT_T308", "pAKT_S473"],
    )
    t308, s473 = run["pAKT_T308"], run["pAKT_S473"]
    return t308 / t308[0], s473 / s473[0]


def rebound(*clamped: str) -> float:
    """Rise of pT308 from its least level in the first hours to a day of AZD8055."""
    t308, _ = under_azd8055(*clamped)
    return float(t308[-1] - t308[1:4].min())


def test_akt_rises_under_a_rapalog_and_not_with_the_loop_clamped() -> None:
    """Clamped."""
    assert rise(full()) > 0.0
    assert rise(full(clamped=(S6K1_IRS1,))) < 0.5 * rise(full())


def test_akt_does_not_rise_in_a_cell_that_has_lived_without_the_loop() -> None:
    """Cut with re-equilibration; the cell starts from a higher level, as its brake is gone."""
    cut = full().without(S6K1_IRS1)
    assert rise(cut) < 0.5 * rise(full())
    before = [model.simulate(at=["1 min"], readouts=["pAKT_S473"]) for model in (full(), cut)]
    assert before[1]["pAKT_S473"][0] > before[0]["pAKT_S473"][0]


def test_a_rapalog_adds_nothing_where_the_loop_is_lost_with_it() -> None:
    """Cut acutely, against a vehicle that loses the loop, too."""
    rest = full().steady_state()
    amounts = dict(zip(rest.species, rest.amounts.tolist(), strict=True))
    acute = full().without(S6K1_IRS1).with_amounts(amounts)
    dosed, vehicle = (
        acute.simulate(at=["24 h"], drugs=drugs, readouts=["pAKT_S473"], pre_equilibrate=False)
        for drugs in (SIROLIMUS, {})
    )
    assert dosed["pAKT_S473"][0] / vehicle["pAKT_S473"][0] - 1.0 < 0.5 * rise(full())
    assert vehicle["pAKT_S473"][0] > rest["pAKT_S473"]


def test_t308_falls_and_comes_back_under_azd8055_while_s473_stays_off() -> None:
    """All loops on."""
    t308, s473 = under_azd8055()
    assert t308[1:4].min() < 1.0
    assert rebound() > 0.0
    assert s473[-1] < t308[-1]


def test_the_rebound_of_t308_needs_its_loops() -> None:
    """Clamped: S6K1 -| IRS1 carries most of it, AKT -| FOXO -> RTK adds to it."""
    assert rebound(S6K1_IRS1) < 0.5 * rebound()
    assert rebound(S6K1_IRS1, FOXO_RTK) < rebound(S6K1_IRS1)


@pytest.mark.parametrize(
    ("treatment", "sign"),
    [({"inputs": {"TNF": "1 nM"}}, -1), ({"drugs": {"bms345541": "10 uM"}}, 1)],
    ids=["TNF", "IKK inhibitor"],
)
def test_tnf_and_ikk_act_on_pten_through_nfkb_alone(
    treatment: dict[str, dict[str, str]], sign: int
) -> None:
    """Clamped, and cut with re-equilibration: PTEN, and pAKT through it, stay where they are."""
    for model, moves in (
        (full(), True),
        (full(clamped=(NFKB_PTEN,)), False),
        (full().without(NFKB_PTEN), False),
    ):
        run = model.simulate(at=["0 h", "48 h"], readouts=["PTEN", "pAKT_S473"], **treatment)
        change = {name: np.log(run[name][1] / run[name][0]) for name in run.readouts}
        if moves:
            assert sign * change["PTEN"] > 0.01
            assert sign * change["pAKT_S473"] < 0.0
        else:
            # The loop is the only way from NF-kB to PTEN, so what is left is the solver's error.
            assert change["PTEN"] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("low", "high"),
    [(("PTEN-intact",), ("NFkB-high",)), (("IKK-high", "NFkB-low"), ("IKK-high",))],
    ids=["more p65", "taken away where it is high"],
)
def test_more_nfkb_means_less_pten_and_more_akt_only_with_the_loop(
    low: tuple[str, ...], high: tuple[str, ...]
) -> None:
    """Cut with re-equilibration, as the contexts are lasting."""
    with_less, with_more = (full(*contexts).steady_state() for contexts in (low, high))
    assert with_more["PTEN"] < with_less["PTEN"]
    assert with_more["pAKT_S473"] > with_less["pAKT_S473"]
    without = [full(*c).without(NFKB_PTEN).steady_state()["PTEN"] for c in (low, high)]
    assert without[0] == pytest.approx(without[1], rel=1e-6)


def test_pten_lost_for_good_leaves_the_loop_nothing_to_act_on() -> None:
    """Cut with re-equilibration: what the loop takes from pAKT is less where PTEN is lost."""
    effect = {
        context: full(context).steady_state()["pAKT_S473"]
        / full(context).without(NFKB_PTEN).steady_state()["pAKT_S473"]
        for context in ("PTEN-intact", "PTEN-lost")
    }
    assert effect["PTEN-intact"] > effect["PTEN-lost"]


@pytest.mark.parametrize("name", ["mtor", "mtor-core"])
def test_measured_gains_have_the_signs_that_the_loops_are_said_to_have(name: str) -> None:
    """At rest without a drug, each loop opened alone."""
    model = mt.load(name)
    found = [gain for gain in mt.loop_gains(model) if not gain.note]
    assert len(found) >= len(model.loops) - 1
    for gain in found:
        assert gain.gain * {"negative": -1, "positive": 1}[model.loops[gain.loop].sign] > 0, gain
