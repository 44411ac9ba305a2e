"""Surfaces in closed form, so that what a null model makes of them is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mtorsim.analysis.combination import (
    CombinationSurface,
    EffectScale,
    SurfaceLabel,
    single_curve,
)
from mtorsim.analysis.hill import hill_fraction

Level = Callable[[np.ndarray, np.ndarray], np.ndarray]

DOSES = np.append(0.0, np.geomspace(0.1, 1e4, 11))


def hill(dose: np.ndarray, *, ic50: float, slope: float = 1.0, most: float = 1.0) -> np.ndarray:
    """Effect of a drug alone, up to ``most``."""
    return most * hill_fraction(dose, ic50=ic50, slope=slope)


def surface_of(
    level: Level,
    *,
    doses: np.ndarray = DOSES,
    scale: EffectScale | None = None,
    drugs: tuple[str, str] = ("one", "two"),
    unit: str = "nM",
) -> CombinationSurface:
    """The surface of ``level(first dose, second dose)``, and the curves of each drug alone."""
    alone = np.append(0.0, np.geomspace(doses[1] / 10.0, doses[-1] * 10.0, 240))
    zero = np.zeros_like(alone)
    scale = scale or EffectScale(float(level(np.zeros(1), np.zeros(1))[0]))
    curves = (
        single_curve(alone, level(alone, zero), scale),
        single_curve(alone, level(zero, alone), scale),
    )
    first, second = np.meshgrid(doses, doses, indexing="ij")
    return CombinationSurface(
        doses=(doses, doses),
        level=level(first, second),
        curves=curves,
        scale=scale,
        label=SurfaceLabel(drugs, "free", 3600.0, title="free receptor", unit=unit),
    )


def independent(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Two drugs that act independently: the product of what each leaves, of 8 nM."""
    left = 1.0 - hill(first, ic50=20.0, slope=1.3)
    return 8.0 * left * (1.0 - hill(second, ic50=300.0, slope=0.8))


def exclusive(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Two drugs that exclude each other from one site of 8 nM: dose-additive."""
    return 8.0 / (1.0 + first / 20.0 + second / 300.0)


def partial(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """As ``independent``, but the first drug takes away no more than 40 %."""
    left = 1.0 - hill(first, ic50=20.0, slope=1.3, most=0.4)
    return 8.0 * left * (1.0 - hill(second, ic50=300.0, slope=0.8))
