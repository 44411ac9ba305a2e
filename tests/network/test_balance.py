from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import sympy
from hypothesis import given

from mtorsim.network.balance import (
    ConservedMoiety,
    check_balance,
    conserved_moieties,
    find_moieties,
    moiety_matrix,
)
from mtorsim.network.monomial import Monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species
from tests.oracle import oracle_rhs, read_table
from tests.strategies import (
    CLOSED_KINDS,
    RandomNetwork,
    composition_of,
    mass_action_networks,
    structure_of_table,
)


def network_of(
    table: str, *, fixed: tuple[str, ...] = (), opened: tuple[int, ...] = ()
) -> ReactionNetwork:
    rows = read_table(table)
    species = dict.fromkeys(name for row in rows for side in row for name in side)
    return ReactionNetwork(
        id="small",
        title="small",
        species=tuple(Species(name, fixed=name in fixed) for name in species),
        reactions=tuple(
            Reaction(
                f"r{r}",
                "main",
                tuple(reactants),
                tuple(products),
                Monomial(1.0),
                open=r in opened,
                origin=f"small.toml:{r + 1}",
            )
            for r, (reactants, products) in enumerate(rows)
        ),
        parameters=(),
    )


def moieties_of(table: str, *species: str) -> dict[str, tuple[int, ...]]:
    found = find_moieties(
        structure_of_table(read_table(table), species),
        species,
        compositions=[composition_of(name) for name in species],
    )
    assert len({moiety.name for moiety in found}) == len(found)
    return {moiety.name: moiety.weights for moiety in found}


@given(mass_action_networks())
def test_moieties_annihilate_the_stoichiometric_matrix_and_are_all_there_are(
    network: RandomNetwork,
) -> None:
    structure = network.structure
    moieties = find_moieties(structure, network.species, compositions=network.compositions)
    weights = moiety_matrix(moieties, n_species=structure.n_species)
    stoichiometry = structure.stoichiometry()
    assert not np.any(weights @ stoichiometry)
    assert len(moieties) == structure.n_species - sympy.Matrix(stoichiometry).rank()
    assert sympy.Matrix(weights).rank() == len(moieties)


@given(mass_action_networks())
def test_every_moiety_is_constant_along_the_flow(network: RandomNetwork) -> None:
    slope = oracle_rhs(network.table, network.species, y=network.y0, k=network.k)
    gross = np.zeros(len(network.species))
    for (reactants, products), rate in zip(network.table, network.k, strict=True):
        for name in (*reactants, *products):
            flux = rate * np.prod([network.y0[network.species.index(s)] for s in reactants])
            gross[network.species.index(name)] += flux
    for moiety in find_moieties(network.structure, network.species):
        rounding = 1e-14 * (np.abs(moiety.weights) @ gross)
        assert abs(moiety.total(slope)) <= rounding


@given(mass_action_networks(kinds=CLOSED_KINDS))
def test_closed_networks_conserve_the_total_of_each_component(network: RandomNetwork) -> None:
    found = find_moieties(network.structure, network.species, compositions=network.compositions)
    totals = {moiety.name: moiety.weights for moiety in found}
    for component in {name for counts in network.compositions for name in counts}:
        expected = tuple(counts[component] for counts in network.compositions)
        # A total that another component's already fixes is not repeated.
        alone = totals.get(f"total {component}")
        assert alone == expected or sympy.Matrix([*totals.values(), expected]).rank() == len(totals)
    assert all(min(moiety.weights) >= 0 for moiety in found)


def test_total_akt_counts_every_form_of_it() -> None:
    species = ("AKT", "PIP3", "AKT:PIP3", "AKT_pT308:PIP3")
    table = """
    AKT + PIP3 -> AKT:PIP3
    AKT:PIP3 -> AKT + PIP3
    AKT:PIP3 -> AKT_pT308:PIP3
    """
    assert moieties_of(table, *species) == {"total AKT": (1, 0, 1, 1), "total PIP3": (0, 1, 1, 1)}


