"""``mtorsim explain``."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.report.explanation_folder import EXPLANATION_FILES
from tests.cli.conftest import Run

QUESTION = ("explain", "everolimus", "--dose", "20nM", "--at", "24h", "--readout", "pAKT_S473")


def test_it_prints_shares_and_writes_a_folder(run: Run, tmp_path: Path) -> None:
    outcome = run(*QUESTION, "--out", tmp_path / "why")
    assert outcome.code == 0, outcome.err
    assert "S6K1 -| IRS1" in outcome.out
    for name in EXPLANATION_FILES:
        assert (tmp_path / "why" / name).stat().st_size > 0
        assert name in outcome.out
    again = run(*QUESTION, "--out", tmp_path / "why")
    assert "exists" in again.complaint


def test_json_is_for_machines(run: Run) -> None:
    found = run(*QUESTION, "--loop", "s6k1_irs1_feedback", "--json").json
    assert list(found["cut"]["share"]) == ["s6k1_irs1_feedback"]
    assert found["drugs_nM"] == {"everolimus": 20.0}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("everolimus", "vistusertib", "--dose", "20nM"), "2 drugs and 1 doses"),
        (("everolimus", "everolimus", "--dose", "1nM", "--dose", "2nM"), "is named twice"),
        (("everolimus", "--dose", "0nM"), "there is no change to explain"),
        (("everolimus", "--dose", "20 mg"), "unknown unit 'mg'"),
        (("everolimuss", "--dose", "20nM"), "did you mean 'everolimus'"),
    ],
)
def test_wrong_input_is_one_line(run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    found = run("explain", *arguments, "--at", "24h", "--readout", "pAKT_S473").complaint
    assert complaint in found
