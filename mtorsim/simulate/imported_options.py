"""Solver options of imported models, whose numbers may be of any size."""

from __future__ import annotations

from dataclasses import replace

from mtorsim.errors import InputError
from mtorsim.simulate.one_by_one import METHOD as ONE_BY_ONE
from mtorsim.simulate.setting import SolverSettings, solver_options
from mtorsim.solvers.options import SolverOptions

#: relative tolerance and, for states of some 1 and more, absolute tolerance
EXACT, MANY = (1e-10, 1e-14), (1e-6, 1e-9)


def trajectory_options(
    options: SolverOptions | None, given: SolverSettings, *, scale: float
) -> SolverOptions:
    """Options of a single run; ``auto`` becomes LSODA.

    Parameters
    ----------
    scale : size of the largest start value; below 1 it scales the absolute tolerance
    """
    chosen = _chosen(options, given, EXACT, scale)
    return replace(chosen, method=ONE_BY_ONE) if chosen.method == "auto" else chosen


def sweep_options(
    options: SolverOptions | None, given: SolverSettings, *, scale: float
) -> SolverOptions:
    """Options of many runs, as of `trajectory_options`."""
    return _chosen(options, given, MANY, scale)


def _chosen(
    options: SolverOptions | None,
    given: SolverSettings,
    default: tuple[float, float],
    scale: float,
) -> SolverOptions:
    rtol, atol = default
    atol = atol * min(1.0, scale) if scale > 0.0 else atol
    chosen = solver_options(options or SolverOptions(rtol=rtol, atol=atol), **given)
    if chosen.method.startswith("scipy-") and chosen.method != ONE_BY_ONE:
        raise InputError(
            f"method {chosen.method!r} is for native models: choose auto, {ONE_BY_ONE}, or one of "
            "the compiled methods"
        )
    return chosen
