import json
from dataclasses import replace

import pytest

import mtorsim as mt
from mtorsim.analysis.comparison_details import comparison_details
from mtorsim.errors import InputError
from mtorsim.report import COMPARISON_FILES, write_comparison
from mtorsim.report.details_tables import details_text, growth_table, shares_table, synergy_table

LOOPS = ["s6k1_irs1_feedback", "nfkb_pten_feedback"]


@pytest.fixture(scope="module")
def model():
    return mt.load("mtor-core")


@pytest.fixture(scope="module")
def comparison(model):
    contexts = ["PTEN-intact", "PTEN-lost"]
    drugs = ["everolimus", "vistusertib"]
    return mt.compare(model, drugs, contexts=contexts, loops=LOOPS, doses=24, at=["24 h"])


@pytest.fixture(scope="module")
def details(model, comparison):
    return comparison_details(model, comparison, synergy=True)


@pytest.fixture(scope="module")
def written(comparison, details, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    write_comparison(comparison, folder, details=details)
    return folder


def test_each_drug_is_explained_at_the_dose_of_its_time_courses(comparison, details):
    given = {drug: dose for entry in details.explanations for drug, dose in entry.drugs.items()}
    assert given == pytest.approx(dict(comparison.time_course_doses))
    assert [entry.contexts for entry in details.explanations] == [("PTEN-intact",)] * 2


def test_explanation_and_comparison_reach_the_same_level(comparison, details):
    for entry in details.explanations:
        (drug,) = entry.drugs
        row = comparison.row(drug, "pAKT_S473", time=86400.0, context="PTEN-intact")
        assert entry.fold == pytest.approx(row.level_at_equal_dose, rel=0.02)


def test_shares_add_up_to_the_level_reached(details):
    table = shares_table(details.explanations)
    for column in (1, 2):
        cells = [float(row[column].replace("−", "-")) for row in table.rows]
        assert sum(cells[:-1]) == pytest.approx(cells[-1], abs=0.03)


def test_growth_falls_with_dose_and_never_below_a_standstill(details):
    assert {(curve.drug, curve.context) for curve in details.growth} == {
        (drug, context)
        for drug in ("everolimus", "vistusertib")
        for context in ("PTEN-intact", "PTEN-lost")
    }
    for curve in details.growth:
        assert curve.gr[0] == pytest.approx(1.0, abs=0.02)
        assert 0.0 <= curve.gr[-1] < curve.gr[0]


def test_growth_says_that_it_is_phenomenological_and_what_is_missing(details):
    caption = growth_table(details).caption
    assert "phenomenological" in caption
    assert "Held at their level without drug: ERK." in caption


def test_every_null_model_is_named_for_every_surface(details):
    names = [row[1] for row in synergy_table(details.combination).rows]
    assert names == [*mt.NULL_MODELS.values()] * len(details.combination.surfaces)


def test_terminal_text_is_ascii_and_holds_all_three_tables(details):
    text = details_text(details)
    assert text.isascii()
    for part in ("Shapley", "GR50", "Bliss independence"):
        assert part in text


def test_files_of_the_details_stand_beside_those_of_the_comparison(written):
    names = {path.name for path in written.iterdir()}
    why = {
        f"why_{drug}_{what}.png"
        for drug in ("everolimus", "vistusertib")
        for what in ("loops", "pathway")
    }
    assert {*COMPARISON_FILES, *why, "growth.png", "combination.csv"} <= names
    assert len([name for name in names if name.startswith("surface_")]) == 2


def test_json_holds_explanations_growth_and_combination(written):
    record = json.loads((written / "comparison.json").read_text())
    assert [entry["readout"] for entry in record["explanations"]] == ["pAKT_S473"] * 2
    assert len(record["growth"]) == 4
    assert record["combination"]["drugs"] == ["everolimus", "vistusertib"]
    assert record["notes"] == []


def test_page_has_a_heading_for_every_section(written):
    html = (written / "report.html").read_text()
    for title in ("At a glance", "Why", "Growth", "everolimus and vistusertib together"):
        assert f"<h2>{title}</h2>" in html
    assert "no medical advice" in html


def test_without_loops_there_is_nothing_to_explain(model, comparison):
    bare = replace(comparison, options=replace(comparison.options, loops=()))
    assert comparison_details(model, bare).explanations == ()


def test_a_drug_that_can_not_be_explained_is_noted(model, comparison):
    none = replace(comparison, time_course_doses={"everolimus": 0.0})
    found = comparison_details(model, none)
    assert found.explanations == ()
    assert found.notes == (
        "why everolimus does what it does: dose of everolimus is 0: there is no change to explain",
    )


def test_synergy_of_one_drug_is_refused(model, comparison):
    alone = replace(comparison, options=replace(comparison.options, drugs=("everolimus",)))
    with pytest.raises(InputError, match="synergy is of two drugs, and 1 is named"):
        comparison_details(model, alone, synergy=True)
