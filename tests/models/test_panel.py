"""The shipped panel: every mechanistic behaviour of the evidence table, and an honest split."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from mtorsim.analysis.panel_plan import plan_panel, quantities_of
from mtorsim.analysis.panel_reading import read_panel
from mtorsim.analysis.validate import baseline_path, read_baseline
from mtorsim.modelfiles.library import list_models, model_entry, models_folder

ROWS = read_panel()


def evidence(shared_folder: Path) -> dict[str, dict[str, str]]:
    with (shared_folder / "evidence" / "behaviours.csv").open(newline="") as table:
        return {row["id"]: row for row in csv.DictReader(table) if row["id"].startswith("B")}


def test_there_are_84_rows_numbered_without_a_gap() -> None:
    assert [row.id for row in ROWS] == [f"B{i:02d}" for i in range(1, 85)]


def test_a_third_of_the_rows_of_each_topic_is_held_out() -> None:
    topics = {row.topic for row in ROWS}
    for topic in topics:
        held_out = [row.set == "held-out" for row in ROWS if row.topic == topic]
        assert abs(sum(held_out) - len(held_out) / 3) <= 1, topic
    assert sum(row.set == "held-out" for row in ROWS) == 28


def test_the_full_model_can_express_every_row() -> None:
    plan = plan_panel(ROWS, model_entry("mtor"))
    assert plan.left_out == {}


@pytest.mark.shared
def test_rows_and_bands_are_those_of_the_evidence_table(shared_folder: Path) -> None:
    """The first check of each row has the band of the table, in its unit."""
    table = evidence(shared_folder)
    assert {row.id for row in ROWS} == set(table)
    for row in ROWS:
        band = (float(table[row.id]["expected_low"]), float(table[row.id]["expected_high"]))
        assert row.basis == table[row.id]["value_basis"], row.id
        assert band in {(check.low, check.high) for check in row.checks}, row.id


@pytest.mark.shared
def test_a_scoring_time_of_the_evidence_table_lies_within_the_protocol(shared_folder: Path) -> None:
    table = evidence(shared_folder)
    for row in ROWS:
        assert row.duration >= float(table[row.id]["time_h"]) * 3600 * 0.7, row.id


def test_every_quantity_names_arms_and_readouts_of_its_row() -> None:
    for row in ROWS:
        for quantity in quantities_of(row):
            assert set(quantity.arms) <= set(row.arms)
            assert quantity.end <= row.duration


def test_the_baseline_names_rows_and_models_that_exist() -> None:
    known = {row.id for row in ROWS}
    models = {entry.id for entry in list_models()}
    named = set(re.findall(r"^\[(.+)\]$", baseline_path().read_text(), flags=re.MULTILINE))
    assert named - {"explanations"} == models
    for model in models:
        assert read_baseline(model) <= known
    assert baseline_path().is_relative_to(models_folder())
