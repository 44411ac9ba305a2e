"""Fits a PEtab problem: least squares from many starts, each on the scales of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import qmc

from mtorsim.errors import InputError
from mtorsim.interop.petab_tables import PetabParameter
from mtorsim.simulate.petab import PetabObjective

Array = NDArray[np.float64]

#: step of the differences that make a Jacobian, on the scale of a parameter
DIFFERENCE = 1e-5
#: added to log(sigma) so that it has a square root, as noise can be estimated too
NOISE_OFFSET = 50.0
#: residual of a measurement whose simulation failed
FAILED = 1e6


@dataclass(frozen=True, slots=True)
class PetabFit:
    """Optima of all starts, the best first.

    Parameters
    ----------
    objective : (n_starts,) negative log-likelihood of each, ascending: the waterfall
    vectors : (n_starts, n_estimated) parameters on the linear scale
    names : ids of the estimated parameters
    nominal : objective at the nominal parameters
    """

    objective: Array
    vectors: Array
    names: tuple[str, ...]
    nominal: float

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
    progress: Callable[[int], None] | None = None,
) -> PetabFit:
    """Minimise the objective from starts spread over the bounds (Latin hypercube).

    Parameters
    ----------
    from_nominal : whether the first start is the nominal parameters
    max_evaluations : Jacobians that one start may take
    progress : called with 1 after each start

    Raises
    ------
    InputError : there is nothing to estimate, noise is not normal, or a bound is not finite
    """
    estimated = [p for p in objective.tables.parameters if p.estimate]
    _check(objective, estimated)
    lower = np.array([to_scale(p.scale, p.lower) for p in estimated])
    upper = np.array([to_scale(p.scale, p.upper) for p in estimated])
    sampler = qmc.LatinHypercube(len(estimated), rng=np.random.default_rng(seed))
    starts = lower + (upper - lower) * sampler.random(n_starts)
    if from_nominal:
        starts[0] = [to_scale(p.scale, p.nominal) for p in estimated]
    residuals = _Residuals(objective, estimated, lower, upper)
    found = []
    for start in starts:
        result = least_squares(
            residuals.at,
            np.clip(start, lower, upper),
            jac=residuals.jacobian,
            bounds=(lower, upper),
            x_scale=np.maximum(upper - lower, 1e-12),
            max_nfev=max_evaluations,
        )
        found.append(residuals.linear(result.x[None, :]))
        if progress is not None:
            progress(1)
    vectors = {p.id: np.concatenate([f[p.id] for f in found]) for p in estimated}
    values = objective.negative_log_likelihood(vectors)
    order = np.argsort(values, kind="stable")
    table = np.stack([vectors[p.id] for p in estimated], axis=1)
    return PetabFit(
        objective=values[order],
        vectors=table[order],
        names=tuple(p.id for p in estimated),
        nominal=float(objective.negative_log_likelihood()[0]),
    )


def to_scale(scale: str, value: float) -> float:
    """A number on the scale of a parameter."""
    if scale == "lin":
        return value
    with np.errstate(all="ignore"):
        return float(np.log(value) if scale == "log" else np.log10(value))


def from_scale(scale: str, values: Array) -> Array:
    """Numbers on the linear scale."""
    if scale == "lin":
        return values
    return np.asarray(np.exp(values) if scale == "log" else 10.0**values)


def write_parameter_table(fit: PetabFit, objective: PetabObjective, path: str | Path) -> None:
    """Write a PEtab parameter table whose nominal values are the best ones found."""
    best = fit.best
    columns = ("parameterId", "parameterScale", "lowerBound", "upperBound", "nominalValue")
    lines = ["\t".join((*columns, "estimate"))]
    for p in objective.tables.parameters:
        numbers = (p.lower, p.upper, best.get(p.id, p.nominal))
        cells = (p.id, p.scale, *(repr(number) for number in numbers), str(int(p.estimate)))
        lines.append("\t".join(cells))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _check(objective: PetabObjective, estimated: list[PetabParameter]) -> None:
    if not estimated:
        raise InputError("no parameter of the problem is to be estimated")
    for parameter in estimated:
        bounds = [to_scale(parameter.scale, b) for b in (parameter.lower, parameter.upper)]
        if not np.all(np.isfinite(bounds)) or bounds[0] >= bounds[1]:
            raise InputError(
                f"parameter {parameter.id!r}: bounds {parameter.lower:g} and {parameter.upper:g} "
                f"do not span a range on the scale {parameter.scale!r}"
            )
    for observable in objective.tables.observables:
        if observable.distribution != "normal":
            raise InputError(
                f"observable {observable.id!r}: noise is {observable.distribution}, "
                "least squares needs normal noise"
            )


class _Residuals:
    """Residuals whose half sum of squares is the objective but for a constant."""

    def __init__(
        self,
        objective: PetabObjective,
        estimated: list[PetabParameter],
        lower: Array,
        upper: Array,
    ) -> None:
        self.objective, self.estimated = objective, estimated
        self.lower, self.upper = lower, upper
        self.measured = np.array([m.value for m in objective.measured])
        transformation = {o.id: o.transformation for o in objective.tables.observables}
        self.scales = np.array([transformation[m.observable] for m in objective.measured])

    def linear(self, points: Array) -> dict[str, Array]:
        """Parameters of points (n_points, n_estimated) on the linear scale."""
        return {p.id: from_scale(p.scale, points[:, i]) for i, p in enumerate(self.estimated)}

    def many(self, points: Array) -> Array:
        """Residuals of points, (n_points, 2 n_measurements)."""
        simulated, sigma = self.objective.simulate(self.linear(points))
        with np.errstate(all="ignore"):
            scaled = (self._scaled(self.measured[None, :]) - self._scaled(simulated)) / sigma
            noise = np.sqrt(2.0 * np.maximum(np.log(sigma) + NOISE_OFFSET, 0.0))
        residuals = np.concatenate([scaled, noise], axis=1)
        return np.asarray(np.nan_to_num(residuals, nan=FAILED, posinf=FAILED, neginf=-FAILED))

    def _scaled(self, values: Array) -> Array:
        logarithm = np.where(self.scales == "log10", np.log10(values), np.log(values))
        return np.asarray(np.where(self.scales == "lin", values, logarithm))

    def at(self, point: Array) -> Array:
        """Residuals of one point."""
        return np.asarray(self.many(point[None, :])[0])

    def jacobian(self, point: Array) -> Array:
        """Their derivatives, by differences of one ensemble that stay inside the bounds."""
        n = point.size
        step = np.full(n, DIFFERENCE)
        step[point + step > self.upper] *= -1.0
        points = np.concatenate([point[None, :], point + np.diag(step)])
        residuals = self.many(points)
        return np.asarray(((residuals[1:] - residuals[0]) / step[:, None]).T)
