"""scikit-sundae: SUNDIALS' CVODE with compiled right-hand side and Jacobian.

One solver object serves all trajectories of a call; its functions read rate constants in place.
"""

from __future__ import annotations

import warnings
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.equations import Equations, compile_equations
from benchmarks.peers.base import DECADES, Outcome, Peer, Prepared, mean
from benchmarks.problems import Problem

Array = NDArray[np.float64]

MAX_STEPS = 200_000


def prepare(problem: Problem, method: str) -> Prepared:
    """``dense`` factors all of the Jacobian, ``sparse`` its pattern.

    Dense by way of LAPACK was 20 to 30 % slower at 73 species.
    """
    equations = compile_equations(problem.structure)

    def run(rtol: float, t_out: Array) -> Outcome:
        constants = np.empty(problem.k.shape[1])
        solver = _solver(problem, equations, method, rtol, constants)
        # Two times would ask for every step, so a final time alone is asked for with one before.
        times = np.concatenate([[0.0], t_out if len(t_out) > 1 else [t_out[-1] / 2, t_out[-1]]])
        values = np.full((problem.n_trajectories, len(t_out), len(problem.species)), np.nan)
        rhs_calls = []
        for member in range(problem.n_trajectories):
            constants[:] = problem.k[member]
            solution = solver.solve(times, problem.y0[member])
            rhs_calls.append(solution.nfev)
            if solution.success:
                values[member] = solution.y[-len(t_out) :]
        return Outcome(values, rhs=mean(rhs_calls))

    return Prepared(run, problem.n_trajectories)


def _solver(
    problem: Problem, equations: Equations, method: str, rtol: float, constants: Array
) -> Any:
    from sksundae.cvode import CVODE

    rhs, fill = equations.rhs, equations.entries if method == "sparse" else equations.jacobian

    def rhsfn(_: float, y: Array, yp: Array) -> None:
        rhs(y, constants, yp)

    def jacfn(_: float, y: Array, yp: Array, matrix: Array) -> None:
        fill(y, constants, matrix)

    with warnings.catch_warnings():
        # It says that the pattern, which sizes the Jacobian, will not be used to approximate it.
        warnings.simplefilter("ignore", UserWarning)
        return CVODE(
            rhsfn,
            jacfn=jacfn,
            method="BDF",
            linsolver=method,
            sparsity=equations.pattern if method == "sparse" else None,
            rtol=rtol,
            atol=rtol * problem.floor,
            max_num_steps=MAX_STEPS,
        )


PEER = Peer(
    name="sksundae",
    library="sksundae",
    version=lambda: version("scikit-sundae"),
    methods={"dense": DECADES, "sparse": DECADES},
    prepare=prepare,
)
