"""States of the core model: stable, one at a time, reached from anywhere, totals kept."""

from __future__ import annotations

import numpy as np
import pytest

from mtorsim.solvers.options import SolverOptions
from tests.models.core_cell import (
    INSULIN,
    at_rest,
    cell,
)

EVEROLIMUS = {"everolimus": "20 nM"}
VISTUSERTIB = {"vistusertib": "1 uM"}
DOUBLE = SolverOptions(precision="double")


class TestDynamics:
    @pytest.mark.parametrize(
        "contexts", [(), ("starved",), ("PTEN-lost",), ("TSC2-lost",), ("TNF",)]
    )
    def test_every_state_is_stable_and_rings_little(self, contexts: tuple[str, ...]) -> None:
        """No oscillation and no runaway: the worst pair of modes has a quality below 2."""
        state = at_rest(*contexts)
        assert state.stable
        modes = state.eigenvalues
        assert (np.abs(modes) / (2 * np.abs(modes.real))).max() < 2.0

    @pytest.mark.parametrize(
        "inputs", [{"Insulin": 0.0}, {}, {"TNF": 1.0}], ids=["starved", "insulin", "TNF"]
    )
    @pytest.mark.parametrize("scale", [10.0, 3.0, 1.0, 0.3, 0.1, 0.03])
    def test_no_two_states_at_any_synthesis_of_pten(
        self, inputs: dict[str, float], scale: float
    ) -> None:
        """One-to-one sequestration keeps the loop gain below 1: no hysteresis to either side."""
        model = cell().with_parameters(PTEN_full=9.6 * scale).with_inputs(inputs)
        low = model.with_amounts(PTEN=0.0, mRNA_PTEN=0.0).steady_state()
        high = model.with_amounts(PTEN=500.0, mRNA_PTEN=5.0).steady_state()
        assert low["PTEN"] == pytest.approx(high["PTEN"], rel=1e-3)
        assert low["pAKT_S473"] == pytest.approx(high["pAKT_S473"], rel=1e-3)

    def test_the_starved_state_is_reached_from_any_start(self) -> None:
        """All pools in other forms, PTEN tenfold and IRS1 a tenth."""
        model = cell("starved")
        start = {"PTEN": 96.0, "IRS1": 2.9, "Rheb_GDP": 0.0, "Rheb_GTP": 68.0, "EBP1": 0.0}
        start |= {"EBP1_pT37_pS65": 130.0, "IkBa:NFkB": 0.0, "NFkB_nuc": 84.0, "AKT": 0.0}
        start |= {"AKT_pT308_pS473": 57.0, "IKK": 0.0, "IKK_p": 110.0, "S6K1": 0.0}
        start |= {"S6K1_pT389": 26.0, "TSC2": 0.0, "TSC2_pT1462": 0.46, "IR": 0.0, "IR_pY": 37.0}
        there = model.with_amounts(start).steady_state()
        np.testing.assert_allclose(there.amounts, at_rest("starved").amounts, rtol=1e-3, atol=1e-6)

    @pytest.mark.parametrize("drugs", [EVEROLIMUS, VISTUSERTIB], ids=["everolimus", "vistusertib"])
    def test_totals_are_conserved_under_drugs(self, drugs: dict[str, str]) -> None:
        """To rounding in double precision; within the tolerance in the faster mixed one."""
        inputs = {"TNF": 1.0}
        exact = cell().simulate("24 h", drugs=drugs, inputs=inputs, options=DOUBLE)
        assert float(exact.conservation_drift) <= 1e-10
        quick = cell().simulate("24 h", drugs=drugs, inputs=inputs)
        assert float(quick.conservation_drift) <= SolverOptions().rtol

    def test_no_amount_is_negative(self) -> None:
        for drugs in (EVEROLIMUS, VISTUSERTIB, {}):
            run = cell("starved").simulate("24 h", drugs=drugs, inputs=INSULIN)
            assert run.amounts.min() >= -1e-6
