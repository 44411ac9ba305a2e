"""``mtorsim schedule`` runs, prints and writes, and tells slips in a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtorsim.cli.main import main

BASE = ["schedule", "everolimus", "--for", "4d", "--readout", "pS6K1_T389"]


def test_two_schedules_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    extra = ["--dose", "10mg", "--every", "24h", "--against", "20mg every 48h"]
    assert main([*BASE, *extra, "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "everolimus 10 mg every 24 h" in text
    assert "everolimus 20 mg every 2 d" in text
    assert "no medical advice" in text
    assert f"written: {out / 'schedule.png'}" in text


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BASE, "--dose", "10 mg daily", "--target", "0.5", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["target_inhibition"] == 0.5
    assert record["schedules"][0]["exposures"][0]["drug"] == "everolimus"


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--dose", "10"], "no dose with a unit: write it like '10 mg'"),
        (["--dose", "10 mg daily", "--every", "12h"], "says every twice"),
        (["--dose", "10 mg daily", "--against", "10mg every 24h"], "is given twice"),
        (["--dose", "10 mg daily + everolimus 70 mg weekly"], "two doses at 0 h"),
        (["--dose", "10 mg daily", "--from", "5d"], "at or after the end"),
        (["--dose", "10 mg daily", "--target", "2"], "fraction between 0 and 1"),
        (["--dose", "azd8055 10 mg daily"], "doses in mg can be given of dactolisib"),
        (["--dose", "10 mg daily", "--equal", "dose"], "'dose' is not one of"),
        (["--dose", "10 mg daily", "--readout", "pS6K"], "unknown readout"),
    ],
)
def test_slips_are_told_in_one_line(
    extra: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*BASE, *extra]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_a_folder_that_is_full_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "schedule.csv").write_text("")
    assert main([*BASE, "--dose", "10 mg daily", "--out", str(tmp_path)]) == 2
    assert "exists: use --force" in capsys.readouterr().err


def test_a_schedule_of_nothing_gives_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BASE, "--dose", "0 mg daily"]) == 0
    assert "everolimus in plasma: 0 mg a week" in capsys.readouterr().out
