"""The programs of a network: right-hand side, Jacobian, factorisation, solves.

Tolerances are bounds of rounding errors: each of the sums and products that make a number adds at
most one rounding of the terms it is made of; a factorisation without pivoting is that of a matrix
within ``n eps |L| |U|`` of the true one, whatever its growth (Higham 2002, theorems 9.3 and 9.4).
"""

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen.extrapolation import solve_program, substep_program
from mtorsim.codegen.mass_action import (
    Labels,
    factor_program,
    first_stage_program,
    first_step_program,
    increment_stage_program,
    jacobian_program,
    net_fluxes,
    rhs_program,
    state_stage_program,
)
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.elimination import EliminationPlan, jacobian_pattern, plan_elimination
from tests.codegen.machines import (
    DTYPE,
    Interpreter,
    Machine,
    assert_same_bits,
    has_hardware_fma,
)
from tests.codegen.networks import (
    Array,
    networks,
    numbers_in_lanes,
    sizes_of_derivatives,
    sizes_of_rates,
)
from tests.oracle import oracle_jacobian, oracle_rhs
from tests.strategies import RandomNetwork
from tests.symbolic.networks import system_of_random, values_of

LANES = 2
FEW = settings(max_examples=25)
SHIFTS = np.array([0.3, 200.0])


def plan_of(structure: MassActionStructure) -> EliminationPlan:
    return plan_elimination(structure.n_species, jacobian_pattern(structure))


def machines(programs) -> list:
    """The forms that must give the same numbers up to rounding, the reference first."""
    exact = [Interpreter(programs), Machine(programs, lanes=LANES)]
    return [*exact, Machine(programs, lanes=LANES, has_fma=True)] if has_hardware_fma() else exact


def roundings(structure: MassActionStructure, precision: str = "double") -> float:
    """Relative error of a sum over all reactions of products of up to five factors."""
    return (structure.n_reactions * 3 + 8) * np.finfo(DTYPE[precision]).eps


@FEW
@given(network=networks())
def test_rhs_is_that_of_the_oracle_in_every_form(network: RandomNetwork) -> None:
    structure = network.structure
    y, k = numbers_in_lanes(network, lanes=LANES)
    arrays = {"y": y, "k": k, "f": np.full_like(y, np.nan)}
    forms = machines([rhs_program(structure, Labels.numbered(structure))])
    results = [form.run("rhs", **arrays)[0] for form in forms]
    assert_same_bits(results[0], results[1])
    for lane in range(LANES):
        exact = oracle_rhs(network.table, network.species, y=y[:, lane], k=k[:, lane])
        allowed = 1e-12 * sizes_of_rates(network, y[:, lane], k[:, lane])
        for result in results:
            assert np.all(np.abs(result["f"][:, lane] - exact) <= allowed)


@settings(max_examples=10)
@given(network=networks())
def test_rhs_is_that_of_the_symbolic_equations(network: RandomNetwork) -> None:
    structure, system = network.structure, system_of_random(network)
    program = rhs_program(structure, Labels.numbered(structure))
    y, k = numbers_in_lanes(network, lanes=1)
    result, _ = Machine([program], lanes=1).run("rhs", y=y, k=k, f=np.zeros_like(y))
    exact = values_of(system.rhs, system, y=y[:, 0], k=k[:, 0])
    allowed = 1e-12 * sizes_of_rates(network, y[:, 0], k[:, 0])
    assert np.all(np.abs(result["f"][:, 0] - exact) <= allowed)


@FEW
@given(network=networks())
def test_jacobian_is_the_complex_step_derivative_in_every_form(network: RandomNetwork) -> None:
    structure, n = network.structure, len(network.species)
    y, k = numbers_in_lanes(network, lanes=LANES)
    arrays = {"y": y, "k": k, "J": np.zeros((n * n, LANES))}
    forms = machines([jacobian_program(structure, Labels.numbered(structure))])
    results = [form.run("jacobian", **arrays)[0] for form in forms]
    assert_same_bits(results[0], results[1])
    for lane in range(LANES):
        exact = oracle_jacobian(network.table, network.species, y=y[:, lane], k=k[:, lane])
        # the cube of a complex step of 1e-100 is not nothing where the derivative is
        allowed = 1e-12 * sizes_of_derivatives(network, y[:, lane], k[:, lane]) + 1e-190
        for result in results:
            assert np.all(np.abs(result["J"][:, lane].reshape(n, n) - exact) <= allowed)


