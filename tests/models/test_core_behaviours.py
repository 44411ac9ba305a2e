"""What genotypes, loops and stimuli must do to the core model, as properties of the reactions.

"Stimulated" is the steady state under 100 nM insulin, "starved" the one without insulin. A loop is
cut *re-equilibrated* (the cell grew up without it), *acutely* (off at time 0, from the state with
the loop) or *clamped* (its signal held at the level of time 0). Bands are those of the behaviour
panel (B1 to B84); keys are those of ``models/sources.toml``.
"""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.simulate.dosing import input_step
from tests.models.core_cell import (
    INSULIN,
    MINUTES,
    at_rest,
    cell,
    continued,
    folds,
    insulin_step,
    time_to,
)

EVEROLIMUS = {"everolimus": "20 nM"}
S6K1_LOOP = ("s6k1_irs1_feedback",)
PTEN_LOOP = ("nfkb_pten_feedback",)


class TestGenotypes:
    def test_loss_of_pten_raises_pakt_and_nuclear_nfkb(self) -> None:
        """Starved at least 2-fold and 1.2-fold (malek2017, panel B67 and B30)."""
        lost, intact = at_rest("PTEN-lost", "starved"), at_rest("PTEN-intact", "starved")
        assert 2.0 <= lost["pAKT_S473"] / intact["pAKT_S473"] <= 10.0
        assert lost["NFkB_nuclear"] / intact["NFkB_nuclear"] >= 1.2

    def test_insulin_halves_the_effect_of_losing_pten_on_pakt(self) -> None:
        """Under insulin the S6K1-IRS1 loop answers: about 2-fold, NF-kB still 1.2-fold (B30)."""
        lost, intact = at_rest("PTEN-lost"), at_rest()
        starved = at_rest("PTEN-lost", "starved"), at_rest("PTEN-intact", "starved")
        fold = lost["pAKT_S473"] / intact["pAKT_S473"]
        assert 1.8 <= fold < starved[0]["pAKT_S473"] / starved[1]["pAKT_S473"]
        assert lost["NFkB_nuclear"] / intact["NFkB_nuclear"] >= 1.2

    def test_loss_of_pten_raises_nfkb_through_akt(self) -> None:
        """With AKT -> IKK cut, re-equilibrated, nuclear NF-kB no longer answers (bai2009)."""
        edge = ("akt_ikk",)
        lost, intact = at_rest("PTEN-lost", without=edge), at_rest(without=edge)
        assert lost["NFkB_nuclear"] == pytest.approx(intact["NFkB_nuclear"], rel=1e-3)

    def test_pten_falls_to_its_gene_dose_and_a_little_below(self) -> None:
        """NF-kB takes more of what the gene would give."""
        left = at_rest("PTEN-lost")["PTEN"] / at_rest()["PTEN"]
        assert 0.03 <= left < 0.05

    def test_pip3_is_at_its_measured_level_at_rest_and_at_the_peak(self) -> None:
        """46 nM at rest and 265 at the peak in MCF10A, within about threefold (malek2017)."""
        run = insulin_step(cell("starved"))
        assert 15.0 <= run["PIP3"][0] <= 90.0
        assert 100.0 <= run["PIP3"].max() <= 400.0

    @pytest.mark.parametrize(
        ("genotype", "low", "high"), [("PTEN-intact", 8, 30), ("PTEN-lost", 15, 60)]
    )
    def test_pip3_clears_in_tens_of_seconds_with_and_without_pten(
        self, genotype: str, low: float, high: float
    ) -> None:
        """PI3K stopped at the peak of the intact cell (malek2017, panel B11 and B12)."""
        peak = cell("starved").simulate(at=["3 min"], inputs=INSULIN)
        amounts = dict(peak.final_amounts)
        amounts["PTEN"] *= {"PTEN-intact": 1.0, "PTEN-lost": 0.05}[genotype]
        stopped = cell(genotype).with_parameters(k_pi3k=0.0, k_pip2_leak=0.0).with_amounts(amounts)
        times = np.arange(0.0, 121.0)
        run = stopped.simulate(at=times, pre_equilibrate=False)
        half = float(np.interp(-0.5, -run["PIP3_free"] / run["PIP3_free"][0], times))
        assert low <= half <= high

    def test_loss_of_tsc2_keeps_s6k1_on_without_insulin(self) -> None:
        """0.6 to 1.6 of the stimulated wild type (inoki2002, panel B19)."""
        lost = at_rest("TSC2-lost", "starved")
        assert 0.6 <= lost["pS6K1_T389"] / at_rest()["pS6K1_T389"] <= 1.6
        assert lost["Rheb_GTP"] >= 0.75

    def test_loss_of_tsc2_silences_akt_and_everolimus_restores_it(self) -> None:
        """Insulin for 15 min, then after 24 h of everolimus (harrington2004, B17 and B18)."""
        lost, intact = cell("TSC2-lost", "starved"), cell("PTEN-intact", "starved")
        at = ["15 min"]
        alone = lost.simulate(at=at, inputs=INSULIN)["pAKT_S473"][0]
        assert alone / intact.simulate(at=at, inputs=INSULIN)["pAKT_S473"][0] <= 0.4
        treated = lost.simulate(
            at=[86400.0 + 900.0],
            drugs=EVEROLIMUS,
            dosing=[input_step("Insulin", "100 nM", at="24 h")],
        )
        assert treated["pAKT_S473"][0] / alone >= 2.0

    def test_loss_of_s6k1_raises_akt_and_irs1(self) -> None:
        """Stimulated (um2004, panel B16)."""
        lost, intact = at_rest("S6K1-lost"), at_rest()
        assert 1.2 <= lost["pAKT_S473"] / intact["pAKT_S473"] <= 4.0
        assert lost["IRS1_total"] / intact["IRS1_total"] >= 1.2

    @pytest.mark.parametrize(
        ("genotype", "readout", "low", "high"),
        [
            ("PIK3CA-active", "pAKT_S473", 1.5, 6.0),
            ("PIK3CA-active", "pS6K1_T389", 1.1, 9.0),
            ("AKT-high", "pS6K1_T389", 1.1, 4.0),
        ],
    )
    def test_active_alleles_signal_without_insulin(
        self, genotype: str, readout: str, low: float, high: float
    ) -> None:
        """Starved (gustin2009, panel B68 and B69)."""
        fold = at_rest(genotype, "starved")[readout] / at_rest("PTEN-intact", "starved")[readout]
        assert low <= fold <= high


