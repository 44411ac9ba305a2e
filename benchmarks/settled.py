"""States at rest, from which a problem may start; they are not timed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from benchmarks.equations import Equations, compile_equations
from benchmarks.stored import stored
from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

SETTLING_TIME = 100 * 86400.0


def settled_states(structure: MassActionStructure, y0: Array, k: Array, *, floor: float) -> Array:
    """The states (m, n) after 100 days, by SciPy's BDF at rtol 1e-8.

    What matters is that all solvers start from the same numbers near rest, not that the last
    digits have settled.
    """
    equations = cache(partial(compile_equations, structure))
    fingerprint = structure.fingerprint()
    states = []
    for start, constants in zip(y0, k, strict=True):
        make = partial(_settled, equations, start, constants, floor)
        states.append(
            stored("settled", (fingerprint, start, constants, SETTLING_TIME, floor), make)
        )
    return np.array(states)


def _settled(equations: Callable[[], Equations], y0: Array, k: Array, floor: float) -> Array:
    rhs, jacobian = equations().scipy_functions(k)
    solution = solve_ivp(
        rhs, (0.0, SETTLING_TIME), y0, method="BDF", jac=jacobian, rtol=1e-8, atol=1e-8 * floor
    )
    if not solution.success:
        raise RuntimeError(f"a trajectory did not settle: {solution.message}")
    return np.asarray(solution.y[:, -1])
