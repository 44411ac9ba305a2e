"""Bands on the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import mtorsim as mt
from tests.cli.conftest import Run
from tests.modelfiles.ensembles import toy_with_sets


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_with_sets(tmp_path_factory.mktemp("sets"))


def test_simulate_prints_bands_beside_each_readout(run: Run, toy: Path) -> None:
    line = ["simulate", toy, "--dose", "glueone=5nM", "--at", "0h,2h", "--readout", "pS6K"]
    plain, shaded = run(*line, "--json").json, run(*line, "--uncertainty", "--json").json
    assert list(shaded["values"]) == ["pS6K", "pS6K_low", "pS6K_median", "pS6K_high"]
    assert shaded["values"]["pS6K"] == plain["values"]["pS6K"]
    low, high = shaded["values"]["pS6K_low"], shaded["values"]["pS6K_high"]
    assert all(a < b for a, b in zip(low, high, strict=True))
    assert shaded["provenance"]["parameter_sets"].startswith("3 sets of 3 parameters")
    assert "pS6K_high" in run(*line, "--sets", "2").out


def test_a_sweep_is_saved_with_its_bands(run: Run, toy: Path, tmp_path: Path) -> None:
    line = ["sweep", toy, "--vary", "glueone=0,1,10", "--at", "2h", "--readout", "pS6K"]
    assert run(*line, "--uncertainty", "--out", tmp_path / "bands.csv").code == 0
    with (tmp_path / "bands.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    for row in rows:
        low, median, high = (float(row[f"pS6K_{end}"]) for end in ("low", "median", "high"))
        assert low <= median <= high
    assert run(*line, "--sets", "3", "--out", tmp_path / "bands.nc").code == 0
    assert "pS6K_median" in mt.open_sweep(tmp_path / "bands.nc").readouts


def test_dose_response_and_compare_give_ranges_unless_told_not_to(run: Run, toy: Path) -> None:
    line = ["dose-response", "blocker", "--model", toy, "--readout", "pS6K"]
    line += ["--doses", "25", "--at", "24h"]
    shaded = run(*line)
    assert "Emax of sets" in shaded.out
    assert "3 parameter sets" in shaded.out
    assert "ic50_low_of_sets_nM" in run(*line, "--json").json[0]
    assert "sets" not in run(*line, "--no-uncertainty").out


@pytest.mark.parametrize("option", [["--uncertainty"], ["--sets", "4"]])
def test_a_model_without_parameter_sets_says_so(run: Run, option: list[str]) -> None:
    outcome = run("simulate", "mtor-core", "--at", "1min", *option)
    assert "mtor-core comes without parameter sets" in outcome.complaint


def test_numbers_of_sets_that_mean_nothing_are_refused(run: Run, toy: Path) -> None:
    line = ["simulate", toy, "--at", "1min"]
    assert "'--sets': 0 is not in the range x>=1" in run(*line, "--sets", "0").complaint
    both = run(*line, "--sets", "2", "--no-uncertainty").complaint
    assert "--sets and --no-uncertainty contradict each other" in both


def test_pictures_of_runs_and_sweeps_are_shaded(run: Run, toy: Path, tmp_path: Path) -> None:
    ends = ["--readout", "pS6K,TOR_bound", "--uncertainty", "--out"]
    course = ["simulate", toy, "--dose", "glueone=5nM", "--time", "2h"]
    swept = ["sweep", toy, "--vary", "glueone=0.1:100:5:log", "--at", "1h,2h"]
    for name, line, n_bands in (("course.svg", course, 2), ("sweep.svg", swept, 4)):
        assert run(*line, *ends, tmp_path / name).code == 0
        drawn = (tmp_path / name).read_text()
        assert drawn.count('id="FillBetweenPolyCollection') == n_bands
        assert "_low" not in drawn
