"""What an LLVM module holds besides its functions, and the names of types in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtorsim.codegen.program import Precision, Program

BYTES: dict[Precision, int] = {"double": 8, "single": 4}
SCALAR: dict[Precision, str] = {"double": "double", "single": "float", "mask": "i1"}
SUFFIX: dict[Precision, str] = {"double": "f64", "single": "f32"}


@dataclass(frozen=True, slots=True)
class VectorTarget:
    """How wide to print and what the processor has.

    Parameters
    ----------
    lanes : numbers per vector, in {1, 2, 4, 8, 16}
    has_fma : whether a fused multiply-add is one instruction; else it is a multiply and an add
    """

    lanes: int
    has_fma: bool = True


@dataclass(frozen=True, slots=True)
class ArenaSlot:
    """Where an array stands in the arena: ``offset`` in units of 8 bytes times lanes."""

    offset: int
    precision: Precision


def attributes(target: VectorTarget) -> str:
    """Attributes that all functions have."""
    # alignstack: without it vector spills cross cache lines, since callers align to 16 bytes only
    width = 64 * max(target.lanes, 2)
    return (
        f'\nattributes #0 = {{ noinline nounwind alignstack=64 "min-legal-vector-width"="{width}"'
        f' "prefer-vector-width"="{width}" }}\n'
    )


def declarations(target: VectorTarget) -> str:
    """Declarations of the intrinsics that programs use."""
    lines = []
    for precision in ("double", "single"):
        kind, suffix = lane_type(precision, target.lanes), intrinsic_suffix(precision, target.lanes)
        lines.append(f"declare {kind} @llvm.fma.{suffix}({kind}, {kind}, {kind})")
        lines.append(f"declare {kind} @llvm.sqrt.{suffix}({kind})")
        lines.append(f"declare {kind} @llvm.fabs.{suffix}({kind})")
    return "\n".join(lines) + "\n\n"


def c_functions(programs: Sequence[Program]) -> str:
    """Declarations of the C library's functions that the programs call."""
    calls = (o for program in programs for o in program.operations if o[0] == "c_call")
    arities = {function: len(operands) for _, _, function, *operands in calls}
    return "".join(
        f"declare double @{function}({', '.join(['double'] * arity)})\n"
        for function, arity in sorted(arities.items())
    )


def constant_tables(program: Program) -> str:
    """The constant tables of a program, as data of the module."""
    lines = []
    for table in program.tables:
        kind = "i32" if table.is_index else "double"
        texts = (str(n) if table.is_index else bits_of(float(n)) for n in table.numbers)
        numbers = ", ".join(f"{kind} {text}" for text in texts)
        head = f"@{program.name}.{table.name} = internal constant"
        lines.append(f"{head} [{len(table.numbers)} x {kind}] [{numbers}], align 64")
    return "".join(line + "\n" for line in lines)


def bits_of(value: float) -> str:
    """LLVM wants a float as the exact bits of the equal double."""
    return f"0x{np.float64(value).view(np.uint64):016X}"


def lane_type(precision: Precision, lanes: int) -> str:
    """Type of a value."""
    scalar = SCALAR[precision]
    return scalar if lanes == 1 else f"<{lanes} x {scalar}>"


def intrinsic_suffix(precision: Precision, lanes: int) -> str:
    """What the names of intrinsics on values of this type end in."""
    return SUFFIX[precision] if lanes == 1 else f"v{lanes}{SUFFIX[precision]}"
