"""The one place for numba's flags, and for where numba keeps what it compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

from mtorsim._cache import cache_folder, source_hash

F = TypeVar("F", bound=Callable[..., Any])

#: whether functions are compiled; false under NUMBA_DISABLE_JIT=1
COMPILED = not numba.config.DISABLE_JIT


def njit(function: F) -> F:
    """Compile without fast-math, release the interpreter's lock, keep the result on disk.

    numba notices changes of a function's own file only, not of the files it calls into, so the
    cache folder carries a hash of all solver sources.
    """
    folder = cache_folder() if COMPILED else None
    place = numba.config.CACHE_DIR
    if folder is not None:
        numba.config.CACHE_DIR = str(folder / "driver" / source_hash("solvers", "_jit.py")[:16])
    try:
        compiled: F = numba.njit(
            nogil=True, cache=folder is not None, boundscheck=False, error_model="numpy", _nrt=False
        )(function)
    finally:
        numba.config.CACHE_DIR = place
    return compiled


def inner(function: F) -> F:
    """Compile for calls from compiled functions alone, which spares the wrappers for Python.

    It is kept on disk as part of the functions that call it.
    """
    compiled: F = numba.njit(
        no_cpython_wrapper=True, no_cfunc_wrapper=True, boundscheck=False, error_model="numpy"
    )(function)
    return compiled


def inlined(function: F) -> F:
    """Write the function's body into its callers, which spares handing over large tuples."""
    compiled: F = numba.njit(inline="always", boundscheck=False, error_model="numpy")(function)
    return compiled
