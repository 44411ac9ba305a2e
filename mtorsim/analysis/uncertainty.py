"""What parameter sets that describe the same behaviours make of a result: its bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from mtorsim.simulate.result import SweepResult

Array = NDArray[np.float64]
Result = TypeVar("Result", bound="SweepResult")

QUANTILES = (0.05, 0.5, 0.95)
"""Ends and middle of a band: nine in ten parameter sets lie between the ends."""

ENDS = ("low", "median", "high")


@dataclass(frozen=True, eq=False)
class Bands:
    """Quantiles over the parameter sets.

    Parameters
    ----------
    quantiles : (q,) shares of the sets that lie below
    values : by readout (q, axes..., times); NaN where all sets failed
    n_sets : number of sets
    n_failed : trajectories that failed and are left out
    """

    quantiles: tuple[float, ...]
    values: Mapping[str, Array]
    n_sets: int
    n_failed: int

    def __getitem__(self, readout: str) -> Array:
        """Quantiles of one readout, (q, axes..., times)."""
        if readout not in self.values:
            raise UnknownNameError("readout", readout, self.values)
        return self.values[readout]

    def __repr__(self) -> str:
        told = ", ".join(f"{100 * share:g} %" for share in self.quantiles)
        return f"<Bands of {', '.join(self.values)}: {told} of {self.n_sets} parameter sets>"


def bands(result: SweepResult, quantiles: Sequence[float] = QUANTILES) -> Bands:
    """Quantiles of every readout over the axis ``member`` of a sweep.

    Parameters
    ----------
    result : of ``Model.sweep(..., uncertainty=True)``
    quantiles : shares of the parameter sets that lie below, 0 to 1

    Raises
    ------
    InputError : the result has no axis ``member``, or a quantile is not between 0 and 1
    """
    if "member" not in result.dims:
        raise InputError("the sweep has no axis member: run it with uncertainty=True")
    for share in quantiles:
        if not 0.0 <= share <= 1.0:
            raise InputError(f"quantile {share:g}: give shares between 0 and 1, like 0.05")
    axis = result.dims.index("member")
    return Bands(
        quantiles=tuple(quantiles),
        values={name: quantiles_over(result[name], quantiles, axis) for name in result.readouts},
        n_sets=result.shape[axis],
        n_failed=int(np.count_nonzero(result.status)),
    )


def with_bands(result: Result, sets: SweepResult) -> Result:
    """A result with ``<readout>_low``, ``_median`` and ``_high`` beside each of its readouts.

    Parameters
    ----------
    result : of the model itself
    sets : of the same sweep over the parameter sets
    """
    found = bands(sets)
    names, titles, units = list(result.readouts), list(result.titles), list(result.units)
    columns = [result.outcome.values]
    for name, title, unit in zip(result.readouts, result.titles, result.units, strict=True):
        ends = found[name].reshape(len(QUANTILES), *columns[0].shape[:2])
        columns.append(np.moveaxis(ends, 0, -1))
        for end, share in zip(ENDS, QUANTILES, strict=True):
            names.append(f"{name}_{end}")
            titles.append(f"{title}, {100 * share:g} % of parameter sets below")
            units.append(unit)
    return replace(
        result,
        readouts=tuple(names),
        titles=tuple(titles),
        units=tuple(units),
        outcome=replace(result.outcome, values=np.concatenate(columns, axis=-1)),
        provenance={
            **result.provenance,
            "parameter_sets": sets.provenance["parameter_sets"],
            "failed_of_sets": found.n_failed,
        },
    )


def band_readouts(result: SweepResult) -> dict[str, tuple[str, ...]]:
    """The readouts of ``with_bands`` by the readout that they are the band of."""
    if "parameter_sets" not in result.provenance:
        return {}
    named = {name: tuple(f"{name}_{end}" for end in ENDS) for name in result.readouts}
    return {name: ends for name, ends in named.items() if set(ends) <= set(result.readouts)}


def quantiles_over(values: Array, quantiles: Sequence[float], axis: int = 0) -> Array:
    """Quantiles along an axis, which comes first in what is returned; NaN is left out.

    Parameters
    ----------
    values : (..., m, ...)

    Returns
    -------
    (q, ...) array; NaN where nothing is left
    """
    moved = np.moveaxis(values, axis, 0)
    found = np.full((len(quantiles), *moved.shape[1:]), np.nan)
    some = np.isfinite(moved).any(axis=0)
    if some.any():
        found[:, some] = np.nanquantile(moved[:, some], quantiles, axis=0)
    return found
