"""The verbs do what their help says; every example in a help text works as it stands."""

from __future__ import annotations

import csv
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pytest
from _pytest.mark import ParameterSet

import mtorsim as mt
from mtorsim.cli.main import VERBS, commands, main
from mtorsim.report import COMPARISON_FILES
from tests.cli.conftest import Run
from tests.cli.example_files import EXAMPLE_FILES

SLOW_VERBS = ("compare", "cohort", "bench", "validate")
READOUTS = ["--readout", "pS6K1_T389,pAKT_S473"]


def example_lines(command: click.Command) -> Iterator[str]:
    """Command lines of a help text, continuation lines joined."""
    text = (command.epilog or "").replace("\\\n", " ")
    yield from (line.strip() for line in text.splitlines() if line.strip().startswith("mtorsim "))


def all_examples() -> list[ParameterSet]:
    context = click.Context(commands)
    found = [commands]
    for verb in VERBS:
        command = commands.get_command(context, verb)
        found += [command, *getattr(command, "commands", {}).values()]
    lines = dict.fromkeys(line for command in found for line in example_lines(command))
    return [
        pytest.param(line, marks=[pytest.mark.slow] if line.split()[1] in SLOW_VERBS else [])
        for line in lines
    ]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("line", all_examples())
def test_every_example_works(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    if "cache" in line:
        monkeypatch.setenv("MTORSIM_CACHE_DIR", str(here / "cache"))
    arguments = shlex.split(line)[1:]
    for name in arguments[1:2]:
        if name in EXAMPLE_FILES:
            EXAMPLE_FILES[name](here / name)
    outcome = run(*arguments)
    assert outcome.code == 0, outcome.err
    assert outcome.err == ""
    if "--out" in arguments:
        assert (here / arguments[arguments.index("--out") + 1]).exists()


def test_models_and_drugs_are_listed_as_table_and_json(run: Run) -> None:
    assert "mtor-core" in run("models").out
    models = {entry["id"]: entry for entry in run("models", "--json").json}
    assert Path(models["mtor-core"]["path"]).is_file()
    table = run("drugs").out
    drugs = {entry["id"]: entry for entry in run("drugs", "--json").json}
    assert "mtor-core" in drugs["everolimus"]["models"]
    for drug, entry in drugs.items():
        assert drug in table
        assert entry["title"] in table
        assert entry["models"] == [name for name in models if drug in models[name]["drugs"]]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("--reactions", "s6k1_phosphorylates_irs1_free"),
        ("--equations", "d[IRS1]/dt ="),
        ("--latex", r"\begin{align*}"),
        ("--parameters", "k_s6k1_irs1"),
        ("--loops", "s6k1_irs1_feedback"),
        ("--species", "S6K1_pT389"),
        ("--readouts", "pAKT_S473"),
        ("--moieties", "total AKT"),
    ],
)
def test_show_prints_a_part(run: Run, part: str, expected: str) -> None:
    outcome = run("show", "mtor-core", part)
    assert outcome.code == 0
    assert expected in outcome.out
    assert expected in str(run("show", "mtor-core", part, "--json").json)


def test_show_names_what_other_commands_take(run: Run) -> None:
    out, summary = run("show", "mtor-core").out, run("show", "mtor-core", "--json").json
    model = mt.load("mtor-core")
    assert summary["species"] == len(model.network.dynamic_species)
    for kind in ("drugs", "contexts", "loops", "readouts"):
        assert summary[kind]
        for name in summary[kind]:
            assert name in out


def test_show_code_prints_a_file_that_python_can_read(run: Run) -> None:
    path = Path(run("show", "mtor-core", "--code").out.strip())
    text = path.read_text()
    compile(text, path, "exec")
    assert "s6k1_phosphorylates_irs1_free" in text


def test_show_prints_the_values_of_the_context(run: Run) -> None:
    def gene_dose(*options: str) -> float:
        rows = run("show", "mtor-core", "--parameters", "--json", *options).json
        return next(row["value"] for row in rows if row["id"] == "PTEN_gene_dose")

    assert gene_dose("--context", "PTEN-lost") == pytest.approx(0.05 * gene_dose())


def test_a_sweep_has_a_row_per_dose_and_time(run: Run, here: Path) -> None:
    line = "sweep mtor-core --vary everolimus=0.1:10:3:log --at 2h,24h --out a.csv"
    outcome = run(*line.split(), *READOUTS)
    assert outcome.code == 0
    assert outcome.out.startswith("a.csv: 3 trajectories, none failed")
    rows = rows_of(here / "a.csv")
    assert list(rows[0]) == ["everolimus", "time_h", "pS6K1_T389", "pAKT_S473", "status"]
    points = [(float(row["everolimus"]), float(row["time_h"])) for row in rows]
    assert points == [(dose, time_h) for dose in (0.1, 1.0, 10.0) for time_h in (2.0, 24.0)]
    assert {row["status"] for row in rows} == {"ok"}