@FEW
@given(network=networks())
def test_first_step_is_a_twentieth_of_the_fastest_time_scale(network: RandomNetwork) -> None:
    structure, n = network.structure, len(network.species)
    y, k = numbers_in_lanes(network, lanes=LANES)
    forms = machines([first_step_program(structure)])
    results = [form.run("first_step", y=y, k=k, h=np.zeros((n, LANES)))[0] for form in forms]
    assert_same_bits(results[0], results[1])
    for lane in range(LANES):
        diagonal = np.diag(
            oracle_jacobian(network.table, network.species, y=y[:, lane], k=k[:, lane])
        )
        size = np.diag(sizes_of_derivatives(network, y[:, lane], k[:, lane])).max()
        speed = 0.5 / results[0]["h"][0, lane]
        assert abs(speed - max(np.abs(diagonal).max(), 1e-300)) <= 1e-12 * size + 1e-190


def factors_of(plan: EliminationPlan, lu: Array) -> tuple[Array, Array]:
    """L D and U of one lane, dense and in elimination order; pivots are stored as reciprocals.

    U is stored divided by its pivots, so that M = L D U with units on both diagonals.
    """
    n = len(plan.order)
    lower, upper = np.eye(n), np.eye(n)
    pivots = np.zeros(n)
    for (i, j), value in zip(plan.entries, lu.astype(float), strict=True):
        if j < i:
            lower[i, j] = value
        elif j > i:
            upper[i, j] = value
        else:
            pivots[i] = 1 / value
    return lower * pivots, upper


def iteration_matrix(network: RandomNetwork, y: Array, k: Array, shift: float) -> Array:
    matrix = -oracle_jacobian(network.table, network.species, y=y, k=k)
    return matrix + shift * np.eye(len(y))


def error_of_factors(network, plan, *, y, k, shift, lu, precision) -> Array:
    """Bound of the difference between L D U and M, species by species, (n, n)."""
    structure, eps = network.structure, np.finfo(DTYPE[precision]).eps
    lower, upper = factors_of(plan, lu)
    growth = np.abs(lower) @ np.abs(upper)
    entries = sizes_of_derivatives(network, y, k) + shift * np.eye(len(y))
    order = np.array(plan.order)
    back = np.argsort(order)
    return (
        5 * (len(y) + 3) * eps * growth[np.ix_(back, back)]
        + roundings(structure, precision) * entries
    )


def factored(network: RandomNetwork, form, precision: str):
    """Plan, states, rate constants and factors, in all lanes."""
    plan = plan_of(network.structure)
    y, k = numbers_in_lanes(network, lanes=LANES)
    if precision == "single":
        y, k = y.astype(np.float32).astype(float), k.astype(np.float32).astype(float)
    arrays = {"y": y, "k": k, "shift": SHIFTS[np.newaxis], "lu": np.zeros((plan.n_entries, LANES))}
    return plan, y, k, form.run("factor", **arrays)[0]["lu"]


@pytest.mark.parametrize("precision", ["double", "single"])
@FEW
@given(network=networks())
def test_factors_are_those_of_the_iteration_matrix(network: RandomNetwork, precision: str) -> None:
    structure = network.structure
    forms = machines([factor_program(structure, plan_of(structure), precision)])
    results = [factored(network, form, precision) for form in forms]
    assert_same_bits({"lu": results[0][3]}, {"lu": results[1][3]})
    for plan, y, k, lu in results:
        order = np.array(plan.order)
        for lane, shift in enumerate(SHIFTS.astype(DTYPE[precision]).astype(float)):
            matrix = iteration_matrix(network, y[:, lane], k[:, lane], shift)
            lower, upper = factors_of(plan, lu[:, lane])
            allowed = error_of_factors(
                network,
                plan,
                y=y[:, lane],
                k=k[:, lane],
                shift=shift,
                lu=lu[:, lane],
                precision=precision,
            )
            error = np.abs(lower @ upper - matrix[np.ix_(order, order)])
            assert np.all(error <= allowed[np.ix_(order, order)])


def assert_solves(network, plan, *, lane, y, k, lu, x, b, b_size, precision="double") -> None:
    """M x = b up to the roundings of factorisation and solve, and of the terms of b."""
    shift = float(SHIFTS.astype(DTYPE[precision])[lane])
    matrix = iteration_matrix(network, y, k, shift)
    error = error_of_factors(network, plan, y=y, k=k, shift=shift, lu=lu, precision=precision)
    allowed = 3 * error @ np.abs(x)
    allowed += roundings(network.structure, precision) * b_size
    assert np.all(np.abs(matrix @ x - b) <= allowed)


