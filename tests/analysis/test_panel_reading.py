"""Panel files: what is right is read, what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.analysis.panel_reading import read_panel, select_rows
from mtorsim.errors import ModelError, UnknownNameError

GOOD = """[panel]
title = "Rapalogs"

[[row]]
id = "X1"
what = "everolimus removes pS6K1"
sources = ["choo2008"]
value_basis = "acceptance"
set = "fit"
duration = "2 h"
contexts = ["starved"]

[row.arms.treated]
drugs = { everolimus = "20 nM" }
then = [{ at = "1 h", inputs = { Insulin = "0.1 uM" } }]

[[row.check]]
readout = "pS6K1_T389"
arm = "treated"
at = "90 min"
over = { arm = "untreated", at = "0 s" }
low = 0.0
high = 0.05
"""


def panel(folder: Path, text: str) -> Path:
    path = folder / "panel.toml"
    path.write_text(text)
    return path


def test_a_row_is_read_with_its_arms_in_nanomolar_and_seconds(tmp_path: Path) -> None:
    (row,) = read_panel([panel(tmp_path, GOOD)])
    arm = row.arms["treated"]
    assert row.duration == 7200.0
    assert arm.contexts == ("starved",)
    assert [(change.time, dict(change.drugs), dict(change.inputs)) for change in arm.changes] == [
        (0.0, {"everolimus": 20.0}, {}),
        (3600.0, {}, {"Insulin": 100.0}),
    ]


def test_the_other_quantity_takes_what_it_does_not_say_from_the_check(tmp_path: Path) -> None:
    (row,) = read_panel([panel(tmp_path, GOOD)])
    check = row.checks[0]
    assert check.over is not None
    assert (check.over.readout, check.over.arms, check.over.end) == (
        "pS6K1_T389",
        ("untreated",),
        0.0,
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("high = 0.05", "high = -0.05", 22, "low is above high"),
        ('at = "90 min"', 'at = "3 h"', 20, "past the end of the protocol"),
        ('"choo2008"', '"choo2009"', 7, "did you mean 'choo2008'"),
        ('arm = "treated"', 'arm = "treatd"', 17, "did you mean 'treated'"),
        ('set = "fit"', 'set = "fitted"', 9, "unknown set"),
        ('"20 nM"', '"20 nm"', 14, "nm"),
        ("low = 0.0", "lowest = 0.0", 22, "unknown key 'lowest'"),
        ('arm = "treated"', 'measure = "peek"', 19, "did you mean 'peak'"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    path = panel(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ModelError, match=rf"panel\.toml:{line}: .*{said}"):
        read_panel([path])


def test_a_row_given_twice_is_refused(tmp_path: Path) -> None:
    again = GOOD.partition("[[row]]")[2]
    with pytest.raises(ModelError, match="X1 is given at"):
        read_panel([panel(tmp_path, f"{GOOD}\n[[row]]{again}")])


def test_an_unknown_row_is_offered_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        select_rows(read_panel(), ["B100"])
