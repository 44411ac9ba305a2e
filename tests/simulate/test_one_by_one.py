"""Runs one after the other: how each of them ended."""

from __future__ import annotations

import numpy as np
import pytest

from mtorsim.errors import ModelError, SolverError
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.general import GeneralOptions
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.one_by_one import run_one, run_one_by_one
from mtorsim.solvers.options import Status
from tests.interop.sbml_documents import Document


def engine(document: Document) -> ImportedEngine:
    return ImportedEngine(read_sbml_text(document.text()))


ENDS = {
    "ok": (Document().parameter("x", 1.0).rate("x", "-x"), Status.OK),
    "explosion": (Document().parameter("x", 1.0).rate("x", "x^2"), Status.STEP_UNDERFLOW),
    "many steps": (Document().parameter("x", 1.0).rate("x", "cos(999*time)"), Status.MAX_STEPS),
    "events without end": (
        Document().parameter("x", 1.0).rate("x", "1").parameter("n", 0.0)
        .event("E", "n < 1", {"n": "1"}, initially_true=False)
        .event("F", "n > 0", {"n": "0"}),
        Status.MAX_STEPS,
    ),
    "negative delay": (
        Document().parameter("x", 1.0).rate("x", "1")
        .event("E", "time > 1", {"x": "1"}, delay="-1"),
        Status.BAD_INPUT,
    ),
    "no rate at the start": (
        Document().parameter("x", 0.0).rate("x", "1 / x"), Status.BAD_INPUT
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ENDS)
def test_the_status_says_how_a_run_ended(what: str) -> None:
    document, status = ENDS[what]
    model = engine(document)
    options = GeneralOptions(max_steps=300 if what == "many steps" else 20_000)
    solution = run_one_by_one(model.system, model.start(), np.array([0.5, 2.0]), options=options)
    assert solution.status.tolist() == [status]
    if status != Status.OK:
        assert np.isnan(solution.values[0, 1]).all()
        with pytest.raises((SolverError, ModelError)):
            run_one(model.system, model.start(), np.array([0.5, 2.0]), options=options)


def test_a_run_that_stopped_keeps_what_it_had_reached() -> None:
    model = engine(Document().parameter("x", 1.0).rate("x", "x^2"))
    solution = run_one_by_one(
        model.system, model.start(), np.array([0.5, 2.0]), options=GeneralOptions()
    )
    assert solution.values[0, 0, 0] == pytest.approx(2.0, rel=1e-8)  # 1 / (1 - t)
    assert solution.t_reached[0] == pytest.approx(1.0, rel=1e-6)
