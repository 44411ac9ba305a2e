"""What docs/combinations.md shows works as it stands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.cli.main import main


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).parents[2] / "docs" / "combinations.md").read_text()


def test_its_python_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "combinations.md", "exec"), names)
    assert names["surface"].effect.shape == (26, 26)
    assert (tmp_path / "pair" / "combination.json").is_file()


def test_its_first_command_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = next(line for line in page.splitlines() if line.startswith("    mtorsim combine"))
    assert main(shlex.split(line)[1:]) == 0


def test_it_names_every_null_model_and_key_of_the_json(page, capsys):
    for null in mt.NULL_MODELS:
        assert f"`{null}`" in page
    drugs = ["everolimus", "vistusertib"]
    assert main(["combine", *drugs, "--readout", "p4EBP1", "--doses", "4", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    (surface,) = record["surfaces"]
    for key in (*record, *surface, *surface["synergy"]["loewe"], *surface["isoboles"][0]):
        assert f"`{key}`" in page or f".{key}`" in page or f"].{key}" in page, key


def test_its_links_and_pictures_exist(page):
    docs = Path(__file__).parents[2] / "docs"
    links = re.findall(r"\]\(([^)#:]+)\)", page)
    assert len(links) >= 2
    assert [link for link in links if not (docs / link).exists()] == []
