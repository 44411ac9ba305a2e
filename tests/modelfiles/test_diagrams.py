"""The diagram file: read, and every mistake named by line."""

from __future__ import annotations

from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.modelfiles.diagrams import load_diagram


def test_the_shipped_diagram_holds_proteins_of_the_models() -> None:
    species = mt.load("mtor").with_drugs("everolimus").network.species_ids
    components = {part.split("_")[0] for name in species for part in name.split(":")}
    known = components | {name for name in species if name.startswith("mRNA_")}
    held = [component for node in load_diagram() for component in node.holds]
    assert set(held) <= known
    assert len(held) == len(set(held))
    places = [node.at for node in load_diagram()]
    assert len(set(places)) == len(places)


def test_a_wrong_file_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_text(
        '[diagram]\ntitle = "t"\n[[node]]\nid = "A"\nholds = ["X"]\nat = [0, 1]\n'
        '[[node]]\nid = "B"\nholds = ["X"]\nat = [0, 2]\n[[node]]\nid = "C"\nhold = ["Y"]\n'
    )
    with pytest.raises(mt.ModelError) as error:
        load_diagram(file)
    first, *others = error.value.problems
    assert "d.toml:9: X is held by A already" in first
    assert any("unknown key 'hold'" in line and "did you mean 'holds'" in line for line in others)
    assert any("has no 'at'" in line for line in others)