def test_a_sweep_is_that_of_python(run: Run, here: Path) -> None:
    line = (
        "sweep mtor-core --vary everolimus=1nM:1uM:4:log --dose vistusertib=50nM --at 90min "
        "--context PTEN-lost+starved --without s6k1_irs1_feedback --set k_s6k1_irs1=1e-4 "
        "--set insulin_dose=1nM --readout pAKT_S473 --out a.nc"
    )
    assert run(*line.split()).code == 0
    model = mt.load("mtor-core").with_context("PTEN-lost", "starved")
    model = model.without("s6k1_irs1_feedback").with_parameters(
        k_s6k1_irs1=1e-4, insulin_dose="1 nM"
    )
    expected = model.sweep(
        {"everolimus": mt.doses(1, 1000, 4)},
        drugs={"vistusertib": 50},
        at="90 min",
        readouts="pAKT_S473",
    )
    np.testing.assert_allclose(mt.open_sweep("a.nc")["pAKT_S473"], expected["pAKT_S473"], rtol=1e-9)


def test_contexts_are_swept_side_by_side(run: Run, here: Path) -> None:
    line = "sweep mtor-core --vary everolimus=1,10 --at 2h --out a.csv"
    contexts = ["--context", "PTEN-intact", "--context", "PTEN-lost+starved"]
    assert run(*line.split(), *READOUTS, *contexts).code == 0
    rows = rows_of(here / "a.csv")
    assert [row["context"] for row in rows] == ["PTEN-intact"] * 2 + ["PTEN-lost+starved"] * 2


def test_names_vary_together_when_asked(run: Run, here: Path) -> None:
    line = (
        "sweep mtor-core --vary everolimus=1,10 --vary vistusertib=5,50 --zip --at 2h --out a.csv"
    )
    assert run(*line.split(), *READOUTS).code == 0
    pairs = [(row["everolimus"], row["vistusertib"]) for row in rows_of(here / "a.csv")]
    assert pairs == [("1.0", "5.0"), ("10.0", "50.0")]


def test_parameters_and_initial_amounts_can_vary(run: Run, here: Path) -> None:
    line = "sweep mtor-core --vary k_s6k1_irs1=1e-5,1e-4 --vary IRS1=10,20 --at 2h --out a.csv"
    assert run(*line.split(), *READOUTS).code == 0
    assert len(rows_of(here / "a.csv")) == 4


def test_a_trajectory_that_fails_is_named_and_the_others_are_kept(run: Run, here: Path) -> None:
    line = "sweep mtor-core --vary k_s6k1_irs1=1e-5,1e300 --dose everolimus=1nM --at 2h --out a.csv"
    outcome = run(*line.split(), *READOUTS)
    assert outcome.code == 1
    assert outcome.err.startswith("mtorsim: trajectory 1 (k_s6k1_irs1 = 1e+300")
    assert len(outcome.err.splitlines()) == 1
    good, bad = rows_of(here / "a.csv")
    assert good["status"] == "ok"
    assert bad["status"] != "ok"
    assert float(good["pS6K1_T389"]) > 0
    assert bad["pS6K1_T389"] in ("", "nan")


def test_quiet_prints_nothing(run: Run, here: Path) -> None:
    line = "sweep mtor-core --vary everolimus=1,2 --at 2h --out a.csv --quiet"
    assert run(*line.split(), *READOUTS).out == ""


def test_a_sweep_as_json_says_what_was_done(run: Run, here: Path) -> None:
    line = "sweep mtor-core --vary everolimus=1,2 --at 2h --out a.csv --json"
    report = run(*line.split(), *READOUTS).json
    assert report["out"] == "a.csv"
    assert report["trajectories"] == 2
    assert report["failed"] == 0
    assert report["provenance"]["model"] == "mtor-core"


def test_a_run_is_a_table_of_times(run: Run) -> None:
    outcome = run("simulate", "mtor-core", "--at", "0h,2h", "--dose", "everolimus=20nM", *READOUTS)
    header, start, end = (line.split() for line in outcome.out.splitlines())
    assert header == ["time", "(h)", "pS6K1_T389", "pAKT_S473"]
    assert float(start[0]) == 0
    assert float(end[0]) == 2
    assert float(end[1]) < 0.1 * float(start[1])