class TestNFkBAndPTEN:
    """AKT -> IKK -> NF-kB -| PTEN -| PIP3 -> AKT; how the loop is cut decides the size."""

    def test_a_cell_grown_without_the_loop_has_less_pip3_and_pakt_under_insulin(self) -> None:
        """Cut re-equilibrated, then 24 h of insulin: both at least 10 % down (vasudevan2004)."""
        cut = cell("starved", without=PTEN_LOOP).simulate(at=["24 h"], inputs=INSULIN)
        intact = cell("starved").simulate(at=["24 h"], inputs=INSULIN)
        for readout in ("PIP3", "PIP3_free", "pAKT_S473"):
            assert cut[readout][0] / intact[readout][0] <= 0.9

    def test_the_loop_cut_as_insulin_comes_lowers_them_in_a_day(self) -> None:
        """Cut acutely at time 0 from the starved state: at least 10 % of either."""
        model = cell("starved", without=PTEN_LOOP)
        cut = continued(model, at_rest("starved"), at=["24 h"], inputs=INSULIN)
        intact = cell("starved").simulate(at=["24 h"], inputs=INSULIN)
        for readout in ("PIP3_free", "pAKT_S473"):
            assert cut[readout][0] / intact[readout][0] <= 0.9

    def test_the_loop_cut_in_the_stimulated_state_acts_over_days(self) -> None:
        """Cut acutely: PTEN has to be made, so some at 24 h, a third or more in the end."""
        run = continued(cell(without=PTEN_LOOP), at_rest(), at=["24 h", "30 d"])
        at_24h, in_the_end = run["pAKT_S473"] / at_rest()["pAKT_S473"]
        assert at_24h <= 0.9
        assert in_the_end <= 0.7
        assert in_the_end < at_24h - 0.1
        assert run["PTEN"][1] / at_rest()["PTEN"] > 1.3

    def test_the_loop_clamped_keeps_everolimus_from_lowering_pten(self) -> None:
        """Everolimus frees AKT, so NF-kB rises and PTEN falls in a day, not if NF-kB is held."""
        free = folds(cell(), "PTEN", hours=[24], drugs=EVEROLIMUS)[0]
        held = folds(cell(clamped=PTEN_LOOP), "PTEN", hours=[24], drugs=EVEROLIMUS)[0]
        assert free < 0.97
        assert held == pytest.approx(1.0, abs=1e-3)

    def test_inhibition_of_ikk_raises_pten_and_lowers_pakt(self) -> None:
        """Added to stimulated cells for 48 h: PTEN 1.05 to 2.2-fold (panel B31)."""
        run = continued(cell("IKK-inhibited"), at_rest(), at=["48 h"])
        assert 1.05 <= run["PTEN"][0] / at_rest()["PTEN"] <= 2.2
        assert run["pAKT_S473"][0] / at_rest()["pAKT_S473"] <= 0.95

    def test_the_edge_from_akt_feeds_nuclear_nfkb(self) -> None:
        """Cut re-equilibrated under insulin (bai2009)."""
        cut, intact = at_rest(without=("akt_ikk",)), at_rest()
        assert cut["NFkB_nuclear"] / intact["NFkB_nuclear"] <= 0.7
        assert cut["PTEN"] > intact["PTEN"]

    def test_tnf_brings_nfkb_to_the_nucleus_and_lowers_pten(self) -> None:
        """First peak at 12 to 45 min, then less; PTEN 0.3 to 0.8 at 24 h (kim2004, B23, B32)."""
        run = cell().simulate(at=[*(60.0 * m for m in MINUTES), 86400.0], inputs={"TNF": 1.0})
        nuclear = run["NFkB_nuclear"]
        assert 12 <= int(nuclear[:-1].argmax()) <= 45
        assert nuclear.max() / nuclear[0] >= 1.5
        assert nuclear[-1] < 0.9 * nuclear.max()
        assert 0.3 <= run["PTEN"][-1] / run["PTEN"][0] <= 0.8

    def test_without_the_ikba_loop_nfkb_stays_in_the_nucleus(self) -> None:
        """Cut re-equilibrated: high at rest, and under TNF no fall after a peak (hoffmann2002)."""
        cut = cell(without=("ikba_feedback",))
        run = cut.simulate(at=["0 s", "15 min", "1 h", "24 h"], inputs={"TNF": 1.0})
        assert run["NFkB_nuclear"][0] >= 2 * at_rest()["NFkB_nuclear"]
        assert (np.diff(run["NFkB_nuclear"]) > -1e-4).all()


