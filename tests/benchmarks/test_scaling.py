import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import dose_sweep, scaling
from benchmarks.peers.base import Outcome, Peer, Prepared
from benchmarks.problems import load_problem

BENCHMARKS = Path(scaling.__file__).parent


def _peer(prepare):
    return Peer("fake", "json", lambda: "1", {"only": (1e-4,)}, prepare)


def test_a_row_holds_time_compilation_and_error():
    problem = load_problem("kinases-25", 2)
    reference = np.ones((2, len(problem.t_out), len(problem.species)))

    def prepare(problem, method):
        return Prepared(lambda rtol, t_out: Outcome(reference[:, -len(t_out) :] * (1 + rtol)), 2)

    row = scaling.measure(_peer(prepare), problem, reference, rtol=1e-4)
    assert (row["species"], row["reactions"]) == (25, 28)
    assert row["error_worst"] == pytest.approx(1e-4)
    assert row["us_per_trajectory"] > 0


def test_a_peer_that_fails_leaves_its_reason(monkeypatch):
    monkeypatch.setattr(scaling, "reference_solution", lambda _: None)

    def prepare(problem, method):
        raise MemoryError

    (row,) = scaling.run(["kinases-25"], [_peer(prepare)], n_trajectories=1, rtol=1e-4)
    assert row == {"problem": "kinases-25", "peer": "fake", "not_run": "MemoryError"}


def test_a_sweep_tells_seconds_and_memory():
    row = dose_sweep.run_sweep(25, threads=1)
    assert row["trajectories"] == 25
    assert row["failed"] == 0
    assert row["seconds"] > 0
    assert row["MiB_result"] == pytest.approx(25 * 5 * 3 * 8 / 2**20)


def test_asv_finds_its_suite():
    settings = json.loads((BENCHMARKS / "asv.conf.json").read_text())
    folder = BENCHMARKS / settings["benchmark_dir"]
    assert (BENCHMARKS / settings["repo"] / "pyproject.toml").is_file()
    assert {path.stem for path in folder.glob("[a-z]*.py")} == {
        "compile",
        "load",
        "single",
        "sweep",
    }


def test_costs_that_asv_follows_are_those_of_the_sweep():
    path = BENCHMARKS / "suite" / "sweep.py"
    spec = importlib.util.spec_from_file_location("suite_sweep", path)
    suite = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    costs = suite.Costs().setup_cache()
    assert suite.Costs().track_steps(costs) == costs["steps"] > 10
    assert 0 <= suite.Costs().track_conservation_drift(costs) < 1e-3
