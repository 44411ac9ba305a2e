"""Files are parsed once for each text that they hold, and citations are checked in one way."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.modelfiles import document
from mtorsim.modelfiles.growth import load_growth
from mtorsim.modelfiles.library import load_sources
from mtorsim.network.source import source_complaint

GROWTH = """
[growth]
id = "one"
title = "One arm"
[[arm]]
id = "S6K1"
readouts = ["pS6K1_T389"]
weight = { value = 1.0, unit = "1", spread = 1.5, source = "assumed", why = "a guess" }
half = { value = HALF, unit = "1", spread = 2.0, source = "assumed", why = "a guess" }
"""


def test_contexts_do_not_parse_the_sources_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mt.load_native("mtor-core").with_context("PTEN-lost")
    parsed: list[str] = []
    monkeypatch.setattr(
        document.tomllib, "loads", lambda text: parsed.append(text) or tomllib.loads(text)
    )
    model.with_context("PTEN-lost").with_genotype("PTEN-lost")
    assert parsed == []


def test_a_file_that_was_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "growth.toml"
    for half in ("1.0", "3.0"):  # as long as each other, and written within a tick of the clock
        path.write_text(GROWTH.replace("HALF", half), encoding="utf-8")
        assert load_growth(path).arms[0].half.value == float(half)


def test_sources_of_the_models_folder_hide_shipped_ones(tmp_path: Path) -> None:
    key = next(iter(load_sources()))
    for citation in ("first", "other"):
        (tmp_path / "sources.toml").write_text(f'[{key}]\ncitation = "{citation}"\n')
        assert load_sources(tmp_path)[key].citation == citation
    (tmp_path / "sources.toml").write_text("[broken\n")
    for _ in range(2):
        with pytest.raises(mt.ModelError, match=r"sources\.toml:1: not valid TOML"):
            load_sources(tmp_path)


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ("sarbassov2006", ""),
        ("assumed", ""),
        ("fitted", ""),
        ("sarbasov2006", "unknown source \"sarbasov2006\"; did you mean 'sarbassov2006'?"),
    ],
)
def test_a_citation_is_known_or_says_that_it_is_none(key: str, complaint: str) -> None:
    assert source_complaint(key, ["sarbassov2006", "haruta2000"]) == complaint