class TestInsulinStep:
    """100 nM insulin on the starved cell."""

    def test_akt_peaks_within_minutes_and_settles_lower(self) -> None:
        """Peak at 2 to 10 min, plateau 30 to 80 % of it at 2 and 24 h (kubota2012, B07)."""
        run = insulin_step(cell("starved"))
        akt = run["pAKT_S473"]
        assert 2 <= run.times[akt.argmax()] / 60 <= 10
        assert 0.3 <= akt[-3] / akt.max() <= 0.8
        assert 0.3 <= akt[-1] / akt.max() <= 0.8

    def test_akt_peaks_before_s6k1_reaches_its_plateau(self) -> None:
        """90 % of the highest pS6K1 comes at 15 to 45 min and stays (kubota2012, B06)."""
        run = insulin_step(cell("starved"))
        s6k1 = run["pS6K1_T389"][:-1]
        rising = slice(None, s6k1.argmax() + 1)
        plateau = np.interp(0.9 * s6k1.max(), s6k1[rising], run.times[rising])
        assert run.times[run["pAKT_S473"].argmax()] < plateau
        assert 15 * 60 <= plateau <= 45 * 60
        assert s6k1[-1] >= 0.8 * s6k1.max()

    def test_s6k1_lags_akt_and_irs1_serine_lags_s6k1(self) -> None:
        """By half-times: S6K1 at 3 to 15 min, 1.5 times that of AKT (kubota2012, B05, B06)."""
        run = insulin_step(cell("starved"))
        hours = slice(None, -1)
        akt, s6k1, irs1 = (
            time_to(run[name][hours], 0.5, run.times[hours])
            for name in ("pAKT_S473", "pS6K1_T389", "pIRS1_S")
        )
        assert 180 <= s6k1 <= 900
        assert s6k1 >= 1.5 * akt
        assert irs1 > s6k1
        assert run["pIRS1_S"][20] / run["pIRS1_S"][0] >= 1.5

    def test_akt_rises_several_fold_in_five_minutes(self) -> None:
        """S473 5 to 16-fold (brannmark2013, panel B03)."""
        akt = insulin_step(cell("starved"))["pAKT_S473"]
        assert 5.0 <= akt[5] / akt[0] <= 16.0

    def test_half_of_the_response_is_at_nanomolar_insulin(self) -> None:
        """EC50 of S473 at 15 min 0.2 to 10 nM (panel B08)."""
        doses = mt.doses(0.01, 100.0, 41)
        sweep = cell("starved").sweep({"Insulin": doses}, at=["15 min"], readouts=["pAKT_S473"])
        above_rest = sweep["pAKT_S473"][:, 0] - at_rest("starved")["pAKT_S473"]
        ec50 = np.exp(np.interp(0.5 * above_rest[-1], above_rest, np.log(doses)))
        assert 0.2 <= ec50 <= 10.0

    def test_the_overshoot_of_akt_is_the_s6k1_loop(self) -> None:
        """Cut re-equilibrated, what is left of the peak at 24 h is more than twice as high."""
        cut = insulin_step(cell("starved", without=S6K1_LOOP))["pAKT_S473"]
        intact = insulin_step(cell("starved"))["pAKT_S473"]
        assert cut[-1] / cut.max() > 1.5 * intact[-1] / intact.max()


