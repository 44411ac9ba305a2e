"""Prints programs as LLVM code in which every value is a vector with one number per lane.

No fast-math flag is set anywhere: NaN must reach the error test, and every lane must compute the
same bits whatever the width of the vector or its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtorsim.codegen.llvm_text import (
    BYTES,
    SCALAR,
    ArenaSlot,
    VectorTarget,
    attributes,
    bits_of,
    c_functions,
    constant_tables,
    declarations,
    intrinsic_suffix,
    lane_type,
)
from mtorsim.codegen.program import Index, Operation, Program

_BINARY = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv", "and": "and", "or": "or"}
_COMPARE = {"lt": "olt", "le": "ole", "ge": "oge"}


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
    tables = "".join(map(constant_tables, programs)) + c_functions(programs)
    return declarations(target) + tables + "\n".join(parts) + attributes(target)


def _variable(index: Index) -> str | None:
    """The name that an index counts from, if any."""
    if index.loop is not None:
        return f"%i{index.loop}"
    return None if index.entry is None else f"%e{index.entry}"


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
        self.cells: list[str] = []
        self.n_pointers = 0
        self.loop_step: dict[int, int] = {}
        self.block = "entry"
        self.precision_of = {a.name: a.precision for a in program.arguments}

    def text(self) -> str:
        """The whole function."""
        for operation in self.program.operations:
            self._print(operation)
        result = "i64" if self.program.result is not None else "void"
        signature = f"{result} @{self.program.name}({self._parameters()})"
        header = f"define {self.linkage}{signature} #0 {{\nentry:\n"
        lines = [*self._arena_pointers(), *self.cells, *self.lines, self._return()]
        return header + "\n".join(lines) + "\n}\n"

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
        return lane_type(self.program.precisions[number], self.target.lanes)

    def _suffix(self, number: int) -> str:
        return intrinsic_suffix(self.program.precisions[number], self.target.lanes)

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
        exact = float(np.float32(value)) if precision == "single" else value
        literal = bits_of(exact)
        lanes, scalar = self.target.lanes, SCALAR[precision]
        kind = self._kind(number)
        if lanes == 1:
            self.lines.append(f"  %v{number} = bitcast {scalar} {literal} to {scalar}")
        else:
            elements = ", ".join([f"{scalar} {literal}"] * lanes)
            self.lines.append(f"  %v{number} = bitcast {kind} <{elements}> to {kind}")

    def _address(self, array: str, index: Index) -> str:
        stride = BYTES[self.precision_of[array]] * self.target.lanes
        position = self._scaled(index, stride)
        name = self._fresh("p")
        self.lines.append(f"  {name} = getelementptr i8, ptr %{array}, i64 {position}")
        return name

    def _fresh(self, letter: str) -> str:
        self.n_pointers += 1
        return f"%{letter}{self.n_pointers}"

    def _scaled(self, index: Index, stride: int) -> str:
        """``index * stride`` as a literal or a name."""
        variable = _variable(index)
        if variable is None:
            return str(index.offset * stride)
        if stride != 1:
            name = self._fresh("s")
            self.lines.append(f"  {name} = mul i64 {variable}, {stride}")
            variable = name
        if index.offset:
            name = self._fresh("o")
            self.lines.append(f"  {name} = add i64 {variable}, {index.offset * stride}")
            variable = name
        return variable

    def _align(self, array: str) -> int:
        return min(64, BYTES[self.precision_of[array]] * self.target.lanes)

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

    def _print_c_call(self, number: int, function: str, *operands: int) -> None:
        kind, lanes = self._kind(number), self.target.lanes
        if lanes == 1:
            arguments = ", ".join(f"double %v{operand}" for operand in operands)
            self.lines.append(f"  %v{number} = call double @{function}({arguments})")
            return
        vector = "undef"
        for lane in range(lanes):
            name = f"%t{number}.{lane}"
            elements = [f"{name}.{i}" for i in range(len(operands))]
            self.lines += [
                f"  {element} = extractelement {kind} %v{operand}, i32 {lane}"
                for element, operand in zip(elements, operands, strict=True)
            ]
            arguments = ", ".join(f"double {element}" for element in elements)
            self.lines.append(f"  {name} = call double @{function}({arguments})")
            result = f"%v{number}" if lane == lanes - 1 else f"{name}.v"
            self.lines.append(
                f"  {result} = insertelement {kind} {vector}, double {name}, i32 {lane}"
            )
            vector = result

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
        kind, mask = self._kind(number), lane_type("mask", self.target.lanes)
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
        # in the entry block, where LLVM turns cells into registers; in a loop each pass would
        # take its own room on the stack
        self.cells.append(f"  %c{cell} = alloca {kind}, align 64")
        self.lines.append(f"  store {kind} %v{initial}, ptr %c{cell}, align 64")

    def _print_get(self, number: int, cell: int) -> None:
        self.lines.append(f"  %v{number} = load {self._kind(number)}, ptr %c{cell}, align 64")

    def _print_set(self, _: None, cell: int, value: int) -> None:
        self.lines.append(f"  store {self._kind(value)} %v{value}, ptr %c{cell}, align 64")

    def _print_loop(self, _: None, loop: int, first: Index, end: Index, downwards: bool) -> None:
        start, stop = self._scaled(first, 1), self._scaled(end, 1)
        if downwards:
            start, stop = f"{int(stop) - 1}", f"{int(start) - 1}"
        self.loop_step[loop] = -1 if downwards else 1
        test = "sgt" if downwards else "slt"
        self.lines += [
            f"  %i{loop}.stop = add i64 {stop}, 0",
            f"  %i{loop}.any = icmp {test} i64 {start}, {stop}",
            f"  br i1 %i{loop}.any, label %loop{loop}, label %after{loop}",
            f"loop{loop}:",
            f"  %i{loop} = phi i64 [ {start}, %{self.block} ], [ %i{loop}.next, %latch{loop} ]",
        ]
        self.block = f"loop{loop}"

    def _print_end(self, _: None, loop: int) -> None:
        test = "sgt" if self.loop_step[loop] < 0 else "slt"
        self.lines += [
            f"  br label %latch{loop}",
            f"latch{loop}:",
            f"  %i{loop}.next = add i64 %i{loop}, {self.loop_step[loop]}",
            f"  %i{loop}.more = icmp {test} i64 %i{loop}.next, %i{loop}.stop",
            f"  br i1 %i{loop}.more, label %loop{loop}, label %after{loop}",
            f"after{loop}:",
        ]
        self.block = f"after{loop}"

    def _print_entry(self, _: None, entry: int, table: str, index: Index) -> None:
        position = self._scaled(index, 1)
        pointer, narrow = self._fresh("p"), self._fresh("n")
        self.lines += [
            f"  {pointer} = getelementptr i32, ptr @{self.program.name}.{table}, i64 {position}",
            f"  {narrow} = load i32, ptr {pointer}, align 4",
            f"  %e{entry} = zext i32 {narrow} to i64",
        ]

    def _print_difference(self, _: None, entry: int, first: Index, second: Index) -> None:
        minuend, subtrahend = self._scaled(first, 1), self._scaled(second, 1)
        self.lines.append(f"  %e{entry} = sub i64 {minuend}, {subtrahend}")

    def _print_highest(self, _: None, entry: int, value: int) -> None:
        kind, lanes, name = self._kind(value), self.target.lanes, f"%e{entry}"
        if lanes == 1:
            self.lines.append(f"  {name} = fptosi {kind} %v{value} to i64")
            return
        self.lines.append(f"  {name}.0 = fptosi {kind} %v{value} to <{lanes} x i64>")
        self.lines.append(f"  {name}.m0 = extractelement <{lanes} x i64> {name}.0, i32 0")
        for lane in range(1, lanes):
            result = name if lane == lanes - 1 else f"{name}.m{lane}"
            one = f"{name}.x{lane}"
            self.lines += [
                f"  {one} = extractelement <{lanes} x i64> {name}.0, i32 {lane}",
                f"  {name}.c{lane} = icmp sgt i64 {one}, {name}.m{lane - 1}",
                f"  {result} = select i1 {name}.c{lane}, i64 {one}, i64 {name}.m{lane - 1}",
            ]

    def _print_coefficient(self, number: int, table: str, index: Index) -> None:
        position = self._scaled(index, 1)
        precision = self.program.precisions[number]
        pointer, scalar = self._fresh("p"), SCALAR[precision]
        kind, lanes = self._kind(number), self.target.lanes
        value = f"%t{number}" if lanes > 1 or precision == "single" else f"%v{number}"
        self.lines += [
            f"  {pointer} = getelementptr double, ptr @{self.program.name}.{table}, i64 {position}",
            f"  {value} = load double, ptr {pointer}, align 8",
        ]
        if precision == "single":
            narrow = f"%w{number}" if lanes > 1 else f"%v{number}"
            self.lines.append(f"  {narrow} = fptrunc double {value} to float")
            value = narrow
        if lanes > 1:
            zeros = f"<{lanes} x i32> zeroinitializer"
            self.lines += [
                f"  %x{number} = insertelement {kind} poison, {scalar} {value}, i32 0",
                f"  %v{number} = shufflevector {kind} %x{number}, {kind} poison, {zeros}",
            ]

    def _print_call(self, _: None, program: str, arrays: Sequence[str]) -> None:
        arguments = ", ".join(f"ptr %{array}" for array in arrays)
        self.lines.append(f"  call void @{program}({arguments})")
