"""The toy model of these tests, and copies of it with something changed."""

from __future__ import annotations

import shutil
from pathlib import Path

TOY_FOLDER = Path(__file__).parent / "data" / "toy"
TOY = TOY_FOLDER / "toy.toml"
RECEPTOR, KINASE, MODEL = "core/receptor.toml", "core/kinase.toml", "toy.toml"
LOOP, GLUE, DRUG = "loops/s6k_irs1.toml", "drugs/templates/glue.toml", "drugs/glueone.toml"
DRUGS = ("glueone", "gluetwo", "blocker")


def changed_toy(folder: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """The model file of a copy in which each named file has one text replaced."""
    copy = folder / "toy"
    shutil.copytree(TOY_FOLDER, copy)
    for name, (old, new) in changes.items():
        text = (copy / name).read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (copy / name).write_text(text.replace(old, new))
    return copy / "toy.toml"
