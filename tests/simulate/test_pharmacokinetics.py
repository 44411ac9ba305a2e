"""Drug in a body follows textbook solutions, is never lost, and its free part drives the cell."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import mtorsim as mt
from tests.simulate import closed_form
from tests.simulate.toy_kinetics import BLOCKER, GLUEONE, GLUETWO, toy_in_bodies
from tests.simulate.toy_model import toy

HOURS = np.array([0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 13.0, 24.0, 30.0, 47.0, 60.0, 72.0])
EXACT = {"rtol": 1e-10, "atol": 1e-10}


def course(*dosing: mt.Dosing, hours: NDArray[np.float64] = HOURS) -> mt.Trajectory:
    return toy_in_bodies().simulate(hours * 3600.0, dosing=dosing, **EXACT)


def balance(run: mt.Trajectory, drug: str) -> NDArray[np.float64]:
    """What is in gut and body or eliminated, less what was infused or formed."""
    places = {"gut": 1.0, "central": 1.0, "peripheral": 1.0, "eliminated": 1.0, "entered": -1.0}
    found = {place: f"{drug}_{place}" for place in places if f"{drug}_{place}" in run.species}
    return np.sum([places[place] * run[name] for place, name in found.items()], axis=0)


def test_one_dose_by_mouth_in_one_compartment() -> None:
    run = course(mt.Dosing("gluetwo", "2 mg"))
    expected = closed_form.oral_one(GLUETWO, 2.0)(HOURS)
    np.testing.assert_allclose(run["gluetwo_in_blood"], expected, rtol=1e-6, atol=1e-9)


def test_one_dose_by_mouth_in_two_compartments() -> None:
    run = course(mt.Dosing("blocker", "50 mg"))
    expected = closed_form.oral_two(BLOCKER, 50.0)(HOURS)
    np.testing.assert_allclose(run["blocker_in_plasma"], expected, rtol=1e-6, atol=1e-9)


def test_an_infusion_into_two_compartments() -> None:
    run = course(mt.Dosing("glueone", "25 mg", infusion="1 h"))
    expected = closed_form.infused_two(GLUEONE, 25.0, 1.0)(HOURS)
    np.testing.assert_allclose(run["glueone_in_blood"], expected, rtol=1e-6, atol=1e-9)


def test_an_infusion_takes_its_usual_time_unless_said() -> None:
    run = course(mt.Dosing("glueone", "25 mg"))
    expected = closed_form.infused_two(GLUEONE, 25.0, 0.5)(HOURS)
    np.testing.assert_allclose(run["glueone_in_blood"], expected, rtol=1e-6, atol=1e-9)


def test_repeated_doses_superpose() -> None:
    run = course(mt.Dosing("blocker", "50 mg", every="12 h", on="1 d", off="1 d"))
    one = closed_form.oral_two(BLOCKER, 50.0)
    expected = closed_form.repeated(one, [0.0, 12.0, 48.0, 60.0])(HOURS)
    np.testing.assert_allclose(run["blocker_in_plasma"], expected, rtol=1e-6, atol=1e-9)


def test_repeated_infusions_and_a_loading_dose_superpose() -> None:
    run = course(mt.Dosing("glueone", "10 mg", every="24 h", loading="30 mg"))
    first, later = (closed_form.infused_two(GLUEONE, amount, 0.5) for amount in (30.0, 10.0))
    expected = first(HOURS) + closed_form.repeated(later, [24.0, 48.0])(HOURS)
    np.testing.assert_allclose(run["glueone_in_blood"], expected, rtol=1e-6, atol=1e-9)


def test_what_is_given_by_mouth_is_in_gut_or_body_or_eliminated() -> None:
    run = course(mt.Dosing("blocker", "50 mg", every="10 h"))
    given = closed_form.per_litre(BLOCKER, 50.0) * (np.floor(HOURS / 10.0) + 1.0)
    given[np.isin(HOURS, (30.0, 60.0))] -= closed_form.per_litre(BLOCKER, 50.0)
    after = HOURS > 0.0
    np.testing.assert_allclose(balance(run, "blocker")[after], given[after], rtol=1e-9)


def test_what_is_infused_or_formed_is_in_the_body_or_eliminated() -> None:
    run = course(mt.Dosing("glueone", "25 mg", every="24 h", count=2))
    infused = closed_form.per_litre(GLUEONE, 25.0) * np.clip(HOURS / 0.5, 0.0, 1.0)
    infused += closed_form.per_litre(GLUEONE, 25.0) * np.clip((HOURS - 24.0) / 0.5, 0.0, 1.0)
    np.testing.assert_allclose(run["glueone_entered"], infused, rtol=1e-9, atol=1e-9)
    for drug in ("glueone", "gluetwo"):
        largest = run[f"{drug}_entered"].max()
        assert largest > 0.0
        np.testing.assert_allclose(balance(run, drug), 0.0, atol=1e-9 * largest)
    assert run.conservation_drift < 1e-9


def test_the_metabolite_has_the_reported_multiple_of_the_exposure() -> None:
    late = np.array([0.0, 2000.0])
    run = course(mt.Dosing("glueone", "25 mg"), hours=late)
    # AUC = eliminated amount / elimination rate, in nM of the own central volume and 1/h
    auc = {
        drug: run[f"{drug}_eliminated"][-1]
        / (constants["clearance"][0] / constants["volume_central"][0])
        for drug, constants in (("glueone", GLUEONE), ("gluetwo", GLUETWO))
    }
    assert auc["gluetwo"] / auc["glueone"] == pytest.approx(3.0, rel=1e-6)


@pytest.mark.parametrize(
    ("drug", "unbound", "readout"),
    [("blocker", 0.25, "TOR:blocker"), ("gluetwo", 0.08 / 38.0, "gluetwo")],
)
def test_the_cell_answers_to_the_unbound_drug_as_to_that_in_its_medium(
    drug: str, unbound: float, readout: str
) -> None:
    """Where clearance is slow the concentration is that of a medium, times the fraction."""
    model = toy_in_bodies().with_parameters({f"clearance_{drug}": "1e-12 1/h"})
    if drug == "blocker":
        model = model.with_parameters({"clearance_distribution_blocker": "1e-12 1/h"})
    model = model.with_parameters({f"absorption_rate_{drug}": "1e5 1/h"})
    constants = {"blocker": BLOCKER, "gluetwo": GLUETWO}[drug]
    level = closed_form.per_litre(constants, 5.0) * unbound
    body = model.simulate(at=["30 min"], dosing=mt.Dosing(drug, "5 mg"), **EXACT)
    # The glue's medium is finite: make it large, so that the cell does not empty it.
    roomy = toy().with_parameters(volume_ratio=1e9)
    medium = roomy.simulate(at=["30 min"], drugs={drug: level}, **EXACT)
    assert body[readout][-1] == pytest.approx(medium[readout][-1], rel=1e-4)
    assert body[readout][-1] > 0.0


def test_the_cell_takes_nothing_from_the_plasma() -> None:
    many = toy_in_bodies().with_amounts(TOR="1 mM")
    dosing = mt.Dosing("blocker", "50 mg")
    few = course(dosing)["blocker_in_plasma"]
    run = many.simulate(HOURS * 3600.0, dosing=dosing, pre_equilibrate=False, **EXACT)
    np.testing.assert_allclose(run["blocker_in_plasma"], few, rtol=1e-6, atol=1e-9)
    assert run["TOR:blocker"].max() > 1e3


def test_a_run_without_doses_holds_no_drug() -> None:
    run = toy_in_bodies().simulate(HOURS * 3600.0)
    assert max(run[name].max() for name in run.species if name.startswith("blocker")) == 0.0


def test_a_cell_without_drug_rests_though_counters_of_the_body_stay_where_they_are() -> None:
    state = toy_in_bodies().steady_state()
    assert state.stable
    assert state["glueone_central"] == 0.0


def test_constants_of_the_body_are_parameters_that_can_be_swept() -> None:
    sweep = toy_in_bodies().sweep(
        {"clearance_blocker": ["6 1/h", "12 1/h"]},
        at="72 h",
        readouts=["blocker_eliminated"],
        dosing=mt.Dosing("blocker", "50 mg"),
    )
    slow, usual = sweep["blocker_eliminated"][:, 0]
    assert 0.0 < slow < usual


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"drugs": {"blocker": "1 nM"}}, "blocker is given in mg here"),
        ({"dosing": mt.Dosing("blocker", "1 nM")}, "blocker is given in mg here"),
        ({"dosing": mt.washout("blocker", at="0.5 h")}, "a body can not be washed out"),
        ({"dosing": mt.Dosing("blocker", "1 mg", infusion="1 h")}, "taken by mouth, not infused"),
        ({"inputs": {"glueone_infusion": 1.0}}, "unknown input 'glueone_infusion'"),
    ],
)
def test_what_does_not_go_with_a_body_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(mt.MtorsimError, match=message):
        toy_in_bodies().simulate("1 h", **given)  # type: ignore[arg-type]


def test_a_dose_axis_in_nanomolar_is_refused_for_a_drug_in_a_body() -> None:
    with pytest.raises(mt.InputError, match="blocker is given in mg here"):
        toy_in_bodies().sweep({"blocker": [1.0, 2.0]}, at="1 h")


def test_mg_of_a_drug_without_constants_names_those_that_have_them() -> None:
    with pytest.raises(
        mt.InputError, match=r"no pharmacokinetic constants for blocker.*everolimus"
    ):
        toy().simulate("1 h", dosing=mt.Dosing("blocker", "1 mg"))


def test_mg_among_doses_in_a_medium_are_sent_to_dosing() -> None:
    with pytest.raises(mt.InputError, match="mg are given to a body by dosing"):
        toy().simulate("1 h", drugs={"blocker": "10 mg"})
