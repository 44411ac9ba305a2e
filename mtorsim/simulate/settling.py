"""Steady states the slow and safe way: integrate for long, then ask Newton how far is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.simulate.mass_action import MassActionTables
from mtorsim.solvers.options import SolverOptions, Status

Array = NDArray[np.float64]

# s: a day is short for a cell, ten thousand years are beyond any turnover.
HORIZONS = (1e6, 1e7, 1e8, 1e9, 3e11)
NEWTON_STEPS = 8


def settle(
    tables: MassActionTables,
    run: Any,
    k: Array,
    options: SolverOptions,
    advance: Callable[[Any, Array, float], None],
) -> None:
    """Take ``run`` to the steady state its trajectory ends in, or give it a status.

    A state is settled when Newton's step from it, taken within the conserved totals, changes no
    species by more than the tolerance: that step measures the distance left, however slow the
    slowest process is. What the step can not remove (growth without end, a species that nothing
    uses) must not have mattered over all the time spent.
    """
    basis = reachable_directions(tables, k)
    for horizon in HORIZONS:
        advance(run, k, horizon)
        if run.status == Status.MAX_STEPS:
            break
        if run.status != Status.OK:
            return
        tolerance = 100.0 * (options.atol + options.rtol * np.abs(run.y))
        step, remaining = newton_step(tables, run.y, k, basis)
        if (np.abs(step) <= tolerance).all() and (np.abs(remaining) * run.t <= tolerance).all():
            run.y = _polished(tables, run.y, k, basis)
            return
    run.status = Status.NOT_SETTLED


def reachable_directions(tables: MassActionTables, k: Array) -> Array:
    """Orthonormal basis (n, rank) of the changes that reactions with k > 0 can make."""
    # The left singular vectors of N, from the smaller matrix N N'; its entries are whole numbers,
    # so that what is 0 but for rounding is far below every other eigenvalue.
    squares, vectors = np.linalg.eigh(tables.gram(k > 0))
    basis: Array = vectors[:, squares > 1e-10 * squares.max(initial=1.0)]
    return basis


def newton_step(tables: MassActionTables, y: Array, k: Array, basis: Array) -> tuple[Array, Array]:
    """Newton's step towards ``rhs = 0`` within the conserved totals.

    Returns
    -------
    The step, (n,) nM, and the part of ``rhs`` that it leaves to first order, (n,) nM/s
    """
    matrix = basis.T @ (tables.jacobian(y, k) @ basis)
    slope = basis.T @ tables.rhs(y, k)
    z = np.linalg.lstsq(matrix, -slope, rcond=None)[0]
    return basis @ z, basis @ (matrix @ z + slope)


def _polished(tables: MassActionTables, y: Array, k: Array, basis: Array) -> Array:
    """``y`` after Newton's steps for as long as each is smaller than the last."""
    size = np.inf
    for _ in range(NEWTON_STEPS):
        step, _ = newton_step(tables, y, k, basis)
        if not np.abs(step).max(initial=0.0) < size:
            break
        size = np.abs(step).max(initial=0.0)
        y = y + step
    return y
