"""Two drugs through a model: a receptor whose drugs exclude each other, or do not meet."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.combination_plan import REACH

BINDING = Path(__file__).parent / "binding" / "binding.toml"
DRUGS = ("firstligand", "secondligand", "allosteric", "bystander")
DOSES = ("0.1 nM", "10 uM", 9)


@lru_cache(maxsize=1)
def model():
    """With all of its drugs, so that every test shares one kernel."""
    return mt.load(BINDING).with_drugs(*DRUGS)


@lru_cache(maxsize=8)
def surface(first, second):
    return mt.combine(
        model(), first, second, readouts="free", at="1 h", doses=DOSES, rtol=1e-9
    ).surface("free")


def largest(null, first, second):
    return float(np.nanmax(np.abs(mt.score_synergy(surface(first, second), null).excess)))


def test_ligands_of_one_site_are_dose_additive():
    assert largest("loewe", "firstligand", "secondligand") < 1e-7
    assert largest("bliss", "firstligand", "secondligand") > 0.05


def test_ligands_of_two_sites_that_do_not_meet_are_independent():
    assert largest("bliss", "firstligand", "allosteric") < 1e-8
    assert largest("zip", "firstligand", "allosteric") < 1e-6
    assert largest("loewe", "firstligand", "allosteric") > 0.05


@pytest.mark.parametrize("drug", ["firstligand", "secondligand"])
def test_a_drug_with_itself_is_dose_additive(drug):
    score = mt.score_synergy(surface(drug, drug), "loewe")
    assert score.n_scored == score.n_cells
    assert np.nanmax(np.abs(score.excess)) < 1e-8


@pytest.mark.parametrize("null", mt.NULL_MODELS)
def test_a_drug_on_another_protein_scores_zero(null):
    assert surface("firstligand", "bystander").inert == (False, True)
    assert largest(null, "firstligand", "bystander") < 1e-9


def test_a_surface_is_what_the_model_says():
    doses = surface("firstligand", "secondligand").doses
    expected = 20.0 / (1.0 + doses[0][:, None] / 10.0 + doses[1][None, :] / 300.0)
    assert surface("firstligand", "secondligand").level == pytest.approx(expected, rel=1e-6)


def test_each_drug_alone_is_followed_beyond_the_doses_of_the_surface():
    found = surface("firstligand", "secondligand")
    for curve, dose in zip(found.curves, found.doses, strict=True):
        assert curve.dose[0] == 0.0
        assert curve.dose[1] == pytest.approx(dose[1] / REACH)
        assert curve.dose[-1] == pytest.approx(dose[-1] * REACH)


def test_swapping_the_drugs_swaps_the_surface():
    swapped = surface("secondligand", "firstligand")
    back = swapped.level.T
    assert back == pytest.approx(surface("firstligand", "secondligand").level, rel=1e-8)


def test_every_readout_time_and_context_has_its_surface():
    found = mt.combine(
        mt.load("mtor-core"),
        "everolimus",
        "vistusertib",
        readouts=["p4EBP1", "pAKT_S473"],
        at=["2 h", "24 h"],
        contexts=["PTEN-intact", "PTEN-lost"],
        doses={"everolimus": ["0.1 nM", "10 nM"], "vistusertib": ("1 nM", "1 uM", 4)},
    )
    assert len(found.surfaces) == 8
    one = found.surface("pAKT_S473", time=7200.0, context="PTEN-lost")
    assert (one.label.readout, one.label.time) == ("pAKT_S473", 7200.0)
    assert [dose.tolist() for dose in one.doses] == [
        [0.0, 0.1, 10.0],
        pytest.approx([0.0, 1.0, 10.0, 100.0, 1000.0]),
    ]
    intact = found.surface("pAKT_S473", time=7200.0, context="PTEN-intact")
    assert one.untreated > intact.untreated  # the loss of PTEN raises AKT
    assert found.model.id == "mtor-core"
    assert found.failures == ()
    with pytest.raises(mt.InputError, match="4 surfaces have context PTEN-lost"):
        found.surface(context="PTEN-lost")
    with pytest.raises(mt.UnknownNameError, match="unknown readout 'p4EBP'"):
        found.surface("p4EBP")


@pytest.mark.parametrize("drug", ["everolimus", "vistusertib"])
def test_a_drug_of_the_core_model_with_itself_is_dose_additive(drug):
    found = mt.combine(
        mt.load("mtor-core"), drug, drug, readouts="pS6K1_T389", at="2 h", doses=9, rtol=1e-8
    )
    score = mt.score_synergy(found.surfaces[0], "loewe")
    assert score.n_scored == score.n_cells
    assert np.nanmax(np.abs(score.excess)) < 1e-6


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"doses": [0.0, 1.0]}, mt.InputError, "is 0 nM: doses of a combination stand on a log"),
        ({"doses": [-1.0, 1.0]}, mt.InputError, "can not be negative"),
        ({"doses": ("0 nM", "1 uM", 5)}, mt.InputError, "a logarithmic axis starts above 0"),
        ({"doses": ("1 uM", "1 nM", 5)}, mt.InputError, "the dose range is empty"),
        ({"doses": ["1 ug"]}, mt.UnitsError, "unknown unit 'ug'"),
        ({"doses": ["1 h"]}, mt.UnitsError, "a concentration is wanted"),
        ({"doses": "1 nM"}, mt.InputError, "give a number of doses"),
        ({"doses": {"firstligan": 5}}, mt.UnknownNameError, "did you mean 'firstligand'"),
        ({"second": "bystande"}, mt.UnknownNameError, "did you mean 'bystander'"),
        ({"readouts": []}, mt.InputError, "needs a readout"),
        ({"readouts": "fre"}, mt.UnknownNameError, "did you mean 'free'"),
        ({"at": "0 h"}, mt.InputError, "time is 0"),
        ({"full": 20.0}, mt.InputError, "declare another full level"),
        ({"control": 0.0}, mt.InputError, "declare another control or full level"),
        ({"control": np.nan}, mt.InputError, "must be finite"),
    ],
)
def test_bad_input_is_refused_in_one_line(given, error, said):
    asked = {"second": "secondligand", "readouts": "free", "at": "1 h", "doses": 3, **given}
    with pytest.raises(error, match=said) as caught:
        mt.combine(model(), "firstligand", asked.pop("second"), **asked)
    assert "\n" not in str(caught.value)


def test_a_model_that_does_not_run_has_no_control(monkeypatch):
    swept = mt.Model.sweep
    monkeypatch.setattr(
        mt.Model, "sweep", lambda self, *axes, **given: swept(self, *axes, **given, max_steps=1)
    )
    with pytest.raises(mt.SolverError, match="the run without drug failed"):
        mt.combine(model(), "firstligand", "allosteric", readouts="free", at="1 h", doses=2)


def test_ctrl_c_leaves_no_combination(monkeypatch):
    swept = mt.Model.sweep

    def interrupted(self, *axes, **given):
        result = swept(self, *axes, **given)
        result.outcome.status[-1] = mt.Status.INTERRUPTED
        return result

    monkeypatch.setattr(mt.Model, "sweep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mt.combine(model(), "firstligand", "allosteric", readouts="free", at="1 h", doses=2)
    with pytest.raises(KeyboardInterrupt):
        mt.search_pairs(model(), "minimise free", at="1 h", doses=2)


def test_scores_are_given_over_parameter_sets():
    asked = {"readouts": "pS6K1_T389", "at": "2 h", "doses": ("1 nM", "1 uM", 4)}
    full = mt.load("mtor")
    found = mt.combine(full, "everolimus", "vistusertib", uncertainty=3, **asked)
    (surface,) = found.surfaces
    for null in mt.NULL_MODELS:
        sets = found.of_sets(surface.label, null)
        assert (sets.n_sets, sets.n_scored) == (3, 3)
        assert sets.low <= sets.median <= sets.high
    assert mt.combine(full, "everolimus", "vistusertib", **asked).sets == ()


def test_a_model_without_parameter_sets_says_so():
    with pytest.raises(mt.InputError, match="parameter sets"):
        mt.combine(
            model(), "firstligand", "allosteric", readouts="free", at="1 h", uncertainty=True
        )
