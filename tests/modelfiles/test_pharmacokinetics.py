"""Files of pharmacokinetics: the shipped ones hold together, wrong ones are told line by line."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mtorsim.errors import InputError, ModelError
from mtorsim.modelfiles.pharmacokinetics import list_pharmacokinetics, load_pharmacokinetics
from mtorsim.network.quantity import Parameter
from tests.simulate.toy_kinetics import BLOCKER, BY_MOUTH, INFUSED, kinetics_text, read_text

SHIPPED = list_pharmacokinetics()
# g/mol, IUPAC 2021 abridged
ATOMS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999}


def constant(drug: str, name: str) -> Parameter:
    by_id = {entry.id: entry for entry in load_pharmacokinetics(drug).parameters}
    return by_id[f"{name}_{drug}"]


def test_the_drugs_that_are_given_to_people_have_constants() -> None:
    wanted = {"everolimus", "sirolimus", "temsirolimus", "vistusertib"}
    assert wanted | {"sapanisertib", "dactolisib"} <= set(SHIPPED)


@pytest.mark.parametrize("drug", SHIPPED)
def test_the_molar_mass_is_that_of_the_formula(drug: str) -> None:
    mass = constant(drug, "molar_mass")
    formula = mass.why.removeprefix("of ")
    atoms = re.findall(r"([A-Z])(\d*)", formula)
    total = sum(ATOMS[element] * int(count or 1) for element, count in atoms)
    assert mass.value == pytest.approx(total, rel=3e-4)


@pytest.mark.parametrize("drug", SHIPPED)
def test_every_constant_says_where_it_is_from_and_what_it_is(drug: str) -> None:
    for parameter in load_pharmacokinetics(drug).parameters:
        assert parameter.meaning, parameter.id
        assert parameter.why, parameter.id
        assert parameter.spread > 1.0 or "molar_mass" in parameter.id


@pytest.mark.parametrize("drug", SHIPPED)
def test_fractions_are_at_most_one(drug: str) -> None:
    assert constant(drug, "fraction_unbound").value <= 1.0


def test_red_cells_make_blood_of_plasma() -> None:
    cells = load_pharmacokinetics("everolimus").red_cells
    assert cells is not None
    plasma = np.array([0.0, 1e-6, 1e6])
    blood = cells.blood(plasma)
    assert blood[0] == 0.0
    # Few molecules find the sites empty; many find them full.
    empty = 0.62 + 0.38 * (0.964 / 0.092 + 0.153)
    assert blood[1] / plasma[1] == pytest.approx(empty, rel=1e-4)
    assert blood[2] / plasma[2] == pytest.approx(0.62 + 0.38 * 0.153, rel=1e-4)


def test_guesses_are_told() -> None:
    assert load_pharmacokinetics("everolimus").guessed == ()
    assert "clearance" in load_pharmacokinetics("dactolisib").guessed


def test_a_drug_without_constants_names_those_that_have_them() -> None:
    with pytest.raises(InputError, match=r"no pharmacokinetic constants for torin1.*everolimus"):
        load_pharmacokinetics("torin1")


def text(head: dict[str, str] | None = None, **changes: tuple[float, str] | None) -> str:
    constants = {**BLOCKER, **changes}
    kept = {name: value for name, value in constants.items() if value is not None}
    return kinetics_text("blocker", head or BY_MOUTH, kept)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (text(clearance=None), r'the constant "clearance" is missing'),
        (text(volume_peripheral=None), r'the constant "volume_peripheral" is missing'),
        (text(blood_to_plasma=(2.0, "1")), r'"blood_to_plasma" has no use here'),
        (text(clearance=(2.0, "1/h")), r'its unit is "L/h", not "1/h"'),
        (text(clearance=(0.0, "L/h")), r"it must be above 0"),
        (text(clearence=(2.0, "L/h")), r'unknown constant "clearence"; did you mean .clearance'),
        (text({"route": "oral", "measured_in": "serum"}), r'measured_in is "serum"'),
        (text({**BY_MOUTH, "route": "infusion"}), r"goes with infusion"),
        (text(INFUSED), r'the constant "metabolite_auc_ratio" is missing'),
        (text().replace('drug = "blocker"', 'drug = "bloker"'), r"but the file is blocker.toml"),
        (text().replace('source = "assumed"', 'source = "nobody1999"', 1), r"unknown source"),
        (text().replace("spread = 1.5", "", 1), r"has no 'spread'"),
        (text().replace("[pharmacokinetics]", "[head]"), r"unknown key 'head'"),
        (
            text() + "\n[red_cells.half]\nvalue = 1\nunit = 'mg/L'\nspread = 1\n"
            "source = 'assumed'\nwhy = 'invented'",
            r'the constant "capacity" is missing',
        ),
        (text() + "\n[red_cells.haf]\nvalue = 1", r'unknown constant "haf"; did you mean .half'),
    ],
)
def test_a_wrong_file_says_what_and_where(written: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        read_text(written, "blocker")
    assert all("blocker.toml" in problem for problem in caught.value.problems)
