"""The toy model with parameter sets of its own."""

from __future__ import annotations

from pathlib import Path

from tests.modelfiles.toy import changed_toy

HEAD = "# model: toy\n# seed: 3\n# rule: drawn by hand\n"
SETS = HEAD + "score,k_s6k,TOR_total,Kd_glueone\n1.5,1e-3,4,5\n2.5,2e-3,8,8\n2.0,3e-3,6,2\n"


def toy_with_sets(folder: Path, text: str = SETS) -> Path:
    """The model file of a copy of the toy model that comes with these parameter sets."""
    model = changed_toy(folder, {})
    (model.parent / "ensembles").mkdir()
    (model.parent / "ensembles" / "toy.csv").write_text(text)
    return model
