"""Tables and pictures of an explanation say what it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.modelfiles.diagrams import load_diagram
from mtorsim.report.explanation_figures import loops_figure
from mtorsim.report.explanation_folder import EXPLANATION_FILES
from mtorsim.report.explanation_tables import (
    explanation_json,
    explanation_tables,
    explanation_text,
    loop_table,
)
from mtorsim.report.pathway_diagram import fold_text, pathway_figure
from mtorsim.report.pathway_graph import PathwayGraph, pathway_graph

FEEDBACK = "s6k1_irs1_feedback"


@pytest.fixture(scope="module")
def explanation() -> mt.Explanation:
    return mt.explain(mt.load("mtor-core"), {"everolimus": "20 nM"}, at="24 h", readout="pAKT_S473")


@pytest.fixture(scope="module")
def graph(explanation: mt.Explanation) -> PathwayGraph:
    return pathway_graph(explanation.change, drugs=["everolimus"])


def test_text_is_plain_ascii_with_every_table(explanation: mt.Explanation) -> None:
    text = explanation_text(explanation)
    assert text.isascii()
    for table in explanation_tables(explanation):
        assert table.headings[0] in text
    assert "S6K1 -| IRS1" in text
    assert "AKT pS473 under everolimus 20 nM for 24 h in PTEN-intact" in text


def test_columns_of_shares_add_up(explanation: mt.Explanation) -> None:
    rows = {row[0]: row[1:] for row in loop_table(explanation).rows}
    loops = [row for name, row in rows.items() if name not in ("level reached",)][:-2]
    for column in (2, 5):
        shares = [float(row[column].replace("−", "-")) for row in loops]
        total = float(rows["all loops"][column].replace("−", "-"))
        assert sum(shares) == pytest.approx(total, abs=0.005 * len(shares))


def test_json_holds_every_setting_by_the_loops_that_act(explanation: mt.Explanation) -> None:
    record = json.loads(explanation_json(explanation))
    assert record["format"] == "mtorsim explanation 1"
    for kind, game in (("cut", explanation.cut), ("clamped", explanation.clamped)):
        assert len(record[kind]["after"]) == 2 ** len(game.loops)
        assert record[kind]["after"][""] == game.after[0]
        assert record[kind]["after"]["+".join(game.loops)] == game.after[-1]
        assert record[kind]["share"][FEEDBACK] == game.shares[game.loops.index(FEEDBACK)]


def test_the_graph_has_the_pathway_with_its_signs(graph: PathwayGraph) -> None:
    signs = {(e.source, e.target): e.sign for e in graph.influences}
    for pair in [("IRS1", "PI3K"), ("PI3K", "PIP3"), ("PDK1", "AKT"), ("mTORC2", "AKT")]:
        assert signs[pair] == 1, pair
    for pair in [("AKT", "TSC"), ("TSC", "Rheb"), ("PTEN", "PIP3"), ("S6K1", "IRS1")]:
        assert signs[pair] == -1, pair
    assert signs["mTORC1", "S6K1"] == 1
    assert signs["FKBP12", "mTORC1"] == -1


def test_loops_are_on_the_influences_that_close_them(graph: PathwayGraph) -> None:
    closing = {(e.source, e.target): e.loops for e in graph.influences if e.loops}
    assert closing["S6K1", "IRS1"] == (FEEDBACK,)
    assert closing["NF-κB", "CBP"] == ("nfkb_pten_feedback",)


def test_drive_does_not_hang_on_the_amount_of_the_target(
    explanation: mt.Explanation, graph: PathwayGraph
) -> None:
    change = explanation.change
    more = change.after.copy()
    more[change.species.index("TSC2")] *= 10
    scaled = pathway_graph(replace(change, after=more), drugs=["everolimus"])
    before = {(e.source, e.target): e.after for e in graph.influences}
    after = {(e.source, e.target): e.after for e in scaled.influences}
    assert after["AKT", "TSC"] == before["AKT", "TSC"]
    assert after["TSC", "Rheb"] > 2 * before["TSC", "Rheb"]


def test_what_the_drug_brings_is_new_and_the_rest_has_a_change(graph: PathwayGraph) -> None:
    assert np.isposinf(graph.activity["everolimus"])
    assert graph.activity["S6K1"] < -2
    assert graph.activity["AKT"] > 0
    assert set(graph.places) == set(graph.activity)


def test_a_protein_that_the_diagram_does_not_place_gets_a_place_of_its_own(
    explanation: mt.Explanation,
) -> None:
    nodes = [node for node in load_diagram() if node.id != "S6K1"]
    found = pathway_graph(explanation.change, drugs=["everolimus"], nodes=nodes)
    assert found.places["S6K1"] not in {node.at for node in nodes}
    assert len(set(found.places.values())) == len(found.places)


def test_figures_name_what_they_show(explanation: mt.Explanation) -> None:
    pathway = pathway_figure(explanation)
    words = [text.get_text() for text in pathway.axes[0].texts]
    assert any(word.startswith("AKT\n×") for word in words)
    assert "everolimus" in words
    loops = loops_figure(explanation)
    for axes in loops.axes:
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert labels[0] == "no drug"
        assert labels[-1] == "reached"
        assert "S6K1 ⊣ IRS1" in labels


def test_multiples_are_told_in_two_figures() -> None:
    assert fold_text(1.0) == "×2"
    assert fold_text(np.log2(0.0333)) == "×0.033"
    assert fold_text(-np.inf) == "gone"
    assert fold_text(np.inf) == "new"


def test_a_folder_gets_all_files_or_none(explanation: mt.Explanation, tmp_path: Path) -> None:
    files = mt.write_explanation(explanation, tmp_path / "why")
    assert [file.name for file in files] == list(EXPLANATION_FILES)
    with pytest.raises(mt.InputError, match="exists: use --force"):
        mt.write_explanation(explanation, tmp_path / "why")
    assert mt.write_explanation(explanation, tmp_path / "why", force=True) == files
    (tmp_path / "file").write_text("")
    with pytest.raises(mt.InputError, match="is a file: name a folder"):
        mt.write_explanation(explanation, tmp_path / "file")
