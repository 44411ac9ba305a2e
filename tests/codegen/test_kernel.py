"""Right-hand side and Jacobian of a kernel, its files, and its use from several threads."""

import ast
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mtorsim.codegen.kernel import compile_kernel
from mtorsim.codegen.mass_action import Labels
from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.options import SolverOptions
from tests.codegen.networks import sizes_of_derivatives, sizes_of_rates
from tests.oracle import oracle_jacobian, oracle_rhs, read_table
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import (
    CASCADE_TABLE,
    EXCHANGE_TABLE,
    cascade_rows,
    kernel_of,
    species_of,
    structure_of,
)
from tests.strategies import RandomNetwork

START, RATES = cascade_rows(2)
Y, K = START[1] + 0.3, RATES[1]
CASCADE = RandomNetwork(
    species_of(CASCADE_TABLE),
    tuple((tuple(left), tuple(right)) for left, right in read_table(CASCADE_TABLE)),
    k=K,
    y0=Y,
)


def test_rhs_and_jacobian_are_those_of_the_oracle() -> None:
    kernel = kernel_of(CASCADE_TABLE)
    exact = oracle_rhs(CASCADE.table, CASCADE.species, y=Y, k=K)
    assert np.all(np.abs(kernel.rhs(Y, K) - exact) <= 1e-12 * sizes_of_rates(CASCADE, Y, K))
    exact = oracle_jacobian(CASCADE.table, CASCADE.species, y=Y, k=K)
    allowed = 1e-12 * sizes_of_derivatives(CASCADE, Y, K)
    assert np.all(np.abs(kernel.jacobian(Y, K) - exact) <= allowed)


def test_rhs_and_jacobian_read_numbers_of_any_layout() -> None:
    kernel = kernel_of(CASCADE_TABLE)
    strided = np.repeat(Y, 2)[::2]
    assert kernel.rhs(strided, list(K)).tolist() == kernel.rhs(Y, K).tolist()
    np.testing.assert_array_equal(kernel.jacobian(strided, K), kernel.jacobian(Y, K))


@pytest.mark.parametrize("name", ["rhs", "jacobian"])
@pytest.mark.parametrize(("y", "k"), [(Y[:-1], K), (Y, K[1:]), (START, RATES), (Y[0], K)])
def test_arguments_of_another_size_are_refused(name: str, y, k) -> None:
    with pytest.raises(InputError):
        getattr(kernel_of(CASCADE_TABLE), name)(y, k)


def test_written_equations_are_readable_python_with_the_names_given() -> None:
    labels = Labels(("A", "B"), ("phosphorylation", "dephosphorylation"))
    kernel = compile_kernel(structure_of(EXCHANGE_TABLE), labels)
    path = kernel.write_equations()
    text = path.read_text()
    functions = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert functions[-3:] == ["rhs", "jacobian", "first_step"]
    assert "# flux of phosphorylation, - dephosphorylation" in text
    assert "# d A / dt" in text
    assert path.parent == kernel.folder
    assert max(map(len, text.splitlines())) < 140


@pytest.mark.compiled
def test_kernel_may_be_used_by_several_threads_at_once() -> None:
    kernel = compile_kernel(structure_of(CASCADE_TABLE))
    start, k = cascade_rows(20)

    def solve(_: int):
        return kernel.solve(start, k, t_out=[10.0], options=SolverOptions(lanes=2, threads=2))

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(solve, range(6))
    for other in others:
        assert_same_bits(first, other)


def test_network_without_reactions_stands_still() -> None:
    kernel = compile_kernel(MassActionStructure(n_species=3, reactants=(), changes=()))
    y = np.array([1.0, 2.0, 3.0])
    assert kernel.rhs(y, np.empty(0)).tolist() == [0, 0, 0]
    assert kernel.jacobian(y, np.empty(0)).tolist() == np.zeros((3, 3)).tolist()
    for method in ("rodas4", "rodas5p", "dopri5", "extrapolation"):
        solution = kernel.solve(
            y, np.empty((1, 0)), t_out=[5.0], options=SolverOptions(method, precision="double")
        )
        assert solution.values.tolist() == [[[1, 2, 3]]]


def test_reactions_without_effect_change_nothing() -> None:
    # a catalyst meets its product; two species meet and part
    kernel = kernel_of("A -> A\nA + B -> A + B")
    solution = kernel.solve([2.0, 3.0], [1.0, 1.0], t_out=[5.0])
    assert solution.values.tolist() == [[[2, 3]]]
