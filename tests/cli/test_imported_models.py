"""The verbs on models from other tools: the same words, the model's own units."""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import pytest

import mtorsim as mt
from tests.cli.conftest import Run
from tests.cli.example_files import write_model

ANTIMONY = """
model switched
  compartment c = 1
  species X in c = 4
  X -> ; k * X
  k = 0.5; twice := 2 * X
  at (time >= 2): X = 8
end
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model.xml")


@pytest.fixture
def switched(tmp_path: Path) -> Path:
    path = tmp_path / "switched.ant"
    path.write_text(ANTIMONY)
    return path


def share_of_a(minutes: float, k1: float = 1.0) -> float:
    """A of the exchange of 10 items, exactly."""
    rest = 0.1 / (k1 + 0.1)
    return 10 * (rest + (1 - rest) * math.exp(-(k1 + 0.1) * minutes))


def test_a_course_is_in_the_units_of_the_file(run: Run, model: Path) -> None:
    table = run("simulate", model, "--at", "3,1h").out.splitlines()
    assert table[0].split() == ["time", "(min)", "A", "B"]
    assert [line.split()[0] for line in table[1:]] == ["3", "60"]
    found = run("simulate", model, "--at", "3", "--json").json
    assert found["time_min"] == [3.0]
    assert found["values"]["A"][0] == pytest.approx(share_of_a(3.0), rel=1e-8)
    assert found["readouts"] == {"A": "item", "B": "item"}


def test_a_sweep_writes_a_row_per_point_and_time(run: Run, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.csv"
    vary = ("--vary", "k1=0.1:10:5:log", "--vary", "A=10,20")
    done = run("sweep", model, *vary, "--at", "1,2", "--readout", "A", "--out", out)
    assert done.code == 0, done.err
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        exact = share_of_a(float(row["time_min"]), float(row["k1"])) * float(row["A"]) / 10
        assert float(row["A_readout"]) == pytest.approx(exact, rel=1e-4)


def test_a_sweep_in_netcdf_opens_again(run: Run, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.nc"
    assert run("sweep", model, "--vary", "k1=1,2", "--at", "60", "--out", out, "--quiet").code == 0
    result = mt.open_sweep(out)
    assert result.times.tolist() == [60.0]
    assert result.hours.tolist() == [1.0]
    assert result.units == ("item", "item")


def test_a_picture_that_could_not_be_read_is_refused_before_the_sweep(
    run: Run, model: Path, tmp_path: Path
) -> None:
    sweep = ("sweep", model, "--vary", "k1=1,2", "--out", tmp_path / "f.svg", "--at")
    assert run(*sweep, "1,2").code == 0
    assert "lines in a panel are too many" in run(*sweep, "1,2,3,4,5,6,7,8", "--force").complaint
    vary = ("--vary", "k1=1,2", "--vary", "k2=1:8:8")
    complaint = run("sweep", model, *vary, "--at", "1", "--out", tmp_path / "g.png").complaint
    assert "8 lines in a panel" in complaint


def test_rest_is_named_with_its_slowest_mode(run: Run, model: Path) -> None:
    found = run("steady-state", model, "--set", "k1=0.4", "--json").json
    assert found["amounts"] == pytest.approx({"A": 2.0, "B": 8.0}, rel=1e-6)
    assert found["slowest_time"] == pytest.approx(2.0, rel=1e-6)
    assert found["time_unit"] == "min"
    assert found["stable"]
    assert "a time of 2 min" in run("steady-state", model, "--set", "k1=0.4").out


def test_parts_of_a_file_are_shown(run: Run, model: Path, switched: Path) -> None:
    summary = run("show", model, "--json").json
    assert (summary["species"], summary["reactions"], summary["conserved_totals"]) == (2, 2, 1)
    assert "k1 * A" in run("show", model, "--reactions").out
    assert "dA/dt = - v_forward + v_back" in run("show", model, "--equations").out
    assert r"\frac{\mathrm{d}A}{\mathrm{d}t}" in run("show", model, "--latex").out
    units = {row["id"]: row["unit"] for row in run("show", model, "--parameters", "--json").json}
    assert units == {"k1": "1/min", "k2": "1/min"}
    assert [row["id"] for row in run("show", model, "--compartments", "--json").json] == ["c"]
    assert Path(run("show", model, "--code").out.strip()).is_file()
    text = run("show", switched, "--equations").out
    assert "twice = 2 * X" in text
    assert "at 2 <= time: X = 8" in text


def test_an_event_acts_at_its_time(run: Run, switched: Path) -> None:
    found = run("simulate", switched, "--for", "4", "--json").json
    at = dict(zip(found["time"], found["values"]["twice"], strict=True))
    assert at[2.0] == pytest.approx(16.0, rel=1e-9)
    assert at[4.0] == pytest.approx(16.0 * math.exp(-1.0), rel=1e-8)


def test_the_model_of_an_archive_runs_as_its_file_does(
    run: Run, model: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "model.omex"
    assert run("convert", model, archive).code == 0
    tables = [run("simulate", path, "--at", "3,60").out for path in (model, archive)]
    assert tables[0] == tables[1]


REFUSED = {
    "drugs": (["simulate", "--for", "1", "--dose", "everolimus=20nM"], "has no drugs"),
    "contexts": (["simulate", "--for", "1", "--context", "PTEN-lost"], "has no contexts"),
    "loops": (["show", "--without", "s6k1_irs1_feedback"], "has no feedback loops"),
    "no time": (["simulate"], "give --for or --at"),
    "another unit": (["simulate", "--for", "1", "--set", "k1=2 1/s"], "its unit is 1/min"),
    "no number": (["simulate", "--for", "1", "--set", "k1=fast"], "k1 is 'fast'"),
    "unknown name": (["steady-state", "--set", "k3=2"], "known: A, B, c, k1, k2"),
    "unknown readout": (["simulate", "--for", "1", "--readout", "Q"], "unknown readout 'Q'"),
    "parameter sets": (["simulate", "--for", "1", "--uncertainty"], "without parameter sets"),
    "negative time": (["simulate", "--at", "-1"], "time is '-1'"),
    "native verb": (["dose-response", "everolimus", "--readout", "A", "--model"], "needs drugs"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_an_imported_model_has_not_is_said_in_one_line(
    run: Run, model: Path, case: str
) -> None:
    (verb, *arguments), expected = REFUSED[case]
    place = [*arguments, model] if verb == "dose-response" else [model, *arguments]
    assert expected in run(verb, *place).complaint


BAD_FILES = {
    "missing.xml": (None, "there is no such file"),
    "cut.xml": ("<sbml", "not well-formed XML"),
    "other.xml": ("<html/>", "not SBML"),
    "bad.ant": ("model x; A -> ; k*", "not valid Antimony"),
    "bad.net": ("begin species\nend species\n", "no section 'reactions'"),
    "problem.yaml": ("format_version: 1\n", "a PEtab problem is not a model"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_can_not_be_read_is_named_in_one_line(
    run: Run, tmp_path: Path, name: str
) -> None:
    content, expected = BAD_FILES[name]
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    complaint = run("simulate", path, "--for", "1").complaint
    assert name in complaint
    assert expected in complaint


@pytest.mark.parametrize("library", ["libsbml", "antimony"])
def test_a_missing_library_is_named_with_what_installs_it(
    run: Run, switched: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    done = run("simulate", switched, "--for", "1")
    assert done.code == 1
    assert "pip install 'mtorsim[sbml]'" in done.err


def test_trajectories_that_fail_are_named_and_leave_the_others(
    run: Run, model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "f.csv"
    done = run("sweep", model, "--vary", "k1=1,nan,2", "--at", "1", "--out", out, "--quiet")
    assert done.code == 1
    assert "trajectory 1 (k1 = nan 1/min): bad_input" in done.err
    with out.open(newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["ok", "bad_input", "ok"]
