"""Checks what a caller hands to a solver and packs it for the driver."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.work import Task

Array = NDArray[np.float64]


def check_arrays(structure: MassActionStructure, y0: Array, k: Array) -> None:
    """Raise InputError where states and rate constants do not fit the network or each other."""
    if y0.shape[1] != structure.n_species:
        raise InputError(f"a state has {y0.shape[1]} species, the network {structure.n_species}")
    if k.shape[1] != structure.n_reactions:
        raise InputError(
            f"a row has {k.shape[1]} rate constants, the network {structure.n_reactions} reactions"
        )
    if y0.shape[0] != k.shape[0]:
        raise InputError(
            f"{y0.shape[0]} states and {k.shape[0]} rows of rate constants do not pair"
        )


def check_times(t_out: Array, events: Sequence[Event]) -> Array:
    """The output times as an array, or InputError."""
    times = np.atleast_1d(np.asarray(t_out, dtype=np.float64))
    if times.size and not np.all(np.isfinite(times)):
        raise InputError("an output time is not a finite number")
    if times.size and (times[0] < 0 or np.any(np.diff(times) < 0)):
        raise InputError("output times must be ascending and not negative")
    moments = np.array([event.time for event in events])
    if moments.size and (moments[0] <= 0 or np.any(np.diff(moments) <= 0)):
        raise InputError("events must be at ascending times after 0")
    return times


def make_task(
    y0: Array,
    k: Array,
    *,
    t_out: Array,
    t_end: float | None,
    observe: Array | None,
    events: Sequence[Event],
    options: SolverOptions,
) -> Task:
    """Pack a block of trajectories for the driver."""
    times = check_times(t_out, events)
    end = float(times[-1]) if t_end is None and times.size else t_end
    if end is None or not end >= 0 or (times.size and end < times[-1]):
        raise InputError("the end of the integration must not be before the last output time")
    events = [event for event in events if event.time < end]
    start, species, weight = sparse_rows(np.eye(y0.shape[1]) if observe is None else observe)
    shape_y, shape_k = (len(events), *y0.shape), (len(events), *k.shape)
    scale, add = np.ones((len(events), y0.shape[1])), np.zeros(shape_y)
    new_k = np.full(shape_k, np.nan)  # NaN: no change
    for number, event in enumerate(events):
        scale[number] = 1.0 if event.y_scale is None else event.y_scale
        add[number] = 0.0 if event.y_add is None else event.y_add
        if event.k is not None:
            new_k[number] = event.k
    return Task(
        y0=y0,
        k=k,
        first_step=0.0 if options.first_step is None else options.first_step,
        t_end=end,
        output_times=times,
        observe_start=start,
        observe_species=species,
        observe_weight=weight,
        event_times=np.array([event.time for event in events], dtype=np.float64),
        event_scale=scale,
        event_add=add,
        event_k=new_k,
        rtol=options.rtol,
        atol=options.atol,
        max_steps=options.max_steps,
    )


def sparse_rows(
    matrix: Array,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Compressed rows of a dense matrix: starts, columns, weights."""
    rows, columns = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=matrix.shape[0])
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return starts, columns.astype(np.int64), np.ascontiguousarray(matrix[rows, columns])
