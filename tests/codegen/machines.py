"""Runs programs in both their forms: as machine code over lanes, and as readable Python."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.kernel_folder import HEADER
from mtorsim.codegen.llvm_text import VectorTarget
from mtorsim.codegen.native import NativeLibrary, compile_object, host_processor
from mtorsim.codegen.program import Precision, Program
from mtorsim.codegen.python_printer import print_function
from mtorsim.codegen.vector_printer import print_module

Array = NDArray[Any]
DTYPE: dict[Precision, type] = {"double": np.float64, "single": np.float32}


def aligned(array: Array, dtype: type) -> Array:
    """A contiguous copy that starts at a cache line."""
    with np.errstate(over="ignore"):
        array = np.asarray(array, dtype=dtype)
    memory = np.zeros(array.nbytes + 64, dtype=np.uint8)
    skip = -memory.ctypes.data % 64
    copy = memory[skip : skip + array.nbytes].view(dtype).reshape(array.shape)
    copy[...] = array
    return copy


class Machine:
    """Programs as machine code; arrays are (elements, lanes).

    Without ``has_fma`` every operation rounds once, as plain Python does, so that both must agree
    to the last bit.
    """

    def __init__(self, programs: Sequence[Program], *, lanes: int, has_fma: bool = False) -> None:
        self.programs = {program.name: program for program in programs}
        text = print_module(programs, VectorTarget(lanes, has_fma))
        self.lanes, self._library = lanes, NativeLibrary(compile_object(text))

    def run(self, name: str, **arrays: Array) -> tuple[dict[str, Array], int | None]:
        """The arrays after the program, and the lanes it returns as bits."""
        program = self.programs[name]
        memory = {
            argument.name: aligned(arrays[argument.name], DTYPE[argument.precision])
            for argument in program.arguments
        }
        assert all(array.shape[1] == self.lanes for array in memory.values())
        result = None if program.result is None else ctypes.c_int64
        function = ctypes.CFUNCTYPE(result, *[ctypes.c_void_p] * len(memory))
        bits = function(self._library.address(name))(*(a.ctypes.data for a in memory.values()))
        return memory, bits


class Interpreter:
    """Programs as readable Python, run lane by lane."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self.programs = {program.name: program for program in programs}
        self.text = HEADER.format(title="") + "\n\n".join(map(print_function, programs))
        self.namespace: dict[str, Any] = {}
        exec(self.text, self.namespace)

    def run(self, name: str, **arrays: Array) -> tuple[dict[str, Array], int | None]:
        """As `Machine.run`, for arrays of any number of lanes."""
        program = self.programs[name]
        bits = None if program.result is None else 0
        with np.errstate(all="ignore"):
            memory = {
                argument.name: np.array(arrays[argument.name], dtype=DTYPE[argument.precision])
                for argument in program.arguments
            }
            for lane in range(next(iter(memory.values())).shape[1]):
                columns = [array[:, lane] for array in memory.values()]
                result = self.namespace[name](*columns)
                if bits is not None:
                    bits |= result << lane
        return memory, bits


def assert_same_bits(first: Mapping[str, Array], second: Mapping[str, Array]) -> None:
    """Equal arrays; NaN is NaN, and zeros have their signs."""
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name], err_msg=name, strict=True)
        np.testing.assert_array_equal(
            np.signbit(array)[~np.isnan(array)],
            np.signbit(second[name])[~np.isnan(array)],
            err_msg=name,
        )


def has_hardware_fma() -> bool:
    return host_processor().has_fma
