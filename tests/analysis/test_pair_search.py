from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from tests.analysis.test_combination_run import model


@pytest.fixture(scope="module")
def search():
    """All pairs of the binding model, at 1 to 1000 nM."""
    return mt.search_pairs(model(), "minimise free", at="1 h", doses=("1 nM", "1 uM", 4))


def pair_of(search, *drugs):
    (found,) = [pair for pair in search.pairs if set(pair.drugs) == set(drugs)]
    return found


def test_every_pair_is_ranked_by_what_is_left(search):
    assert len(search.pairs) == 6
    values = [pair.value for pair in search.pairs]
    assert values == sorted(values)
    assert search.pairs[0].drugs == ("firstligand", "allosteric")
    assert search.n_trajectories == 1 + 4 * 4 + 6 * 16


def test_values_are_those_of_the_binding_equilibrium(search):
    pair = pair_of(search, "firstligand", "allosteric")
    assert pair.value == pytest.approx(1.0 / 101.0 / 26.0, rel=1e-3)
    assert pair.alone == pytest.approx((1.0 / 101.0, 1.0 / 26.0), rel=1e-3)
    gains = [
        min(1 / (1 + a / 10), 1 / (1 + b / 40)) - 1 / (1 + a / 10) / (1 + b / 40)
        for a in (1, 10, 100, 1000)
        for b in (1, 10, 100, 1000)
    ]
    assert pair.gain == pytest.approx(max(gains), rel=1e-3)


def test_a_drug_that_adds_nothing_is_shown_at_its_lowest_dose(search):
    pair = pair_of(search, "firstligand", "bystander")
    assert pair.doses[1] == 1.0
    assert pair.gain == pytest.approx(0.0, abs=1e-4)


def test_pairs_can_be_ranked_by_what_they_add(search):
    gains = [pair.gain for pair in search.by_gain()]
    assert gains == sorted(gains, reverse=True)
    # At 1000 and 100 nM these leave 3/13 and 2/7 alone, and their product together.
    best = search.by_gain()[0]
    assert (best.drugs, best.gain_doses) == (("secondligand", "allosteric"), (1000.0, 100.0))
    assert best.gain == pytest.approx(3 / 13 - 6 / 91, rel=1e-3)


def test_the_order_in_which_drugs_are_named_changes_no_value(search):
    turned = mt.search_pairs(
        model(),
        "minimise free",
        drugs=["allosteric", "firstligand"],
        at="1 h",
        doses=("1 nM", "1 uM", 4),
    )
    assert turned.pairs[0].value == pytest.approx(search.pairs[0].value, rel=1e-4)


def test_a_goal_is_the_mean_of_what_is_left_and_of_what_has_not_risen():
    goal = mt.Goal.parse("minimise a and b, maximise c")
    assert goal == mt.Goal(minimise=("a", "b"), maximise=("c",))
    assert str(goal) == "minimise a and b, maximise c"
    untreated = np.array([2.0, 4.0, 1.0])
    assert goal.value(untreated, untreated) == 1.0
    assert goal.value(np.array([1.0, 0.0, 4.0]), untreated) == pytest.approx((0.5 + 0 + 0.25) / 3)
    assert mt.Goal.parse("Maximize c") == mt.Goal(maximise=("c",))


def test_a_goal_does_not_change_with_the_unit_of_a_readout():
    goal = mt.Goal.parse("minimise a and b")
    level, untreated = np.array([[0.3, 2.0], [0.1, 7.0]]), np.array([1.0, 5.0])
    unit = np.array([1e-3, 60.0])
    assert goal.value(level * unit, untreated * unit) == pytest.approx(goal.value(level, untreated))


@pytest.mark.parametrize(
    "text", ["", "p4EBP1", "minimise", "minimise a b", "lower a", "minimise a and and b"]
)
def test_a_goal_that_can_not_be_read_says_how_to_write_it(text):
    with pytest.raises(mt.InputError, match="write it like 'minimise p4EBP1 and pAKT_S473'"):
        mt.Goal.parse(text)


def test_a_readout_stands_once_in_a_goal():
    with pytest.raises(mt.InputError, match="a is named twice"):
        mt.Goal.parse("minimise a, maximise a")


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"drugs": ["firstligand"]}, mt.InputError, "needs two drugs or more, found 1"),
        ({"drugs": ["firstligand", "bystande"]}, mt.UnknownNameError, "did you mean 'bystander'"),
        ({"goal": "minimise fre"}, mt.UnknownNameError, "did you mean 'free'"),
        ({"at": ["1 h", "2 h"]}, mt.InputError, "reads one time, found 2"),
        ({"doses": [0.0]}, mt.InputError, "above 0"),
        ({"doses": {"x": 3}}, mt.UnknownNameError, "unknown drug 'x'"),
    ],
)
def test_bad_input_is_refused_in_one_line(given, error, said):
    asked = {"goal": "minimise free", "at": "1 h", **given}
    with pytest.raises(error, match=said) as caught:
        mt.search_pairs(model(), asked.pop("goal"), **asked)
    assert "\n" not in str(caught.value)
