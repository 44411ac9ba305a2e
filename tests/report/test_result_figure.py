"""Pictures of runs and sweeps show what the numbers are."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.report.result_figure import MOST_LINES, result_figure, save_figure
from mtorsim.simulate.imported_engine import ImportedEngine
from tests.interop.sbml_documents import Document


@pytest.fixture(scope="module")
def decay() -> mt.ImportedModel:
    document = Document().compartment().parameter("k", 0.5, constant=True)
    document.species("X", amount=8.0, in_amount=True).reaction("R", ["X"], [], "k * X")
    document.model.getParameter(0).setUnits("hertz")
    document.model.setTimeUnits("second")
    return mt.ImportedModel(ImportedEngine(read_sbml_text(document.text())))


def test_a_run_is_drawn_over_its_own_time(decay: mt.ImportedModel) -> None:
    run = decay.simulate(4.0, readouts=["X", "R"])
    (axes,) = result_figure(run).axes
    assert axes.get_xlabel() == "time (s)"
    for line, name in zip(axes.get_lines(), ("X", "R"), strict=True):
        assert line.get_label() == name
        np.testing.assert_array_equal(line.get_xdata(), run.times)
        np.testing.assert_array_equal(line.get_ydata(), run[name])


def test_a_sweep_is_drawn_over_its_first_axis_with_a_line_per_time(
    decay: mt.ImportedModel,
) -> None:
    result = decay.sweep({"k": [1.0, 0.1, math.nan, 10.0]}, at=[1.0, 2.0])
    (axes,) = result_figure(result).axes
    assert (axes.get_xscale(), axes.get_ylabel()) == ("log", "X")
    first, second = axes.get_lines()
    assert (first.get_label(), second.get_label()) == ("1 s", "2 s")
    assert first.get_xdata()[:3].tolist() == [0.1, 1.0, 10.0]
    np.testing.assert_array_equal(first.get_ydata()[:3], result["X"][[1, 0, 3], 0])
    assert np.isnan(second.get_ydata()[3])


def test_lines_name_the_other_axes(decay: mt.ImportedModel) -> None:
    result = decay.sweep({"k": [0.1, 1.0], "X": [1.0, 2.0]}, at=1.0)
    (axes,) = result_figure(result).axes
    assert [line.get_label() for line in axes.get_lines()] == ["X = 1", "X = 2"]


def test_more_lines_than_can_be_told_apart_are_refused(decay: mt.ImportedModel) -> None:
    result = decay.sweep({"k": [0.1, 1.0]}, at=np.arange(1.0, MOST_LINES + 2))
    with pytest.raises(mt.InputError, match="8 lines in a panel are too many"):
        result_figure(result)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_written_whole_and_not_over_another(
    decay: mt.ImportedModel, tmp_path: Path, ending: str
) -> None:
    run = decay.simulate(4.0)
    path = save_figure(run, tmp_path / f"course.{ending}")
    assert path.read_bytes()[:4] in (b"\x89PNG", b"<?xm", b"%PDF")
    with pytest.raises(mt.InputError, match="exists"):
        save_figure(run, path)
    save_figure(run, path, force=True)
    with pytest.raises(mt.InputError, match=r"ends in \.png"):
        save_figure(run, tmp_path / "course.jpeg")


def test_without_matplotlib_the_extra_is_named(
    decay: mt.ImportedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(mt.MissingExtraError, match=r"mtorsim\[plots\]"):
        result_figure(decay.simulate(1.0))
