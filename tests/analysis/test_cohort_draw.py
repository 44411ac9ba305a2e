"""Drawing tumours: reported frequencies, spreads of amounts, and the same tumours every time."""

from __future__ import annotations

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.cohort_draw import amount_spreads, draw_tumours, parameter_columns

DESIGN = mt.load_cohort("hcc")
NETWORK = mt.load("mtor").network


def test_alterations_come_as_often_as_reported_and_independently() -> None:
    n = 4000
    has = draw_tumours(DESIGN, NETWORK, n=n, seed=0).alterations
    chances = np.array([entry.frequency for entry in DESIGN.alterations])
    # Five standard deviations of the draw.
    allowed = 5 * np.sqrt(chances * (1 - chances) / n)
    assert (np.abs(has.mean(axis=0) - chances) < allowed).all()
    correlation = np.corrcoef(has.T)
    assert np.abs(correlation - np.eye(len(chances))).max() < 5 / np.sqrt(n)


def test_amounts_are_log_normal_with_the_spread_of_the_model_at_most() -> None:
    n = 4000
    drawn = draw_tumours(DESIGN, NETWORK, n=n, seed=0)
    spreads = amount_spreads(NETWORK, largest=DESIGN.largest_spread.value)
    assert drawn.amounts == tuple(spreads)
    logs = np.log(drawn.factors)
    wanted = np.log(list(spreads.values()))
    np.testing.assert_allclose(logs.std(axis=0), wanted, rtol=5 / np.sqrt(2 * n))
    assert (np.abs(logs.mean(axis=0)) < 5 * wanted / np.sqrt(n)).all()
    assert max(spreads.values()) <= DESIGN.largest_spread.value


def test_amounts_are_proteins_and_not_inputs_rates_or_drugs() -> None:
    dosed = mt.load("mtor").with_drugs("everolimus").network
    spreads = amount_spreads(NETWORK, largest=1.5)
    assert {"AKT_total", "mTOR_total", "PTEN_full"} <= set(spreads)
    assert not {"insulin_dose", "Kd_akt_ph", "k_pi3k", "FKBP12_total"} & set(spreads)
    assert "FKBP12_total" in dosed.parameter_ids


def test_a_larger_cohort_begins_with_the_tumours_of_a_smaller_one() -> None:
    small, large = (draw_tumours(DESIGN, NETWORK, n=n, seed=5) for n in (20, 60))
    np.testing.assert_array_equal(small.alterations, large.alterations[:20])
    np.testing.assert_array_equal(small.factors, large.factors[:20])
    other = draw_tumours(DESIGN, NETWORK, n=20, seed=6)
    assert not np.array_equal(small.factors, other.factors)


def test_columns_are_the_parameters_of_the_contexts_times_the_amounts() -> None:
    model = mt.load("mtor").with_context(*DESIGN.conditions)
    n = len(DESIGN.alterations)
    has = np.zeros((3, n), dtype=bool)
    has[1, 0] = has[2, 0] = has[2, 2] = True
    factor = np.array([1.0, 2.0, 0.5])
    columns = parameter_columns(model, DESIGN, has, {"AKT_total": factor})
    assert "k_pi3k" not in columns
    for row, chosen in enumerate(([], [0], [0, 2])):
        names = [DESIGN.alterations[i].context for i in chosen]
        there = model.with_context(*DESIGN.conditions, *names).parameters
        assert columns["PTEN_gene_dose"][row] == there["PTEN_gene_dose"].value
        assert columns["AKT_total"][row] == there["AKT_total"].value * factor[row]


def test_columns_keep_parameters_that_the_model_was_given() -> None:
    model = mt.load("mtor").with_context(*DESIGN.conditions).with_parameters(AKT_total=7.0)
    has = np.zeros((2, len(DESIGN.alterations)), dtype=bool)
    columns = parameter_columns(model, DESIGN, has, {"AKT_total": np.array([1.0, 3.0])})
    assert columns["AKT_total"].tolist() == [7.0, 21.0]


@pytest.mark.parametrize(
    ("n", "seed", "message"),
    [
        (0, 1, "a cohort of 0 tumours: ask for one or more"),
        (-3, 1, "a cohort of -3 tumours"),
        (10**7, 1, "at most 100000"),
        (5, -1, "seed is -1"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(n: int, seed: int, message: str) -> None:
    with pytest.raises(mt.InputError, match=message):
        draw_tumours(DESIGN, NETWORK, n=n, seed=seed)
