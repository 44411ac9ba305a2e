import csv
import io
import json

import pytest

from mtorsim.analysis.compare import compare
from mtorsim.report.export import as_csv, as_json
from mtorsim.report.tables import (
    as_text,
    comparison_text,
    effect_table,
    loop_table,
)
from tests.analysis.synthetic_model import SyntheticModel


@pytest.fixture(scope="module")
def comparison():
    return compare(
        SyntheticModel(), ["rapalog", "dual"], contexts=["PTEN-intact", "PTEN-lost"], doses=40
    )


@pytest.fixture(scope="module")
def records(comparison):
    return list(csv.DictReader(io.StringIO(as_csv(comparison))))


def test_csv_has_a_row_per_curve_with_units_in_its_headings(comparison, records):
    assert len(records) == len(comparison.rows)
    assert {"ic50_nM", "time_h", "pS6K1_T389_equal_effect_dose_nM"} <= set(records[0])


def test_csv_holds_the_numbers_of_the_fits_in_full(comparison, records):
    for row, record in zip(comparison.rows, records, strict=True):
        assert record["readout"] == row.label.readout
        if row.fit.has_ic50:
            assert float(record["ic50_nM"]) == row.fit.ic50.value


def test_csv_is_empty_where_there_is_no_number(records):
    intact = [record for record in records if not record["loop_cut"]]
    assert all(record["loop_contribution"] == "" for record in intact)
    assert "nan" not in as_csv_text(records)


def as_csv_text(records):
    return " ".join(value for record in records for value in record.values()).lower()


def test_json_is_strict_and_holds_what_the_page_says(comparison):
    text = as_json(comparison)
    document = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert len(document["curves"]) == len(document["rows"]) == len(comparison.rows)
    assert len(document["doses"]["dual"]) == 40
    assert all(len(curve["response"]) == 40 for curve in document["curves"])
    assert document["options"]["watched"] == "pAKT_S473"
    assert document["model"]["id"] == "synthetic"
    assert len(document["answer"]) == 2


def test_json_has_null_where_a_trajectory_failed():
    dose = 1e-3
    found = compare(SyntheticModel(failing_dose=dose), ["dual"], doses=8, loops=[])
    document = json.loads(as_json(found))
    assert document["curves"][0]["response"][0] is None
    assert document["failures"]


def test_effect_table_has_a_row_per_drug_context_and_readout(comparison):
    table = effect_table(comparison)
    assert len(table.rows) == 2 * 2 * 3
    assert all(len(row) == len(table.headings) for row in table.rows)
    row = next(r for r in table.rows if r[:3] == ("dual", "PTEN-lost", "S6K1 pT389"))
    assert row[3:5] == ("50.0 (50.0 to 50.0)", "−97 %")


def test_loop_table_gives_the_dose_of_equal_effect_and_each_contribution(comparison):
    table = loop_table(comparison)
    assert table.headings[3:] == (
        "IC90 of S6K1 pT389",
        "AKT pS473 there",
        "S6K1 ⊣ IRS1",
        "NF-kB ⊣ PTEN",
    )
    row = next(r for r in table.rows if r[:3] == ("rapalog", "PTEN-intact", "24 h"))
    assert row[3:] == ("4.2 nM", "174 %", "+74", "0")


def test_an_ic90_that_is_not_reached_is_said_with_the_highest_dose():
    found = compare(SyntheticModel(), ["dual"], doses=("0.1 nM", "20 nM", 12), loops=[])
    row = loop_table(found).rows[0]
    assert row == ("dual", "2 h", "not reached by 20 nM", "–")


def test_text_for_a_terminal_is_plain_ascii_with_aligned_columns(comparison):
    text = comparison_text(comparison)
    assert text.isascii()
    lines = as_text(effect_table(comparison)).splitlines()
    rule = next(i for i, line in enumerate(lines) if set(line) == {"-", " "})
    assert {len(line) for line in lines[rule + 1 :]} == {len(lines[rule])}


def test_text_holds_question_answer_and_both_tables(comparison):
    text = comparison_text(comparison)
    assert text.startswith("Over 40 doses from 0.001 nM to 10 uM")
    assert "S6K1 -| IRS1" in text
    assert "IC90 of S6K1 pT389" in text
