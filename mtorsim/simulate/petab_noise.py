"""Noise models of PEtab: how unlikely a measurement is, given what was simulated."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def negative_log_likelihood(
    measured: Array,
    simulated: Array,
    sigma: Array,
    *,
    transformation: str,
    distribution: str,
) -> Array:
    """-log p(measured | simulated, sigma), element by element.

    Parameters
    ----------
    sigma : scale of the noise, on the scale of ``transformation``
    transformation : ``"lin"``, ``"log"`` or ``"log10"``: the scale on which noise is additive
    distribution : ``"normal"`` or ``"laplace"``

    References
    ----------
    PEtab data format specification, version 1, section "Noise distributions".
    """
    with np.errstate(all="ignore"):
        log_slope = np.zeros_like(measured)
        if transformation == "log":
            log_slope, measured, simulated = np.log(measured), np.log(measured), np.log(simulated)
        elif transformation == "log10":
            log_slope = np.log(measured * math.log(10.0))
            measured, simulated = np.log10(measured), np.log10(simulated)
        residual = (measured - simulated) / sigma
        if distribution == "laplace":
            return np.asarray(np.log(2.0 * sigma) + np.abs(residual) + log_slope)
        return np.asarray(0.5 * np.log(2.0 * math.pi * sigma**2) + 0.5 * residual**2 + log_slope)


def on_scale_of_noise(values: Array, transformations: NDArray[np.str_]) -> Array:
    """Values on the scales on which noise is additive; NaN or -inf where there is no logarithm.

    Parameters
    ----------
    values : (..., n)
    transformations : (n,) of ``"lin"``, ``"log"`` and ``"log10"``
    """
    with np.errstate(all="ignore"):
        logarithm = np.where(transformations == "log10", np.log10(values), np.log(values))
        return np.asarray(np.where(transformations == "lin", values, logarithm))
