"""Each thing that can be wrong with a model's files is said in one line, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.errors import InputError, ModelError, MtorsimError, UnknownNameError
from mtorsim.modelfiles.compose import compose
from tests.modelfiles.toy import DRUGS, KINASE, MODEL, TOY, changed_toy
from tests.modelfiles.wrong_quantities import WRONG_QUANTITIES
from tests.modelfiles.wrong_structure import WRONG_STRUCTURE

CASES = {**WRONG_QUANTITIES, **WRONG_STRUCTURE}


@pytest.mark.parametrize("case", CASES)
def test_the_message_says_where_what_and_what_to_do(case: str, tmp_path: Path) -> None:
    name, old, new, expected = CASES[case]
    model = changed_toy(tmp_path, {name: (old, new)})
    with pytest.raises(ModelError) as caught:
        compose(model, drugs=DRUGS)
    assert any(f"/{expected}" in line for line in caught.value.problems), str(caught.value)
    assert all(line.count("\n") == 0 for line in caught.value.problems)


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    cases = [CASES["negative parameter"], CASES["unknown source"], CASES["spread below 1"]]
    model = changed_toy(tmp_path, {name: (old, new) for name, old, new, _ in cases})
    with pytest.raises(ModelError) as caught:
        compose(model)
    assert len(caught.value.problems) == 3


def test_a_problem_is_not_followed_by_its_consequences(tmp_path: Path) -> None:
    name, old, new, _ = CASES["malformed equation"]
    with pytest.raises(ModelError) as caught:
        compose(changed_toy(tmp_path, {name: (old, new)}))
    assert len(caught.value.problems) == 1


def test_an_unknown_model_is_met_with_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match="unknown model 'mtor-cor'; did you mean 'mtor-core'"
    ):
        compose("mtor-cor")


def test_a_model_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"nowhere/cell\.toml: no such model file"):
        compose("nowhere/cell.toml")


def test_an_unknown_drug_is_met_with_those_of_the_model() -> None:
    with pytest.raises(UnknownNameError, match="model toy: unknown drug 'glueon'; did you mean"):
        compose(TOY, drugs=["glueon"])


def test_a_listed_drug_without_a_file_is_met_with_those_that_have_one(tmp_path: Path) -> None:
    model = changed_toy(tmp_path, {MODEL: ('"gluetwo"', '"gluethree"')})
    with pytest.raises(UnknownNameError, match="unknown drug 'gluethree'; did you mean"):
        compose(model, drugs=["gluethree"])


def test_a_section_file_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="a model file has no 'model'"):
        compose(TOY.parent / "core" / "kinase.toml")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    model = tmp_path / "binary.toml"
    model.write_bytes(b"\xff\xfe\x00model")
    with pytest.raises(ModelError, match=r"binary\.toml: is not UTF-8 text"):
        compose(model)


@pytest.mark.parametrize(
    "text",
    ["", "model = 3", "[model]\nid = 1", "[[model]]", "loop = 3\n[model]\nid='a'\ntitle='a'"],
)
def test_a_file_of_the_wrong_shape_is_a_model_error(text: str, tmp_path: Path) -> None:
    model = tmp_path / "shape.toml"
    model.write_text(text)
    with pytest.raises(ModelError, match=r"shape\.toml"):
        compose(model)


def test_text_in_a_model_is_never_run(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    code = f"__import__('pathlib').Path({str(witness)!r}).touch()"
    for name, old in ((KINASE, 'rate = "k_s6k"'), (KINASE, 'equation = "S6K_p -> S6K"')):
        model = changed_toy(tmp_path / old[:4], {name: (old, f'{old.split(" =")[0]} = "{code}"')})
        with pytest.raises(MtorsimError):
            compose(model)
    assert not witness.exists()
