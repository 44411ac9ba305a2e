"""Explaining a change: settings of loops against models cut and clamped one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.explanation import explain
from mtorsim.analysis.explanation_switches import with_clamping_switches, with_cutting_switches

DOSE = {"everolimus": "20 nM"}
FEEDBACK = "s6k1_irs1_feedback"


@pytest.fixture(scope="module")
def model() -> mt.Model:
    return mt.load("mtor-core").with_drugs("everolimus")


@pytest.fixture(scope="module")
def explanation(model: mt.Model) -> mt.Explanation:
    return explain(model, DOSE, at="24 h", readout="pAKT_S473")


def setting(game, *acting: str) -> int:
    return sum(1 << game.loops.index(loop) for loop in acting)


def test_levels_are_those_of_a_plain_run(model: mt.Model, explanation: mt.Explanation) -> None:
    run = model.simulate(at=["0 h", "24 h"], drugs=DOSE, readouts=["pAKT_S473"])
    np.testing.assert_allclose([explanation.before, explanation.after], run["pAKT_S473"], rtol=1e-4)
    for game in (explanation.cut, explanation.clamped):
        assert game.folds[-1] == pytest.approx(explanation.fold, rel=1e-3)


def test_cut_settings_are_models_without_those_loops(
    model: mt.Model, explanation: mt.Explanation
) -> None:
    game = explanation.cut
    others = [loop for loop in game.loops if loop not in (FEEDBACK, "akt_ikk")]
    run = model.without(FEEDBACK, "akt_ikk").simulate(
        at=["0 h", "24 h"], drugs=DOSE, readouts=["pAKT_S473"]
    )
    position = setting(game, *others)
    found = [game.before[position], game.after[position]]
    np.testing.assert_allclose(found, run["pAKT_S473"], rtol=1e-4)


def test_clamped_settings_are_models_with_those_loops_clamped(
    model: mt.Model, explanation: mt.Explanation
) -> None:
    game = explanation.clamped
    held = (FEEDBACK, "nfkb_pten_feedback")
    run = model.clamped(*held).simulate(at=["24 h"], drugs=DOSE, readouts=["pAKT_S473"])
    position = setting(game, *(loop for loop in game.loops if loop not in held))
    assert game.after[position] == pytest.approx(run["pAKT_S473"][0], rel=1e-3)


def test_clamping_changes_nothing_before_the_drug(explanation: mt.Explanation) -> None:
    np.testing.assert_allclose(explanation.clamped.before, explanation.before, rtol=1e-6)


def test_the_rise_of_s473_is_the_work_of_the_s6k1_loop(explanation: mt.Explanation) -> None:
    # O'Reilly 2006: rapalogs raise pAKT by relief of S6K1 -| IRS1.
    for game in (explanation.cut, explanation.clamped):
        assert game.direct < 1.0 < explanation.fold
        assert game.loops[int(np.argmax(np.abs(game.shares)))] == FEEDBACK
        assert game.shares.sum() == pytest.approx(game.folds[-1] - game.direct, rel=1e-9)


def test_loops_can_be_chosen(model: mt.Model) -> None:
    one = explain(model, DOSE, at="2 h", readout="pAKT_S473", loops=[FEEDBACK])
    assert one.cut.loops == (FEEDBACK,)
    assert one.cut.folds.shape == (2,)


def test_occupancies_are_those_of_the_drug(model: mt.Model, explanation: mt.Explanation) -> None:
    found = {entry.readout: entry.value for entry in explanation.occupancies}
    run = model.simulate(at=["24 h"], drugs=DOSE, readouts=list(found))
    assert "mTORC1_occupancy_everolimus" in found
    for name, value in found.items():
        assert value == pytest.approx(run[name][0], rel=1e-3)


def test_rates_balance_before_the_drug(explanation: mt.Explanation) -> None:
    change = explanation.change
    before, after = change.fluxes()
    slope = change.network.structure().stoichiometry() @ before
    assert np.abs(slope).max() < 1e-6 * np.abs(before).max()
    index = list(change.network.reaction_ids).index("mtorc1_phosphorylates_s6k1")
    assert after[index] < 0.2 * before[index]


def test_rates_see_a_drug_that_is_held_in_the_medium() -> None:
    model = mt.load("mtor-core").with_drugs("vistusertib")
    found = explain(
        model, {"vistusertib": "1 uM"}, at="1 h", readout="pS6K1_T389", loops=[FEEDBACK]
    )
    change = found.change
    before, after = change.fluxes()
    binding = [
        i
        for i, n in enumerate(change.network.reaction_ids)
        if n.startswith("vistusertib_binds") and n.endswith("_f")
    ]
    assert binding
    assert (before[binding] == 0.0).all()
    assert (after[binding] > 0.0).all()


def test_flux_changes_are_sorted_and_take_both_directions_together(
    explanation: mt.Explanation,
) -> None:
    found = explanation.change.largest_flux_changes(1000)
    changes = [abs(entry.change) for entry in found]
    assert changes == sorted(changes, reverse=True)
    names = {entry.id for entry in found}
    assert any("<->" in entry.equation for entry in found)
    assert not any(name.endswith("_r") for name in names)


def test_switches_at_rest_change_no_rate(model: mt.Model) -> None:
    loops = tuple(model.loops)
    plain = model.network.rate_constants(model.parameter_values[None])[0]
    cut = with_cutting_switches(model, loops)
    np.testing.assert_array_equal(cut.network.rate_constants(cut.parameter_values[None])[0], plain)
    clamped, signals = with_clamping_switches(model, loops)
    rates = dict(
        zip(
            clamped.network.reaction_ids,
            clamped.network.rate_constants(clamped.parameter_values[None])[0],
            strict=True,
        )
    )
    assert [rates[name] for name in model.network.reaction_ids] == plain.tolist()
    assert {rate for name, rate in rates.items() if "__held_" in name} == {0.0}
    assert "S6K1_pT389" in signals


def test_a_reaction_of_two_loops_is_there_for_every_choice(model: mt.Model) -> None:
    first = model.network.loop(FEEDBACK)
    twin = replace(first, id="twin")
    network = replace(model.network, loops=(*model.network.loops, twin))
    both, _ = with_clamping_switches(replace(model, network=network), (FEEDBACK, "twin"))
    name = first.clamp[0]
    variants = [r for r in both.network.reactions if r.id.split("__")[0] == name]
    assert len(variants) == 4
    assert {f"acting_{FEEDBACK}", "acting_twin"} <= set(both.network.reaction(name).rate.names)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"drugs": {}}, "needs a drug with a dose"),
        ({"drugs": {"everolimus": 0.0}}, "there is no change to explain"),
        ({"at": "0 h"}, "time is 0"),
        ({"readout": "pAKT"}, "unknown readout 'pAKT'; did you mean"),
        ({"loops": ["s6k1_irs1"]}, "unknown loop 's6k1_irs1'; did you mean"),
        ({"readout": "mTORC1_occupancy_everolimus"}, "is 0 before the drug"),
    ],
)
def test_a_wrong_question_is_one_line(
    model: mt.Model, changes: dict[str, object], message: str
) -> None:
    asked = {"drugs": DOSE, "at": "24 h", "readout": "pAKT_S473", "loops": [FEEDBACK], **changes}
    with pytest.raises(mt.MtorsimError, match=message) as error:
        explain(model, asked.pop("drugs"), **asked)
    assert "\n" not in str(error.value)


def test_clamped_and_cut_loops_are_not_explained(model: mt.Model) -> None:
    with pytest.raises(mt.InputError, match="explain clamps loops by itself"):
        explain(model.clamped(FEEDBACK), DOSE, at="24 h", readout="pAKT_S473")
    with pytest.raises(mt.InputError, match="is cut in this model"):
        explain(model.without(FEEDBACK), DOSE, at="2 h", readout="pAKT_S473", loops=[FEEDBACK])
    with pytest.raises(mt.InputError, match="no loop left"):
        explain(model.without(*model.loops), DOSE, at="2 h", readout="pAKT_S473")


def test_too_many_loops_are_refused(model: mt.Model) -> None:
    loop = model.network.loop(FEEDBACK)
    many = tuple(replace(loop, id=f"loop{i}") for i in range(13))
    crowded = replace(model, network=replace(model.network, loops=many))
    with pytest.raises(mt.InputError, match="13 loops are 8192 settings"):
        explain(crowded, DOSE, at="2 h", readout="pAKT_S473")