def test_a_run_as_json_has_its_values(run: Run) -> None:
    report = run("simulate", "mtor-core", "--time", "2h", "--json", *READOUTS).json
    assert report["time_h"][-1] == 2
    assert len(report["values"]["pAKT_S473"]) == len(report["time_h"])


def test_a_steady_state_is_the_late_end_of_a_run(run: Run) -> None:
    dose = ["--dose", "everolimus=20nM", "--json"]
    state = run("steady-state", "mtor-core", *dose, *READOUTS).json
    late = run("simulate", "mtor-core", "--at", "100d", *dose, *READOUTS).json
    assert state["stable"] is True
    for name, value in state["readouts"].items():
        assert late["values"][name][-1] == pytest.approx(value, rel=1e-3)


def test_a_dose_response_says_the_ic50(run: Run) -> None:
    line = "dose-response everolimus --readout pS6K1_T389 --at 2h --doses 0.01:100:30"
    (record,) = run(*line.split(), "--json").json
    assert 0.1 < record["ic50_nM"] < 10
    assert record["emax_share_of_control"] < -0.9
    assert "IC50 (nM)" in run(*line.split()).out


def test_a_comparison_writes_its_files_and_says_where(run: Run, here: Path) -> None:
    line = "compare everolimus vistusertib --doses 12 --at 2h --loop s6k1_irs1_feedback --out out"
    outcome = run(*line.split())
    assert outcome.code == 0
    why = [
        f"why_{drug}_{what}.png"
        for drug in ("everolimus", "vistusertib")
        for what in ("loops", "pathway")
    ]
    files = [*COMPARISON_FILES, *why, "growth.png"]
    assert sorted(path.name for path in (here / "out").iterdir()) == sorted(files)
    for name in files:
        assert f"  out/{name}\n" in outcome.out
    assert f"mtorsim {line}" in (here / "out" / "report.html").read_text()


def test_a_comparison_as_json_is_json(run: Run) -> None:
    line = "compare everolimus --doses 12 --at 2h --loop s6k1_irs1_feedback --context PTEN-lost"
    report = run(*line.split(), "--json").json
    assert report["options"]["drugs"] == ["everolimus"]
    assert report["options"]["contexts"] == ["PTEN-lost"]


def test_an_interrupt_of_a_comparison_leaves_nothing(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mt, "compare", interrupted, raising=False)
    outcome = run("compare", "everolimus", "--out", "out")
    assert outcome.code == 130
    assert outcome.err.strip() == "mtorsim: interrupted; nothing was written"
    assert list(here.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_stops_a_sweep_at_once_and_keeps_what_is_done(here: Path) -> None:
    line = (
        "sweep mtor-core --vary everolimus=0.01:1000:2000:log --vary insulin_dose=0.1:100:2000:log "
        "--at 24h --readout pS6K1_T389 --out a.csv"
    )
    # What the sweep needs is compiled before, so that the signal meets it at work.
    assert main([*line.replace(":2000:", ":2:").replace("a.csv", "b.csv").split()]) == 0
    code = (
        "import sys\nfrom mtorsim.simulate import run\nfrom mtorsim.cli.main import main\n"
        "tell = run._Runner._tell\n"
        "def telling(self, more):\n"
        "    tell(self, more)\n"
        "    if self.n_finished > 8192: print('working', flush=True)\n"
        "run._Runner._tell = telling\nsys.exit(main(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *line.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert "mtorsim: interrupted; kept: a.csv (" in err
    assert "of 4000000 trajectories)" in err
    assert "Traceback" not in err
    rows = rows_of(here / "a.csv")
    assert 0 < len(rows) < 4_000_000
    assert {row["status"] for row in rows} == {"ok"}


def test_a_share_of_nothing_is_said(run, tmp_path):
    """Total S6K1 is 0, so that its phosphorylated share is 0 over 0."""
    share, of = ("--readout", "pS6K1_T389"), ("--set", "S6K1_total=0")
    line = "mtorsim: warning: pS6K1_T389 is not a number: what it is a share of is 0\n"
    assert run("simulate", "mtor-core", "--at", "1min", *share, *of).err == line
    assert run("steady-state", "mtor-core", *share, *of).err == line
    out = ("--at", "1min", "--out", tmp_path / "a.csv", "--quiet")
    done = run("sweep", "mtor-core", "--vary", "S6K1_total=0,5,10", *share, *out)
    assert done.code == 0
    assert "in 1 of 3 trajectories" in done.err
