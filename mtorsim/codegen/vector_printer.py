"""Prints programs as LLVM code in which every value is a vector with one number per lane.

No fast-math flag is set anywhere: NaN must reach the error test, and every lane must compute the
same bits whatever the width of the vector or its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtorsim.codegen.program import Index, Operation, Precision, Program

_BYTES: dict[Precision, int] = {"double": 8, "single": 4}
_SCALAR: dict[Precision, str] = {"double": "double", "single": "float", "mask": "i1"}
_SUFFIX: dict[Precision, str] = {"double": "f64", "single": "f32"}
_BINARY = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv", "and": "and", "or": "or"}
_COMPARE = {"lt": "olt", "le": "ole", "ge": "oge"}


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


def print_module(
    programs: Sequence[Program],
    target: VectorTarget,
    *,
    arena: Mapping[str, ArenaSlot] | None = None,
) -> str:
    """LLVM text of all programs.

    With an ``arena`` the last program takes that one block of memory and alone is visible outside;
    without, every program takes its arrays one by one and all are visible.
    """
    parts = []
    for program in programs:
        is_entry = arena is not None and program is programs[-1]
        parts.append(
            _FunctionPrinter(
                program,
                target,
                arena=arena if is_entry else None,
                linkage="" if is_entry or arena is None else "internal ",
            ).text()
        )
    return _declarations(target) + "\n".join(parts) + _attributes(target)


def _attributes(target: VectorTarget) -> str:
    # alignstack: without it vector spills cross cache lines, since callers align to 16 bytes only
    width = 64 * max(target.lanes, 2)
    return (
        f'\nattributes #0 = {{ noinline nounwind alignstack=64 "min-legal-vector-width"="{width}"'
        f' "prefer-vector-width"="{width}" }}\n'
    )


def _declarations(target: VectorTarget) -> str:
    lines = []
    for precision in ("double", "single"):
        kind, suffix = _type(precision, target.lanes), _intrinsic_suffix(precision, target.lanes)
        lines.append(f"declare {kind} @llvm.fma.{suffix}({kind}, {kind}, {kind})")
        lines.append(f"declare {kind} @llvm.sqrt.{suffix}({kind})")
        lines.append(f"declare {kind} @llvm.fabs.{suffix}({kind})")
    return "\n".join(lines) + "\n\n"


def _type(precision: Precision, lanes: int) -> str:
    scalar = _SCALAR[precision]
    return scalar if lanes == 1 else f"<{lanes} x {scalar}>"


def _intrinsic_suffix(precision: Precision, lanes: int) -> str:
    return _SUFFIX[precision] if lanes == 1 else f"v{lanes}{_SUFFIX[precision]}"


class _FunctionPrinter:
    """Prints one program as one function."""

    def __init__(
        self,
        program: Program,
        target: VectorTarget,
        *,
        arena: Mapping[str, ArenaSlot] | None,
        linkage: str,
    ) -> None:
        self.program, self.target, self.arena = program, target, arena
        self.linkage = linkage
        self.lines: list[str] = []
        self.n_pointers = 0
        self.loop_block: dict[int, str] = {}
        self.block = "entry"
        self.precision_of = {a.name: a.precision for a in program.arguments}

    def text(self) -> str:
        """The whole function."""
        for operation in self.program.operations:
            self._print(operation)
        result = "i64" if self.program.result is not None else "void"
        signature = f"{result} @{self.program.name}({self._parameters()})"
        header = f"define {self.linkage}{signature} #0 {{\nentry:\n"
        return header + "\n".join([*self._arena_pointers(), *self.lines, self._return()]) + "\n}\n"

    def _parameters(self) -> str:
        if self.arena is not None:
            return "ptr noalias %arena"
        return ", ".join(f"ptr noalias %{a.name}" for a in self.program.arguments)

    def _arena_pointers(self) -> list[str]:
        if self.arena is None:
            return []
        return [
            f"  %{a.name} = getelementptr i8, ptr %arena, i64 "
            f"{self.arena[a.name].offset * 8 * self.target.lanes}"
            for a in self.program.arguments
        ]

    def _return(self) -> str:
        if self.program.result is None:
            return "  ret void"
        lanes = self.target.lanes
        if lanes == 1:
            return f"  %bits = zext i1 %v{self.program.result} to i64\n  ret i64 %bits"
        return (
            f"  %mask = bitcast <{lanes} x i1> %v{self.program.result} to i{lanes}\n"
            f"  %bits = zext i{lanes} %mask to i64\n  ret i64 %bits"
        )

    def _kind(self, number: int) -> str:
        return _type(self.program.precisions[number], self.target.lanes)

    def _suffix(self, number: int) -> str:
        return _intrinsic_suffix(self.program.precisions[number], self.target.lanes)

    def _print(self, operation: Operation) -> None:
        kind, number, *operands = operation
        if kind in _BINARY:
            first, second = operands
            self.lines.append(
                f"  %v{number} = {_BINARY[kind]} {self._kind(number)} %v{first}, %v{second}"
            )
        else:
            getattr(self, f"_print_{kind}")(number, *operands)

    def _print_comment(self, _: None, text: str) -> None:
        self.lines.append(f"  ; {text}")

    def _print_const(self, number: int, value: float) -> None:
        precision = self.program.precisions[number]
        # LLVM wants the exact bits of a float, written as those of the equal double
        exact = float(np.float32(value)) if precision == "single" else value
        literal = f"0x{np.float64(exact).view(np.uint64):016X}"
        lanes, scalar = self.target.lanes, _SCALAR[precision]
        kind = self._kind(number)
        if lanes == 1:
            self.lines.append(f"  %v{number} = bitcast {scalar} {literal} to {scalar}")
        else:
            elements = ", ".join([f"{scalar} {literal}"] * lanes)
            self.lines.append(f"  %v{number} = bitcast {kind} <{elements}> to {kind}")

    def _address(self, array: str, index: Index) -> str:
        self.n_pointers += 1
        name = f"%p{self.n_pointers}"
        stride = _BYTES[self.precision_of[array]] * self.target.lanes
        if index.loop is None:
            position = str(index.offset * stride)
        else:
            position = f"%i{index.loop}.bytes{stride}"
            if index.offset:
                self.lines.append(
                    f"  %o{self.n_pointers} = add i64 {position}, {index.offset * stride}"
                )
                position = f"%o{self.n_pointers}"
        self.lines.append(f"  {name} = getelementptr i8, ptr %{array}, i64 {position}")
        return name

    def _align(self, array: str) -> int:
        return min(64, _BYTES[self.precision_of[array]] * self.target.lanes)

    def _print_load(self, number: int, array: str, index: Index) -> None:
        pointer = self._address(array, index)
        self.lines.append(
            f"  %v{number} = load {self._kind(number)}, ptr {pointer}, align {self._align(array)}"
        )

    def _print_store(self, _: None, array: str, index: Index, value: int) -> None:
        pointer = self._address(array, index)
        self.lines.append(
            f"  store {self._kind(value)} %v{value}, ptr {pointer}, align {self._align(array)}"
        )

    def _print_neg(self, number: int, value: int) -> None:
        self.lines.append(f"  %v{number} = fneg {self._kind(number)} %v{value}")

    def _print_not(self, number: int, mask: int) -> None:
        ones = (
            "true" if self.target.lanes == 1 else f"<{', '.join(['i1 true'] * self.target.lanes)}>"
        )
        self.lines.append(f"  %v{number} = xor {self._kind(number)} %v{mask}, {ones}")

    def _print_fma(self, number: int, first: int, second: int, addend: int) -> None:
        kind = self._kind(number)
        if self.target.has_fma:
            self.lines.append(
                f"  %v{number} = call {kind} @llvm.fma.{self._suffix(number)}"
                f"({kind} %v{first}, {kind} %v{second}, {kind} %v{addend})"
            )
        else:
            self.lines.append(f"  %t{number} = fmul {kind} %v{first}, %v{second}")
            self.lines.append(f"  %v{number} = fadd {kind} %t{number}, %v{addend}")

    def _print_fnma(self, number: int, first: int, second: int, addend: int) -> None:
        kind = self._kind(number)
        if self.target.has_fma:
            self.lines.append(f"  %t{number} = fneg {kind} %v{first}")
            self.lines.append(
                f"  %v{number} = call {kind} @llvm.fma.{self._suffix(number)}"
                f"({kind} %t{number}, {kind} %v{second}, {kind} %v{addend})"
            )
        else:
            self.lines.append(f"  %t{number} = fmul {kind} %v{first}, %v{second}")
            self.lines.append(f"  %v{number} = fsub {kind} %v{addend}, %t{number}")

    def _print_sqrt(self, number: int, value: int) -> None:
        self._print_intrinsic("sqrt", number, value)

    def _print_abs(self, number: int, value: int) -> None:
        self._print_intrinsic("fabs", number, value)

    def _print_intrinsic(self, name: str, number: int, value: int) -> None:
        kind = self._kind(number)
        self.lines.append(
            f"  %v{number} = call {kind} @llvm.{name}.{self._suffix(number)}({kind} %v{value})"
        )

    def _print_max(self, number: int, first: int, second: int) -> None:
        self._print_extremum("ogt", number, first, second)

    def _print_min(self, number: int, first: int, second: int) -> None:
        self._print_extremum("olt", number, first, second)

    def _print_extremum(self, test: str, number: int, first: int, second: int) -> None:
        kind, mask = self._kind(number), _type("mask", self.target.lanes)
        self.lines.append(f"  %t{number} = fcmp {test} {kind} %v{first}, %v{second}")
        self.lines.append(
            f"  %v{number} = select {mask} %t{number}, {kind} %v{first}, {kind} %v{second}"
        )

    def _print_comparison(self, test: str, number: int, first: int, second: int) -> None:
        self.lines.append(f"  %v{number} = fcmp {test} {self._kind(first)} %v{first}, %v{second}")

    def _print_lt(self, number: int, first: int, second: int) -> None:
        self._print_comparison(_COMPARE["lt"], number, first, second)

    def _print_le(self, number: int, first: int, second: int) -> None:
        self._print_comparison(_COMPARE["le"], number, first, second)

    def _print_ge(self, number: int, first: int, second: int) -> None:
        self._print_comparison(_COMPARE["ge"], number, first, second)

    def _print_select(self, number: int, mask: int, if_true: int, if_false: int) -> None:
        kind = self._kind(number)
        self.lines.append(
            f"  %v{number} = select {self._kind(mask)} %v{mask}, {kind} %v{if_true}, "
            f"{kind} %v{if_false}"
        )

    def _print_convert(self, number: int, value: int) -> None:
        verb = "fptrunc" if self.program.precisions[number] == "single" else "fpext"
        self.lines.append(
            f"  %v{number} = {verb} {self._kind(value)} %v{value} to {self._kind(number)}"
        )

    def _print_declare(self, _: None, cell: int, initial: int) -> None:
        kind = self._kind(cell)
        self.lines.append(f"  %c{cell} = alloca {kind}, align 64")
        self.lines.append(f"  store {kind} %v{initial}, ptr %c{cell}, align 64")

    def _print_get(self, number: int, cell: int) -> None:
        self.lines.append(f"  %v{number} = load {self._kind(number)}, ptr %c{cell}, align 64")

    def _print_set(self, _: None, cell: int, value: int) -> None:
        self.lines.append(f"  store {self._kind(value)} %v{value}, ptr %c{cell}, align 64")

    def _print_loop(self, _: None, loop: int, count: int) -> None:
        body = f"loop{loop}"
        self.lines += [f"  br label %{body}", f"{body}:"]
        self.lines.append(f"  %i{loop} = phi i64 [ 0, %{self.block} ], [ %i{loop}.next, %{body} ]")
        for stride in sorted({size * self.target.lanes for size in _BYTES.values()}):
            self.lines.append(f"  %i{loop}.bytes{stride} = mul i64 %i{loop}, {stride}")
        self.loop_block[loop] = self.block
        self.block = body

    def _print_end(self, _: None, loop: int, count: int) -> None:
        after = f"after{loop}"
        self.lines += [
            f"  %i{loop}.next = add i64 %i{loop}, 1",
            f"  %i{loop}.more = icmp slt i64 %i{loop}.next, {count}",
            f"  br i1 %i{loop}.more, label %loop{loop}, label %{after}",
            f"{after}:",
        ]
        self.block = after

    def _print_call(self, _: None, program: str, arrays: Sequence[str]) -> None:
        arguments = ", ".join(f"ptr %{array}" for array in arrays)
        self.lines.append(f"  call void @{program}({arguments})")
