"""The short studies run as they stand, here at small settings."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Study = Callable[[Sequence[str]], None]


@pytest.fixture
def study(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Study]:
    """Function of the name of a script, which gives its ``main``."""

    def load(name: str) -> Study:
        spec = importlib.util.spec_from_file_location(name, checkout / "scripts" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)  # where dataclasses look for their module
        spec.loader.exec_module(module)
        main: Study = module.main
        return main

    return load


def test_a_surface_is_scored_and_drawn(study, tmp_path, capsys):
    study("combination_surface")(["--doses", "5", "--at", "2 h", "--out", str(tmp_path)])
    told = capsys.readouterr().out
    assert "everolimus + vistusertib on p4EBP1 at 2 h" in told
    assert "Bliss independence: mean" in told
    assert (tmp_path / "combination.csv").is_file()
    assert len(list(tmp_path.glob("surface_*.png"))) == 1


def test_a_surface_is_of_two_drugs(study, capsys):
    with pytest.raises(SystemExit):
        study("combination_surface")(["everolimus"])
    assert "name two drugs" in capsys.readouterr().err


def test_doses_are_swept(study, tmp_path, capsys):
    file = tmp_path / "sweep.csv"
    study("sweep_doses")(["--doses", "8", "--at", "2 h", "--out", str(file)])
    told = capsys.readouterr().out.splitlines()
    assert "18 trajectories, none failed" in told[0]
    (row,) = [line for line in told if line.startswith("PTEN-intact") and "pS6K1_T389" in line]
    left = [float(word) for word in row.split()[2:]]
    assert left == sorted(left, reverse=True)  # a rapalog takes S6K1 away
    assert len(file.read_text().splitlines()) == 1 + 18


def test_rapalog_and_dual_inhibitor_are_compared(study, capsys):
    study("compare_rapalog_dual")(["--doses", "8"])
    told = capsys.readouterr().out
    left = {
        (words[0], words[1]): float(words[-1])
        for words in map(str.split, told.splitlines())
        if "p4EBP1" in words and "all" in words
    }
    assert len(left) == 4
    for context in ("PTEN-intact", "PTEN-lost"):
        assert left["everolimus", context] > left["vistusertib", context]


def test_feedback_is_cut_and_clamped(study, capsys):
    study("cut_feedback")(["--at", "24 h", "--loop", "s6k1_irs1_feedback"])
    told = capsys.readouterr().out.splitlines()
    folds = {line[2:38].strip(): float(line[38:]) for line in told[2:]}
    assert set(folds) == {
        "all loops on",
        "s6k1_irs1_feedback cut",
        "s6k1_irs1_feedback clamped",
    }
    # Without the brake that S6K1 puts on IRS1 a rapalog has nothing to lift.
    assert folds["s6k1_irs1_feedback cut"] < folds["all loops on"]


@pytest.mark.slow
def test_a_worked_example_is_written_with_its_picture(study, tmp_path):
    pair = "gedatolisib+pd0325901"
    study("combination_examples")(["--doses", "5", "--only", pair, "--docs", str(tmp_path)])
    page = (tmp_path / "combination_examples.md").read_text()
    assert "mtorsim combine gedatolisib pd0325901 --model mtor" in page
    assert "| ppERK | highest single agent | 25 of 25 |" in page
    assert (tmp_path / "images" / "combination_gedatolisib_pd0325901.png").is_file()


def test_an_unknown_example_is_refused(study, capsys):
    with pytest.raises(SystemExit):
        study("combination_examples")(["--only", "everolimus"])
    assert "no example everolimus" in capsys.readouterr().err
