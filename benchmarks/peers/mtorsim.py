"""mtorsim: one call for all trajectories, on one thread.

The engine works on several trajectories at once, so a few dozen would leave lanes idle at the end:
the same trajectories are given several times over, and the figure is still per trajectory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.base import DECADES, LOOSE, Outcome, Peer, Prepared, mean
from benchmarks.problems import Problem
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]

ENOUGH_TRAJECTORIES = 512
ENOUGH_STATES = 51_200
"""Amounts in one call that large networks make do with."""

FEW_TRAJECTORIES, MANY_SPECIES = 8, 1000
"""The largest networks take a second a trajectory, and get as many as there are lanes."""

LOOSER = (1e-1, 3e-2)
"""Tolerances that the default method needs for an error of 1e-3: it delivers more than asked."""

METHODS: dict[str, dict[str, Any]] = {
    "auto": {},
    "rodas4": {"method": "rodas4", "precision": "double"},
    "rodas4-mixed": {"method": "rodas4", "precision": "mixed"},
    "rodas5p": {"method": "rodas5p", "precision": "double"},
    "rodas5p-mixed": {"method": "rodas5p", "precision": "mixed"},
    "extrapolation": {"method": "extrapolation", "precision": "double"},
}


def prepare(problem: Problem, method: str) -> Prepared:
    """Compile the kernel, or load it from the cache, and repeat the trajectories."""
    from mtorsim.codegen.kernel import compile_kernel
    from mtorsim.solvers.options import Status

    kernel = compile_kernel(problem.structure)
    n_species = problem.structure.n_species
    enough = min(ENOUGH_TRAJECTORIES, ENOUGH_STATES // n_species)
    if n_species > MANY_SPECIES:
        enough = FEW_TRAJECTORIES
    copies = max(1, enough // problem.n_trajectories)
    y0, k = np.tile(problem.y0, (copies, 1)), np.tile(problem.k, (copies, 1))

    def run(rtol: float, t_out: Array) -> Outcome:
        options = SolverOptions(rtol=rtol, atol=rtol * problem.floor, threads=1, **METHODS[method])
        solution = kernel.solve(y0, k, t_out=t_out, options=options)
        solution.values[solution.status != Status.OK] = np.nan
        counters = solution.counters
        return Outcome(
            solution.values[: problem.n_trajectories],
            steps=mean(counters.steps + counters.rejected),
            rhs=mean(counters.rhs_evaluations),
            factorisations=mean(counters.factorisations),
        )

    return Prepared(run, copies * problem.n_trajectories)


def _version() -> str:
    from mtorsim import __version__

    return __version__


PEER = Peer(
    name="mtorsim",
    library="mtorsim",
    version=_version,
    methods={
        "auto": (*LOOSER, LOOSE, *DECADES),
        "rodas4": (LOOSE, *DECADES[:6]),
        "rodas4-mixed": (LOOSE, *DECADES[:4]),
        "rodas5p": DECADES,
        "rodas5p-mixed": (*LOOSER, LOOSE, *DECADES[:4]),
        "extrapolation": DECADES[1:],
    },
    prepare=prepare,
)
