"""Fits a PEtab problem from many starts, each on the scales of its parameters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from mtorsim.analysis.petab_gradient import ObjectiveWithGradient
from mtorsim.analysis.seed import check_seed
from mtorsim.errors import InputError, MissingExtraError
from mtorsim.interop.petab_tables import PetabParameter, parameter_table_with
from mtorsim.simulate.interrupts import noticing_interrupts
from mtorsim.simulate.petab import PetabObjective
from mtorsim.simulate.petab_priors import start_values, to_scale

Array = NDArray[np.float64]

MAX_STARTS = 100_000
#: times that starts whose simulation fails are drawn anew
MAX_REDRAWS = 10


@dataclass(frozen=True, slots=True)
class PetabFit:
    """Optima of all starts that were begun, the best first.

    Parameters
    ----------
    objective : (n_starts,) -log likelihood - log prior of each, ascending: the waterfall
    vectors : (n_starts, n_estimated) parameters on the linear scale
    names : ids of the estimated parameters
    nominal : objective at the nominal parameters
    converged : (n_starts,) whether the optimiser came to its end by itself
    is_interrupted : whether Ctrl-C ended it early
    """

    objective: Array
    vectors: Array
    names: tuple[str, ...]
    nominal: float
    converged: NDArray[np.bool_]
    is_interrupted: bool = False

    @property
    def best(self) -> dict[str, float]:
        """The best parameters, on the linear scale."""
        return dict(zip(self.names, self.vectors[0].tolist(), strict=True))


def fit_petab(
    objective: PetabObjective,
    *,
    n_starts: int = 10,
    seed: int = 0,
    from_nominal: bool = False,
    max_evaluations: int = 200,
    progress: Callable[[int, int], None] | None = None,
) -> PetabFit:
    """Minimise -log likelihood - log prior from starts spread by the initialization priors.

    Without such a prior starts spread over the bounds. They are a Latin hypercube. The optimiser is
    fides, trust regions reflected at the bounds, with the Fisher information as curvature: the
    generalisation of least squares to noise that is estimated along.

    Parameters
    ----------
    from_nominal : whether the first start is the nominal parameters
    max_evaluations : steps that one start may take
    progress : called with the starts that are finished and their number

    Returns
    -------
    All starts; after Ctrl-C those that were finished, and the best point of the one that was not

    Raises
    ------
    InputError : there is nothing to estimate, a bound is not finite, or the number of starts is
        none
    MissingExtraError : fides is not installed
    KeyboardInterrupt : Ctrl-C before anything was found
    """
    if not 1 <= n_starts <= MAX_STARTS:
        raise InputError(f"{n_starts} starts: choose from 1 to {MAX_STARTS}")
    estimated = [p for p in objective.tables.parameters if p.estimate]
    _check(estimated)
    nominal = _objective(objective)
    points, converged, is_interrupted = [], [], False
    with noticing_interrupts() as interrupts:
        function = ObjectiveWithGradient(objective, estimated, lambda: interrupts.noticed)
        try:
            for number, start in enumerate(_starts(function, n_starts, seed, from_nominal)):
                point, is_end = _optimum(function, start, max_evaluations)
                points.append(point)
                converged.append(is_end)
                if progress is not None:
                    progress(number + 1, n_starts)
        except KeyboardInterrupt:
            is_interrupted = True
            if function.best_point is not None and len(points) < n_starts:
                points.append(function.best_point)
                converged.append(False)
            if not points:
                raise
    found = _sorted(function, np.array(points), np.array(converged), float(nominal[0]))
    return replace(found, is_interrupted=is_interrupted)


def _objective(objective: PetabObjective, vectors: dict[str, Array] | None = None) -> Array:
    return np.asarray(
        objective.negative_log_likelihood(vectors) + objective.negative_log_prior(vectors)
    )


def _starts(function: ObjectiveWithGradient, n_starts: int, seed: int, from_nominal: bool) -> Array:
    """Points on the scales of the parameters, (n_starts, n_estimated), where simulations succeed.

    Those where one fails are drawn anew, as a fit can not leave them.
    """
    parameters = function.parameters
    sampler = qmc.LatinHypercube(len(parameters), rng=np.random.default_rng(check_seed(seed)))
    starts = _drawn(parameters, sampler.random(n_starts))
    for _ in range(MAX_REDRAWS):
        values = _objective(function.objective, function.linear(starts))
        failed = np.flatnonzero(~np.isfinite(values))
        if not failed.size:
            break
        starts[failed] = _drawn(parameters, sampler.random(failed.size))
    if from_nominal:
        starts[0] = [float(to_scale(p.scale, p.nominal)) for p in parameters]
    return starts


def _drawn(parameters: list[PetabParameter], quantiles: Array) -> Array:
    inside = np.clip(quantiles, 1e-12, 1.0 - 1e-12)
    return np.stack([start_values(p, inside[:, i]) for i, p in enumerate(parameters)], axis=1)


def _optimum(
    function: ObjectiveWithGradient, start: Array, max_evaluations: int
) -> tuple[Array, bool]:
    """Where one start leads, and whether the optimiser came to its end by itself."""
    optimizer_of = _fides()
    function.forget()
    optimizer = optimizer_of(
        function.at,
        ub=function.upper,
        lb=function.lower,
        verbose=logging.CRITICAL,
        options={"maxiter": max_evaluations},
    )
    optimizer.minimize(np.clip(start, function.lower, function.upper))
    point = start if function.best_point is None else function.best_point
    function.forget()
    return point, bool(optimizer.converged)


def _fides() -> Any:
    """The optimiser's class."""
    try:
        import fides
    except ImportError as error:
        raise MissingExtraError("fides", "petab") from error
    return fides.Optimizer


def _sorted(
    function: ObjectiveWithGradient, points: Array, converged: NDArray[np.bool_], nominal: float
) -> PetabFit:
    """The fit, its starts in the order of their objective."""
    vectors = function.linear(points)
    values = _objective(function.objective, vectors)
    order = np.argsort(values, kind="stable")
    names = tuple(parameter.id for parameter in function.parameters)
    table = np.stack([vectors[name] for name in names], axis=1)
    return PetabFit(
        objective=values[order],
        vectors=table[order],
        names=names,
        nominal=nominal,
        converged=converged[order],
    )


def write_parameter_table(fit: PetabFit, objective: PetabObjective, path: str | Path) -> None:
    """Write the problem's parameter table with the best values as nominal ones."""
    text = parameter_table_with(objective.tables.parameter_file, fit.best)
    Path(path).write_text(text, encoding="utf-8")


def _check(estimated: list[PetabParameter]) -> None:
    if not estimated:
        raise InputError("no parameter of the problem is to be estimated")
    for parameter in estimated:
        bounds = [float(to_scale(parameter.scale, b)) for b in (parameter.lower, parameter.upper)]
        if not np.all(np.isfinite(bounds)) or bounds[0] >= bounds[1]:
            raise InputError(
                f"{parameter.where}: parameter {parameter.id!r}: bounds {parameter.lower:g} and "
                f"{parameter.upper:g} do not span a range on the scale {parameter.scale!r}"
            )