def test_a_dimer_counts_twice() -> None:
    assert moieties_of("A + A -> A:A", "A", "A:A") == {"total A": (1, 2)}


def test_synthesis_of_one_component_leaves_the_other_conserved() -> None:
    table = """
    A + B -> A:B
    0 -> A
    A:B -> B
    """
    assert moieties_of(table, "A", "B", "A:B") == {"total B": (0, 1, 1)}


def test_loss_in_pairs_conserves_the_difference_of_totals() -> None:
    (moiety,) = moieties_of("A + B -> 0", "A", "B").items()
    assert moiety in {("total A - total B", (1, -1)), ("-total A + total B", (-1, 1))}


def test_conversion_of_components_conserves_the_sum_of_totals() -> None:
    assert moieties_of("PIP2 -> PIP3", "PIP2", "PIP3") == {"total PIP2 + total PIP3": (1, 1)}


def test_pools_that_never_mix_are_named_by_their_species() -> None:
    table = """
    A -> A_p
    A_cyt -> A_nuc
    A_nuc -> A_cyt
    """
    found = moieties_of(table, "A", "A_p", "A_cyt", "A_nuc")
    assert found == {"total A": (1, 1, 1, 1), "A + A_p": (1, 1, 0, 0)}


def test_long_sums_are_cut_and_equal_names_numbered() -> None:
    species = tuple(f"S{i}" for i in range(5))
    chain = "\n".join(f"S{i} -> S{i + 1}" for i in range(4))
    (moiety,) = find_moieties(structure_of_table(read_table(chain), species), species)
    assert moiety == ConservedMoiety("S0 + S1 + S2 + 2 more", (1, 1, 1, 1, 1))
    fork = structure_of_table(read_table("A + B + C -> D + E"), "ABCDE")
    names = [moiety.name for moiety in find_moieties(fork, ["S"] * 5)]
    assert len(set(names)) == 4


def test_fixed_species_are_no_moieties_and_exchange_with_them_breaks_totals() -> None:
    network = network_of("Insulin + IR -> IR:Insulin", fixed=("Insulin",))
    (moiety,) = conserved_moieties(network)
    assert moiety == ConservedMoiety("total IR", (1, 1))


def test_total_is_the_weighted_sum_of_each_state() -> None:
    moiety = ConservedMoiety("total A", (1, 2))
    assert moiety.total(np.array([[1.0, 2.0], [0.0, 0.5]])).tolist() == [5.0, 1.0]


def test_no_moieties_make_an_empty_matrix_of_full_width() -> None:
    assert moiety_matrix([], n_species=3).shape == (0, 3)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("A -> A_p:B", "0 B on the left but 1 on the right"),
        ("A + A -> A", "2 A on the left but 1 on the right"),
        ("0 -> A", "0 A on the left but 1 on the right"),
        ("A -> 0", "1 A on the left but 0 on the right"),
    ],
)
def test_an_unbalanced_reaction_is_told_with_its_place_and_remedy(table: str, found: str) -> None:
    (problem,) = check_balance(network_of(table))
    assert problem == (
        f'small.toml:1: reaction "r0": {found}; '
        "mend the equation, or say open = true if it is synthesis or degradation"
    )


def test_open_reactions_may_make_and_remove_components() -> None:
    assert check_balance(network_of("0 -> A\nA -> 0", opened=(0, 1))) == []


def test_every_unbalanced_reaction_is_told() -> None:
    problems = check_balance(network_of("A -> B\nA -> A_p\nA_p -> B_p"))
    assert [problem.split(":")[1] for problem in problems] == ["1", "3"]


def test_binding_and_change_of_state_balance() -> None:
    assert check_balance(network_of("A_p + B -> A_p:B\nA_p:B -> A_p_q + B_u")) == []


def test_conserved_moieties_are_found_without_sympy() -> None:
    code = "import sys, mtorsim.network.balance; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
