"""Every example of the pages on other tools runs as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from mtorsim.cli.main import main

DOCS = Path(__file__).parents[1] / "docs"


def run_page(name: str) -> dict[str, object]:
    """Run the examples of a page in order; what its Python code has defined."""
    namespace: dict[str, object] = {}
    text = (DOCS / name).read_text()
    for language, block in re.findall(r"```(python|sh)\n(.*?)```", text, flags=re.DOTALL):
        if language == "python":
            exec(block, namespace)
            continue
        for line in block.splitlines():
            program, *arguments = shlex.split(line)
            assert program == "mtorsim"
            assert main(arguments) == 0, line
    return namespace


def test_take_ours_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("roadrunner")
    monkeypatch.chdir(tmp_path)
    course = run_page("take_ours_elsewhere.md")["course"]
    assert course[-1, 1] < 0.5 * course[0, 1]  # type: ignore[index]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["core.ant", "core.xml", "demo.omex"]


def test_fit_to_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fit = run_page("fit_to_data.md")["fit"]
    assert fit.best["k"] == pytest.approx(0.7, rel=0.1)  # type: ignore[attr-defined]
    assert (tmp_path / "fit" / "waterfall.png").is_file()
