"""What the compiled driver needs from below numba: calls by address and an atomic counter.

Under NUMBA_DISABLE_JIT=1 the same names are ordinary Python, and an "address" is a number given
out by `register_step`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim._jit import COMPILED

StepFunction = Callable[[NDArray[np.float64]], int]

FirstStepFunction = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], None]

_steps: dict[int, StepFunction] = {}
_first_steps: dict[int, FirstStepFunction] = {}


def register_step(step: StepFunction) -> int:
    """Give a Python step function an address that `call_step` understands."""
    address = id(step)
    _steps[address] = step
    return address


def _python_call_step(address: int, arena: NDArray[np.float64]) -> int:
    return _steps[address](arena)


def _python_fetch_and_add(counter: NDArray[np.int64]) -> int:
    value = int(counter[0])
    counter[0] += 1
    return value


def _python_call_control_word(address: int, word: int) -> int:
    return word


def register_first_step(first_step: FirstStepFunction) -> int:
    """Give a Python ``first_step`` an address that `call_first_step` understands."""
    address = id(first_step)
    _first_steps[address] = first_step
    return address


def _python_call_first_step(
    address: int, y: NDArray[np.float64], k: NDArray[np.float64], h: NDArray[np.float64]
) -> None:
    _first_steps[address](y, k, h)


call_step: Any = _python_call_step
call_first_step: Any = _python_call_first_step
fetch_and_add: Any = _python_fetch_and_add
call_control_word: Any = _python_call_control_word

if COMPILED:
    from llvmlite import ir
    from numba import types
    from numba.core.typing.templates import Signature
    from numba.extending import intrinsic

    _I64 = ir.IntType(64)

    @intrinsic
    def call_step(typing_context: Any, address: Any, arena: Any) -> tuple[Signature, Any]:
        """Call the machine code at ``address`` with the arena's memory; returns its lane bits."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[1])(context, builder, arguments[1])
            memory = builder.bitcast(array.data, ir.IntType(8).as_pointer())
            function_type = ir.FunctionType(_I64, [ir.IntType(8).as_pointer()])
            function = builder.inttoptr(arguments[0], function_type.as_pointer())
            return builder.call(function, [memory])

        return types.int64(types.int64, arena), generate

    @intrinsic
    def call_first_step(
        typing_context: Any, address: Any, y: Any, k: Any, h: Any
    ) -> tuple[Signature, Any]:
        """Call the machine code at ``address`` on contiguous arrays; ``h[0]`` is the step, s."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pointer = ir.IntType(8).as_pointer()
            memory = [
                builder.bitcast(context.make_array(kind)(context, builder, value).data, pointer)
                for kind, value in zip(signature.args[1:], arguments[1:], strict=True)
            ]
            function_type = ir.FunctionType(ir.VoidType(), [pointer] * 3)
            function = builder.inttoptr(arguments[0], function_type.as_pointer())
            builder.call(function, memory)
            return context.get_dummy_value()

        return types.void(types.int64, y, k, h), generate

    @intrinsic
    def call_control_word(typing_context: Any, address: Any, word: Any) -> tuple[Signature, Any]:
        """Exchange the floating-point control word by the machine code at ``address``."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            function_type = ir.FunctionType(_I64, [_I64])
            function = builder.inttoptr(arguments[0], function_type.as_pointer())
            return builder.call(function, [arguments[1]])

        return types.int64(types.int64, types.int64), generate

    @intrinsic
    def fetch_and_add(typing_context: Any, counter: Any) -> tuple[Signature, Any]:
        """The present value of ``counter[0]``, which then is one more, safely between threads."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            return builder.atomic_rmw("add", array.data, ir.Constant(_I64, 1), "seq_cst")

        return types.int64(counter), generate
