import re
from dataclasses import replace

import pytest

from mtorsim.analysis.compare import compare
from mtorsim.report.answer import answer, question
from tests.analysis import synthetic_model
from tests.analysis.synthetic_model import SyntheticModel

CONTEXTS = ["PTEN-intact", "PTEN-lost"]


def compared(**asked):
    drugs = asked.pop("drugs", ["rapalog", "dual"])
    return compare(SyntheticModel(), drugs, **{"doses": 60, "contexts": CONTEXTS, **asked})


@pytest.fixture(scope="module")
def comparison():
    return compared()


def test_question_names_doses_drugs_readouts_and_cells(comparison):
    assert question(comparison) == (
        "Over 60 doses from 0.001 nM to 10 µM, what do rapalog and dual do to S6K1 pT389, 4E-BP1 "
        "(fully phosphorylated) and AKT pS473 in PTEN-intact and PTEN-lost cells, with every "
        "feedback loop on and with each one cut?"
    )


def test_answer_is_two_sentences(comparison):
    for sentence in answer(comparison):
        assert len(re.findall(r"\.(?= |$)", sentence)) == 1
        assert sentence.endswith(".")


def test_first_sentence_gives_levels_at_equal_effect_in_the_order_of_the_contexts(comparison):
    first, _ = answer(comparison)
    assert "rapalog (4.2 nM) brings AKT pS473 to 174 and 137 %" in first
    assert "dual (420 nM) brings AKT pS473 to 21 and 16 %" in first
    assert "4E-BP1 (fully phosphorylated) to 58 %" in first


def test_second_sentence_names_the_loop_that_matters(comparison):
    _, second = answer(comparison)
    assert "S6K1 ⊣ IRS1 under rapalog, with +74 and +37 percentage points (100 % are left" in second


def test_numbers_of_the_answer_follow_the_results(monkeypatch):
    monkeypatch.setitem(synthetic_model.IC50, "dual", 5.0)
    monkeypatch.setattr(synthetic_model, "FEEDBACK_GAIN", 0.4)
    first, second = answer(compared())
    assert "dual (42 nM)" in first
    assert "AKT pS473 to 137 and 118 %" in first
    assert "under rapalog, with +37 and +18 percentage points" in second


def test_numbers_of_the_answer_are_those_of_the_table(comparison):
    rows = tuple(
        replace(row, level_at_equal_dose=0.4242) if row.label.drug == "dual" else row
        for row in comparison.rows
    )
    assert "dual (420 nM) brings AKT pS473 to 42 %" in answer(replace(comparison, rows=rows))[0]


def test_a_block_that_is_not_reached_is_said():
    found = compared(drugs=["dual"], doses=("0.1 nM", "20 nM", 12), contexts=["PTEN-intact"])
    first, second = answer(found)
    assert "dual (not reached by 20 nM)" in first
    assert "not defined under dual, which has no dose of equal effect" in second


def test_one_drug_in_one_cell_without_loops_reads_well():
    found = compared(drugs=["dual"], contexts=[], loops=[])
    assert question(found).startswith("Over 60 doses from 0.001 nM to 10 µM, what does dual do to")
    first, second = answer(found)
    assert first.startswith("At the dose that takes 90 % off S6K1 pT389 after 24 h: dual (420 nM)")
    assert second == "No feedback loop was cut, so what the loops contribute is not known."


def test_a_single_loop_is_not_set_against_others():
    found = compared(drugs=["rapalog"], contexts=[], loops=["s6k1_irs1_feedback"])
    assert question(found).endswith("with every feedback loop on and with S6K1 ⊣ IRS1 cut?")
    assert answer(found)[1] == (
        "The feedback loop that changes AKT pS473 there is S6K1 ⊣ IRS1 under rapalog, with +74 "
        "percentage points (100 % are left when it is cut)."
    )
