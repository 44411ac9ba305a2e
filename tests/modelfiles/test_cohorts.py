"""Cohort and growth files: what is shipped agrees with its sources, and mistakes are named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.modelfiles.cohorts import list_cohorts, load_cohort
from mtorsim.modelfiles.growth import load_growth
from mtorsim.modelfiles.library import list_drugs, model_entry, models_folder

HCC = load_cohort("hcc")
FILE = models_folder() / "cohorts" / "hcc.toml"
GROWTH = models_folder() / "growth" / "arms.toml"


def test_shipped_cohorts_name_contexts_and_drugs_that_are_there() -> None:
    drugs = {entry.id for entry in list_drugs()}
    for name in list_cohorts():
        design = load_cohort(name)
        known = model_entry(design.model).contexts
        assert {*design.conditions, *(entry.context for entry in design.alterations)} <= set(known)
        named = {drug for figure in design.reported for drug in figure.drugs}
        assert {name for drug in named for name in drug.split("+")} <= drugs
        assert set(design.doses) <= drugs
        load_growth(design.growth)


def test_alterations_do_not_touch_the_same_parameter() -> None:
    model = mt.load(HCC.model)
    both = [entry.context for entry in HCC.alterations]
    assert model.with_context(*HCC.conditions, *both).contexts[-1] == both[-1]


@pytest.mark.shared
def test_frequencies_and_figures_are_those_of_the_evidence(shared_folder: Path) -> None:
    with (shared_folder / "evidence" / "behaviours.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    band = {
        "PTEN-lost": "C03",
        "PIK3CA-active": "C04",
        "AKT-high": "C05",
        "KRAS-mutant": "C06",
        "TSC2-lost": "C19",
    }
    for entry in HCC.alterations:
        row = rows[band[entry.context]]
        assert (100 * entry.low, 100 * entry.high) == pytest.approx(
            (float(row["expected_low"]), float(row["expected_high"]))
        )
    for figure in HCC.reported:
        row = rows[figure.id]
        numbers = {float(row["expected_low"]), float(row["expected_high"])}
        assert set(figure.values) == numbers, figure.id


def test_doubtful_figures_carry_their_remark() -> None:
    remarks = {figure.id: figure.remark for figure in HCC.reported}
    assert "zhu2014" in remarks["C13"]
    assert "koeberle2016" in remarks["C16"]
    assert "not be verified" in remarks["C17"]
    assert any("12-Aug" in entry.remark for entry in HCC.alterations)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("low = 30\nhigh = 40", "low = 40\nhigh = 30", "frequency is 40 to 30 %"),
        ("low = 30\nhigh = 40", "low = 30\nhigh = 140", "from 0 to 100 is wanted"),
        ('source = "wang2025"', 'source = "wang2052"', "did you mean 'wang2025'"),
        ('measure = "high"', 'measure = "hihg"', "did you mean 'high'"),
        ('drug = "everolimus"\n', "", "'responders' needs a drug"),
        ("[numbers.response]", "[numbers.respons]", "unknown number 'respons'"),
        ('why = "survival of patients is not a quantity of a cell"\n', "", "must say why nothing"),
        ("values = [58.7]", 'values = ["58.7"]', "must be a list of numbers"),
        ("[cohort]", "[cohorts]", "unknown key 'cohorts'"),
    ],
)
def test_a_wrong_cohort_file_is_told_by_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = tmp_path / "c.toml"
    text = FILE.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(mt.ModelError) as error:
        load_cohort(file)
    assert any(message in line and "c.toml" in line for line in error.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('readouts = ["pS6K1_T389"]', "readouts = []", "'readouts' is empty"),
        ("weight = { value = 0.4", "weight = { value = -0.4", "must be finite and not negative"),
        ("half = ", "halves = ", "did you mean 'half'"),
        ('id = "ERK"\n', "", "has no 'id'"),
        ('source = "assumed", why', 'source = "fingar2003", why', "did you mean 'fingar2004'"),
    ],
)
def test_a_wrong_growth_file_is_told_by_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = tmp_path / "g.toml"
    text = GROWTH.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(mt.ModelError) as error:
        load_growth(file)
    assert any(message in line and "g.toml:" in line for line in error.value.problems)


def test_weights_that_sum_to_nothing_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "g.toml"
    text = GROWTH.read_text()
    file.write_text(
        text.replace("value = 0.4,", "value = 0,").replace("value = 0.2,", "value = 0,")
    )
    with pytest.raises(mt.ModelError, match="the weights sum to 0"):
        load_growth(file)


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(mt.UnknownNameError, match="did you mean 'hcc'"):
        load_cohort("hc")
    with pytest.raises(mt.UnknownNameError, match="did you mean 'arms'"):
        load_growth("arm")
