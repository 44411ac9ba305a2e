"""``mtorsim show --loops``: gains at a state."""

from __future__ import annotations

import pytest

import mtorsim as mt
from tests.cli.conftest import Run


def test_loops_are_shown_with_sign_reactions_and_gain(run: Run) -> None:
    rows = {row["id"]: row for row in run("show", "mtor-core", "--loops", "--json").json}
    model = mt.load("mtor-core")
    assert list(rows) == list(model.loops)
    for found in mt.loop_gains(model):
        row, loop = rows[found.loop], model.loops[found.loop]
        assert (row["sign"], tuple(row["reactions"])) == (loop.sign, loop.reactions)
        assert row["gain"] == (pytest.approx(found.gain) if not found.note else None)


def test_the_state_is_that_of_context_drugs_and_time(run: Run) -> None:
    line = ["show", "mtor-core", "--loops", "--context", "PTEN-lost", "--dose", "everolimus=20nM"]
    out = run(*line, "--time", "24h").out
    assert "everolimus 20 nM, after 24 h in PTEN-lost" in out
    assert "everolimus 20 nM, at rest in PTEN-lost" in run(*line).out
    model = mt.load("mtor-core").with_context("PTEN-lost")
    (found,) = mt.loop_gains(
        model, loops=["s6k1_irs1_feedback"], drugs={"everolimus": 20}, at="24 h"
    )
    assert f"{found.gain:.4g}" in out


def test_a_loop_without_a_gain_says_why(run: Run) -> None:
    out = run("show", "mtor-core", "--loops", "--set", "k_mtorc1_s6k1=0").out
    assert "s6k1_irs1_feedback: the signal is absent" in out


def test_doses_and_times_go_with_loops_alone(run: Run) -> None:
    for option in (["--time", "24h"], ["--dose", "everolimus=20nM"]):
        assert "--dose and --time go with --loops" in run("show", "mtor-core", *option).complaint


def test_a_time_that_is_none_is_refused(run: Run) -> None:
    assert "24 furlong" in run("show", "mtor-core", "--loops", "--time", "24 furlong").complaint
