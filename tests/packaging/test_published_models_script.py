"""The study of published insulin models says what is missing, and draws where nothing is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "published"


def run_script(checkout: Path, *arguments: object) -> str:
    script = checkout / "scripts" / "published_models.py"
    return subprocess.run(
        [sys.executable, script, *map(str, arguments)], capture_output=True, text=True, check=True
    ).stdout


def test_missing_models_are_named(checkout: Path, tmp_path: Path) -> None:
    told = run_script(checkout, "--models-folder", tmp_path, "--out", tmp_path / "a.png")
    assert told.startswith("skipped: ")
    assert "BIOMD0000000581.xml" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared reference data beside the checkout")
def test_the_figure_is_drawn(checkout: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures" / "published.png"
    assert run_script(checkout, "--models-folder", SHARED, "--out", out).strip() == str(out)
    assert out.read_bytes().startswith(b"\x89PNG")
