"""numbalsoda: LSODA in C++, called in a numba-compiled loop over the trajectories.

It takes no Jacobian; LSODA finds it by differences.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.equations import compile_equations
from benchmarks.peers.base import DECADES, LOOSE, Outcome, Peer, Prepared
from benchmarks.problems import Problem

Array = NDArray[np.float64]

MAX_STEPS = 200_000


def prepare(problem: Problem, method: str) -> Prepared:
    """Compile the right-hand side to a C function and the loop around the solver."""
    del method
    solve_all = _compiled_loop(problem)

    def run(rtol: float, t_out: Array) -> Outcome:
        times = np.concatenate([[0.0], t_out])
        values = solve_all(problem.y0, problem.k, times, rtol, rtol * problem.floor)
        return Outcome(values)

    return Prepared(run, problem.n_trajectories)


def _compiled_loop(problem: Problem) -> Any:
    import numba
    from numbalsoda import lsoda, lsoda_sig

    n, n_reactions = len(problem.species), problem.k.shape[1]
    rhs = compile_equations(problem.structure).rhs

    @numba.cfunc(lsoda_sig)
    def slope(t, y, dy, k):
        rhs(numba.carray(y, (n,)), numba.carray(k, (n_reactions,)), numba.carray(dy, (n,)))

    address = slope.address

    @numba.njit
    def loop(y0, k, times, rtol, atol):
        values = np.full((y0.shape[0], times.size - 1, y0.shape[1]), np.nan)
        for member in range(y0.shape[0]):
            states, success = lsoda(
                address, y0[member], times, k[member], rtol=rtol, atol=atol, mxstep=MAX_STEPS
            )
            if success:
                values[member] = states[1:]
        return values

    def solve_all(y0: Array, k: Array, times: Array, rtol: float, atol: float) -> Array:
        # ``slope`` is named here so that its machine code lives as long as the loop that calls it.
        assert slope.address == address
        return np.asarray(loop(y0, k, times, rtol, atol))

    return solve_all


PEER = Peer(
    name="numbalsoda",
    library="numbalsoda",
    version=lambda: version("numbalsoda"),
    methods={"LSODA": (LOOSE, *DECADES)},
    prepare=prepare,
)
