"""The comparison on the shipped core model: the signs and sizes that its sources report."""

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.compare import compare
from mtorsim.analysis.dose_response import dose_response
from mtorsim.report.answer import answer

pytestmark = pytest.mark.slow
HOUR = 3600.0
INTACT, LOST = "PTEN-intact", "PTEN-lost"


@pytest.fixture(scope="module")
def comparison():
    return compare(
        mt.load("mtor-core"), ["everolimus", "vistusertib"], contexts=[INTACT, LOST], doses=40
    )


def row(comparison, drug, readout, *, hours=24, context=INTACT):
    return comparison.row(drug, readout, time=hours * HOUR, context=context)


def contribution(comparison, drug, loop):
    (found,) = (
        item
        for item in comparison.loop_contributions
        if (item.drug, item.loop, item.context, item.readout, item.time)
        == (drug, loop, INTACT, "pAKT_S473", 24 * HOUR)
    )
    return found


def test_every_trajectory_comes_to_its_end(comparison):
    assert comparison.failures == ()
    n_arms = 2 * (1 + len(comparison.options.loops))
    assert comparison.n_trajectories == n_arms * 2 * (40 + 2)


def test_ic50_of_s6k1_is_subnanomolar_to_low_nanomolar_under_the_rapalog(comparison):
    found = row(comparison, "everolimus", "pS6K1_T389", hours=2)
    assert 0.05 <= found.fit.ic50.value <= 3.0
    assert found.emax <= -0.9


def test_the_dual_inhibitor_needs_tens_of_nanomolar(comparison):
    assert 10.0 < row(comparison, "vistusertib", "pS6K1_T389", hours=2).fit.ic50.value < 200.0


def test_at_equal_block_of_s6k1_the_rapalog_lifts_s473_and_the_dual_inhibitor_lowers_it(comparison):
    assert row(comparison, "everolimus", "pAKT_S473").level_at_equal_dose > 1.3
    assert row(comparison, "vistusertib", "pAKT_S473").level_at_equal_dose < 0.6


def test_at_equal_block_of_s6k1_only_the_dual_inhibitor_stops_4ebp1(comparison):
    for context in (INTACT, LOST):
        assert row(comparison, "everolimus", "p4EBP1", context=context).level_at_equal_dose > 0.4
        assert row(comparison, "vistusertib", "p4EBP1", context=context).level_at_equal_dose < 0.2


def test_the_rise_of_s473_comes_from_the_s6k1_irs1_loop(comparison):
    found = contribution(comparison, "everolimus", "s6k1_irs1_feedback")
    assert found.contribution > 0.3
    assert found.cut <= 1.05


def test_pten_loss_raises_s473_without_drug(comparison):
    intact = comparison.no_drug_level("pAKT_S473", INTACT)
    assert comparison.no_drug_level("pAKT_S473", LOST) > 1.5 * intact


def test_curves_end_where_single_runs_do(comparison):
    model = mt.load("mtor-core").with_context(LOST).without("s6k1_irs1_feedback")
    dose = float(comparison.options.dose_values("everolimus")[25])
    single = model.with_drugs("everolimus", "vistusertib").simulate(
        at=["2 h", "24 h"], drugs={"everolimus": dose}, readouts=["pAKT_S473"], rtol=1e-8
    )
    found = comparison.row(
        "everolimus", "pAKT_S473", time=24 * HOUR, context=LOST, without=("s6k1_irs1_feedback",)
    )
    assert found.curve.value_at(dose) == pytest.approx(single["pAKT_S473"][-1], rel=1e-3)


def test_time_courses_pass_through_the_dose_response_curves(comparison):
    doses = comparison.time_course_doses
    for course in comparison.time_courses:
        label = course.label
        curve = comparison.row(
            label.drug, label.readout, time=24 * HOUR, context=label.context, without=label.without
        ).curve
        expected = curve.value_at(doses[label.drug])
        assert course.values[-1] == pytest.approx(expected, abs=5e-3 * np.max(course.values))


def test_the_answer_names_the_loop(comparison):
    assert "is S6K1 ⊣ IRS1 under everolimus" in answer(comparison)[1]


def test_a_single_dose_response_is_the_curve_of_the_comparison(comparison):
    model = mt.load("mtor-core").with_drugs("everolimus", "vistusertib").with_context(LOST)
    doses = comparison.options.dose_values("everolimus")
    found = dose_response(model, "everolimus", readout="pS6K1_T389", at="2 h", doses=doses)
    expected = row(comparison, "everolimus", "pS6K1_T389", hours=2, context=LOST)
    assert found.response == pytest.approx(expected.curve.response, rel=1e-3)
    assert found.fit().ic50.value == pytest.approx(expected.fit.ic50.value, rel=1e-2)
    assert (found.label.context, found.label.time) == (LOST, 2 * HOUR)


def test_doses_of_a_single_dose_response_may_carry_units():
    model = mt.load("mtor-core").with_drugs("everolimus", "vistusertib")
    found = dose_response(
        model, "vistusertib", readout="pAKT_S473", at="2 h", doses=["1 nM", "0.1 uM"]
    )
    assert found.dose == pytest.approx([1.0, 100.0])
    assert found.fit().shape == "too few points"
