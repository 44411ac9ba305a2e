"""A time or dose without a unit is refused by every verb that takes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

HOURS = "24: give the unit, as in '24 h' or '24 min'"
NANOMOLAR = "20: give the unit, as in '20 nM' or '20 uM'"
COURSE = ["simulate", "mtor-core"]
SWEEP = ["sweep", "mtor-core", "--vary", "everolimus=1:9:2", "--out", "a.csv"]
WHY = ["explain", "everolimus", "--readout", "pAKT_S473"]
LOOPS = ["show", "mtor-core", "--loops"]
TUMOURS = ["cohort", "hcc", "--drug", "dactolisib", "-n", "1", "--model", "mtor-core"]
DAYS = ["schedule", "everolimus", "--dose", "10 mg"]

LINES = {
    "simulate --at": ([*COURSE, "--at", "24"], f"--at {HOURS}"),
    "simulate --at, one of two": ([*COURSE, "--at", "2h,24"], f"--at {HOURS}"),
    "simulate --for": ([*COURSE, "--for", "24"], f"--for {HOURS}"),
    "simulate --dose": ([*COURSE, "--dose", "everolimus=20"], f"--dose everolimus={NANOMOLAR}"),
    "sweep --at": ([*SWEEP, "--at", "24"], f"--at {HOURS}"),
    "sweep --dose": (
        [*SWEEP, "--at", "24h", "--dose", "vistusertib=20"],
        f"--dose vistusertib={NANOMOLAR}",
    ),
    "dose-response --at": (
        ["dose-response", "everolimus", "--readout", "pAKT_S473", "--at", "24"],
        f"--at {HOURS}",
    ),
    "compare --at": (["compare", "everolimus", "--at", "2h,24"], f"--at {HOURS}"),
    "combine --at": (
        ["combine", "everolimus", "vistusertib", "--readout", "p4EBP1", "--at", "24"],
        f"--at {HOURS}",
    ),
    "steady-state --dose": (
        ["steady-state", "mtor-core", "--dose", "everolimus=20"],
        f"--dose everolimus={NANOMOLAR}",
    ),
    "explain --at": ([*WHY, "--dose", "20nM", "--at", "24"], f"--at {HOURS}"),
    "explain --dose": ([*WHY, "--dose", "20", "--at", "24h"], f"--dose {NANOMOLAR}"),
    "show --time": ([*LOOPS, "--time", "24"], f"--time {HOURS}"),
    "show --dose": ([*LOOPS, "--dose", "everolimus=20"], f"--dose everolimus={NANOMOLAR}"),
    "cohort --dose": ([*TUMOURS, "--dose", "dactolisib=20"], f"--dose dactolisib={NANOMOLAR}"),
    "convert --time": (["convert", "mtor-core", "a.omex", "--time", "24"], f"--time {HOURS}"),
    "convert --dose": (
        ["convert", "mtor-core", "a.xml", "--dose", "everolimus=20"],
        f"--dose everolimus={NANOMOLAR}",
    ),
    "schedule --for": ([*DAYS, "--for", "24"], f"--for {HOURS}"),
    "schedule --every": ([*DAYS, "--for", "14d", "--every", "24"], f"--every {HOURS}"),
    "schedule --from": ([*DAYS, "--for", "14d", "--from", "24"], f"--from {HOURS}"),
}


@pytest.mark.parametrize("option", LINES)
def test_a_quantity_without_a_unit_is_refused_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, expected = LINES[option]
    assert run(*arguments).complaint == expected
    assert not list(tmp_path.iterdir())


def test_zero_needs_no_unit(run: Run) -> None:
    line = [*COURSE, "--at", "0,1min", "--dose", "everolimus=0", "--readout", "pS6K1_T389"]
    assert len(run(*line, "--json").json["time_h"]) == 2
