import json
import sys
from types import ModuleType

import numpy as np
import pytest

from benchmarks import peers, work_precision
from benchmarks.measure import check_accuracy, take_times
from benchmarks.peers import find_peers
from benchmarks.peers.base import Outcome, Peer, Prepared
from benchmarks.problems import load_problem
from benchmarks.ratios import ratios_to, time_at_error


def _records(peer, method, rows):
    return [
        {
            "peer": peer,
            "method": method,
            "rtol": rtol,
            "error_median": error,
            "error_worst": 10 * error,
            "us_per_trajectory": us,
        }
        for rtol, error, us in rows
    ]


OURS = _records("mtorsim", "auto", [(1e-2, 1e-2, 10.0), (1e-4, 1e-4, 40.0), (1e-8, 1e-9, 640.0)])
THEIRS = _records("other", "bdf", [(1e-2, 1e-2, 1000.0), (1e-6, 1e-6, 4000.0)])


def test_time_between_tolerances_is_a_straight_line_in_logarithms():
    assert time_at_error(OURS, 1e-3) == (pytest.approx(20.0), "auto")
    assert time_at_error(OURS, 1e-4) == (pytest.approx(40.0), "auto")


def test_the_quickest_method_counts():
    slower = _records("other", "slow", [(1e-2, 1e-2, 1e5), (1e-6, 1e-6, 1e6)])
    assert time_at_error([*THEIRS, *slower], 1e-4) == (pytest.approx(2000.0), "bdf")


def test_nothing_is_extrapolated():
    assert time_at_error(THEIRS, 1e-8) is None
    assert time_at_error(OURS, 0.1) is None


def test_failures_are_not_interpolated_across():
    broken = _records("other", "bdf", [(1e-2, float("inf"), 1.0), (1e-4, 1e-5, 2.0)])
    assert time_at_error(broken, 1e-4) is None


def test_a_ratio_is_their_time_over_ours_at_the_same_error():
    ratios = ratios_to([*OURS, *THEIRS], OURS)
    assert list(ratios) == ["other"]
    assert ratios["other"]["1e-3"] == pytest.approx(2.0**0.5 * 1000 / 20)
    assert ratios["other"]["1e-8"] is None


def _exact_peer(name, values, *, error):
    def prepare(problem, method):
        if method == "broken":
            raise RuntimeError("it fell over\nand more")
        return Prepared(
            lambda rtol, t_out: Outcome(
                values[:, -len(t_out) :] * (1 + rtol * error), 5.0, solver_seconds=1e-6
            ),
            problem.n_trajectories,
        )

    return Peer(name, "json", lambda: "1.0", {"exact": (1e-3, 1e-6), "broken": (1e-3,)}, prepare)


def test_a_round_of_measurement_gives_a_record_a_tolerance():
    problem = load_problem("kinases-25", 3)
    values = np.ones((3, len(problem.t_out), len(problem.species)))
    peer = _exact_peer("fake", values, error=2.0)
    cases, not_run = check_accuracy([peer], problem, values)
    take_times(cases, problem, rounds=2, seconds=10.0)
    records = [case.record(problem) for case in cases]
    assert not_run == {"fake broken": "it fell over"}
    assert [r["rtol"] for r in records] == [1e-3, 1e-6]
    assert records[0]["error_median"] == pytest.approx(2e-3)
    assert records[0]["us_in_solver"] == pytest.approx(1 / 3)
    assert records[0]["rounds"] == 2
    assert all(r["us_per_trajectory"] > 0 and r["failed"] == 0 for r in records)


def test_a_peer_that_is_not_installed_is_named_as_missing(monkeypatch):
    module = ModuleType("benchmarks.peers.absent")
    module.PEER = Peer("absent", "no_such_library", lambda: "", {}, lambda *_: None)
    monkeypatch.setitem(sys.modules, "benchmarks.peers.absent", module)
    monkeypatch.setattr(peers, "PEER_NAMES", ("absent",))
    present, missing = find_peers(["absent"])
    assert [peer.name for peer in present] == ["mtorsim"]
    assert missing == ["absent"]


def test_an_unknown_peer_is_refused():
    with pytest.raises(SystemExit, match="unknown peer 'cupsoda'; known: scipy"):
        find_peers(["cupsoda"])


def test_result_file_holds_records_and_ratios(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("benchmarks.stored.FOLDER", tmp_path)
    problem = load_problem("kinases-25", 2)
    values = np.ones((2, len(problem.t_out), len(problem.species)))
    fakes = [_exact_peer("mtorsim", values, error=1.0), _exact_peer("fake", values, error=1.0)]
    monkeypatch.setattr(work_precision, "find_peers", lambda _: (fakes, ["amici"]))
    monkeypatch.setattr(work_precision, "reference_solution", lambda _: values)
    file, picture = tmp_path / "new" / "result.json", tmp_path / "plot.png"
    arguments = ["--model", "kinases-25", "--trajectories", "2", "--rounds", "1"]
    work_precision.main([*arguments, "--json", str(file), "--plot", str(picture)])
    result = json.loads(file.read_text())
    assert {"peer", "method", "rtol", "error_median", "error_worst", "us_per_trajectory"} < set(
        result["records"][0]
    )
    assert {"trajectories", "threads", "steps", "rhs", "factorisations"} < set(result["records"][0])
    assert set(result["ratios"]["fake"]) == {"1e-3", "3e-6", "1e-8"}
    assert result["ratios"]["fake"]["1e-8"] is None
    assert {"processor", "date", "commit", "versions", "peer_versions"} < set(result)
    assert result["missing"] == ["amici"]
    assert picture.stat().st_size > 10_000
    printed = capsys.readouterr().out
    assert "missing: amici is not installed" in printed
    assert "not run: fake broken: it fell over" in printed


def test_failed_trajectories_are_null_in_the_file(tmp_path):
    work_precision.write_json(tmp_path / "r.json", {"a": [float("inf"), 1 / 3]})
    assert json.loads((tmp_path / "r.json").read_text()) == {"a": [None, 0.333333]}
