from __future__ import annotations

import json

import numpy as np
import pytest

from mtorsim.cli.output import check_file, print_failures, print_json, print_table
from mtorsim.errors import InputError


def test_columns_are_aligned_and_end_without_spaces(capsys):
    print_table(["name", "nM", "of"], [["a", 1.0, ("x", "y")], ["long", 12345.678, None]])
    assert capsys.readouterr().out.splitlines() == [
        "name         nM  of",
        "a             1  x, y",
        "long  1.235e+04  -",
    ]


def test_json_has_no_nan_and_no_numpy(capsys, tmp_path):
    print_json({"a": [float("nan"), np.float64(1.5), np.int8(2), np.bool_(True)], "b": tmp_path})
    assert json.loads(capsys.readouterr().out) == {"a": [None, 1.5, 2, True], "b": str(tmp_path)}


def test_a_new_file_may_be_written_and_is_not_made(tmp_path):
    check_file(tmp_path / "new" / "a.csv", suffixes=(".csv",), force=False)
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_needs_force(tmp_path):
    old = tmp_path / "a.csv"
    old.write_text("old")
    with pytest.raises(InputError, match="exists; --force replaces it"):
        check_file(old, suffixes=(".csv",), force=False)
    check_file(old, suffixes=(".csv",), force=True)
    assert old.read_text() == "old"


def test_the_ending_must_be_known(tmp_path):
    with pytest.raises(InputError, match=r"ends in \.csv or \.nc"):
        check_file(tmp_path / "a.xlsx", suffixes=(".csv", ".nc"), force=True)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        check_file(tmp_path, suffixes=(".csv",), force=True)


def test_many_failures_are_counted_after_the_first(capsys):
    assert print_failures([]) == 0
    assert print_failures([f"dose {i}" for i in range(8)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines == [*(f"mtorsim: dose {i}" for i in range(5)), "mtorsim: and 3 more failed"]