@pytest.mark.parametrize("precision", ["double", "single"])
@FEW
@given(network=networks())
def test_first_stage_solves_for_the_rate_of_change(network: RandomNetwork, precision: str) -> None:
    structure = network.structure
    plan = plan_of(structure)
    programs = [
        factor_program(structure, plan, precision),
        first_stage_program(structure, plan, precision),
    ]
    # plain Python keeps float32 apart from float64 no more than it can: machine code alone there
    forms = machines(programs) if precision == "double" else machines(programs)[1:]
    results = []
    for form in forms:
        _, y, k, lu = factored(network, form, precision)
        empty = np.zeros_like(y)
        results.append(form.run("first_stage", y=y, k=k, lu=lu, f=empty, u=empty)[0])
        for lane in range(LANES):
            f = oracle_rhs(network.table, network.species, y=y[:, lane], k=k[:, lane])
            size = sizes_of_rates(network, y[:, lane], k[:, lane])
            assert np.all(
                np.abs(results[-1]["f"][:, lane] - f) <= roundings(structure, precision) * size
            )
            assert_solves(
                network,
                plan,
                lane=lane,
                y=y[:, lane],
                k=k[:, lane],
                lu=lu[:, lane],
                x=results[-1]["u"][:, lane].astype(float),
                b=f,
                b_size=size,
                precision=precision,
            )
    if precision == "double":
        assert_same_bits(results[0], results[1])


@FEW
@given(network=networks())
def test_solution_is_that_of_numpy(network: RandomNetwork) -> None:
    """In a matrix that is far from singular, forward errors are small as well."""
    structure = network.structure
    plan = plan_of(structure)
    programs = [
        factor_program(structure, plan, "double"),
        first_stage_program(structure, plan, "double"),
    ]
    form = Machine(programs, lanes=1)
    y, k = numbers_in_lanes(network, lanes=1)
    # shift beyond the sum of a row makes M diagonally dominant: no growth, condition at most 3
    shift = 2 * sizes_of_derivatives(network, y[:, 0], k[:, 0]).sum(axis=1).max() + 1e-3
    lu = form.run(
        "factor", y=y, k=k, shift=np.full((1, 1), shift), lu=np.zeros((plan.n_entries, 1))
    )[0]["lu"]
    u = form.run("first_stage", y=y, k=k, lu=lu, f=np.zeros_like(y), u=np.zeros_like(y))[0]["u"]
    matrix = iteration_matrix(network, y[:, 0], k[:, 0], shift)
    f = oracle_rhs(network.table, network.species, y=y[:, 0], k=k[:, 0])
    exact = np.linalg.solve(matrix, f)
    size = np.abs(np.linalg.inv(matrix)) @ sizes_of_rates(network, y[:, 0], k[:, 0])
    assert np.all(np.abs(u[:, 0] - exact) <= 1e-12 * size.max())


@pytest.mark.parametrize("precision", ["double", "single"])
@FEW
@given(network=networks(up_to_order=2))
def test_increment_stage_solves_the_stage_equation(network: RandomNetwork, precision: str) -> None:
    """M u = f(y + a) + c with g = f(y) + c + shift a: J a never has to be formed."""
    structure, dtype = network.structure, DTYPE[precision]
    plan = plan_of(structure)
    programs = [
        factor_program(structure, plan, precision),
        increment_stage_program(structure, plan, precision),
    ]
    random = np.random.default_rng(3)
    results = []
    for form in machines(programs):
        _, y, k, lu = factored(network, form, precision)
        a = (0.3 * y * random.standard_normal(y.shape)).astype(dtype).astype(float)
        c = random.standard_normal(y.shape)
        g = np.empty_like(y)
        shift = SHIFTS.astype(dtype).astype(float)
        for lane in range(LANES):
            f = oracle_rhs(network.table, network.species, y=y[:, lane], k=k[:, lane])
            g[:, lane] = f + c[:, lane] + shift[lane] * a[:, lane]
        results.append(form.run("stage", a=a, g=g, k=k, lu=lu, u=np.full_like(y, np.nan))[0]["u"])
        for lane in range(LANES):
            y1, k1, a1 = y[:, lane], k[:, lane], a[:, lane]
            f = oracle_rhs(network.table, network.species, y=y1 + a1, k=k1)
            size = sizes_of_rates(network, np.abs(y1) + np.abs(a1), k1)
            size += np.abs(c[:, lane]) + shift[lane] * np.abs(a1)
            # u + a is what is solved for
            u = results[-1][:, lane].astype(float)
            jacobian = oracle_jacobian(network.table, network.species, y=y1, k=k1)
            assert_solves(
                network,
                plan,
                lane=lane,
                y=y1,
                k=k1,
                lu=lu[:, lane],
                x=u + a1,
                b=f + c[:, lane] + shift[lane] * a1 - jacobian @ a1,
                b_size=size + sizes_of_derivatives(network, y1, k1) @ np.abs(a1),
                precision=precision,
            )
        random = np.random.default_rng(3)
    assert_same_bits({"u": results[0]}, {"u": results[1]})


