import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import dose_sweep, scaling
from benchmarks.groups import StoredGroups, stored_groups
from benchmarks.peers.base import Outcome, Peer, Prepared
from benchmarks.problems import SHARED_NETWORKS, load_problem, stored_final_state

BENCHMARKS = Path(scaling.__file__).parent


def _peer(prepare):
    return Peer("fake", "json", lambda: "1", {"only": (1e-4,)}, prepare)


def _prepare_with_error(problem, method):
    """Solutions of 1 with an error of rtol, at all times of the problem or fewer."""
    shape = (problem.n_trajectories, len(problem.t_out), len(problem.species))

    def solve(rtol, t_out):
        return Outcome(np.full(shape, 1 + rtol)[:, -len(t_out) :], steps=7.0)

    return Prepared(solve, problem.n_trajectories)


def test_a_record_holds_time_compilation_and_error():
    problem = load_problem("kinases-25", 2)
    reference = np.ones((2, len(problem.t_out), len(problem.species)))
    loose, tight = scaling.measure(
        _peer(_prepare_with_error), problem, reference, method="only", tolerances=(1e-2, 1e-4)
    )
    assert (tight["species"], tight["reactions"], tight["steps"]) == (25, 28, 7.0)
    assert [loose["error_worst"], tight["error_median"]] == pytest.approx([1e-2, 1e-4])
    assert tight["us_per_trajectory"] > 0
    assert loose["compile_seconds"] == tight["compile_seconds"] >= 0
    assert tight["error_of_peak"] is None


def test_a_peer_that_fails_leaves_its_reason(monkeypatch):
    monkeypatch.setattr(scaling, "reference_solution", lambda _: None)

    def prepare(problem, method):
        raise MemoryError

    result = scaling.run("kinases-25", [_peer(prepare)], n_trajectories=1, tolerances=(1e-4,))
    assert result["records"] == []
    assert result["not_run"] == {"fake only": "MemoryError"}


def test_each_network_has_a_file_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("MTORSIM_CACHE_DIR", "")  # put back what the command line sets
    monkeypatch.setattr(scaling, "run", lambda name, *_, **__: {"network": name})
    monkeypatch.setattr(scaling, "compile_driver", lambda: None)
    scaling.main(["--networks", "kinases-25,BCR", "--peers", "", "--json", str(tmp_path)])
    written = {file.name: json.loads(file.read_text()) for file in tmp_path.iterdir()}
    assert {name: result["network"] for name, result in written.items()} == {
        "scaling-kinases-25.json": "kinases-25",
        "scaling-BCR.json": "BCR",
    }


def test_networks_too_large_to_factor_are_left_to_our_own_choice():
    ours = Peer(scaling.OURS, "json", lambda: "1", {"auto": ()}, lambda *_: None)
    assert scaling.methods_of(ours, "fceri_gamma2") == ("auto",)
    assert scaling.methods_of(ours, "egfr_net") == ("auto", "rodas5p")
    assert scaling.methods_of(_peer(None), "egfr_net") == ("only",)


def test_errors_of_groups_are_relative_to_their_peaks():
    weights = np.array([[1.0, 1.0], [0.0, 2.0], [0.0, 0.0]])
    states = np.array([[1.0, 3.0], [2.0, 0.5]])
    groups = StoredGroups(np.array([1.0, 2.0]), weights, states @ weights.T)
    assert groups.error(states) == 0.0
    # 0.1 of one species: 0.1 in a group that peaks at 4, 0.2 in one that peaks at 6
    assert groups.error(states + np.array([[0.0, 0.0], [0.0, 0.1]])) == pytest.approx(0.2 / 6)


@pytest.mark.shared
@pytest.mark.skipif(
    not SHARED_NETWORKS.is_dir(),
    reason="the shared reference networks are not beside the checkout",
)
def test_stored_groups_end_with_the_stored_state():
    groups = stored_groups("multistate")
    assert groups.times[0] > 0
    final = stored_final_state("multistate")
    np.testing.assert_allclose(groups.weights @ final, groups.values[-1], rtol=1e-7)
    assert stored_groups("kinases-25") is None


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
