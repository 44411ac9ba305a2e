"""Every public name says what it takes, and every page is found from the README."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import mtorsim as mt

ROOT = Path(__file__).parents[2]
PUBLIC = [name for name in mt.__all__ if not name.startswith("_")]
FUNCTIONS = [name for name in PUBLIC if inspect.isfunction(getattr(mt, name))]
CLASSES = [name for name in PUBLIC if inspect.isclass(getattr(mt, name))]


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_each_parameter_is(name: str) -> None:
    function = getattr(mt, name)
    parameters = set(inspect.signature(function).parameters)
    text = inspect.getdoc(function) or ""
    assert not parameters or "Parameters\n----------" in text
    assert parameters <= names_in(text)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_says_what_each_field_and_method_is(name: str) -> None:
    kind = getattr(mt, name)
    assert kind.__doc__
    if dataclasses.is_dataclass(kind):
        bases = " ".join(base.__doc__ or "" for base in kind.__mro__ if base is not object)
        assert {field.name for field in dataclasses.fields(kind)} <= names_in(bases)
    for member, value in vars(kind).items():
        if not member.startswith("_") and (callable(value) or isinstance(value, property)):
            assert inspect.getdoc(value), member


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_page_is_linked_from_the_readme(page: str) -> None:
    assert f"(docs/{page})" in (ROOT / "README.md").read_text(encoding="utf-8")
