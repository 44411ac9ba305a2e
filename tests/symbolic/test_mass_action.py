from __future__ import annotations

import numpy as np
import sympy
from hypothesis import given, settings

from tests.oracle import oracle_rhs
from tests.strategies import RandomNetwork, mass_action_networks
from tests.symbolic.networks import dimer, enzyme, kinase, symbols, system_of_random, values_of

# Each term takes at most max_order products and one sum; a few units in the last place each.
ROUNDING = 64 * np.finfo(float).eps


def test_enzyme_equations_are_those_derived_by_hand() -> None:
    e, s, c, p = symbols("E", "S", "E:S", "P")
    on, off, cat = symbols("k_on", "k_off", "k_cat")
    system = enzyme()
    assert system.y == (e, s, c, p)
    assert system.fluxes == (on * e * s, off * c, cat * c)
    assert system.rhs == (
        -on * e * s + off * c + cat * c,
        -on * e * s + off * c,
        on * e * s - off * c - cat * c,
        cat * c,
    )


def test_dimer_equations_are_those_derived_by_hand() -> None:
    a, aa = symbols("A", "A:A")
    syn, deg, on, off = symbols("k_syn", "k_deg", "k_on", "k_off")
    system = dimer()
    assert system.fluxes == (syn, deg * a, on * a**2, off * aa)
    assert system.rhs == (syn - deg * a - 2 * on * a**2 + 2 * off * aa, on * a**2 - off * aa)


def test_catalysis_equations_are_those_derived_by_hand() -> None:
    kinase_amount, s, s_p = symbols("K", "S", "S_p")
    cat, auto, off = symbols("k_cat", "k_auto", "k_off")
    gain = cat * kinase_amount * s + auto * s * s_p - off * s_p**3
    assert tuple(map(sympy.expand, kinase().rhs)) == (0, sympy.expand(-gain), gain)


def test_stoichiometric_matrix_of_the_enzyme_is_that_of_the_textbook() -> None:
    assert enzyme().stoichiometry == sympy.Matrix([[-1, 1, 1], [-1, 1, 0], [1, -1, -1], [0, 0, 1]])


@settings(max_examples=50)
@given(mass_action_networks())
def test_stoichiometry_times_fluxes_is_the_right_hand_side(network: RandomNetwork) -> None:
    system = system_of_random(network)
    product = system.stoichiometry * sympy.Matrix(len(system.k), 1, system.fluxes)
    assert [sympy.expand(entry) for entry in product] == [sympy.expand(e) for e in system.rhs]


@settings(max_examples=50)
@given(mass_action_networks())
def test_right_hand_side_equals_the_table_interpreter(network: RandomNetwork) -> None:
    system = system_of_random(network)
    y, k = network.y0, network.k
    gross = np.abs(network.structure.stoichiometry()) @ values_of(system.fluxes, system, y=y, k=k)
    catalysed = sum(
        rate * np.prod([y[network.species.index(name)] for name in reactants])
        for (reactants, _), rate in zip(network.table, k, strict=True)
    )
    error = values_of(system.rhs, system, y=y, k=k) - oracle_rhs(
        network.table, network.species, y=y, k=k
    )
    assert np.all(np.abs(error) <= ROUNDING * (gross + catalysed))
