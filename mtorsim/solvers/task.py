"""Checks what a caller hands to a solver and packs it for the driver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.shared_rows import SharedRows
from mtorsim.solvers.work import Task

Array = NDArray[np.float64]

#: beyond this nothing is an amount or a rate constant (nM, s): the step, which starts below the
#: fastest time scale and grows sixfold at most, would need 40 attempts to come to 1 s
LARGEST_NUMBER = 1e30


class Sizes(Protocol):
    """How many numbers a structure takes."""

    @property
    def n_species(self) -> int:
        """Length of a state."""

    @property
    def n_reactions(self) -> int:
        """Length of a row of rate constants."""


def check_rows(structure: Sizes, y0: SharedRows, k: SharedRows) -> None:
    """Raise InputError where states and rate constants do not fit the network or each other."""
    if y0.width != structure.n_species:
        raise InputError(f"a state has {y0.width} species, the network {structure.n_species}")
    if k.width != structure.n_reactions:
        raise InputError(
            f"a row has {k.width} rate constants, the network {structure.n_reactions} reactions"
        )
    if len(k) not in (1, len(y0)):
        raise InputError(f"{len(y0)} states and {len(k)} rows of rate constants do not pair")


def check_vectors(structure: Sizes, y: Array, k: Array) -> None:
    """Raise InputError where one state and one row of rate constants do not fit the network."""
    found, wanted = (np.shape(y), np.shape(k)), ((structure.n_species,), (structure.n_reactions,))
    if found != wanted:
        raise InputError(f"y and k have shapes {found[0]} and {found[1]}, wanted {wanted}")


def check_times(t_out: Array, events: Sequence[Event]) -> Array:
    """The output times as an array, or InputError."""
    times = np.atleast_1d(np.asarray(t_out, dtype=np.float64))
    if times.size and not np.all(np.isfinite(times)):
        raise InputError("an output time is not a finite number")
    if times.size and (times[0] < 0 or np.any(np.diff(times) < 0)):
        raise InputError("output times must be ascending and not negative")
    moments = np.array([event.time for event in events])
    if not np.all(np.isfinite(moments)):
        raise InputError("the time of an event is not a finite number")
    if moments.size and (moments[0] <= 0 or np.any(np.diff(moments) <= 0)):
        raise InputError("events must be at ascending times after 0")
    return times


def make_task(
    y0: SharedRows,
    k: SharedRows,
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
    if end is None:
        raise InputError("neither output times nor t_end say when to end")
    if not 0 <= end < np.inf or (times.size and end < times[-1]):
        raise InputError(
            f"t_end is {end:g} s: choose a finite time, not before the last output time"
        )
    events = [event for event in events if event.time < end]
    k = k.repeated(len(y0))
    start, species, weight = sparse_rows(checked_weights(observe, n_species=y0.width))
    scale, add, new_k = pack_events(events, y0.shape, k.shape)
    return Task(
        y0=y0.base,
        y0_of_row=y0.base_of_row,
        y0_columns=y0.columns,
        y0_values=y0.values,
        k=k.base,
        k_of_row=k.base_of_row,
        k_columns=k.columns,
        k_values=k.values,
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
        event_changes_k=np.array([event.k is not None for event in events], dtype=np.bool_),
        usable=usable_rows(y0, k, add, new_k),
        rtol=options.rtol,
        atol=options.atol,
        max_steps=options.max_steps,
    )


def checked_weights(observe: Array | None, *, n_species: int) -> Array:
    """Weights of the outputs, (n_outputs, n_species); all species for None."""
    if observe is None:
        return np.eye(n_species)
    weights = np.asarray(observe, dtype=np.float64)
    if weights.ndim != 2 or weights.shape[1] != n_species:
        raise InputError(
            f"observe has shape {weights.shape}, wanted (outputs, {n_species} species)"
        )
    if not np.all(np.isfinite(weights)):
        raise InputError("a weight in observe is not a finite number")
    return weights


def pack_events(
    events: Sequence[Event], y_shape: tuple[int, int], k_shape: tuple[int, int]
) -> tuple[Array, Array, Array]:
    """Factors (events, species), amounts (events, rows, species), rate constants (…, reactions)."""
    scale, add = np.ones((len(events), y_shape[1])), np.zeros((len(events), *y_shape))
    if all(event.k is None for event in events):
        k_shape = (0, k_shape[1])
    new_k = np.zeros((len(events), *k_shape))
    for number, event in enumerate(events):
        if event.y_scale is not None:
            scale[number] = _fitted(event.y_scale, scale[number].shape, "y_scale", event)
        if event.y_add is not None:
            add[number] = _fitted(event.y_add, y_shape, "y_add", event)
        if event.k is not None:
            new_k[number] = _fitted(event.k, k_shape, "k", event)
    if not np.all(np.isfinite(scale)):
        raise InputError("y_scale of an event holds a number that is not finite")
    return scale, add, new_k


def usable_rows(
    y0: SharedRows, k: SharedRows, event_add: Array, event_k: Array
) -> NDArray[np.bool_]:
    """Which trajectories have start, rate constants and events that a solver can use."""
    usable = y0.within(-LARGEST_NUMBER, LARGEST_NUMBER) & k.within(0.0, LARGEST_NUMBER)
    usable &= np.all(np.abs(event_add) <= LARGEST_NUMBER, axis=(0, 2))  # false for NaN
    if event_k.shape[1]:
        usable &= np.all((event_k >= 0) & (event_k <= LARGEST_NUMBER), axis=(0, 2))
    return usable


def _fitted(array: Array, shape: tuple[int, ...], name: str, event: Event) -> Array:
    try:
        return np.broadcast_to(np.asarray(array, dtype=np.float64), shape)
    except ValueError:
        raise InputError(
            f"{name} of the event at {event.time:g} s has shape {np.shape(array)}, wanted {shape}"
        ) from None


def sparse_rows(
    matrix: Array,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Compressed rows of a dense matrix: starts, columns, weights."""
    rows, columns = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=matrix.shape[0])
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return starts, columns.astype(np.int64), np.ascontiguousarray(matrix[rows, columns])
