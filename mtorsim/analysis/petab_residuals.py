"""The objective of a PEtab problem as a sum of squares, for least-squares optimisers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtorsim.interop.petab_tables import PetabParameter
from mtorsim.simulate.petab import PetabObjective
from mtorsim.simulate.petab_priors import from_scale, prior_residuals, to_scale

Array = NDArray[np.float64]

#: step of the differences that make a Jacobian, on the scale of a parameter
DIFFERENCE = 1e-5
#: added to log(sigma) so that it has a square root, as noise can be estimated too
NOISE_OFFSET = 50.0
#: residual of a measurement whose simulation failed
FAILED = 1e6


class Residuals:
    """Residuals whose half sum of squares is the objective but for a constant.

    Parameters
    ----------
    parameters : those that are estimated; points are values on their scales, in this order
    """

    def __init__(self, objective: PetabObjective, parameters: list[PetabParameter]) -> None:
        self.objective, self.parameters = objective, parameters
        self.lower = np.array([to_scale(p.scale, p.lower) for p in parameters])
        self.upper = np.array([to_scale(p.scale, p.upper) for p in parameters])
        self.measured = np.array([m.value for m in objective.measured])
        transformation = {o.id: o.transformation for o in objective.tables.observables}
        self.scales = np.array([transformation[m.observable] for m in objective.measured])
        self.forget()

    def forget(self) -> None:
        """Begin anew to look for the best point."""
        self.best_point: Array | None = None
        self._best = np.inf

    def linear(self, points: Array) -> dict[str, Array]:
        """Parameters of points (n_points, n_estimated) on the linear scale."""
        return {p.id: from_scale(p.scale, points[:, i]) for i, p in enumerate(self.parameters)}

    def many(self, points: Array) -> Array:
        """Residuals of points, (n_points, n_residuals)."""
        values = self.linear(points)
        simulated, sigma = self.objective.simulate(values)
        with np.errstate(all="ignore"):
            scaled = (self._scaled(self.measured[None, :]) - self._scaled(simulated)) / sigma
            noise = np.sqrt(2.0 * np.maximum(np.log(sigma) + NOISE_OFFSET, 0.0))
            priors = [
                prior_residuals(p, values[p.id], offset=NOISE_OFFSET) for p in self.parameters
            ]
        residuals = np.concatenate([scaled, noise, *priors], axis=1)
        return np.asarray(np.nan_to_num(residuals, nan=FAILED, posinf=FAILED, neginf=-FAILED))

    def _scaled(self, values: Array) -> Array:
        logarithm = np.where(self.scales == "log10", np.log10(values), np.log(values))
        return np.asarray(np.where(self.scales == "lin", values, logarithm))

    def at(self, point: Array) -> Array:
        """Residuals of one point, which is noted where it is the best so far."""
        residuals: Array = self.many(point[None, :])[0]
        cost = float(residuals @ residuals)
        if cost < self._best:
            self._best, self.best_point = cost, point.copy()
        return residuals

    def jacobian(self, point: Array) -> Array:
        """Their derivatives, by differences of one ensemble that stay inside the bounds."""
        step = np.full(point.size, DIFFERENCE)
        step[point + step > self.upper] *= -1.0
        points = np.concatenate([point[None, :], point + np.diag(step)])
        residuals = self.many(points)
        return np.asarray(((residuals[1:] - residuals[0]) / step[:, None]).T)
