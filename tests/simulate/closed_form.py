"""Concentrations after a dose as textbooks write them, one and two compartments, in h and L."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Constants = dict[str, tuple[float, str]]
Curve = Callable[[Array], Array]


def _given(time: Array, values: Array) -> Array:
    """0 before the dose."""
    return np.where(time > 0.0, values, 0.0)


def per_litre(constants: Constants, milligrams: float) -> float:
    """A dose in nmol over the central volume, nM."""
    return milligrams * 1e6 / constants["molar_mass"][0] / constants["volume_central"][0]


def _slopes(constants: Constants) -> tuple[float, float, float]:
    """Both exponents of two compartments, and the rate back from the peripheral one, 1/h."""
    volume = constants["volume_central"][0]
    k10 = constants["clearance"][0] / volume
    k12 = constants["clearance_distribution"][0] / volume
    k21 = constants["clearance_distribution"][0] / constants["volume_peripheral"][0]
    total = k10 + k12 + k21
    root = np.sqrt(total**2 - 4.0 * k10 * k21)
    return 0.5 * (total + root), 0.5 * (total - root), k21


def oral_one(constants: Constants, milligrams: float) -> Curve:
    """The Bateman function."""
    ka = constants["absorption_rate"][0]
    k = constants["clearance"][0] / constants["volume_central"][0]
    scale = per_litre(constants, milligrams) * ka / (ka - k)
    return lambda t: _given(t, scale * (np.exp(-k * t) - np.exp(-ka * t)))


def oral_two(constants: Constants, milligrams: float) -> Curve:
    """Three exponentials: absorption, distribution, elimination."""
    ka = constants["absorption_rate"][0]
    a, b, k21 = _slopes(constants)
    scale = per_litre(constants, milligrams) * ka
    return lambda t: _given(
        t,
        scale
        * (
            (k21 - a) / ((ka - a) * (b - a)) * np.exp(-a * t)
            + (k21 - b) / ((ka - b) * (a - b)) * np.exp(-b * t)
            + (k21 - ka) / ((a - ka) * (b - ka)) * np.exp(-ka * t)
        ),
    )


def infused_two(constants: Constants, milligrams: float, hours: float) -> Curve:
    """A constant rate into the central of two compartments, and what follows it."""
    a, b, k21 = _slopes(constants)
    rate = per_litre(constants, milligrams) / hours

    def part(t: Array, slope: float, weight: float) -> Array:
        since_end = np.maximum(t - hours, 0.0)
        return rate * weight / slope * (np.exp(-slope * since_end) - np.exp(-slope * t))

    return lambda t: _given(t, part(t, a, (a - k21) / (a - b)) + part(t, b, (k21 - b) / (a - b)))


def repeated(curve: Curve, times: list[float]) -> Curve:
    """The sum of the same dose at each time: linear kinetics superpose."""
    return lambda t: np.sum([curve(np.maximum(t - start, 0.0)) for start in times], axis=0)
