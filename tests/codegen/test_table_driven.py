"""Loops over tables give what straight-line code gives, up to the order of their sums."""

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen import mass_action as straight
from mtorsim.codegen import table_driven, table_factor, table_scalar
from mtorsim.codegen import variant as variants
from mtorsim.codegen.kernel import compile_kernel
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.reference import solve_with_scipy
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.symbolic.elimination import jacobian_pattern, plan_elimination
from tests.codegen.machines import DTYPE, Interpreter, Machine, assert_same_bits
from tests.codegen.networks import (
    Array,
    networks,
    numbers_in_lanes,
    sizes_of_derivatives,
    sizes_of_rates,
)
from tests.oracle import oracle_jacobian, oracle_rhs
from tests.solvers.examples import CASCADE_TABLE, cascade_rows, kernel_of, structure_of
from tests.strategies import RandomNetwork

LANES = 2
FEW = settings(max_examples=15)


def plan_of(structure):
    return plan_elimination(structure.n_species, jacobian_pattern(structure))


@FEW
@given(network=networks(up_to_order=2))
def test_equations_over_tables_are_those_of_the_oracle(network: RandomNetwork) -> None:
    structure, n = network.structure, len(network.species)
    programs = [
        table_scalar.rhs_program(structure),
        table_scalar.jacobian_program(structure),
        table_scalar.first_step_program(structure),
    ]
    y, k = numbers_in_lanes(network, lanes=LANES)
    results = {}
    for form in (Interpreter(programs), Machine(programs, lanes=LANES)):
        numbers = {"y": y, "k": k}
        results[form] = {
            "f": form.run("rhs", **numbers, f=np.full_like(y, np.nan))[0]["f"],
            "J": form.run("jacobian", **numbers, J=np.zeros((n * n, LANES)))[0]["J"],
            "h": form.run("first_step", **numbers, h=np.full_like(y, np.nan))[0]["h"][:1],
        }
    slow, fast = results.values()
    assert_same_bits(slow, fast)
    for lane in range(LANES):
        y1, k1 = y[:, lane], k[:, lane]
        rates, entries = sizes_of_rates(network, y1, k1), sizes_of_derivatives(network, y1, k1)
        exact = oracle_rhs(network.table, network.species, y=y1, k=k1)
        assert np.all(np.abs(fast["f"][:, lane] - exact) <= 1e-12 * rates)
        exact = oracle_jacobian(network.table, network.species, y=y1, k=k1)
        error = np.abs(fast["J"][:, lane].reshape(n, n) - exact)
        assert np.all(error <= 1e-12 * entries)
        speed = max(np.abs(np.diag(exact)).max(), 1e-300)
        assert abs(0.5 / fast["h"][0, lane] - speed) <= 1e-12 * np.diag(entries).max() + 1e-190


def stages(module, network: RandomNetwork, form_of, *, precision: str) -> dict[str, Array]:
    """f, u of the first stage and u of a later one, by the programs of a module."""
    structure, dtype = network.structure, DTYPE[precision]
    plan, n, r = plan_of(structure), structure.n_species, structure.n_reactions
    stage = "stage_program" if module is table_driven else "increment_stage_program"
    factor = table_factor if module is table_driven else module
    programs = [
        factor.factor_program(structure, plan, precision),
        module.first_stage_program(structure, plan, precision),
        getattr(module, stage)(structure, plan, precision),
    ]
    form = form_of(programs)
    y, k = numbers_in_lanes(network, lanes=LANES)
    y, k = y.astype(dtype).astype(float), k.astype(dtype).astype(float)
    empty = np.zeros_like(y)
    partial = np.zeros((max(1, len(table_driven.partials_of(structure))), LANES))
    scratch = {"partial": partial, "row": empty, "flux": np.zeros((r, LANES)), "x": empty}

    def run(name: str, result: str, **arrays: Array) -> dict[str, Array]:
        known = {a.name for a in form.programs[name].arguments}
        chosen = {key: value for key, value in {**scratch, **arrays}.items() if key in known}
        return form.run(name, **chosen)[0]

    # beyond the sum of every row: M is diagonally dominant, and solutions are exact to roundings
    shift = 2 * max(
        sizes_of_derivatives(network, y[:, i], k[:, i]).sum(axis=1).max() for i in range(LANES)
    )
    lu = np.zeros((plan.n_entries, LANES))
    lu = run("factor", "lu", y=y, k=k, shift=np.full((1, LANES), shift + 1e-3), lu=lu)["lu"]
    first = run("first_stage", "u", y=y, k=k, lu=lu, f=empty, u=np.full_like(y, np.nan))
    a, g = 0.1 * y, np.linspace(-1, 1, n * LANES).reshape(n, LANES)
    later = run("stage", "u", a=a, g=g, k=k, lu=lu, u=np.full_like(y, np.nan))["u"]
    return {"f": first["f"], "u": first["u"], "later": later}


