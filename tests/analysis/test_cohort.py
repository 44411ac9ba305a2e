"""Tumours under drugs: each is the model with its own parameters, whatever the threads."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis import cohort_run
from mtorsim.analysis.cohort import EFFECT_TIME, TIMES
from mtorsim.analysis.cohort_draw import parameter_columns
from mtorsim.analysis.cohort_reading import better_under
from mtorsim.analysis.growth import mean_growth, read_growth, relative_growth
from mtorsim.modelfiles.growth import load_growth
from tests.analysis.core_cohort import DRUGS, FILE, core_cohort

READOUTS = ["p4EBP1", "pS6K1_T389", "pAKT_S473"]


@pytest.fixture(scope="module")
def cohort() -> mt.Cohort:
    return core_cohort()


def test_two_threads_and_another_order_of_drugs_give_the_same_tumours(cohort: mt.Cohort) -> None:
    again = mt.run_cohort(mt.load("mtor-core"), DRUGS[::-1], cohort=FILE, n=60, seed=3, threads=2)
    np.testing.assert_array_equal(again.tumours.factors, cohort.tumours.factors)
    np.testing.assert_array_equal(again.growth, cohort.growth)
    for drug in DRUGS:
        np.testing.assert_array_equal(again.response(drug).growth, cohort.response(drug).growth)


def test_a_tumour_is_the_model_with_its_contexts_and_amounts(cohort: mt.Cohort) -> None:
    altered = np.flatnonzero(cohort.tumours.alterations.all(axis=1))[0]
    model = mt.load("mtor-core").with_context("PTEN-lost", "AKT-high")
    amounts = {
        name: model.parameters[name].value * cohort.tumours.factors[altered, j]
        for j, name in enumerate(cohort.tumours.amounts)
    }
    dose = cohort.response("everolimus").doses[5]
    run = model.with_parameters(amounts).simulate(
        list(TIMES), drugs={"everolimus": float(dose)}, readouts=READOUTS
    )
    assert cohort.levels["pAKT_S473"][altered] == pytest.approx(run["pAKT_S473"][0], rel=1e-3)
    reference = {
        name: mt.load("mtor-core").with_context().steady_state(readouts=[name])[name]
        for name in READOUTS
    }
    reading = read_growth(load_growth("arms"), model.network)
    rates = relative_growth(reading, {name: run[name] for name in READOUTS}, reference)
    expected = mean_growth(TIMES, rates) / rates[0]
    found = cohort.response("everolimus").growth[altered, 5]
    assert found == pytest.approx(float(expected), rel=1e-3)


def test_the_reference_cell_grows_at_1_and_lines_have_typical_amounts(cohort: mt.Cohort) -> None:
    for entry in cohort.responses:
        assert entry.lines.shape == (3, len(entry.doses))
        assert entry.lines[:, 0] == pytest.approx(1.0, abs=0.02)
    assert np.median(cohort.growth[~cohort.tumours.alterations.any(axis=1)]) == pytest.approx(
        1.0, abs=0.15
    )


def test_plain_twins_differ_only_by_the_alterations(cohort: mt.Cohort) -> None:
    plain = ~cohort.tumours.alterations.any(axis=1)
    for name, values in cohort.levels.items():
        np.testing.assert_allclose(values[plain], cohort.plain_levels[name][plain], rtol=1e-6)
        assert not np.allclose(values[~plain], cohort.plain_levels[name][~plain], rtol=1e-3)
    high = cohort.plain_levels["pS6K1_T389"] > cohort.threshold
    assert high.mean() == pytest.approx(0.1, abs=1 / 60)


def test_drugs_are_read_at_equal_effect_on_s6k1(cohort: mt.Cohort) -> None:
    for entry in cohort.responses:
        left = np.interp(np.log(entry.dose), np.log(entry.doses), entry.left)
        assert left == pytest.approx(0.1, abs=1e-9)
        assert "takes 90 % off pS6K1_T389" in entry.dose_basis
    assert TIMES[EFFECT_TIME] == 24 * 3600


def test_a_drug_that_hits_both_complexes_slows_growth_more_than_a_rapalog(
    cohort: mt.Cohort,
) -> None:
    # Thoreen 2009: Torin 1 impairs proliferation far more than rapamycin, through 4E-BP1.
    assert better_under(cohort, "vistusertib", "everolimus").value > 0.9


def test_a_dose_can_be_asked_for_or_stand_in_the_file() -> None:
    found = mt.run_cohort(
        mt.load("mtor-core"),
        ["sirolimus", "everolimus"],
        cohort=FILE,
        n=4,
        reading_doses={"everolimus": "5 nM"},
    )
    assert found.response("sirolimus").dose == 20.0
    assert found.response("everolimus").dose == 5.0
    assert found.response("everolimus").dose_basis == "as asked"
    entry = found.response("everolimus")
    at = np.interp(np.log(5.0), np.log(entry.doses), entry.growth[0])
    assert entry.growth_left[0] == pytest.approx(at)


def test_a_drug_can_be_given_beside_another(cohort: mt.Cohort) -> None:
    found = mt.run_cohort(
        mt.load("mtor-core"), ["everolimus+vistusertib"], cohort=FILE, n=60, seed=3,
        reading_doses={"vistusertib": "50 nM"},
    )  # fmt: skip
    both, alone = found.responses[0], cohort.response("everolimus")
    assert both.drug_class == "rapalog+dual"
    assert both.dose_basis.endswith("vistusertib 50 nM")
    assert (both.growth[:, 0] < alone.growth[:, 0]).all()
    other = cohort.response("vistusertib")
    at = np.array([np.interp(np.log(50.0), np.log(other.doses), row) for row in other.growth])
    # Next to nothing of everolimus: what vistusertib does alone, read between two doses.
    np.testing.assert_allclose(both.growth[:, 0], at, atol=0.02)


def test_a_drug_beside_another_needs_a_dose() -> None:
    with pytest.raises(mt.InputError, match="say at which dose vistusertib is given beside"):
        mt.run_cohort(mt.load("mtor-core"), ["everolimus+vistusertib"], cohort=FILE, n=2)


def test_a_tumour_that_fails_is_named_and_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {"cohort": FILE, "n": 4, "seed": 3, "reading_doses": {"everolimus": "5 nM"}}
    sound = mt.run_cohort(mt.load("mtor-core"), ["everolimus"], **asked)

    def spoiled(*arguments: object) -> dict[str, np.ndarray]:
        columns = parameter_columns(*arguments)  # type: ignore[arg-type]
        columns["AKT_total"] = columns["AKT_total"].copy()
        columns["AKT_total"][1] = np.nan
        return columns

    monkeypatch.setattr(cohort_run, "parameter_columns", spoiled)
    found = mt.run_cohort(mt.load("mtor-core"), ["everolimus"], **asked)
    assert len(found.failures) == 1 + len(found.responses[0].doses)
    assert found.failures[0].startswith("no drug: trajectory 1: bad_input")
    assert found.failures[1].startswith("everolimus: trajectory")
    assert np.isnan(found.responses[0].growth_left[1])
    assert not found.responds("everolimus")[1]
    others = [0, 2, 3]
    np.testing.assert_array_equal(
        found.responses[0].growth[others], sound.responses[0].growth[others]
    )


def test_progress_ends_with_all_trajectories() -> None:
    told: list[tuple[int, int]] = []
    found = mt.run_cohort(
        mt.load("mtor-core"),
        ["everolimus"],
        cohort=FILE,
        n=3,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (found.n_trajectories, found.n_trajectories)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n": 0}, "a cohort of 0 tumours"),
        ({"drugs": []}, "needs a drug"),
        ({"drugs": ["everolimus", "everolimus"]}, "named twice"),
        ({"drugs": ["everolimuss"]}, "did you mean 'everolimus'"),
        ({"cohort": "hc"}, "unknown cohort 'hc'; did you mean 'hcc'"),
        ({"doses": (0.0, 10.0, 5)}, "the lowest above 0"),
        ({"doses": (10.0, 1.0, 5)}, "the lowest above 0"),
        ({"doses": (0.1, 10.0, 1)}, "two or more doses"),
        ({"reading_doses": {"sirolimus": 5}}, "which is not given"),
        ({"reading_doses": {"everolimus": 0}}, "there is nothing to respond to"),
        ({"reading_doses": {"everolimus": "1 mM"}}, "outside the doses tried"),
    ],
)
def test_a_wrong_question_is_one_line(changes: dict[str, object], message: str) -> None:
    asked = {"drugs": ["everolimus"], "cohort": FILE, "n": 2, **changes}
    with pytest.raises(mt.MtorsimError, match=message) as error:
        mt.run_cohort(mt.load("mtor-core"), asked.pop("drugs"), **asked)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


def test_a_model_that_is_not_meant_for_the_cohort_is_told_what_it_lacks() -> None:
    with pytest.raises(mt.MtorsimError, match="RAS_gap_level"):
        mt.run_cohort(mt.load("mtor-core"), ["everolimus"], cohort="hcc", n=2)
    held = mt.load("mtor-core").clamped("s6k1_irs1_feedback")
    with pytest.raises(mt.InputError, match="tumours have no held loops"):
        mt.run_cohort(held, ["everolimus"], cohort=FILE, n=2)
