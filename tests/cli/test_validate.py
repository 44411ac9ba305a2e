"""``mtorsim validate``: the table, the counts and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_the_table_has_a_line_a_check_and_a_count(run: Run) -> None:
    done = run("validate", "--model", "mtor-core", "--rows", "B34,B44")
    lines = done.out.splitlines()
    assert done.code == 0
    assert [line.split()[0] for line in lines[1:3]] == ["B34", "B44"]
    assert "FAIL" in lines[2]
    assert lines[-1] == "1 of 2 rows pass: 1 of 1 fitted, 0 of 1 held out"


def test_json_holds_the_counts_and_the_rows(run: Run) -> None:
    record = run("validate", "--model", "mtor-core", "--rows", "B34,B44", "--json").json
    assert (record["passed"], record["failed"], record["total"]) == (1, 1, 2)
    assert record["fit"] == [1, 1]
    assert [row["id"] for row in record["rows"]] == ["B34", "B44"]
    assert record["rows"][0]["checks"][0]["high"] == 0.05


def test_what_a_model_lacks_is_said_beside_the_table(run: Run) -> None:
    done = run("validate", "--model", "mtor-core", "--rows", "B48")
    assert done.code == 0
    assert "B48 is left out: unknown drug 'dactolisib'" in done.err


def test_a_row_that_passed_before_fails_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stored = tmp_path / "baseline.toml"
    stored.write_text('[mtor-core]\npasses = ["B04"]\n')
    monkeypatch.setattr("mtorsim.analysis.validate.baseline_path", lambda: stored)
    done = run("validate", "--model", "mtor-core", "--rows", "B04")
    assert done.code == 1
    assert "passed before: B04" in done.err


def test_an_unknown_row_is_offered_the_nearest(run: Run) -> None:
    complaint = run("validate", "--model", "mtor-core", "--rows", "B344").complaint
    assert "unknown panel row 'B344'; did you mean" in complaint


def test_pictures_are_written_named_and_not_written_over(run: Run, tmp_path: Path) -> None:
    line = ["validate", "--model", "mtor-core", "--rows", "B34", "--plot", tmp_path / "out"]
    (picture,) = run(*line).out.splitlines()[-1:]
    assert Path(picture).is_file()
    assert "exists: use --force" in run(*line).complaint
    assert run(*line, "--force").code == 0
