"""The page on JSON names every key that the verbs print."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from mtorsim.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = {
    "models": "models",
    "drugs": "drugs",
    "show": "show mtor-core",
    "simulate": "simulate mtor-core --time 1h --readout pAKT_S473",
    "sweep": "sweep mtor-core --vary everolimus=1,10 --at 1h --readout pAKT_S473 --out sweep.csv",
    "validate": "validate --model mtor-core --rows B14,B46",
    "steady-state": "steady-state mtor-core --readout pAKT_S473",
    "convert": "convert mtor-core core.xml",
    "check": "check core.xml",
    "cache info": "cache info",
}


def documented(verb: str) -> str:
    """The row of a verb."""
    lines = (DOCS / "json.md").read_text().splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{verb}` |")]
    return row


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What a command prints, as a list of objects."""
    assert main([*shlex.split(command), "--json"]) in (0, 1)
    found = json.loads(capsys.readouterr().out)
    return found if isinstance(found, list) else [found]


def test_every_key_is_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for verb, command in COMMANDS.items():
        row = documented(verb)
        for entry in printed(command, capsys)[:1]:
            unknown = [key for key in entry if f"`{key}`" not in row]
            assert not unknown, (verb, unknown)


def test_every_verb_has_a_row() -> None:
    from mtorsim.cli.main import VERBS

    rows = (DOCS / "json.md").read_text()
    for verb in VERBS:
        assert f"| `{verb}` |" in rows or f"| `{verb} info` |" in rows, verb


@pytest.mark.parametrize("page", ["comparing_drugs", "dosing", "combinations", "explanation"])
def test_pages_that_are_pointed_to_have_the_section(page: str) -> None:
    target = next(
        part.split(")")[0]
        for part in (DOCS / "json.md").read_text().split("](")
        if part.startswith(f"{page}.md#")
    )
    heading = target.split("#")[1].replace("-", " ")
    titles = [
        line.lstrip("# ").lower()
        for line in (DOCS / f"{page}.md").read_text().splitlines()
        if line.startswith("## ")
    ]
    assert heading in titles
