"""Right-hand sides by net fluxes are those of the oracle; no eigenvalue is beyond the bound."""

import numpy as np
from hypothesis import given, settings

from mtorsim.codegen.table_rates import net_fluxes, rhs_program, spectral_bound_program
from tests.codegen.machines import Interpreter, Machine, assert_same_bits
from tests.codegen.networks import (
    networks,
    numbers_in_lanes,
    sizes_of_derivatives,
    sizes_of_rates,
)
from tests.oracle import oracle_jacobian, oracle_rhs
from tests.solvers.examples import CASCADE_TABLE, structure_of
from tests.strategies import RandomNetwork

LANES = 2
FEW = settings(max_examples=15)


@FEW
@given(network=networks(up_to_order=2))
def test_net_fluxes_add_up_to_the_right_hand_side(network: RandomNetwork) -> None:
    structure = network.structure
    programs = [rhs_program(structure)]
    y, k = numbers_in_lanes(network, lanes=LANES)
    flux = np.zeros((max(1, len(net_fluxes(structure))), LANES))
    slow, fast = (
        form.run("rhs", y=y, k=k, f=np.full_like(y, np.nan), flux=flux)[0]
        for form in (Interpreter(programs), Machine(programs, lanes=LANES))
    )
    assert_same_bits(slow, fast)
    for lane in range(LANES):
        exact = oracle_rhs(network.table, network.species, y=y[:, lane], k=k[:, lane])
        rates = sizes_of_rates(network, y[:, lane], k[:, lane])
        assert np.all(np.abs(fast["f"][:, lane] - exact) <= 1e-12 * rates)


@FEW
@given(network=networks(up_to_order=2))
def test_no_eigenvalue_is_beyond_the_bound(network: RandomNetwork) -> None:
    programs = [spectral_bound_program(network.structure)]
    y, k = numbers_in_lanes(network, lanes=LANES)
    slow, fast = (
        form.run("spectral_bound", y=y, k=k, bound=np.zeros((1, LANES)))[0]
        for form in (Interpreter(programs), Machine(programs, lanes=LANES))
    )
    assert_same_bits(slow, fast)
    for lane in range(LANES):
        y1, k1 = y[:, lane], k[:, lane]
        exact = oracle_jacobian(network.table, network.species, y=y1, k=k1)
        bound = fast["bound"][0, lane]
        assert np.abs(exact).sum(axis=0).max() <= bound * (1 + 1e-12) + 1e-190
        # no more than every reaction by itself gives
        assert (
            bound <= sizes_of_derivatives(network, y1, k1).sum(axis=0).max() * (1 + 1e-12) + 1e-190
        )


def test_reactions_that_undo_each_other_are_one_net_flux() -> None:
    structure = structure_of(CASCADE_TABLE)
    fluxes = net_fluxes(structure)
    of_pairs = {(flux.forward, flux.backward) for flux in fluxes if flux.backward is not None}
    assert of_pairs == {(0, 1), (3, 4), (6, 7), (9, 10), (12, 13)}
    used = [r for flux in fluxes for r in (flux.forward, flux.backward) if r is not None]
    assert sorted(used) == list(range(structure.n_reactions))
