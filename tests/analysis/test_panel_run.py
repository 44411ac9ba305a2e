"""The panel's runner, against the face of the model run one by one."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.panel_plan import plan_panel
from mtorsim.analysis.panel_reading import read_panel, select_rows
from mtorsim.analysis.panel_run import run_panel
from mtorsim.modelfiles.library import model_entry
from mtorsim.solvers.options import SolverOptions

TIGHT = SolverOptions(rtol=1e-8, atol=1e-10)


def found(*ids: str, **settings: np.ndarray) -> dict[str, np.ndarray]:
    plan = plan_panel(select_rows(read_panel(), ids), model_entry("mtor-core"))
    return dict(run_panel(plan, settings, options=TIGHT).values)


def test_a_ratio_of_two_arms_is_that_of_two_runs() -> None:
    model = mt.load("mtor-core").with_context("mTOR-limited")
    run = model.simulate(
        at=["24 h"], drugs={"sirolimus": "100 nM"}, readouts=["pAKT_S473"], options=TIGHT
    )
    rest = model.simulate(at=["24 h"], readouts=["pAKT_S473"], options=TIGHT)
    ratio = run["pAKT_S473"][-1] / rest["pAKT_S473"][-1]
    assert found("B45")["B45"][0, 0] == pytest.approx(ratio, rel=1e-5)


def test_an_input_that_steps_after_a_day_acts_from_then_on() -> None:
    model = mt.load("mtor-core").with_context("TSC2-lost", "starved")
    step = [mt.input_step("Insulin", "100 nM", at="24 h")]
    levels = [
        model.simulate(
            at=["24.25 h"], drugs=drugs, dosing=step, readouts=["pAKT_T308"], options=TIGHT
        )["pAKT_T308"][-1]
        for drugs in ({"sirolimus": "20 nM"}, {"sirolimus": "0 nM"})
    ]
    assert found("B18")["B18"][0, 0] == pytest.approx(levels[0] / levels[1], rel=1e-5)


def test_parameter_sets_do_not_touch_each_other() -> None:
    together = found("B34", "B46", k_off_mtorc2=np.array([2.0e-5, 4.0e-5, 2.5e-5]))
    alone = found("B34", "B46", k_off_mtorc2=np.array([4.0e-5]))
    for name, values in together.items():
        assert values.shape[0] == 3
        assert values[1] == pytest.approx(alone[name][0], rel=1e-6)
    assert together["B46"][0, 0] > together["B46"][2, 0] > together["B46"][1, 0]


def test_rows_that_a_model_can_not_express_say_what_it_lacks() -> None:
    plan = plan_panel(select_rows(read_panel(), ["B48", "B51"]), model_entry("mtor-core"))
    assert not plan.rows
    assert "dactolisib" in plan.left_out["B48"]
    assert "ppERK" in plan.left_out["B51"]
