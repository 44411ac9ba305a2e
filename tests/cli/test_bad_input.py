"""Every kind of wrong input: one line that names it, exit code 2, and nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.modelfiles.test_bad_input import CASES
from tests.modelfiles.toy import TOY, changed_toy

SWEEP = {
    "model": "mtor-core",
    "--vary": "everolimus=1:100:3:log",
    "--at": "2h",
    "--readout": "pS6K1_T389",
}


def sweep(**changes: str) -> list[str]:
    """A sweep with some of its options changed or added."""
    options = {
        **SWEEP,
        **{f"--{name}": value for name, value in changes.items() if name != "model"},
    }
    model = changes.get("model", options.pop("model"))
    options.pop("model", None)
    return ["sweep", model, *(part for pair in options.items() for part in pair)]


# what is wrong: (command line, what the line must say)
NAMES = {
    "model": (sweep(model="mtor-cor"), "unknown model 'mtor-cor'; did you mean 'mtor-core'"),
    "model file": (sweep(model="no/such.toml"), "no/such.toml: no such model file"),
    "swept name": (
        sweep(vary="everolimos=1:9:3"),
        "unknown drug, parameter, species or input 'everolimos'; did you mean 'everolimus'",
    ),
    "dosed drug": (sweep(dose="vistusertip=5nM"), "'vistusertip'; did you mean 'vistusertib'"),
    "context": (
        sweep(context="PTEN-lots"),
        "unknown context 'PTEN-lots'; did you mean 'PTEN-lost'",
    ),
    "one of two contexts": (sweep(context="PTEN-lost+straved"), "did you mean 'starved'"),
    "readout": (
        sweep(readout="pS6K1_T398"),
        "unknown readout 'pS6K1_T398'; did you mean 'pS6K1_T389'",
    ),
    "parameter": (sweep(set="k_s6k_irs1=1"), "'k_s6k_irs1'; did you mean 'k_s6k1_irs1'"),
    "loop": (
        sweep(without="s6k_irs1_feedback"),
        "unknown loop 's6k_irs1_feedback'; did you mean 's6k1_irs1_feedback'",
    ),
    "compared drug": (
        ["compare", "everolimus", "vistusertip", "--out", "out"],
        "unknown drug 'vistusertip'; did you mean 'vistusertib'",
    ),
    "compared context": (
        ["compare", "everolimus", "--context", "PTEN-lots", "--out", "out"],
        "unknown context 'PTEN-lots'; did you mean 'PTEN-lost'",
    ),
    "compared readout": (
        ["compare", "everolimus", "--readout", "pAKT_S437", "--out", "out"],
        "unknown readout 'pAKT_S437'; did you mean 'pAKT_S473'",
    ),
    "compared loop": (
        ["compare", "everolimus", "--loop", "akt_ik", "--out", "out"],
        "unknown loop 'akt_ik'; did you mean 'akt_ikk'",
    ),
    "shown model": (["show", "mtor_core"], "unknown model 'mtor_core'; did you mean 'mtor-core'"),
    "shown drug": (["show", "mtor-core", "--drug", "sirolimu"], "did you mean 'sirolimus'"),
    "fitted readout": (
        ["dose-response", "everolimus", "--readout", "p4EBP"],
        "unknown readout 'p4EBP'; did you mean 'p4EBP1'",
    ),
    "drug of a steady state": (
        ["steady-state", "mtor-core", "--dose", "azd8005=1nM"],
        "unknown drug 'azd8005'; did you mean 'azd8055'",
    ),
}
NUMBERS = {
    "negative dose": (sweep(vary="everolimus=0,-1"), "everolimus is '-1': it can not be negative"),
    "dose that is not a number": (sweep(vary="everolimus=nan,1"), "give a finite number"),
    "word for a dose": (sweep(vary="everolimus=much,1"), "everolimus is 'much': write it like"),
    "negative lower end": (sweep(vary="everolimus=-1:10:5"), "it can not be negative"),
    "infinite upper end": (sweep(vary="everolimus=1:inf:5"), "give a finite number"),
    "negative fixed dose": (
        sweep(dose="vistusertib=-5nM"),
        "vistusertib is '-5 nM': it can not be",
    ),
    "dose in hours": (sweep(dose="vistusertib=5h"), "a concentration is wanted, like '20 nM'"),
    "dose in unknown unit": (
        sweep(dose="vistusertib=5nm"),
        "unknown unit 'nm'; did you mean 'nM'?",
    ),
    "dose of two kinds": (sweep(dose="everolimus=5nM"), "varied along an axis: choose one"),
    "empty range": (sweep(vary="everolimus=100:1:20:log"), "the range is empty, it runs from 100"),
    "range of no points": (sweep(vary="everolimus=1:100:0"), "the range is empty, 0 points"),
    "range of too many points": (sweep(vary="everolimus=1:9:99999999"), "10000000 can be had"),
    "more than memory holds": (
        [*sweep(vary="everolimus=1:9:1000000"), "--vary", "vistusertib=1:9:100000"],
        "trajectories need",
    ),
    "logarithm of 0": (sweep(vary="everolimus=0:100:9:log"), "a logarithmic range starts above 0"),
    "range in words": (sweep(vary="everolimus=low:high:9"), "'low' is not a number"),
    "no values": (sweep(vary="everolimus"), "write NAME=VALUE"),
    "unknown unit of time": (sweep(at="2fortnights"), "unknown unit 'fortnights'"),
    "time without unit word": (sweep(at="2hr"), "unknown unit 'hr'; did you mean 'h'?"),
    "time in nM": (sweep(at="2nM"), "a time is wanted, like '24 h'"),
    "negative time": (sweep(at="-2h"), "it can not be negative"),
    "time 0": (sweep(at="0h"), "time is 0: choose one after 0"),
    "parameter in another unit": (
        sweep(set="k_s6k1_irs1=1e-4 1/s"),
        "k_s6k1_irs1 is '1e-4 1/s', but its unit is 1/(nM*s)",
    ),
    "negative parameter": (sweep(set="k_s6k1_irs1=-1"), "give a finite number, not negative"),
    "parameter in words": (sweep(set="k_s6k1_irs1=fast"), "k_s6k1_irs1 is 'fast': write it like"),
    "one dose to compare": (
        ["compare", "everolimus", "--doses", "1"],
        "a log axis needs two or more",
    ),
    "doses upside down": (["compare", "everolimus", "--doses", "9:1:5"], "the lowest above 0"),
    "doses in words": (
        ["compare", "everolimus", "--doses", "many"],
        "write COUNT or LOW:HIGH:COUNT",
    ),
    "time of a comparison": (["compare", "everolimus", "--at", "2weeks"], "unknown unit 'weeks'"),
    "two contexts for one run": (
        ["simulate", "mtor-core", "--context", "PTEN-lost", "--context", "starved"],
        "write PTEN-lost+starved for both together",
    ),
    "span and times": (
        ["simulate", "mtor-core", "--at", "2h", "--time", "9h"],
        "--at and --for say the output times twice",
    ),
    "empty list of times": (["simulate", "mtor-core", "--at", ","], "--at ',': the list is empty"),
    "empty span": (["simulate", "mtor-core", "--for", ""], "span is '': write it like '24 h'"),
    "empty list of readouts": (
        ["dose-response", "everolimus", "--readout", ","],
        "--readout ',': the list is empty",
    ),
    "empty list of rows": (["validate", "--rows", ""], "--rows '': the list is empty"),
    "empty name of a folder": (
        ["compare", "everolimus", "--out", ""],
        "the name of the folder to write to is empty",
    ),
    "folder for a model": (["show", "."], ".: a file is wanted, this is a folder"),
    "two parts of a model": (
        ["show", "mtor-core", "--species", "--reactions"],
        "--species and --reactions: ask for one part at a time",
    ),
    "two times to explain": (
        ["explain", "everolimus", "--dose", "1nM", "--at", "1h,2h", "--readout", "pAKT_S473"],
        "--at 1h,2h: one time is explained, give one",
    ),
    "dose in mg": (
        ["explain", "everolimus", "--dose", "1mg", "--at", "1h", "--readout", "pAKT_S473"],
        "unknown unit 'mg': doses in mg are for a body, as of Dosing and mtorsim schedule",
    ),
    "negative seed": (
        [
            "schedule",
            "everolimus",
            "--dose",
            "10mg",
            "--for",
            "2d",
            "--patients",
            "2",
            "--seed",
            "-1",
        ],
        "seed is -1: it can not be negative",
    ),
    "nothing to respond from": (
        [
            "dose-response",
            "everolimus",
            "--readout",
            "pS6K1_T389",
            "--doses",
            "3",
            "--set",
            "S6K1_total=0",
        ],
        "the response without drug is nan",
    ),
    "no drug": (["compare"], "Missing argument 'DRUG...' (see mtorsim compare --help)"),
    "no file": (["sweep", "mtor-core", "--vary", "a=1,2", "--at", "1h"], "Missing option '--out'"),
    "unknown option": (
        ["sweep", "mtor-core", "--varry", "a=1"],
        "'--varry'. Did you mean '--vary'?",
    ),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", [*NAMES, *NUMBERS])
def test_wrong_names_and_numbers_are_one_line_and_nothing_is_written(
    run: Run, here: Path, case: str
) -> None:
    arguments, message = {**NAMES, **NUMBERS}[case]
    if arguments[0] == "sweep" and case != "no file":
        arguments = [*arguments, "--out", "sweep.csv"]
    assert message in run(*arguments).complaint
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("case", CASES)
def test_each_mistake_in_a_model_file_is_one_line_with_file_and_line(
    run: Run, here: Path, case: str
) -> None:
    name, old, new, expected = CASES[case]
    model = changed_toy(here, {name: (old, new)})
    before = sorted(here.rglob("*"))
    drugs = [part for drug in ("glueone", "gluetwo", "blocker") for part in ("--drug", drug)]
    outcome = run("show", model, *drugs)
    assert outcome.code == 2
    assert outcome.out == ""
    lines = outcome.err.splitlines()
    assert any(expected in line for line in lines), lines
    assert all(line.startswith("mtorsim: ") for line in lines)
    assert sorted(here.rglob("*")) == before


def test_a_model_file_with_one_mistake_gives_one_line(run: Run, here: Path) -> None:
    name, old, new, expected = CASES["bimolecular constant in 1/s"]
    assert (
        expected
        in run(
            "sweep", changed_toy(here, {name: (old, new)}), *sweep()[2:], "--out", "a.csv"
        ).complaint
    )
    assert not (here / "a.csv").exists()


def test_a_model_file_of_ones_own_runs(run: Run, here: Path) -> None:
    outcome = run("simulate", TOY, "--at", "1h", "--readout", "pS6K", "--json")
    assert outcome.code == 0
    assert outcome.json["readouts"] == {"pS6K": "1"}


@pytest.mark.parametrize(
    "arguments",
    [[*sweep(), "--out", "old.csv"], ["simulate", "mtor-core", "--out", "old.csv"]],
)
def test_a_file_that_exists_needs_force(run: Run, here: Path, arguments: list[str]) -> None:
    (here / "old.csv").write_text("years of work")
    assert run(*arguments).complaint == "old.csv exists; --force replaces it"
    assert (here / "old.csv").read_text() == "years of work"
    assert run(*arguments, "--force").code == 0
    assert (here / "old.csv").read_text().count("\n") > 1


def test_a_comparison_that_exists_needs_force(run: Run, here: Path) -> None:
    (here / "out").mkdir()
    (here / "out" / "report.html").write_text("years of work")
    complaint = run("compare", "everolimus", "--out", "out").complaint
    assert "out/report.html exists" in complaint
    assert "--force" in complaint
    assert [path.name for path in (here / "out").iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    "arguments",
    [
        [*sweep(), "--out", "{}/a.csv"],
        ["simulate", "mtor-core", "--out", "{}/a.csv"],
        ["compare", "everolimus", "--out", "{}"],
    ],
)
@pytest.mark.parametrize("folder", ["file/folder", "/proc/mtorsim"])
def test_a_folder_that_can_not_be_written_is_named_before_anything_is_computed(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], folder: str
) -> None:
    if folder.startswith("/proc") and not os.path.isdir("/proc/self"):
        pytest.skip("no /proc on this system")
    monkeypatch.setattr("mtorsim.simulate.kernels.kernel_of", None)
    (here / "file").write_text("not a folder")
    complaint = run(*(part.format(folder) for part in arguments)).complaint
    assert folder.split("/")[1 if folder.startswith("/") else 0] in complaint
    assert [path.name for path in here.iterdir()] == ["file"]


def test_an_ending_that_is_not_known_is_named(run: Run, here: Path) -> None:
    assert "ends in .csv or .nc" in run(*sweep(), "--out", "sweep.xlsx").complaint
    assert list(here.iterdir()) == []


def test_a_comparison_without_the_plotting_library_says_how_to_get_it(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtorsim.report.whole_folder.find_spec", lambda name: None)
    outcome = run("compare", "everolimus", "--out", "out")
    assert outcome.code == 1
    assert outcome.err == "mtorsim: matplotlib is not installed: pip install 'mtorsim[plots]'\n"
    assert list(here.iterdir()) == []
