"""Doses, times and other numbers as callers give them, turned into arrays in nM and s."""

from __future__ import annotations

from numbers import Real
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.network.quantity import Dimension, parse_quantity

Array = NDArray[np.float64]

POINTS_OF_A_SPAN = 201


def read_numbers(given: Any, *, dimension: Dimension, default_unit: str | None, what: str) -> Array:
    """Numbers of an array, a list of quantities, or a single quantity.

    Parameters
    ----------
    given : numbers in ``default_unit``, strings like ``"20 nM"``, pint quantities, or a list
    dimension : what they must be
    default_unit : unit of bare numbers
    what : the name for error lines

    Returns
    -------
    (l,) in nM and s, finite and not negative, in the order given

    Raises
    ------
    InputError, UnitsError : as of ``parse_quantity``; also when nothing was given
    """
    elements = _elements(given, what)
    if isinstance(elements, np.ndarray):
        # parse_quantity words the complaint, about the first wrong number, and knows the units.
        for x in elements[~(elements >= 0) | np.isinf(elements)][:1].tolist():
            parse_quantity(x, dimension=dimension, default_unit=default_unit, what=what)
        one = parse_quantity(1.0, dimension=dimension, default_unit=default_unit, what=what)
        return elements * one
    return np.array(
        [
            parse_quantity(x, dimension=dimension, default_unit=default_unit, what=what)
            for x in elements
        ]
    )


def _elements(given: Any, what: str) -> Array | list[Any]:
    """A float array where all are bare numbers, else a list of what was given."""
    if isinstance(given, np.ndarray) and given.dtype.kind in "fiu" and given.size > 0:
        if given.ndim > 1:
            raise InputError(f"{what}: give a flat list, not one of shape {given.shape}")
        return np.atleast_1d(given.astype(np.float64))
    elements = [given] if is_single(given) else list(given)
    if not elements:
        raise InputError(f"{what}: the list is empty")
    if all(isinstance(x, Real) and not isinstance(x, bool) for x in elements):
        return np.array(elements, dtype=np.float64)
    return elements


def is_single(given: Any) -> bool:
    """Whether one value was given, not a list of them; a string is one value."""
    magnitude = getattr(given, "magnitude", given)
    flat = isinstance(magnitude, str) or not hasattr(magnitude, "__iter__")
    return flat or getattr(magnitude, "ndim", 1) == 0


def as_names(what: str, given: Any) -> tuple[str, ...]:
    """The names of a list; one name alone is a list of one.

    Raises
    ------
    InputError : something else than text
    """
    names = (given,) if is_single(given) else tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise InputError(f"{what} {name!r}: give a name, or a list of names")
    return names


def doses(lowest: Any, highest: Any, count: int) -> Array:
    """``count`` doses spaced evenly on a logarithmic axis, both ends included.

    Parameters
    ----------
    lowest, highest : ``"0.01 nM"``, ``"1 uM"``, or numbers in nM; greater than 0
    count : 1 or more

    Returns
    -------
    (count,) nM, rising

    Raises
    ------
    InputError : the range is empty, or its lowest dose is 0
    """
    low, high = (
        float(read_numbers(value, dimension="concentration", default_unit="nM", what=what)[0])
        for value, what in ((lowest, "lowest dose"), (highest, "highest dose"))
    )
    try:
        count = index(count)
    except TypeError:
        raise InputError(f"number of doses is {count!r}: give a whole number") from None
    if count < 1:
        raise InputError(f"the dose range is empty: {count} doses were asked for")
    if low == 0.0:
        raise InputError("lowest dose is 0 nM: a logarithmic axis starts above 0")
    if high < low or (high == low and count > 1):
        raise InputError(f"the dose range is empty: it runs from {low:g} nM to {high:g} nM")
    spaced = np.geomspace(low, high, count)
    # The ends are what was asked for, not what a power of ten rounds to.
    spaced[-1], spaced[0] = high, low
    return spaced


def read_times(at: Any, *, what: str = "time") -> Array:
    """Output times in s, ascending, each once.

    Parameters
    ----------
    at : ``"24 h"``, a list of such, or numbers in s; 0 may stand among later times

    Raises
    ------
    InputError : a time is negative or NaN, or there is none after 0
    """
    times = np.unique(read_numbers(at, dimension="time", default_unit="s", what=what))
    if times[-1] <= 0.0:
        raise InputError(f"{what} is 0: choose one after 0, like '24 h'")
    return times


def read_span(span: Any) -> Array:
    """Output times of a span: evenly spaced from 0 where only its end is given.

    Parameters
    ----------
    span : ``"48 h"`` or a number in s for the end, or a list of times
    """
    if is_single(span):
        return np.linspace(0.0, read_times(span, what="span")[-1], POINTS_OF_A_SPAN)
    return read_times(span)
