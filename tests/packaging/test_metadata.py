from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import entry_points, version

import pytest

import mtorsim
from mtorsim.cli.main import run

# Import name of a distribution, where it is another.
IMPORTED_AS = {
    "python-libcombine": "libcombine",
    "python-libsbml": "libsbml",
    "python-libsedml": "libsedml",
    "libroadrunner": "roadrunner",
    "pillow": "PIL",
    "pyyaml": "yaml",
}


@pytest.fixture(scope="module")
def project(checkout):
    with (checkout / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def names(requirements):
    found = [re.match(r"[A-Za-z0-9_.-]+", requirement)[0] for requirement in requirements]
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in found}


def imported_packages(folder):
    """Top-level packages imported anywhere, and those imported at the head of a file."""
    anywhere, at_head = set(), set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found = {str(node.module).split(".")[0]}
            else:
                continue
            anywhere |= found
            if node in tree.body:
                at_head |= found
    ours = {*sys.stdlib_module_names, "mtorsim"}
    return anywhere - ours, at_head - ours


def test_every_import_is_declared(project, checkout):
    anywhere, at_head = imported_packages(checkout / "mtorsim")
    base = names(project["project"]["dependencies"])
    extras = set().union(*map(names, project["project"]["optional-dependencies"].values()))
    assert anywhere - base - extras == set()
    assert at_head - base - extras == set()


def test_every_dependency_is_imported(project, checkout):
    anywhere, _ = imported_packages(checkout / "mtorsim")
    assert names(project["project"]["dependencies"]) - anywhere == set()


def test_the_version_stands_in_one_place(project, checkout):
    assert project["project"]["dynamic"] == ["version"]
    assert "version" not in project["project"]
    citation = (checkout / "CITATION.cff").read_text()
    assert not re.search(r"^version:", citation, re.MULTILINE)
    assert version("mtorsim") == mtorsim.__version__


def test_the_console_script_is_the_command_line():
    (script,) = entry_points(group="console_scripts", name="mtorsim")
    assert script.load() is run


def test_public_names_exist_and_are_sorted():
    for name in mtorsim.__all__:
        assert getattr(mtorsim, name) is not None
    assert set(mtorsim.__all__) == {*mtorsim._MODULE_OF, "__version__"}
    assert dir(mtorsim) == sorted(mtorsim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        mtorsim.lod  # noqa: B018


def test_models_hold_data_only(checkout):
    assert not list((checkout / "models").rglob("*.py"))
