from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mtorsim.modelfiles.compose import compose, load_context
from mtorsim.network.balance import check_balance
from mtorsim.network.monomial import parse_monomial
from tests.modelfiles.toy import DRUGS, TOY, changed_toy

BARE = compose(TOY)
WHOLE = compose(TOY, drugs=DRUGS)


def test_species_stand_in_file_order_declared_ones_first() -> None:
    assert BARE.species_ids == (
        *("Insulin", "IRS1", "IRS1_pY"),
        *("TOR", "S6K", "TOR:IRS1_pY", "S6K_p", "IRS1_pS"),
    )


def test_values_come_out_in_nanomolar_and_seconds_and_keep_what_was_written() -> None:
    dose, off = BARE.parameter("insulin_dose"), BARE.parameter("k_irs1_off")
    assert (dose.value, dose.unit, dose.value_as_written) == (100.0, "uM", 0.1)
    assert off.value == pytest.approx(0.05, rel=1e-15)
    assert off.range == pytest.approx((1 / 60, 0.1), rel=1e-15)
    assert off.range_as_written == (1.0, 6.0)


def test_a_parameter_knows_where_it_comes_from() -> None:
    total = BARE.parameter("IRS1_total")
    assert total.origin.endswith("core/receptor.toml:7")
    assert (total.source, total.confidence, total.meaning) == ("smith2001", "read", "IRS1")
    assert BARE.sources["smith2001"].doi == "10.0000/smith"


def test_an_inline_quantity_declares_a_parameter() -> None:
    assert BARE.parameter("k_insulin_on_irs1").value == 1e-3
    assert BARE.reaction("insulin_on_irs1").rate == parse_monomial("k_insulin_on_irs1")


def test_a_reversible_reaction_is_two() -> None:
    forward, back = BARE.reaction("tor_binds_irs1_f"), BARE.reaction("tor_binds_irs1_r")
    assert forward.reactants == back.products == ("TOR", "IRS1_pY")
    assert str(back.rate) == "k_tor_on * Kd_tor"


def test_for_writes_a_reaction_out_for_each_entry() -> None:
    assert BARE.reaction("s6k_on_irs1_free").reactants == ("S6K_p", "IRS1")
    assert BARE.reaction("s6k_on_irs1_tyrosine").reactants == ("S6K_p", "IRS1_pY")


def test_a_reaction_belongs_to_its_section_unless_it_names_a_module() -> None:
    assert BARE.reaction("s6k_off").module == "kinase"
    assert BARE.reaction("s6k_on_irs1_free").module == "s6k_irs1"
    assert WHOLE.reaction("gluetwo_uptake_f").module == "gluetwo"


def test_observables_match_complexes_and_count_totals() -> None:
    assert BARE.observable("pS6K").weights == (("S6K_p", 1.0),)
    assert BARE.observable("pS6K").total_weights == (("S6K", 1.0), ("S6K_p", 1.0))
    assert BARE.observable("TOR_bound").weights == (("TOR:IRS1_pY", 1.0),)
    assert BARE.observable("serine").weights == (("IRS1_pS", 1.0), ("S6K_p", 2.0))
    assert BARE.observable("pS6K").unit == "1"
    assert BARE.observable("serine").unit == "nM"


def test_the_total_of_an_observable_counts_what_drugs_have_bound() -> None:
    total = dict(WHOLE.observable("TOR_with_glueone").total_weights)
    assert set(total) == {
        *("TOR", "TOR:IRS1_pY", "TOR:CHAP:glueone", "TOR:CHAP:gluetwo", "TOR:blocker")
    }


def test_drugs_of_one_template_share_what_does_not_name_them() -> None:
    assert WHOLE.species_ids.count("CHAP") == 1
    assert WHOLE.parameter_ids.count("CHAP_total") == 1
    assert {"TOR:CHAP:glueone", "TOR:CHAP:gluetwo"} < set(WHOLE.species_ids)


def test_a_drug_given_twice_is_added_once() -> None:
    assert compose(TOY, drugs=["glueone", "glueone"]) == compose(TOY, drugs=["glueone"])


def test_doses_say_which_species_takes_them() -> None:
    assert WHOLE.doses["gluetwo"].species == "gluetwo_medium"
    assert not WHOLE.doses["gluetwo"].fixed
    assert WHOLE.doses["blocker"].fixed
    assert WHOLE.dose_amounts("glueone", WHOLE.parameter_values()[None]).tolist() == [100.0]


def test_drugs_only_add_to_a_model() -> None:
    assert WHOLE.species[: len(BARE.species)] == BARE.species
    assert WHOLE.reactions[: len(BARE.reactions)] == BARE.reactions


def test_the_toy_balances() -> None:
    assert check_balance(WHOLE) == []


def test_a_loop_holds_expanded_reactions() -> None:
    loop = BARE.loop("s6k_irs1")
    assert loop.signals == ("S6K_p",)
    assert loop.clamp == loop.reactions == ("s6k_on_irs1_free", "s6k_on_irs1_tyrosine")


def test_a_model_may_use_shipped_sections(tmp_path: Path) -> None:
    model = tmp_path / "mine.toml"
    model.write_text(
        """
        [model]
        id = "mine"
        title = "mTORC1 with Rheb loaded at a steady rate"
        sections = ["core/mtor_complexes"]
        [[reaction]]
        id = "rheb_loading"
        equation = "Rheb_GDP <-> Rheb_GTP"
        forward = "k_load"
        reverse = "k_load"
        [species.Rheb_GDP]
        initial = "Rheb_all"
        [parameters.Rheb_all]
        value = 68
        unit = "nM"
        spread = 1
        source = "assumed"
        why = "test"
        [parameters.k_load]
        value = 1
        unit = "1/h"
        spread = 1
        source = "yang2017"
        """
    )
    network = compose(model)
    assert "mTOR:raptor_Rag:Rheb_GTP" in network.species_ids
    assert "yang2017" in network.sources


def test_a_section_of_the_models_folder_hides_a_shipped_one(tmp_path: Path) -> None:
    model = changed_toy(tmp_path, {"core/kinase.toml": ("value = 5,", "value = 6,")})
    assert compose(model).parameter("TOR_total").value == 6.0


def test_loading_the_core_model_needs_no_symbolic_or_table_library() -> None:
    script = (
        "import sys\n"
        "from mtorsim.modelfiles.compose import compose\n"
        "compose('mtor-core')\n"
        "heavy = {'sympy', 'pandas', 'xarray', 'scipy', 'numba', 'matplotlib'} & set(sys.modules)\n"
        "raise SystemExit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_network_remembers_its_folder_wherever_one_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(TOY.parent)
    network = compose("toy.toml")
    monkeypatch.chdir(tmp_path)
    assert load_context("TOR-high", network=network).id == "TOR-high"