@pytest.mark.parametrize("precision", ["double", "single"])
@FEW
@given(network=networks(up_to_order=2))
def test_stages_over_tables_are_those_of_straight_line_code(
    network: RandomNetwork, precision: str
) -> None:
    def machine(programs):
        return Machine(programs, lanes=LANES)

    tables = stages(table_driven, network, machine, precision=precision)
    lines = stages(straight, network, machine, precision=precision)
    eps = np.finfo(DTYPE[precision]).eps
    y, k = numbers_in_lanes(network, lanes=LANES)
    size = max(sizes_of_rates(network, y[:, i], k[:, i]).max() for i in range(LANES))
    # a stage is M^-1 of sums of rates, and of a and g, which are near 1e2 at most
    slack = (3 * len(network.k) + 5 * len(network.species) + 20) * eps
    assert np.abs(tables["f"] - lines["f"]).max() <= slack * size
    for name in ("u", "later"):
        largest = max(np.abs(lines[name]).max(), 0.1 * np.abs(y).max())
        assert np.abs(tables[name] - lines[name]).max() <= 10 * slack * largest
    if precision == "double":
        assert_same_bits(tables, stages(table_driven, network, Interpreter, precision=precision))


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_kernel_over_tables_takes_the_same_steps(
    precision: str, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    start, k = cascade_rows(9)
    times = np.geomspace(0.1, 86400, 7)
    options = SolverOptions("rodas4", rtol=1e-4, precision=precision, lanes=4)
    lines = kernel_of(CASCADE_TABLE).solve(start, k, t_out=times, options=options)
    monkeypatch.setattr(variants, "LONGEST_STRAIGHT_LINE", 10)
    monkeypatch.setattr(variants, "MOST_STRAIGHT_LINE_REACTIONS", 5)
    monkeypatch.setattr("mtorsim.codegen.kernel_folder.cache_folder", lambda: tmp_path)
    tables = compile_kernel(structure_of(CASCADE_TABLE)).solve(
        start, k, t_out=times, options=options
    )
    assert np.all(tables.status == Status.OK)
    difference = np.abs(tables.values - lines.values)
    if precision == "double":
        np.testing.assert_array_equal(tables.counters.steps, lines.counters.steps)
        assert difference.max() <= 1e-9 * start.max()
    else:
        # roundings of float32 move errors and steps, within what the tolerance allows
        allowed = np.sqrt(13) * lines.counters.steps[:, np.newaxis, np.newaxis] * 1e-4
        assert np.all(difference <= 2 * allowed * np.abs(lines.values).max(axis=1, keepdims=True))


def exchange_of_all(n: int) -> MassActionStructure:
    """Every species turns into every other: a full Jacobian."""
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    return MassActionStructure(
        n,
        tuple((i,) for i, _ in pairs),
        tuple(tuple(sorted([(i, -1), (j, 1)])) for i, j in pairs),
    )


@pytest.mark.parametrize("n", [1, 4, 5, 11])
def test_pivots_taken_four_at_once_give_the_dense_factors(n: int) -> None:
    structure = exchange_of_all(n)
    plan = plan_of(structure)
    random = np.random.default_rng(0)
    k = random.uniform(0.5, 1.5, (structure.n_reactions, LANES))
    shift = np.full((1, LANES), 2.0 * n)
    program = table_factor.factor_program(structure, plan, "double")
    arrays = {
        "y": np.ones((n, LANES)),
        "k": k,
        "shift": shift,
        "lu": np.zeros((plan.n_entries, LANES)),
        "partial": np.zeros((max(1, structure.n_reactions), LANES)),
        "row": np.zeros((n, LANES)),
    }
    fast = Machine([program], lanes=LANES).run("factor", **arrays)[0]
    assert_same_bits(fast, Interpreter([program]).run("factor", **arrays)[0])
    matrix = 2.0 * n * np.eye(n)
    for (j,), changes, rate in zip(structure.reactants, structure.changes, k[:, 1], strict=True):
        for i, change in changes:
            matrix[i, j] -= change * rate
    found = fast["lu"][:, 1].reshape(n, n)
    lower = np.tril(found, -1) + np.eye(n)
    upper = np.triu(found, 1) + np.diag(1 / np.diag(found))
    # all species are alike, so the order is that of the species
    np.testing.assert_allclose(lower @ upper, matrix, rtol=0, atol=1e-13 * 2 * n)


def test_large_generated_network_agrees_with_scipy() -> None:
    """Sites that are modified in any order: 64 states, and a Jacobian that fills in."""
    sites = 6
    states = 2**sites
    reactants, changes = [], []
    for state in range(states):
        for site in range(sites):
            other = state ^ (1 << site)
            if not state & (1 << site):  # by a kinase
                reactants.append((state, states))
            else:
                reactants.append((state,))
            changes.append(tuple(sorted([(state, -1), (other, 1)])))
    reactants += [(states,), (states + 1,)]
    changes += [((states, -1), (states + 1, 1)), ((states, 1), (states + 1, -1))]
    structure = MassActionStructure(states + 2, tuple(reactants), tuple(changes))
    plan = plan_of(structure)
    assert variants.is_table_driven(structure, plan)
    y0 = np.zeros(states + 2)
    y0[0], y0[states] = 100.0, 2.0
    k = np.random.default_rng(1).uniform(0.05, 2.0, structure.n_reactions)
    times = np.array([0.5, 5.0, 50.0])
    exact = solve_with_scipy(structure, y0[np.newaxis], k[np.newaxis], t_out=times).values
    kernel = compile_kernel(structure)
    for method, rtol in (("rodas5p", 1e-6), ("rkc", 1e-6)):
        found = kernel.solve(y0, k, t_out=times, options=SolverOptions(method, rtol=rtol))
        assert np.all(found.status == Status.OK)
        allowed = np.sqrt(states + 2) * found.counters.steps[0] * rtol * 100.0
        assert np.abs(found.values - exact).max() <= allowed
