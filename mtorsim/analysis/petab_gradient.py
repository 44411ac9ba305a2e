"""The objective of a PEtab problem with gradient and Fisher information, an ensemble a point."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtorsim.interop.petab_tables import PetabParameter
from mtorsim.simulate.petab import PetabObjective
from mtorsim.simulate.petab_noise import on_scale_of_noise
from mtorsim.simulate.petab_priors import from_scale, negative_log_prior, to_scale

Array = NDArray[np.float64]

#: step of the differences that make derivatives, on the scale of a parameter
DIFFERENCE = 1e-5
#: the same of priors, whose second derivative is wanted too
PRIOR_DIFFERENCE = 1e-3


class ObjectiveWithGradient:
    """-log likelihood - log prior at points on the scales of the parameters.

    The information takes the place of second derivatives: that of the observable and of the noise,
    which Gauss and Newton's method for squares alone leaves out (Fröhlich and Sorger, PLoS Comput
    Biol 18:e1010322, 2022).

    Parameters
    ----------
    parameters : those that are estimated; points are values on their scales, in this order
    is_stopped : whether Ctrl-C was pressed; an ensemble that was just finishing does not tell
    """

    def __init__(
        self,
        objective: PetabObjective,
        parameters: list[PetabParameter],
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.objective, self.parameters, self.is_stopped = objective, parameters, is_stopped
        self.lower = np.array([float(to_scale(p.scale, p.lower)) for p in parameters])
        self.upper = np.array([float(to_scale(p.scale, p.upper)) for p in parameters])
        observables = {o.id: o for o in objective.tables.observables}
        measured = [observables[m.observable] for m in objective.measured]
        self.scales = np.array([o.transformation for o in measured])
        self.is_laplace = np.array([o.distribution == "laplace" for o in measured])
        values = np.array([m.value for m in objective.measured])
        self.measured = on_scale_of_noise(values, self.scales)
        self.forget()

    def forget(self) -> None:
        """Begin anew to look for the best point."""
        self.best_point: Array | None = None
        self._best = math.inf

    def linear(self, points: Array) -> dict[str, Array]:
        """Parameters of points (n_points, n_estimated) on the linear scale."""
        return {p.id: from_scale(p.scale, points[:, i]) for i, p in enumerate(self.parameters)}

    def at(self, point: Array) -> tuple[float, Array, Array]:
        """Value (but for a constant), gradient (n,) and information (n, n) at a point.

        The value is infinite where the simulation fails.

        Raises
        ------
        KeyboardInterrupt : Ctrl-C was pressed
        """
        if self.is_stopped():
            raise KeyboardInterrupt
        step = np.full(point.size, DIFFERENCE)
        step[point + step > self.upper] *= -1.0
        points = np.concatenate([point[None, :], point + np.diag(step)])
        simulated, sigma = self.objective.simulate(self.linear(points))
        with np.errstate(all="ignore"):
            y, log_sigma = on_scale_of_noise(simulated, self.scales), np.log(sigma)
            slope_y = _finite((y[1:] - y[0]) / step[:, None] / sigma[0])
            slope_sigma = _finite((log_sigma[1:] - log_sigma[0]) / step[:, None])
            away = (y[0] - self.measured) / sigma[0]
        prior, prior_slope, prior_curvature = self._prior(point)
        misfit = np.where(self.is_laplace, np.abs(away), 0.5 * away**2)
        value = float(np.sum(log_sigma[0] + misfit) + prior)
        if not math.isfinite(value):
            return math.inf, np.zeros(point.size), np.eye(point.size)
        if value < self._best:
            self._best, self.best_point = value, point.copy()
        pull = np.where(self.is_laplace, np.sign(away), away)
        excess = 1.0 - np.where(self.is_laplace, np.abs(away), away**2)
        weight = np.where(self.is_laplace, 1.0, 2.0)
        gradient = slope_y @ pull + slope_sigma @ excess + prior_slope
        information = slope_y @ slope_y.T + (slope_sigma * weight) @ slope_sigma.T
        return value, gradient, information + np.diag(prior_curvature)

    def _prior(self, point: Array) -> tuple[float, Array, Array]:
        """-log prior, its derivatives, and its second derivatives where those are positive."""
        total, slopes, curvatures = 0.0, np.zeros(point.size), np.zeros(point.size)
        for i, parameter in enumerate(self.parameters):
            if parameter.objective_prior is None:
                continue
            near = point[i] + PRIOR_DIFFERENCE * np.array([-1.0, 0.0, 1.0])
            below, here, above = negative_log_prior(parameter, from_scale(parameter.scale, near))
            total += float(here)
            if math.isfinite(below + above):
                slopes[i] = (above - below) / (2.0 * PRIOR_DIFFERENCE)
                curvatures[i] = max((above - 2.0 * here + below) / PRIOR_DIFFERENCE**2, 0.0)
        return total, slopes, curvatures


def _finite(slopes: Array) -> Array:
    """Slopes, 0 where a simulation beside the point failed."""
    return np.asarray(np.nan_to_num(slopes, nan=0.0, posinf=0.0, neginf=0.0))
