"""The script of virtual tumours runs as it stands, with few tumours of a small model."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from tests.analysis.core_cohort import FILE


def test_it_prints_responders_and_writes_a_folder(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = checkout / "scripts" / "virtual_cohort.py"
    arguments = ["--cohort", str(FILE), "-n", "12", "--seed", "3", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", [str(script), *arguments])
    runpy.run_path(str(script), run_name="__main__")
    out = capsys.readouterr().out
    assert out.startswith("Research software; no medical advice.")
    assert "of 12 tumours" in out
    assert "vistusertib at" in out
    assert "with PTEN loss" in out
    assert (tmp_path / "out" / "waterfall.png").stat().st_size > 0
