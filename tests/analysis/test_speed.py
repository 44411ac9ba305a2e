"""Regressions are named, one a line; what is only noise is not."""

import json
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.analysis.speed import SpeedRecord, measure_speed, regressions, speed_json
from mtorsim.cli.main import main


def record(*, steps: float = 100.0, ratio: float | None = 400.0) -> SpeedRecord:
    counters = {"steps": steps, "rejected": 1.0, "rhs_evaluations": 800.0, "factorisations": 101.0}
    return SpeedRecord("everolimus default", "rodas5p", "mixed", counters, 20.0, ratio)


BASELINE = speed_json([record()], {"processor": "any"})


@pytest.mark.parametrize(
    "now",
    [record(), record(steps=101.9), record(ratio=301.0), record(steps=50.0), record(ratio=None)],
)
def test_what_is_within_tolerance_or_better_is_no_regression(now: SpeedRecord) -> None:
    assert regressions([now], BASELINE) == []


def test_each_worse_figure_is_a_line() -> None:
    lines = regressions([record(steps=103.0, ratio=290.0)], BASELINE)
    assert lines == [
        "everolimus default: steps 100.0 -> 103.0 per trajectory",
        "everolimus default: ratio to SciPy 400 -> 290",
    ]


def test_problem_that_the_baseline_lacks_is_no_regression() -> None:
    assert regressions([record(steps=1e9)], {"records": []}) == []


def test_counters_are_the_same_in_every_run() -> None:
    model = mt.load("mtor-core", drugs=("everolimus", "vistusertib"))
    first, second = (measure_speed(model, repeats=1, baseline_doses=0) for _ in range(2))
    assert [r.counters for r in first] == [r.counters for r in second]
    assert all(r.counters["steps"] > 10 for r in first)
    assert {r.ratio for r in first} == {None}


def test_bench_exits_with_1_and_a_line_per_regression(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "--quick", "--counters-only", "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    measured["records"][0]["counters"]["steps"] *= 0.9
    baseline = tmp_path / "speed.json"
    baseline.write_text(json.dumps(measured))
    assert main(["bench", "--quick", "--counters-only", "--against", str(baseline)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("worse: everolimus default: steps ")


@pytest.mark.parametrize(
    ("content", "message"), [(None, "can not be read"), ("[]", "is not what mtorsim bench --json")]
)
def test_unusable_baseline_is_one_line(
    content: str | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "speed.json"
    if content is not None:
        path.write_text(content)
    assert main(["bench", "--against", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert str(path) in line
