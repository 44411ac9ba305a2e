"""The front door works as it stands."""

import re
import shlex
from pathlib import Path

import pytest

from mtorsim.cli.main import main

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text()


def test_python_of_the_readme_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["sweep"]["pAKT_S473"].shape == (200, 2)  # type: ignore[index]


def commands() -> list[str]:
    joined = TEXT.replace("\\\n", " ")
    lines = (line.split("#")[0].strip() for line in joined.splitlines())
    return [line for line in lines if line.startswith("mtorsim ")]


@pytest.mark.parametrize("line", [line for line in commands() if " compare " not in line])
def test_command_of_the_readme_runs(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(line)[1:]) == 0


def test_every_linked_page_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert len(links) > 5
    assert [link for link in links if not (README.parent / link).exists()] == []