class TestAminoAcidsAndRheb:
    def test_withdrawal_of_amino_acids_turns_s6k1_off_in_half_an_hour(self) -> None:
        """At most 10 % left in spite of insulin (hara1998, panel B63)."""
        assert folds(cell(), "pS6K1_T389", hours=[0.5], inputs={"AA": 0.0})[0] <= 0.10
        assert at_rest("amino-acids-withdrawn")["pS6K1_T389"] < 1e-3

    def test_their_return_restores_s6k1_in_minutes(self) -> None:
        """sancak2008, panel B63."""
        step = [input_step("AA", 1.0, at="50 min")]
        run = cell().simulate(at=["0 s", "50 min", "70 min"], inputs={"AA": 0.0}, dosing=step)
        assert run["pS6K1_T389"][1] < 0.05 * run["pS6K1_T389"][0]
        assert run["pS6K1_T389"][2] > 0.8 * run["pS6K1_T389"][0]

    def test_loss_of_tsc2_does_not_replace_amino_acids(self) -> None:
        """Panel B19 and B63."""
        fold = folds(cell("TSC2-lost"), "pS6K1_T389", hours=[50 / 60], inputs={"AA": 0.0})[0]
        assert fold <= 0.10

    def test_s6k1_falls_in_half_an_hour_without_loading_of_rheb(self) -> None:
        """Loading off in stimulated cells: at most 10 % left, so Rheb turns over in minutes."""
        run = continued(cell().with_parameters(k_rheb_loading=0.0), at_rest(), at=["30 min"])
        assert run["pS6K1_T389"][0] / at_rest()["pS6K1_T389"] <= 0.10
