"""Solutions good to about 1e-10 by SciPy's Radau, kept on disk because they take seconds each."""

from __future__ import annotations

import sys
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from benchmarks.equations import Equations, compile_equations
from benchmarks.problems import Problem
from benchmarks.stored import stored

Array = NDArray[np.float64]

RTOL = 1e-11


def reference_solution(problem: Problem) -> Array:
    """All species at the output times of all trajectories, (m, t, n).

    SciPy's Radau at rtol 1e-11, stopped at each output time so that nothing is interpolated; or
    the stored solution of the problem.
    """
    if problem.known is not None:
        return np.repeat(problem.known[np.newaxis], problem.n_trajectories, axis=0)
    equations = cache(partial(compile_equations, problem.structure))

    def solve(member: int) -> Array:
        print(f"reference {member + 1} of {problem.n_trajectories}", file=sys.stderr)
        return solve_with_radau(problem, member, equations())

    solutions = []
    for member in range(problem.n_trajectories):
        numbers = (problem.y0[member], problem.k[member], problem.t_out, RTOL, problem.floor)
        depends_on = (problem.structure.fingerprint(), *numbers)
        solutions.append(stored(problem.name, depends_on, partial(solve, member)))
    return np.array(solutions)


def solve_with_radau(
    problem: Problem, member: int, equations: Equations, *, rtol: float = RTOL
) -> Array:
    """One trajectory at the output times, (t, n), restarted at each of them."""
    rhs, jacobian = equations.scipy_functions(problem.k[member])
    y, t, step, states = problem.y0[member], 0.0, None, []
    for stop in problem.t_out:
        solution = solve_ivp(
            rhs,
            (t, stop),
            y,
            method="Radau",
            jac=jacobian,
            rtol=rtol,
            atol=rtol * problem.floor,
            first_step=None if step is None else min(step, stop - t),
        )
        if not solution.success:
            raise RuntimeError(f"{problem.name}, trajectory {member}: {solution.message}")
        steps = np.diff(solution.t)
        # The last step is cut short by the end; the one before it tells the size that fits.
        step = float(steps[-2:].max())
        y, t = np.ascontiguousarray(solution.y[:, -1]), float(stop)
        states.append(y)
    return np.array(states)


def relative_errors(values: Array, reference: Array, *, floor: float) -> Array:
    """Worst error of each trajectory over times and species, (m,); inf where a value is missing."""
    errors = np.abs(values - reference) / np.maximum(np.abs(reference), floor)
    errors[~np.isfinite(errors)] = np.inf
    return errors.reshape(len(errors), -1).max(axis=1)
