"""``compare --synergy``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("drugs", "found"),
    [
        (["everolimus"], "1 is named"),
        (["everolimus", "sirolimus", "vistusertib"], "3 are named"),
    ],
)
def test_synergy_is_of_two_drugs(run: Run, tmp_path: Path, drugs: list[str], found: str) -> None:
    complaint = run("compare", *drugs, "--synergy", "--out", tmp_path / "out").complaint
    assert complaint == f"synergy is of two drugs, and {found}: name two"
    assert not (tmp_path / "out").exists()


def test_scores_are_printed_without_a_folder(run: Run) -> None:
    line = "compare everolimus vistusertib --doses 8 --at 2h --loop s6k1_irs1_feedback --synergy"
    outcome = run(*line.split())
    assert outcome.code == 0
    for name in ("highest single agent", "Bliss independence", "Loewe additivity"):
        assert name in outcome.out
