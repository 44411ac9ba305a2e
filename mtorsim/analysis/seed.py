"""Seeds of draws, as callers give them."""

from __future__ import annotations

from operator import index

from mtorsim.errors import InputError


def check_seed(seed: int) -> int:
    """The seed, if numbers can be drawn with it.

    Raises
    ------
    InputError : not a whole number, or negative
    """
    try:
        whole = index(seed)
    except TypeError:
        raise InputError(f"seed is {seed!r}: give a whole number, 0 or more") from None
    if whole < 0:
        raise InputError(f"seed is {seed}: it can not be negative")
    return whole
