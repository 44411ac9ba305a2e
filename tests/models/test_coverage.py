"""Everything that the literature names around mTOR has its place in the full model, or a reason."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

import pytest

from mtorsim.modelfiles.compose import compose
from mtorsim.modelfiles.library import list_models, model_entry, models_folder
from mtorsim.simulate.readouts import known_readouts
from mtorsim.simulate.setting import input_names

SYSTEMS = tomllib.loads((models_folder() / "coverage.toml").read_text())["system"]
PLACES = ("reactions", "species", "inputs", "genotypes", "readouts", "loops", "drugs")


@lru_cache(maxsize=1)
def known() -> dict[str, set[str]]:
    entry = model_entry("mtor")
    network = compose("mtor")
    return {
        "reactions": set(network.reaction_ids),
        "species": set(network.species_ids),
        "inputs": set(input_names(network)),
        "genotypes": set(entry.contexts),
        "readouts": set(known_readouts(network)),
        "loops": {loop.id for loop in network.loops},
        "drugs": set(entry.drugs),
    }


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["named"][:40])
def test_every_place_in_the_table_exists(system: dict[str, object]) -> None:
    for kind in PLACES:
        names = system.get(kind, [])
        assert isinstance(names, list)
        assert set(names) <= known()[kind], kind


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["named"][:40])
def test_a_system_has_a_place_or_a_reason_to_be_out(system: dict[str, object]) -> None:
    if system["verdict"] in ("OUT", "COHORT"):
        assert system["why"]
    else:
        assert any(system.get(kind) for kind in PLACES)


def test_the_table_is_no_model() -> None:
    assert "coverage" not in {entry.path.stem for entry in list_models()}


@pytest.mark.shared
def test_the_table_has_at_least_a_row_for_each_row_of_the_checklist(shared_folder: Path) -> None:
    """Tables of the checklist hold one system a row; each section has as many rows here."""
    text = (shared_folder / "evidence" / "seed_systems.md").read_text()
    for section in re.split(r"\n## ", text)[1:5]:
        number = section.split(" ", 1)[0]
        rows = [line for line in section.splitlines() if line.startswith("|")][2:]
        ours = [system for system in SYSTEMS if system["section"].split(" ", 1)[0] == number]
        assert len(ours) >= len(rows), section.splitlines()[0]
