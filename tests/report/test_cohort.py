"""Tables, pictures and files of a cohort, each with its notice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.analysis.cohort import NOTICE
from mtorsim.report.cohort_export import cohort_csv, cohort_json
from mtorsim.report.cohort_figures import overview_figure, waterfall_figure
from mtorsim.report.cohort_folder import COHORT_FILES
from mtorsim.report.cohort_tables import (
    COMPARISON_NOTE,
    cohort_notes,
    cohort_sentences,
    cohort_tables,
    cohort_text,
    reported_table,
)
from tests.analysis.core_cohort import core_cohort


@pytest.fixture(scope="module")
def cohort() -> mt.Cohort:
    return core_cohort()


def test_the_notice_stands_first_and_under_every_table(cohort: mt.Cohort) -> None:
    text = cohort_text(cohort)
    assert text.startswith(NOTICE)
    assert text.count(NOTICE) == 1 + len(cohort_tables(cohort))
    assert text.isascii()


def test_the_notice_stands_on_every_figure_and_file(cohort: mt.Cohort) -> None:
    for figure in (waterfall_figure(cohort), overview_figure(cohort)):
        assert figure.get_suptitle() == NOTICE
    assert cohort_csv(cohort).startswith(f"# {NOTICE}\n")
    assert json.loads(cohort_json(cohort))["notice"] == NOTICE


def test_the_share_with_high_p_mtor_is_told_with_what_would_be_enough(cohort: mt.Cohort) -> None:
    said = " ".join(cohort_sentences(cohort))
    assert "p-mTOR is high in" in said
    assert "If every alteration were enough by itself it would be high in 54.5 %" in said
    assert "vistusertib slows growth more than everolimus in" in said
    assert "ERK of growth is not in mtor-core" in said


def test_every_reported_figure_is_shown_as_a_comparison(cohort: mt.Cohort) -> None:
    table = reported_table(cohort)
    assert table.caption == COMPARISON_NOTE
    rows = {row[0]: row for row in table.rows}
    assert set(rows) == {figure.id for figure in cohort.design.reported}
    assert rows["R5"][2:] == ("22.4 / 49.1 %", "–")
    assert rows["R1"][3] == f"{100 * cohort.high.mean():.2g}"


def test_doubts_are_among_the_notes(cohort: mt.Cohort) -> None:
    notes = "\n".join(cohort_notes(cohort))
    assert "PTEN loss: doubtful" in notes
    assert "R4: volumes" in notes
    assert "R6: not given here: --drug temsirolimus" in notes
    assert "takes 90 % off pS6K1_T389" in notes


def test_csv_has_a_row_per_tumour(cohort: mt.Cohort) -> None:
    lines = cohort_csv(cohort).splitlines()[1:]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    assert len(rows) == len(cohort)
    for i, row in enumerate(rows):
        assert int(row["PTEN-lost"]) == int(cohort.tumours.alterations[i, 0])
        assert int(row["p_mTOR_high"]) == int(cohort.high[i])
        left = cohort.response("everolimus").growth_left[i]
        assert float(row["growth_left_everolimus"]) == pytest.approx(left, rel=1e-5)


def test_json_holds_shares_and_figures(cohort: mt.Cohort) -> None:
    record = json.loads(cohort_json(cohort))
    assert record["format"] == "mtorsim cohort 1"
    assert record["n"] == 60
    assert record["p_mTOR_high"]["share"] == cohort.high.mean()
    assert [entry["drug"] for entry in record["drugs"]] == ["everolimus", "vistusertib"]
    assert len(record["drugs"][0]["lines"]) == 3
    assert record["reported"][4]["predicted"] == []


def test_the_waterfall_has_a_bar_for_every_tumour_in_every_panel(cohort: mt.Cohort) -> None:
    figure = waterfall_figure(cohort)
    for axes, entry in zip(figure.axes, cohort.responses, strict=True):
        assert len(axes.patches) == len(cohort)
        heights = sorted(patch.get_height() for patch in axes.patches)
        assert heights == pytest.approx(sorted(-100 * entry.inhibition))
        assert entry.drug in axes.get_title()


def test_a_folder_gets_all_files(cohort: mt.Cohort, tmp_path: Path) -> None:
    files = mt.write_cohort(cohort, tmp_path / "out")
    assert [file.name for file in files] == list(COHORT_FILES)
    assert all(file.stat().st_size > 0 for file in files)
