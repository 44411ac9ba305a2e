import numpy as np
import pytest
from numpy.testing import assert_allclose

from benchmarks.equations import compile_equations
from benchmarks.networks import kinase_cascade, read_reactions, signalling_cascade
from mtorsim.simulate.mass_action import MassActionTables


def test_a_line_of_two_arrows_is_three_reactions():
    assert read_reactions("E + S <-> ES -> E + P ; 1, 2, 3\n0 -> S ; 4") == [
        (("E", "S"), ("ES",), 1.0),
        (("ES",), ("E", "S"), 2.0),
        (("ES",), ("E", "P"), 3.0),
        ((), ("S",), 4.0),
    ]


def test_a_line_with_a_constant_to_spare_is_refused():
    with pytest.raises(ValueError, match="has constants to spare"):
        read_reactions("A -> B ; 1, 2")


def test_the_signalling_cascade_is_the_one_the_solver_was_designed_on():
    network = signalling_cascade()
    assert network.structure.fingerprint() == (
        "beaa566e6686e1ad8667a3e054009a2a33459ec80bc872b46a309f7e4b4c2fe5"
    )
    assert network.rate_constants.sum() == pytest.approx(38.10419)
    assert network.initial_amounts.sum() == pytest.approx(3098.05)


@pytest.mark.parametrize("n_tiers", [4, 14, 79])
def test_kinase_cascades_have_the_size_asked(n_tiers):
    structure = kinase_cascade(n_tiers).structure
    assert structure.n_species == 5 * n_tiers + 5
    assert structure.n_reactions == 6 * n_tiers + 4


@pytest.mark.parametrize("limit", [0, 10_000])
def test_compiled_equations_equal_the_tables(monkeypatch, limit):
    monkeypatch.setattr("benchmarks.equations.WRITTEN_OUT_UP_TO", limit)
    network = kinase_cascade(4)
    equations, tables = compile_equations(network.structure), MassActionTables(network.structure)
    n, k = network.structure.n_species, network.rate_constants
    y = np.random.default_rng(0).uniform(0.1, 10.0, n)
    slope, jacobian, entries = np.empty(n), np.empty((n, n)), np.empty(equations.pattern.nnz)
    equations.rhs(y, k, slope)
    equations.jacobian(y, k, jacobian)
    equations.entries(y, k, entries)
    assert_allclose(slope, tables.rhs(y, k), rtol=1e-13, atol=1e-13)
    assert_allclose(jacobian, tables.jacobian(y, k), rtol=1e-13, atol=1e-13)
    compressed = equations.pattern.copy()
    compressed.data = entries
    assert_allclose(compressed.toarray(), jacobian)
