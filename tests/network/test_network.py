from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mtorsim.errors import UnknownNameError
from mtorsim.network.dose import Dose
from mtorsim.network.equation import parse_equation
from mtorsim.network.loop import Loop
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species

REACTIONS = {
    "activation": ("Drive + A -> Drive + A_p", "k_on"),
    "dimer": ("2 Drive + A -> Drive + A_p + Drive", "k_two / Drive_level"),
    "deactivation": ("A_p + Sink -> A + Sink", "k_off / Sink_level"),
    "binding": ("A_p + B -> A_p:B", "2 * k_on"),
    "release": ("A_p:B -> A_p + B", "k_on * Kd"),
    "leak": ("-> B", "k_on * Kd * B_total^2 / B_total"),
}
VALUES = {
    "k_on": 0.5,
    "k_two": 0.25,
    "k_off": 3.0,
    "Kd": 20.0,
    "Drive_level": 4.0,
    "Sink_level": 0.125,
    "A_total": 10.0,
    "B_total": 7.0,
    "ratio": 110.0,
}


def build() -> ReactionNetwork:
    reactions = []
    for name, (text, rate) in REACTIONS.items():
        sides = parse_equation(text)
        monomial = parse_monomial(rate)
        reactions.append(Reaction(name, "m", sides.reactants, sides.products, monomial))
    species = (
        Species("A", initial=parse_monomial("A_total")),
        Species("Drive", fixed=True, initial=parse_monomial("Drive_level")),
        Species("A_p"),
        Species("Sink", fixed=True, initial=parse_monomial("2 * Sink_level")),
        Species("B", initial=parse_monomial("B_total / ratio")),
        Species("A_p:B"),
    )
    return ReactionNetwork(
        id="example",
        title="An example",
        species=species,
        reactions=tuple(reactions),
        parameters=tuple(
            Parameter(name, value, "1", value, 1.0, "assumed", why="example")
            for name, value in VALUES.items()
        ),
        observables=(
            Observable("bound", (("A_p:B", 1.0),), "A", (("A", 1.0), ("A_p", 1.0), ("A_p:B", 1.0))),
            Observable("weighted", (("A", 1.0), ("B", 2.0))),
        ),
        loops=(
            Loop("cut", "cut", "negative", ("A_p",), ("binding",), ("binding", "release"), "x"),
            Loop("other", "other", "negative", ("A_p", "B"), ("leak",), ("binding",), "x"),
        ),
        doses={"drug": Dose("B", parse_monomial("ratio"), fixed=False)},
    )


NETWORK = build()


def test_species_keep_their_order_and_fixed_ones_stand_apart() -> None:
    assert NETWORK.dynamic_species == ("A", "A_p", "B", "A_p:B")
    assert NETWORK.fixed_species == ("Drive", "Sink")
    assert NETWORK.dynamic_columns.tolist() == [0, 2, 4, 5]
    assert NETWORK.fixed_columns.tolist() == [1, 3]


def test_the_structure_leaves_fixed_species_out() -> None:
    structure = NETWORK.structure()
    assert structure.n_species == 4
    assert structure.reactants == ((0,), (0,), (1,), (1, 2), (3,), ())
    assert structure.changes[0] == ((0, -1), (1, 1))
    assert structure.changes[2] == ((0, 1), (1, -1))
    assert structure.changes[5] == ((2, 1),)


def test_rate_constants_are_the_monomials_row_by_row() -> None:
    rows = NETWORK.parameter_values() * np.array([[1.0], [2.0], [0.5]])
    k = NETWORK.rate_constants(rows)
    for row, values in zip(k, rows, strict=True):
        at = dict(zip(NETWORK.parameter_ids, values, strict=True))
        assert row.tolist() == [reaction.rate.evaluate(at) for reaction in NETWORK.reactions]


def test_initial_amounts_cover_all_species_in_file_order() -> None:
    amounts = NETWORK.initial_amounts(NETWORK.parameter_values()[None])
    assert amounts[0] == pytest.approx([10.0, 4.0, 0.0, 0.25, 7.0 / 110.0, 0.0], rel=1e-15)


def test_the_amount_of_a_dose_follows_its_parameters() -> None:
    assert NETWORK.dose_amounts("drug", NETWORK.parameter_values()[None]).tolist() == [110.0]


def test_parameter_values_of_a_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(9,\), not \(m, 9\)"):
        NETWORK.rate_constants(NETWORK.parameter_values())


amounts = st.floats(0.0, 1e3)


