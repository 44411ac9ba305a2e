"""Priors of PEtab: how unlikely a parameter is before any measurement, and draws of starts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mtorsim.interop.petab_tables import PetabParameter, Prior

Array = NDArray[np.float64]

ON_SCALE = "parameterScale"


def to_scale(scale: str, values: Array | float) -> Array:
    """Numbers on the scale of a parameter; -inf for 0 on a logarithmic one."""
    with np.errstate(all="ignore"):
        if scale == "log":
            return np.asarray(np.log(values))
        return np.asarray(np.log10(values) if scale == "log10" else values, dtype=np.float64)


def from_scale(scale: str, values: Array) -> Array:
    """Numbers on the linear scale."""
    if scale == "lin":
        return values
    return np.asarray(np.exp(values) if scale == "log" else 10.0**values)


def negative_log_prior(parameter: PetabParameter, values: Array) -> Array:
    """-log of the objective prior's density, element by element; 0 where there is none.

    Parameters
    ----------
    values : on the linear scale

    References
    ----------
    PEtab data format specification, version 1, "Parameter table": types that begin with
    ``parameterScale`` are densities over the parameter on its scale, others over the parameter
    itself; ``log`` types take the mean (location) and spread of its natural logarithm.
    """
    prior = parameter.objective_prior
    if prior is None:
        return np.zeros_like(values)
    x = to_scale(parameter.scale, values) if prior.kind.startswith(ON_SCALE) else values
    a, b = prior.parameters
    with np.errstate(all="ignore"):
        if prior.kind in ("logNormal", "logLaplace"):
            inner = stats.norm if prior.kind == "logNormal" else stats.laplace
            density = inner.logpdf(np.log(x), a, b) - np.log(x)
        else:
            density = _distribution(prior).logpdf(x)
    return np.asarray(np.where(np.isnan(density), np.inf, -density))


def start_values(parameter: PetabParameter, quantiles: Array) -> Array:
    """Draws of the initialization prior on the parameter's scale, held inside the bounds.

    Parameters
    ----------
    quantiles : in (0, 1); without a prior they spread evenly from bound to bound
    """
    lower, upper = (
        to_scale(parameter.scale, bound) for bound in (parameter.lower, parameter.upper)
    )
    prior = parameter.initialization_prior
    if prior is None:
        return np.asarray(lower + (upper - lower) * quantiles)
    drawn = np.asarray(_distribution(prior).ppf(quantiles))
    if prior.kind in ("logNormal", "logLaplace"):
        drawn = np.exp(drawn)
    if not prior.kind.startswith(ON_SCALE):
        inside = np.clip(drawn, parameter.lower, parameter.upper)
        drawn = to_scale(parameter.scale, inside)
    return np.asarray(np.clip(drawn, lower, upper))


def _distribution(prior: Prior) -> stats.rv_continuous:
    """The distribution of a prior; of its natural logarithm for the log types."""
    a, b = prior.parameters
    kind = prior.kind.removeprefix(ON_SCALE).removeprefix("log").lower()
    if kind == "uniform":
        return stats.uniform(a, b - a)
    return stats.norm(a, b) if kind == "normal" else stats.laplace(a, b)
