"""Templates of what drugs do only together, or with a section that not every model has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import mtorsim as mt
from mtorsim.errors import ModelError
from mtorsim.modelfiles.compose import compose
from mtorsim.network.balance import check_balance
from mtorsim.network.species import composition
from tests.modelfiles.toy import TOY

PAIR = ("everolimus", "vistusertib")


def with_both(first: str, second: str) -> set[str]:
    network = compose("mtor", drugs=[first, second])
    return {name for name in network.species_ids if {first, second} <= set(composition(name))}


@pytest.mark.parametrize("second", ["vistusertib", "dactolisib"])
def test_one_mtor_holds_a_rapalog_and_a_kinase_inhibitor_in_each_state_of_mtorc1(
    second: str,
) -> None:
    tail = f":FKBP12:sirolimus:{second}"
    states = ("mTOR", "mTOR:raptor", "mTOR:raptor_Rag", "mTOR:raptor_Rag:Rheb_GTP")
    assert with_both("sirolimus", second) == {state + tail for state in states}


@pytest.mark.parametrize("pair", [("sirolimus", "everolimus"), ("azd8055", "torin1")])
def test_drugs_on_one_site_exclude_each_other(pair: tuple[str, str]) -> None:
    assert with_both(*pair) == set()


def test_the_states_with_both_are_there_only_where_both_drugs_are() -> None:
    both = set(compose("mtor-core", drugs=PAIR).species_ids)
    apart = {name for drug in PAIR for name in compose("mtor-core", drugs=[drug]).species_ids}
    assert {name for name in both if set(PAIR) <= set(composition(name))} == both - apart


def test_states_with_both_balance() -> None:
    assert check_balance(compose("mtor-core", drugs=PAIR)) == []


def test_rapalog_bound_mtorc1_keeps_to_ulk1_where_the_model_has_it() -> None:
    full, core = (compose(model, drugs=["sirolimus"]) for model in ("mtor", "mtor-core"))
    name = "sirolimus_mtorc1_phosphorylates_ulk1"
    assert full.reaction(name).module == "sirolimus_rapalog_outputs"
    assert name not in core.reaction_ids


def test_a_rapalog_does_not_shield_mtor_from_a_kinase_inhibitor() -> None:
    """Where the two excluded each other, 4E-BP1 would keep what rapalog-bound mTORC1 does."""
    model = mt.load("mtor-core", drugs=PAIR)
    alone = model.simulate(at=["2 h"], drugs={"vistusertib": "1 uM"}, readouts=["p4EBP1"])
    both = model.simulate(
        at=["2 h"], drugs={"vistusertib": "1 uM", "everolimus": "20 nM"}, readouts=["p4EBP1"]
    )
    assert both["p4EBP1"][-1] <= 1.01 * alone["p4EBP1"][-1]


def test_a_wrong_key_is_named_with_file_and_line(tmp_path: Path) -> None:
    shutil.copytree(TOY.parent, tmp_path, dirs_exist_ok=True)
    joint = tmp_path / "drugs" / "joint" / "wrong.toml"
    joint.parent.mkdir(parents=True)
    joint.write_text('[joint]\nid = "wrong"\ntitle = "Wrong"\ntemplate = ["glue"]\n')
    with pytest.raises(ModelError, match=r"wrong\.toml:4: unknown key 'template' in \[joint\]"):
        compose(tmp_path / TOY.name)