@FEW
@given(network=networks())
def test_state_stage_solves_for_the_rates_at_the_stage(network: RandomNetwork) -> None:
    structure = network.structure
    plan = plan_of(structure)
    programs = [factor_program(structure, plan, "double"), state_stage_program(structure, plan)]
    results = []
    for form in machines(programs):
        _, y, k, lu = factored(network, form, "double")
        a, g = 1.2 * y, np.linspace(-1, 1, y.size).reshape(y.shape)
        results.append(form.run("stage", a=a, g=g, k=k, lu=lu, u=np.zeros_like(y))[0]["u"])
        for lane in range(LANES):
            f = oracle_rhs(network.table, network.species, y=a[:, lane], k=k[:, lane])
            assert_solves(
                network,
                plan,
                lane=lane,
                y=y[:, lane],
                k=k[:, lane],
                lu=lu[:, lane],
                x=results[-1][:, lane],
                b=f + g[:, lane],
                b_size=sizes_of_rates(network, a[:, lane], k[:, lane]) + np.abs(g[:, lane]),
            )
    assert_same_bits({"u": results[0]}, {"u": results[1]})


@FEW
@given(network=networks(up_to_order=2))
def test_substeps_of_the_extrapolation_solve_their_equation(network: RandomNetwork) -> None:
    """M d' = f(y) + shift d + B(d, d), and the first one M d' = f(y)."""
    structure = network.structure
    plan = plan_of(structure)
    programs = [
        factor_program(structure, plan, "double"),
        solve_program(structure, plan),
        substep_program(structure, plan),
    ]
    results = []
    for form in machines(programs):
        _, y, k, lu = factored(network, form, "double")
        f = np.linspace(-1, 1, y.size).reshape(y.shape)
        first = form.run("solve", f=f, lu=lu, d=np.zeros_like(y))[0]["d"]
        d = 0.2 * y
        arrays = {"d": d, "f": f, "shift": SHIFTS[np.newaxis], "k": k, "lu": lu, "next_d": f}
        following = form.run("substep", **arrays)[0]["next_d"]
        results.append({"first": first, "following": following})
        for lane in range(LANES):
            y1, k1, d1 = y[:, lane], k[:, lane], d[:, lane]
            known = {"lane": lane, "y": y1, "k": k1, "lu": lu[:, lane]}
            assert_solves(
                network, plan, x=first[:, lane], b=f[:, lane], b_size=np.abs(f[:, lane]), **known
            )
            # B(d, d) is what f(y + d) has beyond f(y) + J d
            jacobian = oracle_jacobian(network.table, network.species, y=y1, k=k1)
            both = [
                oracle_rhs(network.table, network.species, y=state, k=k1) for state in (y1 + d1, y1)
            ]
            bimolecular = both[0] - both[1] - jacobian @ d1
            size = 4 * sizes_of_rates(network, y1 + d1, k1) + np.abs(f[:, lane])
            assert_solves(
                network,
                plan,
                x=following[:, lane],
                b=f[:, lane] + SHIFTS[lane] * d1 + bimolecular,
                b_size=size + SHIFTS[lane] * d1,
                **known,
            )
    assert_same_bits(results[0], results[1])


def test_reversible_pair_is_one_net_flux() -> None:
    changes = (((0, -1), (1, 1)), ((0, 1), (1, -1)), ((0, -1), (1, 1)), ())
    structure = MassActionStructure(2, ((0,), (1,), (0, 1), (0, 0)), changes)
    (flux,) = net_fluxes(structure)
    assert (flux.forward, flux.backward) == ((0, 2), (1,))
    (second_order,) = net_fluxes(structure, order=2)
    assert (second_order.forward, second_order.backward) == ((2,), ())
