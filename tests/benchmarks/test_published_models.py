from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.published_models import (
    Sweep,
    errors_against,
    our_solver,
    read_sweep,
    reference,
    scattered_parameters,
    their_solver,
)
from benchmarks.published_page import MODELS, deviation, page, speeds
from benchmarks.ratios import ratios_at_most
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.imported_engine import ImportedEngine
from tests.interop.sbml_documents import Document


def test_only_constants_of_rates_are_scattered() -> None:
    document = Document().compartment()
    for name in ("k", "power", "start", "off", "idle", "ruled"):
        document.parameter(name, 2.0)
    document.initially("A", "start").always("ruled", "k * piecewise(1, time < off, 0)")
    document.species("A").reaction("R", ["A"], [], "(ruled + start) * A^power")
    model = ImportedEngine(read_sbml_text(document.text()))
    assert scattered_parameters(model) == ["k"]


def test_an_error_is_relative_to_the_peak_and_infinite_where_a_run_failed() -> None:
    wanted = np.array([[[1.0, 0.0], [4.0, 0.0]]] * 2)
    values = wanted + np.array([[[0.0, 0.0], [0.04, 1e-9]], [[0.0, np.nan], [0.0, 0.0]]])
    assert errors_against(values, wanted, 1e-6).tolist() == [pytest.approx(0.01), np.inf]
    assert deviation(values[0], wanted[0]) == pytest.approx(0.25)


def test_a_solver_that_is_better_at_its_loosest_is_timed_there() -> None:
    def record(method: str, rtol: float, error: float, time: float) -> dict[str, object]:
        return {
            "method": method,
            "rtol": rtol,
            "error_median": error,
            "us_per_trajectory": time,
        }

    theirs = [record("CVODE", 1e-3, 1e-2, 100.0), record("CVODE", 1e-5, 1e-4, 400.0)]
    ours = [record("auto", 1e-2, 1e-4, 5.0), record("auto", 1e-4, 1e-7, 20.0)]
    ratios = ratios_at_most(theirs, ours)
    assert ratios["1e-3"] == pytest.approx(200.0 / 5.0)
    assert ratios["3e-6"] is None


def test_a_page_shows_what_was_measured_and_a_dash_where_nothing_was() -> None:
    ratios = {"1e-3": 41.6, "3e-6": None, "1e-8": 9.2}
    result = {"models": {"M": {"ratios": ratios, "ratios_auto": ratios}}}
    assert speeds(result, "M") == "42 (42) | - (-) | 9 (9)"
    assert speeds(result, "N") == "- | - | -"
    text = page(["| row |"], {})
    assert "| row |" in text
    assert all(f"images/published/{name}.svg" in text for name in MODELS)


@pytest.fixture(scope="module")
def sweep(shared_folder: Path) -> Sweep:
    return read_sweep("BIOMD0000000822", 3)


@pytest.mark.shared
def test_both_engines_run_the_same_sweep(sweep: Sweep) -> None:
    pytest.importorskip("roadrunner")
    wanted = reference(sweep)
    for solve in (our_solver(sweep, "rodas5p"), their_solver(sweep)):
        assert errors_against(solve(1e-9, 3), wanted, sweep.floor).max() < 1e-6
