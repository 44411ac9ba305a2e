"""``mtorsim cohort``."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.report.cohort_folder import COHORT_FILES
from tests.analysis.core_cohort import FILE
from tests.cli.conftest import Run


def test_it_prints_tables_and_writes_a_folder(run: Run, tmp_path: Path) -> None:
    outcome = run(
        "cohort", FILE, "-n", 12, "--drug", "everolimus", "--drug", "vistusertib",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("Research software; no medical advice.")
    assert "a comparison, not a fit" in outcome.out
    for name in COHORT_FILES:
        assert (tmp_path / "out" / name).stat().st_size > 0


def test_the_seed_decides_the_tumours(run: Run) -> None:
    def found(seed: int) -> dict[str, object]:
        question = ("cohort", FILE, "-n", 8, "--drug", "everolimus", "--json")
        record = run(*question, "--dose", "everolimus=5nM", "--seed", seed).json
        record.pop("seconds")
        return record

    assert found(1) == found(1)
    assert found(1)["drugs"] != found(2)["drugs"]
    assert found(1)["drugs"][0]["dose_nM"] == 5.0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((FILE, "-n", 0, "--drug", "everolimus"), "a cohort of 0 tumours"),
        ((FILE, "--drug", "everolimuss"), "did you mean 'everolimus'"),
        (("hc", "--drug", "everolimus"), "unknown cohort 'hc'"),
        ((FILE,), "Missing option '--drug'"),
        ((FILE, "--drug", "everolimus", "--dose", "everolimus"), "write NAME=VALUE"),
        ((FILE, "--drug", "everolimus", "--seed", -1), "seed is -1"),
        ((FILE, "--drug", "everolimus", "--threads", 0), "threads"),
    ],
)
def test_wrong_input_is_one_line(run: Run, arguments: tuple[object, ...], complaint: str) -> None:
    assert complaint in run("cohort", *arguments).complaint


def test_a_model_that_a_cohort_is_not_for_is_named(run: Run) -> None:
    line = ("cohort", "hcc", "--drug", "everolimus", "-n", "2", "--model", "mtor-core")
    complaint = run(*line).complaint
    assert complaint.startswith("cohort hcc is for mtor: mtor-core does not take its context")
