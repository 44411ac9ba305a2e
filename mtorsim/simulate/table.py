"""Results as plain columns, for CSV and data frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.options import Status

if TYPE_CHECKING:
    from mtorsim.simulate.result import SweepResult

TIME, STATUS_COLUMN = "time", "status"


def column_name(result: SweepResult, readout: str) -> str:
    """Name of the column of a readout; ``_readout`` is added where that name is taken."""
    taken = {column.name for axis in result.axes for column in axis.columns}
    taken |= {TIME, result.clock.column, STATUS_COLUMN, *result.dims}
    return f"{readout}_readout" if readout in taken else readout


def table_columns(
    result: SweepResult, *, trajectories: slice | NDArray[np.intp] = slice(None)
) -> dict[str, NDArray[np.generic]]:
    """Columns with a row per trajectory and time, time running fastest.

    Parameters
    ----------
    trajectories : which of them, the last axis running fastest
    """
    chosen = np.arange(result.outcome.status.size)[trajectories]
    n_times = len(result.times)
    columns: dict[str, NDArray[np.generic]] = {}
    positions = np.unravel_index(chosen, result.shape) if result.axes else ()
    for axis, at in zip(result.axes, positions, strict=True):
        for column in axis.columns:
            columns[column.name] = np.repeat(column.coordinates[at], n_times)
    columns[result.clock.column] = np.tile(result.shown_times, len(chosen))
    for q, readout in enumerate(result.readouts):
        columns[column_name(result, readout)] = result.outcome.values[chosen, :, q].reshape(-1)
    labels = np.array([status.label for status in Status])
    columns[STATUS_COLUMN] = np.repeat(labels[result.outcome.status[chosen]], n_times)
    return columns
