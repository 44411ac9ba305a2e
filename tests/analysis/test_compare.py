from dataclasses import replace

import numpy as np
import pytest

from mtorsim.analysis.compare import compare
from mtorsim.errors import InputError, UnknownNameError
from tests.analysis.synthetic_model import FEEDBACK_GAIN, SyntheticModel

HOUR = 3600.0
CONTEXTS = ("PTEN-intact", "PTEN-lost")
LOOPS = ("s6k1_irs1_feedback", "nfkb_pten_feedback")


@pytest.fixture(scope="module")
def comparison():
    return compare(SyntheticModel(), ["rapalog", "dual"], contexts=CONTEXTS)


def block_at(time):
    """Share of the full block reached, as in the synthetic model."""
    return 1.0 - np.exp(-time / 1200.0)


def ic90(ic50, time):
    share = 0.9 / 0.97 / block_at(time)
    return ic50 * (share / (1.0 - share)) ** (1 / 1.2)


def test_there_is_a_row_for_every_drug_context_loop_setting_time_and_readout(comparison):
    labels = [row.label for row in comparison.rows]
    keys = {(x.drug, x.context, x.without, x.time, x.readout) for x in labels}
    assert len(keys) == len(labels) == 2 * 2 * 3 * 2 * 3
    assert {x.without for x in labels} == {(), *((loop,) for loop in LOOPS)}
    assert {x.time for x in labels} == {2 * HOUR, 24 * HOUR}


def test_each_curve_has_200_log_spaced_doses_by_default(comparison):
    for row in comparison.rows:
        assert row.curve.dose == pytest.approx(np.geomspace(1e-3, 1e4, 200))


@pytest.mark.parametrize(("drug", "ic50"), [("rapalog", 0.5), ("dual", 50.0)])
def test_ic50_and_emax_are_those_of_the_model(comparison, drug, ic50):
    row = comparison.row(drug, "pS6K1_T389", time=24 * HOUR, context="PTEN-lost")
    assert row.fit.ic50.value == pytest.approx(ic50, rel=1e-4)
    assert row.emax == pytest.approx(-0.97, abs=0.005)


@pytest.mark.parametrize(("drug", "ic50"), [("rapalog", 0.5), ("dual", 50.0)])
@pytest.mark.parametrize("time", [2 * HOUR, 24 * HOUR])
def test_equal_dose_takes_90_percent_off_the_reference(comparison, drug, ic50, time):
    row = comparison.row(drug, "pAKT_S473", time=time, context="PTEN-intact")
    assert row.equal_dose == pytest.approx(ic90(ic50, time), rel=1e-4)
    reference = comparison.row(drug, "pS6K1_T389", time=time, context="PTEN-intact")
    assert reference.level_at_equal_dose == pytest.approx(0.1, abs=1e-6)


def test_watched_readout_at_equal_dose_is_that_of_the_model(comparison):
    row = comparison.row("rapalog", "pAKT_S473", time=24 * HOUR, context="PTEN-intact")
    block = 0.9 / 0.97
    rise = FEEDBACK_GAIN * block * (1 - np.exp(-24 * HOUR / 18000.0))
    assert row.level_at_equal_dose == pytest.approx(1 + rise, abs=1e-4)


def test_a_loop_contributes_what_is_lost_when_it_is_cut(comparison):
    found = {
        item.loop: item
        for item in comparison.loop_contributions
        if (item.drug, item.context, item.time, item.readout)
        == ("rapalog", "PTEN-intact", 24 * HOUR, "pAKT_S473")
    }
    feedback = found["s6k1_irs1_feedback"]
    assert feedback.cut == pytest.approx(1.0, abs=1e-6)
    assert feedback.contribution == pytest.approx(feedback.all_on - 1.0)
    assert feedback.contribution > 0.7
    # this loop shifts the level without drug, not the response relative to it
    assert found["nfkb_pten_feedback"].contribution == pytest.approx(0.0, abs=1e-6)


def test_time_courses_start_at_the_level_without_drug_and_run_a_day(comparison):
    assert len(comparison.time_courses) == 2 * 2 * 3 * 3
    for course in comparison.time_courses:
        assert course.values[0] == course.control
        assert (course.times[0], course.times[-1]) == (0.0, 24 * HOUR)


def test_time_courses_are_at_equal_effect_in_the_first_context_at_the_first_time(comparison):
    expected = {"rapalog": ic90(0.5, 2 * HOUR), "dual": ic90(50.0, 2 * HOUR)}
    assert comparison.time_course_doses == pytest.approx(expected, rel=1e-4)


def test_time_course_doses_can_be_given_with_units():
    found = compare(
        SyntheticModel(), ["rapalog", "dual"], doses=8, time_course_doses={"dual": "0.3 uM"}
    )
    assert found.time_course_doses["dual"] == pytest.approx(300.0)


def test_every_trajectory_is_counted_and_told():
    told = []
    found = compare(
        SyntheticModel(),
        ["rapalog", "dual"],
        contexts=CONTEXTS,
        doses=8,
        progress=lambda done, total: told.append((done, total)),
    )
    # 6 arms of 2 drugs, each 8 doses, the control and a time course
    assert found.n_trajectories == 6 * 2 * 10
    assert told[-1] == (120, 120)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_level_without_drug_shows_what_a_context_does(comparison):
    assert comparison.no_drug_level("pAKT_S473", "PTEN-intact") == pytest.approx(0.2)
    assert comparison.no_drug_level("pAKT_S473", "PTEN-lost") == pytest.approx(0.4)
    cut = ("nfkb_pten_feedback",)
    assert comparison.no_drug_level("pAKT_S473", "PTEN-intact", cut) == pytest.approx(0.18)


