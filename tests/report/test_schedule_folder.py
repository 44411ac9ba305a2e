"""Schedules as words, records, files and a figure."""

from __future__ import annotations

import csv
import json
from functools import lru_cache
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.report.pk_figures import schedule_figure
from mtorsim.report.schedule_folder import (
    SCHEDULE_FILES,
    schedule_records,
    schedule_text,
    write_schedules,
)


@lru_cache(maxsize=1)
def compared() -> mt.ScheduleComparison:
    return mt.compare_schedules(
        mt.load("mtor-core"),
        ["everolimus 10 mg daily", "everolimus 20 mg every 48 h"],
        span="4 d",
        readouts=["pS6K1_T389", "pAKT_S473"],
        patients=6,
    )


def test_the_text_says_exposure_occupancy_effect_and_what_it_is_not() -> None:
    text = schedule_text(compared())
    assert "everolimus in plasma: 70 mg a week" in text
    assert "FKBP12 with everolimus" in text
    assert "S6K1 pT389" in text
    assert "5 to 95 % of 6 patients:" in text
    assert "higher on average than before, never 90 % lower" in text
    assert text.rstrip().endswith("no medical advice.")


def test_the_records_are_plain_and_whole() -> None:
    records = json.loads(json.dumps(schedule_records(compared()), allow_nan=False))
    assert records["window_h"] == [0.0, 96.0]
    first = records["schedules"][0]
    assert first["dosing"] == ["everolimus 10 mg every 24 h"]
    assert first["exposures"][0]["milligrams"] == 40.0
    assert first["patients"]["n_patients"] == 6
    assert set(first["patients"]["auc"]["everolimus"]) == {"low", "median", "high"}
    assert [entry["readout"] for entry in first["effects"]] == ["pS6K1_T389", "pAKT_S473"]


def test_the_figure_has_a_panel_for_drug_targets_and_each_readout() -> None:
    panels = schedule_figure(compared()).axes
    assert len(panels) == 4
    assert panels[0].get_yscale() == "log"
    # total and unbound of either schedule
    assert len(panels[0].lines) == 4
    # patients are shaded about totals and readouts
    assert [len(panel.collections) for panel in panels] == [2, 0, 2, 2]
    assert panels[-1].get_xlabel() == "time (d)"


def test_all_files_are_written_and_not_over_others(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    files = write_schedules(compared(), folder)
    assert [file.name for file in files] == list(SCHEDULE_FILES)
    assert sorted(path.name for path in folder.iterdir()) == sorted(SCHEDULE_FILES)
    rows = list(csv.DictReader((folder / "schedule.csv").read_text().splitlines()))
    names = {row["name"] for row in rows}
    assert {"pS6K1_T389", "everolimus_in_plasma", "everolimus_unbound"} <= names
    assert {"pS6K1_T389_low", "everolimus_central_high"} <= names
    assert (folder / "schedule.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(mt.InputError, match="exists: use --force"):
        write_schedules(compared(), folder)
    assert write_schedules(compared(), folder, force=True) == files


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    with pytest.raises(mt.InputError, match="is a file"):
        write_schedules(compared(), taken)
