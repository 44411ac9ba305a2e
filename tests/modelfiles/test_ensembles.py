"""Parameter sets that come with a model, and what may be wrong with their file."""

from __future__ import annotations

from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.modelfiles.ensembles import has_ensemble
from mtorsim.modelfiles.library import model_entry
from tests.modelfiles.ensembles import HEAD, SETS, toy_with_sets
from tests.modelfiles.toy import TOY


def test_sets_are_read_with_their_scores_and_how_they_were_made(tmp_path: Path) -> None:
    sets = mt.load(toy_with_sets(tmp_path)).ensemble()
    assert (sets.size, sets.ids) == (3, ("k_s6k", "TOR_total", "Kd_glueone"))
    assert sets.values[1].tolist() == [2e-3, 8.0, 8.0]
    assert sets.scores.tolist() == [1.5, 2.5, 2.0]
    assert sets.notes["seed"] == "3"


def test_what_is_not_in_the_file_keeps_the_value_of_the_model(tmp_path: Path) -> None:
    model = mt.load(toy_with_sets(tmp_path))
    values, own = model.ensemble().values_in(model.network), model.network.parameter_values()
    ids = model.network.parameter_ids
    assert values.shape == (3, len(ids))
    assert values[:, ids.index("k_s6k")].tolist() == [1e-3, 2e-3, 3e-3]
    others = [i for i, name in enumerate(ids) if name not in ("k_s6k", "TOR_total")]
    assert (values[:, others] == own[others]).all()


def test_constants_of_a_drug_count_where_the_drug_is_there(tmp_path: Path) -> None:
    model = mt.load(toy_with_sets(tmp_path)).with_drugs("glueone")
    column = model.network.parameter_ids.index("Kd_glueone")
    assert model.ensemble().values_in(model.network)[:, column].tolist() == [5.0, 8.0, 2.0]


def test_fewer_sets_are_spread_over_the_file(tmp_path: Path) -> None:
    sets = mt.load(toy_with_sets(tmp_path)).ensemble()
    assert sets.spread_out(1).scores.tolist() == [2.5]
    assert sets.spread_out(9).size == 3
    with pytest.raises(mt.InputError, match="over 0 parameter sets: give 1 or more"):
        sets.spread_out(0)


def test_a_model_without_sets_says_so(tmp_path: Path) -> None:
    assert has_ensemble(model_entry(toy_with_sets(tmp_path)))
    assert not has_ensemble(model_entry(TOY))
    with pytest.raises(mt.InputError, match=r"toy comes without parameter sets \(ensembles/toy"):
        mt.load(TOY).ensemble()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"toy\.csv:1: which model\? write \"# model: id\" at the top"),
        ("# model: toy\n", r"toy\.csv: no heading"),
        ("# model: toy\n# seed\nscore,k_s6k\n1,2\n", r"toy\.csv:2: write \"# key: value\""),
        ("# model: tory\nscore,k_s6k\n1,2\n", r"toy\.csv:1: the sets are of model \"tory\""),
        (HEAD + "scores,k_s6k\n1,2\n", r"toy\.csv:4: the first column is \"scores\".*did you mean"),
        (HEAD + "score,k_s6k,\n1,2,3\n", r"toy\.csv:4: a column has no parameter id"),
        (HEAD + "score,k_s6k,k_s6k\n1,2,3\n", r"toy\.csv:4: \"k_s6k\" is named twice"),
        (HEAD + "score,k_s6\n1,2\n", r"toy\.csv:4: unknown parameter \"k_s6\"; did you mean"),
        (HEAD + "score,k_s6k\n", r"toy\.csv: no parameter set below the heading"),
        (HEAD + "score,k_s6k\n1,2\n1\n", r"toy\.csv:6: 1 numbers, but the heading has 2 columns"),
        (HEAD + "score,k_s6k\n1,-2\n", r"toy\.csv:5: k_s6k is \"-2\": a finite number, not neg"),
        (HEAD + "score,k_s6k\n1,inf\n", r"toy\.csv:5: k_s6k is \"inf\""),
        (HEAD + "score,k_s6k\nlow,1\n", r"toy\.csv:5: score is \"low\""),
    ],
)
def test_a_wrong_file_is_named_with_the_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(mt.ModelError, match=said):
        mt.load(toy_with_sets(tmp_path, text)).ensemble()


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = SETS + "1,2\n1,x,3,4\n"
    with pytest.raises(mt.ModelError) as caught:
        mt.load(toy_with_sets(tmp_path, text)).ensemble()
    assert len(caught.value.problems) == 2


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    model = toy_with_sets(tmp_path)
    (model.parent / "ensembles" / "toy.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(mt.ModelError, match=r"toy\.csv: is not UTF-8 text"):
        mt.load(model).ensemble()


def test_a_copy_of_a_shipped_model_does_not_get_the_sets_of_the_original(tmp_path: Path) -> None:
    shipped = model_entry("mtor")
    copy = tmp_path / "mtor.toml"
    copy.write_text(shipped.path.read_text())
    assert has_ensemble(shipped)
    assert not has_ensemble(model_entry(copy))