@given(arrays(float, (3, 4), elements=amounts), arrays(float, (3, 2), elements=amounts))
def test_folding_equals_treating_fixed_species_as_constants(
    dynamic: np.ndarray, fixed: np.ndarray
) -> None:
    k = NETWORK.rate_constants(np.repeat(NETWORK.parameter_values()[None], 3, axis=0))
    folded = NETWORK.fold_fixed(k, fixed)
    touched = NETWORK.folded_reactions
    np.testing.assert_array_equal(
        NETWORK.folded_constants(k[:, touched], fixed), folded[:, touched]
    )
    others = np.setdiff1d(np.arange(len(NETWORK.reactions)), touched)
    np.testing.assert_array_equal(folded[:, others], k[:, others])
    for row in range(3):
        amount = dict(zip(NETWORK.dynamic_species, dynamic[row], strict=True))
        amount |= dict(zip(NETWORK.fixed_species, fixed[row], strict=True))
        for r, reaction in enumerate(NETWORK.reactions):
            whole = k[row, r] * np.prod([amount[name] for name in reaction.reactants])
            reduced = [dynamic[row, i] for i in NETWORK.structure().reactants[r]]
            assert folded[row, r] * np.prod(reduced) == pytest.approx(whole, rel=1e-13)


def test_folding_leaves_its_argument_alone() -> None:
    k = NETWORK.rate_constants(NETWORK.parameter_values()[None])
    before = k.copy()
    NETWORK.fold_fixed(k, np.zeros((1, 2)))
    assert np.array_equal(k, before)


def test_observables_are_quotients_over_the_dynamic_species() -> None:
    numerators, denominators = NETWORK.observable_matrix(["weighted", "bound"])
    assert numerators.tolist() == [[1.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    assert denominators.tolist() == [[0.0] * 4, [1.0, 1.0, 0.0, 1.0]]


def test_cutting_loops_is_a_zero_on_exactly_their_reactions() -> None:
    assert NETWORK.without_loops(["cut"]).tolist() == [1, 1, 1, 0, 1, 1]
    assert NETWORK.without_loops(["cut", "other"]).tolist() == [1, 1, 1, 0, 1, 0]
    assert NETWORK.without_loops([]).tolist() == [1] * 6


def test_clamping_reads_a_fixed_species_in_the_reactions_of_the_loop_alone() -> None:
    clamped = NETWORK.clamped("cut")
    assert clamped.fixed_species == ("Drive", "Sink", "A_p_clamped")
    assert clamped.dynamic_species == NETWORK.dynamic_species
    assert clamped.reaction("binding").equation() == "A_p_clamped + B -> A_p:B"
    assert clamped.reaction("release").equation() == "A_p:B -> A_p_clamped + B"
    assert clamped.reaction("activation") == NETWORK.reaction("activation")


def test_two_loops_may_be_clamped_one_after_the_other() -> None:
    clamped = NETWORK.clamped("other").clamped("cut")
    assert clamped.fixed_species == ("Drive", "Sink", "A_p_clamped", "B_clamped")
    assert clamped.reaction("binding").equation() == "A_p_clamped + B_clamped -> A_p:B"


def test_a_clamped_network_at_the_level_of_the_signal_has_the_same_fluxes() -> None:
    clamped = NETWORK.clamped("cut")
    k = NETWORK.rate_constants(NETWORK.parameter_values()[None])
    y = np.array([3.0, 5.0, 2.0, 1.0])
    free = NETWORK.fold_fixed(k, np.array([[4.0, 0.25]]))
    held = clamped.fold_fixed(k, np.array([[4.0, 0.25, 5.0]]))
    for r in range(len(REACTIONS)):
        flux = free[0, r] * np.prod(y[list(NETWORK.structure().reactants[r])])
        held_flux = held[0, r] * np.prod(y[list(clamped.structure().reactants[r])])
        assert held_flux == pytest.approx(flux, rel=1e-15)


@pytest.mark.parametrize(
    ("find", "name", "message"),
    [
        (NETWORK.loop, "cutt", "unknown loop 'cutt'; did you mean 'cut'?"),
        (NETWORK.observable, "bond", "unknown readout 'bond'; did you mean 'bound'?"),
        (NETWORK.parameter, "k_onn", "unknown parameter 'k_onn'; did you mean 'k_on'"),
        (NETWORK.reaction, "bindin", "unknown reaction 'bindin'; did you mean 'binding'?"),
        (NETWORK.species_named, "A_pp", "unknown species 'A_pp'; did you mean 'A_p'"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest(find, name: str, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownNameError) as caught:
        find(name)
    assert message in str(caught.value)


def test_many_rows_of_parameters_are_evaluated_without_a_loop_over_rows() -> None:
    rows = np.repeat(NETWORK.parameter_values()[None], 100_000, axis=0)
    k = NETWORK.rate_constants(rows)
    assert k.shape == (100_000, 6)
    assert np.array_equal(k[0], k[-1])