def test_without_loops_only_the_intact_setting_is_run():
    found = compare(SyntheticModel(), ["rapalog"], loops=[], doses=8)
    assert {row.label.without for row in found.rows} == {()}
    assert found.loop_contributions == ()


def test_a_failed_trajectory_is_named_and_the_rest_stands():
    dose = float(np.geomspace(1e-3, 1e4, 200)[90])
    model = SyntheticModel(failing_dose=dose)
    found = compare(model, ["rapalog"], contexts=["PTEN-lost"], loops=[LOOPS[0]])
    assert [text.split(": ")[0] for text in found.failures] == [
        "PTEN-lost, all loops on",
        "PTEN-lost, without s6k1_irs1_feedback",
    ]
    row = found.row("rapalog", "pS6K1_T389", time=24 * HOUR, context="PTEN-lost")
    assert row.curve.n_failed == 1
    assert row.fit.ic50.value == pytest.approx(0.5, rel=1e-3)


def test_ctrl_c_in_a_sweep_ends_the_comparison():
    with pytest.raises(KeyboardInterrupt):
        compare(SyntheticModel(interrupted=True), ["rapalog"], doses=8)


def test_equal_dose_is_infinite_where_the_block_is_not_reached():
    found = compare(SyntheticModel(), ["dual"], doses=("0.1 nM", "20 nM", 12), loops=[])
    row = found.row("dual", "pAKT_S473", time=2 * HOUR, context="")
    assert row.equal_dose == np.inf
    assert np.isnan(row.level_at_equal_dose)
    assert found.time_course_doses["dual"] == pytest.approx(20.0)


def test_a_readout_that_is_missing_by_default_is_left_out():
    assert compare(SyntheticModel(), ["dual"], doses=8).options.readouts == (
        "pS6K1_T389",
        "p4EBP1",
        "pAKT_S473",
    )


def test_reference_and_watched_readouts_are_always_computed():
    found = compare(SyntheticModel(), ["dual"], doses=8, readouts=["p4EBP1"])
    assert found.options.readouts == ("p4EBP1", "pS6K1_T389", "pAKT_S473")


def test_a_comparison_can_not_be_changed(comparison):
    with pytest.raises(AttributeError):
        comparison.rows = ()
    assert replace(comparison, failures=("x",)).failures == ("x",)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"drugs": []}, InputError, "needs a drug"),
        ({"drugs": ["dual", "dual"]}, InputError, "drug 'dual' is named twice"),
        ({"contexts": ["a", "a"]}, InputError, "context 'a' is named twice"),
        ({"at": []}, InputError, "needs a time"),
        ({"at": ["0 h"]}, InputError, "time is 0"),
        ({"doses": 1}, InputError, "two or more doses"),
        ({"doses": ("10 nM", "1 nM", 20)}, InputError, "lowest above 0 and below the highest"),
        ({"doses": (0, "1 nM", 20)}, InputError, "lowest above 0"),
        ({"inhibition": 90}, InputError, "inhibition is 90"),
        ({"readouts": ["p4EBP"]}, UnknownNameError, "did you mean 'p4EBP1'"),
        ({"watched": "pAKT"}, UnknownNameError, "did you mean 'pAKT_S473'"),
        ({"time_course_doses": {"x": 1}}, InputError, "time course dose of 'x'"),
    ],
)
def test_bad_input_is_refused_in_one_line(given, error, said):
    asked = {"drugs": ["rapalog"], "doses": 8, **given}
    with pytest.raises(error, match=said) as caught:
        compare(SyntheticModel(), asked.pop("drugs"), **asked)
    assert "\n" not in str(caught.value)


def test_unknown_names_are_refused_before_anything_is_run():
    with pytest.raises(UnknownNameError, match="did you mean 'rapalog'"):
        compare(SyntheticModel(), ["rapalogue"])
    with pytest.raises(UnknownNameError, match="did you mean 'PTEN-lost'"):
        compare(SyntheticModel(), ["dual"], contexts=["PTEN-los"])
    with pytest.raises(UnknownNameError, match="did you mean 's6k1_irs1_feedback'"):
        compare(SyntheticModel(), ["dual"], loops=["s6k1_irs_feedback"])


def test_the_model_is_recorded_with_what_its_contexts_change(comparison):
    model = comparison.model
    assert (model.id, model.fingerprint, model.n_parameters) == ("synthetic", "f1e2d3", 3)
    assert (model.n_fitted, model.n_assumed) == (1, 1)
    assert [(c.context, c.id, c.value, c.default) for c in model.changes] == [
        ("PTEN-lost", "PTEN_gene_dose", 0.05, 1.0)
    ]
    assert model.sources == (("author2004", "Author 2004, Journal"),)
    assert comparison.title("PTEN-lost") == "PTEN lost"
    assert comparison.title("pAKT_S473") == "AKT pS473"


def test_solver_settings_and_versions_are_kept(comparison):
    assert comparison.solver == {"method": "rodas4", "rtol": 1e-4, "version_numpy": "2"}
