"""What cutting or clamping a loop of the full model does; each test says which."""

from __future__ import annotations

from functools import lru_cache

import pytest

import mtorsim as mt

DAY = ["24 h"]


@lru_cache(maxsize=1)
def full() -> mt.Model:
    return mt.load("mtor")


def fold(model: mt.Model, readout: str, drug: str, dose: str) -> float:
    """Level after a day of a drug over the level before."""
    run = model.simulate(at=["0 h", *DAY], drugs={drug: dose}, readouts=[readout])
    return float(run[readout][-1] / run[readout][0])


def resting(model: mt.Model, readout: str) -> float:
    return float(model.simulate(at=["1 min"], readouts=[readout])[readout][0])


def test_rapamycin_induced_akt_needs_the_s6k1_irs1_loop() -> None:
    """Clamped at its level before the drug; and cut with re-equilibration."""
    whole = fold(full(), "pAKT_S473", "sirolimus", "20 nM")
    assert fold(full().clamped("s6k1_irs1_feedback"), "pAKT_S473", "sirolimus", "20 nM") < whole
    assert fold(full().without("s6k1_irs1_feedback"), "pAKT_S473", "sirolimus", "20 nM") < whole


def test_receptor_mrna_does_not_rise_with_foxo_cut_off() -> None:
    """Cut with re-equilibration."""
    assert fold(full().without("foxo_rtk_feedback"), "mRNA_RTK", "mk2206", "500 nM") == (
        pytest.approx(1.0, abs=1e-6)
    )


@pytest.mark.parametrize(
    ("loop", "readout", "up"),
    [
        ("s6k1_irs1_feedback", "pIRS1_Y", True),
        ("grb10_feedback", "pIR_Y", True),
        ("foxo_rtk_feedback", "mRNA_RTK", False),
        ("s6k_ras_feedback", "RAS_GTP_level", True),
        ("akt_sin1_mtorc2_feedback", "mTORC2_kinase", False),
        ("s6k1_mtorc2_feedback", "mTORC2_kinase", True),
        ("deptor_feedback", "DEPTOR_total", True),
        ("ikba_feedback", "IkBa_total", False),
        ("akt_ikk", "IKK_active", False),
        ("nfkb_pten_feedback", "PTEN", True),
    ],
)
def test_a_loop_cut_with_re_equilibration_moves_what_it_acts_on(
    loop: str, readout: str, up: bool
) -> None:
    whole, cut = resting(full(), readout), resting(full().without(loop), readout)
    assert cut > whole if up else cut < whole


def test_every_loop_can_be_clamped_and_then_stays_at_rest_without_a_drug() -> None:
    """Held at the level of the rest, nothing moves."""
    for loop in full().network.loops:
        run = full().clamped(loop.id).simulate(at=["0 h", *DAY], readouts=["pAKT_S473", "PTEN"])
        for readout in run.readouts:
            assert run[readout][-1] == pytest.approx(run[readout][0], rel=2e-3), loop.id
