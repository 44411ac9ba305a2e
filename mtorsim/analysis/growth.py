"""Growth read off signalling: a phenomenological rate, relative to a reference cell without drug.

No reaction of the models divides a cell. What is computed here is a weighted mean of what drives
growth, each part saturating; its form and its numbers stand in ``models/growth/*.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.modelfiles.growth import GrowthArm, GrowthMapping
from mtorsim.network.network import ReactionNetwork

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GrowthReading:
    """A mapping as a model can be read for it.

    Parameters
    ----------
    readouts : by arm, the readout of the model; arms that the model has not are left out
    missing : ids of those arms, held at their reference level
    """

    mapping: GrowthMapping
    readouts: Mapping[str, str]
    missing: tuple[str, ...]


def read_growth(mapping: GrowthMapping, network: ReactionNetwork) -> GrowthReading:
    """Which readouts of a model stand for the arms of a mapping.

    Raises
    ------
    InputError : the model has none of them
    """
    known = {observable.id for observable in network.observables}
    found = {}
    for arm in mapping.arms:
        readout = next((name for name in arm.readouts if name in known), None)
        if readout is not None:
            found[arm.id] = readout
    if not found:
        wanted = ", ".join(name for arm in mapping.arms for name in arm.readouts)
        raise InputError(f"{network.id} has no readout that growth leans on: {wanted}")
    missing = tuple(arm.id for arm in mapping.arms if arm.id not in found)
    return GrowthReading(mapping, found, missing)


def relative_growth(
    reading: GrowthReading, levels: Mapping[str, Array], reference: Mapping[str, float]
) -> Array:
    """Growth rate as a multiple of that of the reference cell.

    Parameters
    ----------
    levels : by readout, arrays of one shape, in the unit of the readout
    reference : by readout, the level in the reference cell without drug

    Returns
    -------
    Array of that shape; 1 in the reference cell, 0 where every arm is gone, rising with each arm

    Raises
    ------
    InputError : a reference level is 0
    """
    arms = reading.mapping.arms
    total = sum(arm.weight.value for arm in arms)
    rate: Array | float = 0.0
    for arm in arms:
        share = arm.weight.value / total
        if arm.id in reading.missing:
            rate = rate + share
            continue
        readout = reading.readouts[arm.id]
        if not reference[readout] > 0.0:
            raise InputError(f"{readout} is 0 in the reference cell: growth can not be read off it")
        rate = rate + share * saturating(levels[readout] / reference[readout], arm)
    return np.asarray(rate)


def saturating(multiple: Array, arm: GrowthArm) -> Array:
    """What an arm does at a multiple of its reference level: 0 at 0, 1 at 1, ``1 + half`` at most.

    Levels a rounding error below 0 count as 0.
    """
    present = np.maximum(multiple, 0.0)
    half = arm.half.value
    return np.asarray((1.0 + half) * present / (half + present))


def mean_growth(times: Array, rates: Array) -> Array:
    """Mean over time of rates (..., t) at ``times`` (t,) from 0 on, s: the trapezoidal rule."""
    return np.asarray(np.trapezoid(rates, times, axis=-1) / (times[-1] - times[0]))


def growth_readouts(reading: GrowthReading) -> Sequence[str]:
    """Readouts to ask a sweep for, each once."""
    return tuple(dict.fromkeys(reading.readouts.values()))
