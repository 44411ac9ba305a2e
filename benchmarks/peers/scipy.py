"""SciPy: ``solve_ivp`` by three stiff methods and ``odeint``, with compiled functions.

Right-hand side and analytic Jacobian are compiled with numba; large networks get a sparse Jacobian
where the method takes one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from benchmarks.equations import Equations, compile_equations
from benchmarks.peers.base import DECADES, LOOSE, Outcome, Peer, Prepared, mean
from benchmarks.problems import Problem

Array = NDArray[np.float64]

MAX_STEPS = 200_000


def prepare(problem: Problem, method: str) -> Prepared:
    """``odeint`` runs in compiled code between calls; ``solve_ivp`` steps in Python."""
    equations = compile_equations(problem.structure)
    solve = _solve_by_odeint if method == "odeint" else _solve_by_ivp(method)

    def run(rtol: float, t_out: Array) -> Outcome:
        return solve(problem, equations, rtol, t_out)

    return Prepared(run, problem.n_trajectories)


Solve = Callable[[Problem, Equations, float, Array], Outcome]


def _solve_by_ivp(method: str) -> Solve:
    def solve(problem: Problem, equations: Equations, rtol: float, t_out: Array) -> Outcome:
        from scipy.integrate import solve_ivp

        values = np.full((problem.n_trajectories, len(t_out), len(problem.species)), np.nan)
        rhs_calls, factorisations = [], []
        for member in range(problem.n_trajectories):
            rhs, jacobian = equations.scipy_functions(problem.k[member])
            solution = solve_ivp(
                rhs,
                (0.0, t_out[-1]),
                problem.y0[member],
                method=method,
                t_eval=t_out,
                jac=jacobian,
                rtol=rtol,
                atol=rtol * problem.floor,
            )
            rhs_calls.append(solution.nfev)
            factorisations.append(solution.nlu)
            if solution.success:
                values[member] = solution.y.T
        told = [] if method == "LSODA" else factorisations
        return Outcome(values, rhs=mean(rhs_calls), factorisations=mean(told))

    return solve


def _solve_by_odeint(problem: Problem, equations: Equations, rtol: float, t_out: Array) -> Outcome:
    from scipy.integrate import ODEintWarning, odeint

    values = np.full((problem.n_trajectories, len(t_out), len(problem.species)), np.nan)
    times = np.concatenate([[0.0], t_out])
    counts = []
    rhs, jacobian = equations.rhs, equations.jacobian
    slope, matrix = np.empty_like(problem.y0[0]), np.empty((len(problem.species),) * 2)
    for member in range(problem.n_trajectories):
        k = problem.k[member]

        def f(_: float, y: Array, k: Array = k) -> Array:
            rhs(y, k, slope)
            return slope

        def jac(_: float, y: Array, k: Array = k) -> Array:
            jacobian(y, k, matrix)
            return matrix

        with warnings.catch_warnings():
            warnings.simplefilter("error", ODEintWarning)
            try:
                states, told = odeint(
                    f,
                    problem.y0[member],
                    times,
                    Dfun=jac,
                    tfirst=True,
                    rtol=rtol,
                    atol=rtol * problem.floor,
                    mxstep=MAX_STEPS,
                    full_output=True,
                )
            except ODEintWarning:
                continue
        counts.append((told["nst"][-1], told["nfe"][-1], told["nje"][-1]))
        values[member] = states[1:]
    steps, rhs_calls, jacobians = np.array(counts).reshape(-1, 3).T
    return Outcome(values, mean(steps), mean(rhs_calls), mean(jacobians))


PEER = Peer(
    name="scipy",
    library="scipy",
    version=lambda: version("scipy"),
    methods={
        "odeint": (LOOSE, *DECADES),
        "LSODA": (LOOSE, *DECADES[:6]),
        "BDF": DECADES[:5],
        "Radau": (LOOSE, *DECADES[:4]),
    },
    prepare=prepare,
)
