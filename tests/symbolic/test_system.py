from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from sympy import Symbol

from mtorsim.errors import ModelError
from mtorsim.modelfiles.compose import compose
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species
from mtorsim.symbolic.system import OdeSystem
from tests.oracle import oracle_jacobian, oracle_rhs, read_table
from tests.strategies import structure_of_table
from tests.symbolic.networks import dense_values_of, values_of


def binding(species: list[str] | None = None, reactions: list[str] | None = None) -> OdeSystem:
    structure = structure_of_table(read_table("A + B -> C"), ["A", "B", "C"])
    return OdeSystem.from_structure(structure, species=species, reactions=reactions)


def test_without_ids_symbols_are_numbered() -> None:
    system = binding()
    y0, y1, k = Symbol("y0"), Symbol("y1"), Symbol("k_r0")
    assert system.rhs == (-k * y0 * y1, -k * y0 * y1, k * y0 * y1)


def test_ids_that_look_like_code_stay_names() -> None:
    hostile = "__import__('os').abort()"
    system = binding(species=[hostile, "1+1", "x**2"])
    assert [symbol.name for symbol in system.y] == [hostile, "1+1", "x**2"]
    assert {symbol.name for symbol in system.rhs[0].free_symbols} == {hostile, "1+1", "k_r0"}


def test_a_name_for_two_species_is_refused() -> None:
    with pytest.raises(ModelError, match="'A' names more than one species"):
        binding(species=["A", "B", "A"])


def test_a_species_named_as_a_rate_constant_is_refused() -> None:
    with pytest.raises(ModelError, match="'k_on' names more than one species or rate constant"):
        binding(species=["A", "B", "k_on"], reactions=["on"])


def test_a_missing_id_is_refused() -> None:
    with pytest.raises(ModelError, match="2 ids for 3 species"):
        binding(species=["A", "B"])


def test_a_system_can_not_be_changed() -> None:
    system = binding()
    with pytest.raises(FrozenInstanceError):
        system.rhs = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        system.jacobian[0, 0] = Symbol("x")  # type: ignore[index]


def test_fixed_species_of_a_network_are_inputs_of_its_rates() -> None:
    network = ReactionNetwork(
        id="small",
        title="small",
        species=(Species("Insulin", fixed=True), Species("IR"), Species("IR_pY")),
        reactions=(
            Reaction("on", "main", ("Insulin", "IR"), ("Insulin", "IR_pY"), parse_monomial("k_a")),
            Reaction("off", "main", ("IR_pY",), ("IR",), parse_monomial("k_a * Kd")),
        ),
        parameters=(),
    )
    system = OdeSystem.from_network(network)
    ir, ir_py = Symbol("IR"), Symbol("IR_pY")
    assert system.rhs[0] == -Symbol("k_on") * ir + Symbol("k_off") * ir_py
    assert system.inputs == (("Insulin",), ())
    assert "v_on = k_a * [Insulin] * [IR]\n" in system.equations_text()
    assert "v_off = k_a * Kd * [IR_pY]\n" in system.equations_text()


def test_equations_of_the_core_model_equal_the_table_interpreter_at_random_states() -> None:
    network = compose("mtor-core", drugs=["everolimus", "vistusertib"])
    system = OdeSystem.from_network(network)
    n = len(system.y)
    dynamic = set(network.dynamic_species)
    table = [
        tuple([name for name in side if name in dynamic] for side in (r.reactants, r.products))
        for r in network.reactions
    ]
    rng = np.random.default_rng(1)
    for _ in range(5):
        y = 10.0 ** rng.uniform(-2, 3, n)
        k = 10.0 ** rng.uniform(-5, 1, len(system.k))
        gross = np.abs(network.structure().stoichiometry()) @ values_of(
            system.fluxes, system, y=y, k=k
        )
        rhs = values_of(system.rhs, system, y=y, k=k)
        expected = oracle_rhs(table, system.species, y=y, k=k)
        # Catalysts come and go in the table, which rounds at the size of the flux.
        assert np.all(np.abs(rhs - expected) <= 1e-13 * (gross + gross.max()))
        jacobian = dense_values_of(system.jacobian, system, shape=(n, n), y=y, k=k)
        exact = oracle_jacobian(table, system.species, y=y, k=k)
        assert np.all(np.abs(jacobian - exact) <= 1e-13 * np.abs(exact).max())


def test_sympy_is_not_imported_until_the_symbols_are_wanted() -> None:
    code = (
        "import sys, mtorsim.network.balance, mtorsim.modelfiles.compose, mtorsim.symbolic;"
        "before = 'sympy' in sys.modules; import mtorsim.symbolic.system;"
        "sys.exit(before or 'sympy' not in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
