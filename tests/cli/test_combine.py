"""``mtorsim combine``: tables, files, JSON, and one line for each kind of wrong input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import mtorsim as mt
from tests.cli.conftest import Run

PAIR = ("combine", "everolimus", "vistusertib")
SMALL = ("--readout", "p4EBP1", "--at", "2h", "--doses", "5")
DRUGS = ("everolimus", "vistusertib")


def test_a_line_per_null_model_is_printed(run: Run) -> None:
    outcome = run(*PAIR, *SMALL)
    assert outcome.code == 0
    for words in mt.NULL_MODELS.values():
        assert words in outcome.out
    assert "everolimus + vistusertib: effect beyond each null model" in outcome.out


def test_json_holds_levels_scores_and_isoboles(run: Run) -> None:
    record = run(*PAIR, *SMALL, "--json", "--context", "PTEN-lost").json
    assert record["drugs"] == list(DRUGS)
    assert record["model"]["id"] == "mtor-core"
    (surface,) = record["surfaces"]
    assert surface["context"] == "PTEN-lost"
    assert surface["time_s"] == 7200.0
    assert [len(dose) for dose in surface["doses_nM"]] == [6, 6]
    assert len(surface["level"]) == len(surface["level"][0]) == 6
    assert set(surface["synergy"]) == set(mt.NULL_MODELS)
    bliss = surface["synergy"]["bliss"]
    assert bliss["scored"] + sum(bliss["undefined"].values()) == bliss["cells"] == 25
    assert bliss["excess"][0][0] is None  # a drug left out is no combination
    assert set(surface["isoboles"][0]) == {"effect", "doses_nM", "alone_nM", "combination_index"}


def test_out_writes_table_data_and_a_picture_per_surface(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "pair"
    outcome = run(*PAIR, *SMALL, "--readout", "pAKT_S473", "--out", folder)
    assert outcome.code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "combination.csv",
        "combination.json",
        "surface_p4EBP1_2h_PTEN-intact.png",
        "surface_pAKT_S473_2h_PTEN-intact.png",
    ]
    assert all(str(folder / name) in outcome.out for name in names)
    with (folder / "combination.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 36
    assert {"everolimus_nM", "vistusertib_nM", "excess_bliss", "combination_index"} < set(rows[0])
    assert json.loads((folder / "combination.json").read_text())["surfaces"]
    assert "combination.csv exists: use --force" in run(*PAIR, *SMALL, "--out", folder).complaint
    assert run(*PAIR, *SMALL, "--out", folder, "--force").code == 0


def test_doses_can_be_given_by_drug(run: Run) -> None:
    given = ("--doses", "everolimus=0.1nM:0.1uM:4", "--doses", "vistusertib=1,10nM,0.1uM")
    record = run(*PAIR, "--readout", "p4EBP1", *given, "--json").json
    (surface,) = record["surfaces"]
    assert surface["doses_nM"][0] == pytest.approx([0.0, 0.1, 1.0, 10.0, 100.0])
    assert surface["doses_nM"][1] == [0.0, 1.0, 10.0, 100.0]


@pytest.mark.slow
def test_sets_add_a_range_to_table_and_json(run: Run) -> None:
    line = (*PAIR, *SMALL, "--model", "mtor", "--sets", "3")
    assert "90 % of sets" in run(*line).out
    (surface,) = run(*line, "--json").json["surfaces"]
    low, median, high = surface["synergy"]["hsa"]["mean_excess_of_sets"]
    assert low <= median <= high
    assert surface["synergy"]["hsa"]["sets"] == 3


def test_a_flat_surface_says_so_instead_of_a_score(run: Run) -> None:
    low = ("--doses", "0.00001:0.0001:5", "--readout", "p4EBP1", "--at", "2h")
    outcome = run(*PAIR, *low)
    assert outcome.code == 0
    assert "flat, no dose moves the readout by 5 % of the scale" in outcome.out
    assert "0 of 25" in outcome.out


def test_a_goal_ranks_all_pairs(run: Run) -> None:
    line = ("combine", *DRUGS, "azd8055", "--goal", "minimise p4EBP1", "--doses", "1:100:2")
    record = run(*line, "--json", "--top", "2", "--rank", "gain").json
    assert record["goal"] == "minimise p4EBP1"
    assert len(record["pairs"]) == 2
    gains = [pair["gain"] for pair in record["pairs"]]
    assert gains == sorted(gains, reverse=True)
    table = run(*line).out
    assert "everolimus + vistusertib" in table
    assert "mean of what is left, 1 without drug; best by goal" in table


CASES = {
    "one drug": (("combine", "everolimus", *SMALL), "needs two drugs, found 1 (everolimus)"),
    "no drug": (("combine", *SMALL), "needs two drugs, found 0"),
    "three drugs": ((*PAIR, "azd8055", *SMALL), "a surface is of two drugs, found 3"),
    "one drug and a goal": (
        ("combine", "everolimus", "--goal", "minimise p4EBP1"),
        "needs two drugs, found 1",
    ),
    "unknown drug": (
        ("combine", "everolimus", "vistusertb", *SMALL),
        "unknown drug 'vistusertb'; did you mean 'vistusertib'",
    ),
    "no readout": ((*PAIR,), "--readout is missing"),
    "unknown readout": ((*PAIR, "--readout", "p4EBP"), "did you mean 'p4EBP1'"),
    "unknown context": ((*PAIR, *SMALL, "--context", "PTEN-los"), "did you mean 'PTEN-lost'"),
    "dose 0 on a log axis": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "0:10:5"),
        "a logarithmic range starts above 0",
    ),
    "dose 0 in a list": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "0,1,10"),
        "is 0 nM: doses of a combination stand on a log axis",
    ),
    "negative dose": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "everolimus=-1:10:5"),
        "can not be negative",
    ),
    "a unit at one end": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "1nM:10:5"),
        "write a unit at both ends or at none",
    ),
    "another unit": ((*PAIR, "--readout", "p4EBP1", "--doses", "1mg,2mg"), "unknown unit 'mg'"),
    "no doses": ((*PAIR, "--readout", "p4EBP1", "--doses", "0"), "0 doses were asked for"),
    "doses twice": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "5", "--doses", "6"),
        "given twice",
    ),
    "doses for all and one": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "5", "--doses", "everolimus=6"),
        "for all drugs, or by drug, not both",
    ),
    "doses of nothing": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "=5"),
        "write DRUG=LOW:HIGH:COUNT",
    ),
    "doses of another drug": (
        (*PAIR, "--readout", "p4EBP1", "--doses", "azd8055=5"),
        "doses: unknown drug 'azd8055'",
    ),
    "control at full effect": ((*PAIR, *SMALL, "--control", "0"), "declare another control"),
    "goal": ((*PAIR, "--goal", "less p4EBP1"), "write it like 'minimise p4EBP1"),
    "goal with out": (
        (*PAIR, "--goal", "minimise p4EBP1", "--out", "x"),
        "--out is for the surface of two drugs",
    ),
    "goal with sets": (
        (*PAIR, "--goal", "minimise p4EBP1", "--sets", "3"),
        "--uncertainty is for the surface of two drugs",
    ),
    "sets of a model that has none": ((*PAIR, *SMALL, "--sets", "3"), "parameter sets"),
    "goal with two times": (
        (*PAIR, "--goal", "minimise p4EBP1", "--at", "1h,2h"),
        "a search reads one time, found 2",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_input_is_one_line(run: Run, case: str) -> None:
    line, said = CASES[case]
    assert said in run(*line).complaint
