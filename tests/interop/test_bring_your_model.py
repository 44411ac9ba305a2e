"""The examples of the page on imported models run as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from mtorsim.cli.main import main

TEXT = (Path(__file__).parents[2] / "docs" / "bring_your_model.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def names(folder: Path) -> dict[str, object]:
    """What the Python blocks leave behind."""
    found: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in blocks("python"):
            exec(compile(block, "bring_your_model.md", "exec"), found)
    return found


def test_python_of_the_page_says_what_its_comments_say(names: dict[str, object]) -> None:
    course, sweep, rest = names["course"], names["sweep"], names["rest"]
    at = dict(zip(course.times.tolist(), course["pS6K"].tolist(), strict=True))  # type: ignore[attr-defined,index]
    assert at[60.0] < at[29.7]  # less kinase after the event
    assert sweep.provenance["engine"] == "lanes"  # type: ignore[attr-defined]
    assert sweep["pS6K"].shape == (1000, 2)  # type: ignore[index]
    assert np.isfinite(sweep["pS6K"]).all()  # type: ignore[index]
    assert sweep.conservation_drift.max() < 1e-9  # type: ignore[attr-defined]
    assert 0 < rest["active"] < 1  # type: ignore[index]
    assert names["model"].time_unit == "min"  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", blocks("sh")[0].splitlines())
def test_commands_of_the_page_run(
    names: dict[str, object], folder: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names
    monkeypatch.chdir(folder)
    arguments = shlex.split(line)[1:]
    assert main(arguments) == 0
    if "--out" in arguments:
        assert (folder / arguments[arguments.index("--out") + 1]).stat().st_size > 0
