"""The script of dosing schedules runs over the public names and draws its pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_script_of_dosing_schedules_runs(checkout: Path, tmp_path: Path) -> None:
    script = checkout / "scripts" / "dosing_schedule.py"
    done = subprocess.run(
        [sys.executable, script, "--pictures", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 6
    assert "10 mg daily: pS6K1_T389 -" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {
        f"dosing_{name}.png" for name in ("everolimus", "vistusertib", "switch")
    }
