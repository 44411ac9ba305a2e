"""Right-hand side, Jacobian and first step of one trajectory, called from Python."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.kernel_folder import KernelFolder
from mtorsim.codegen.llvm_text import VectorTarget
from mtorsim.codegen.native import NativeLibrary, host_processor
from mtorsim.codegen.program import Program
from mtorsim.codegen.vector_printer import print_module
from mtorsim.solvers.native_calls import register_first_step

Array = NDArray[np.float64]


class ScalarFunctions(Protocol):
    """Functions of contiguous ``y`` and ``k`` that write their result into ``result``."""

    @property
    def first_step_address(self) -> int:
        """What `call_first_step` takes."""

    def call(self, name: str, y: Array, k: Array, result: Array) -> None:
        """Run ``rhs``, ``jacobian`` or ``first_step``."""


class NativeScalarFunctions:
    """Machine code, one lane wide."""

    def __init__(self, folder: KernelFolder, programs: Callable[[], Sequence[Program]]) -> None:
        content = folder.find_object("scalar")
        if content is None:
            target = VectorTarget(1, host_processor().has_fma)
            content = folder.compile("scalar", print_module(list(programs()), target))
        self._library = NativeLibrary(content)

    @property
    def first_step_address(self) -> int:
        """What `call_first_step` takes."""
        return self._library.address("first_step")

    def call(self, name: str, y: Array, k: Array, result: Array) -> None:
        """Run ``rhs``, ``jacobian`` or ``first_step``."""
        function = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3)(self._library.address(name))
        state = np.ascontiguousarray(y, dtype=np.float64)
        rates = np.ascontiguousarray(k, dtype=np.float64)
        function(state.ctypes.data, rates.ctypes.data, result.ctypes.data)


class PythonScalarFunctions:
    """The readable equations, run as they are."""

    def __init__(self, folder: KernelFolder) -> None:
        self._module = folder.import_python("equations")

    @cached_property
    def first_step_address(self) -> int:
        """What `call_first_step` takes."""
        return register_first_step(self._module.first_step)

    def call(self, name: str, y: Array, k: Array, result: Array) -> None:
        """Run ``rhs``, ``jacobian`` or ``first_step``."""
        getattr(self._module, name)(y, k, result.reshape(-1))
