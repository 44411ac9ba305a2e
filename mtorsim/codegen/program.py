"""Straight-line programs: the one form in which mtorsim writes numerical code.

A `Program` is a short list of operations on lanes (load, multiply-add, select, store, ...). It is
written once, through `ProgramBuilder`, and printed twice: as readable Python
(`python_printer`) and as vector code (`vector_printer`), where each value holds one
number per lane. Operations are plain tuples, first the kind, then the number of the value they
make (if any), then their operands; a program of 100,000 of them is nothing unusual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

Precision = Literal["double", "single", "mask"]
Operation = tuple[Any, ...]

#: kinds that combine values of one precision into one of the same
ARITHMETIC = frozenset(
    {"add", "sub", "mul", "div", "neg", "fma", "fnma", "sqrt", "abs", "max", "min"}
)


@dataclass(frozen=True, slots=True)
class ArrayArgument:
    """An array that a program reads or writes, a slot of lanes per element."""

    name: str
    precision: Precision


@dataclass(frozen=True, slots=True)
class Table:
    """Constant numbers that are the same for all lanes: positions, or coefficients."""

    name: str
    numbers: tuple[int, ...] | tuple[float, ...]
    is_index: bool = True


@dataclass(frozen=True, slots=True)
class Program:
    """A named list of operations over array arguments; ``result`` is a mask that it returns."""

    name: str
    arguments: tuple[ArrayArgument, ...]
    operations: tuple[Operation, ...]
    precisions: tuple[Precision, ...]
    result: int | None = None
    description: str = ""
    tables: tuple[Table, ...] = ()


class Value:
    """A number per lane while a program is being written; arithmetic on it appends operations."""

    __slots__ = ("builder", "number", "precision")

    def __init__(self, builder: ProgramBuilder, number: int, precision: Precision) -> None:
        self.builder, self.number, self.precision = builder, number, precision

    def __add__(self, other: Value | float) -> Value:
        return self.builder.operation("add", self, other)

    def __sub__(self, other: Value | float) -> Value:
        return self.builder.operation("sub", self, other)

    def __mul__(self, other: Value | float) -> Value:
        return self.builder.operation("mul", self, other)

    def __truediv__(self, other: Value | float) -> Value:
        return self.builder.operation("div", self, other)

    def __neg__(self) -> Value:
        return self.builder.operation("neg", self)

    def __lt__(self, other: Value | float) -> Value:
        return self.builder.compare("lt", self, other)

    def __le__(self, other: Value | float) -> Value:
        return self.builder.compare("le", self, other)

    def __ge__(self, other: Value | float) -> Value:
        return self.builder.compare("ge", self, other)

    def __and__(self, other: Value) -> Value:
        return self.builder.logic("and", self, other)

    def __or__(self, other: Value) -> Value:
        return self.builder.logic("or", self, other)


@dataclass(frozen=True, slots=True)
class Index:
    """A position in an array: ``offset`` plus the variable of a loop or a number from a table."""

    offset: int
    loop: int | None = None
    entry: int | None = None


class ProgramBuilder:
    """Writes one program; see the module's text for what the operations mean."""

    def __init__(self, name: str, *arguments: ArrayArgument, description: str = "") -> None:
        self.name = name
        self.arguments = arguments
        self.description = description
        self._precision_of = {argument.name: argument.precision for argument in arguments}
        self._operations: list[Operation] = []
        self._precisions: list[Precision] = []
        self._constants: dict[tuple[float, Precision], Value] = {}
        self._depth = 0
        self._n_loops = 0
        self._n_entries = 0
        self._tables: list[Table] = []

    def build(self, result: Value | None = None) -> Program:
        """The finished program, returning the mask ``result`` if one is given."""
        return Program(
            self.name,
            self.arguments,
            tuple(self._operations),
            tuple(self._precisions),
            None if result is None else result.number,
            self.description,
            tuple(self._tables),
        )

    def _new(self, precision: Precision) -> Value:
        self._precisions.append(precision)
        return Value(self, len(self._precisions) - 1, precision)

    def _emit(self, kind: str, precision: Precision, *operands: Any) -> Value:
        value = self._new(precision)
        self._operations.append((kind, value.number, *operands))
        return value

    def constant(self, number: float, precision: Precision) -> Value:
        """The same number in every lane."""
        key = (number, precision)
        if key in self._constants:
            return self._constants[key]
        value = self._emit("const", precision, float(number))
        if self._depth == 0:  # a constant made inside a loop is not visible after it
            self._constants[key] = value
        return value

    def operation(self, kind: str, first: Value, *others: Value | float) -> Value:
        """An arithmetic operation; plain numbers take the precision of ``first``."""
        operands = [first.number]
        for other in others:
            value = other if isinstance(other, Value) else self.constant(other, first.precision)
            operands.append(value.number)
        return self._emit(kind, first.precision, *operands)

    def compare(self, kind: str, first: Value, second: Value | float) -> Value:
        """An ordered comparison: false where either side is NaN."""
        if not isinstance(second, Value):
            second = self.constant(second, first.precision)
        return self._emit(kind, "mask", first.number, second.number)

    def logic(self, kind: str, first: Value, second: Value) -> Value:
        """``and`` or ``or`` of two masks."""
        return self._emit(kind, "mask", first.number, second.number)

    def invert(self, mask: Value) -> Value:
        """True where ``mask`` is false."""
        return self._emit("not", "mask", mask.number)

    def fma(self, first: Value | float, second: Value, addend: Value) -> Value:
        """``first * second + addend`` with one rounding."""
        if not isinstance(first, Value):
            first = self.constant(first, second.precision)
        return self.operation("fma", first, second, addend)

    def fnma(self, first: Value, second: Value, addend: Value) -> Value:
        """``addend - first * second`` with one rounding."""
        return self.operation("fnma", first, second, addend)

    def sqrt(self, value: Value) -> Value:
        """Square root."""
        return self.operation("sqrt", value)

    def call_c(self, function: str, *operands: Value) -> Value:
        """A function of the C library, called lane by lane; float64 only."""
        return self._emit("c_call", "double", function, *(operand.number for operand in operands))

    def absolute(self, value: Value) -> Value:
        """Absolute value."""
        return self.operation("abs", value)

    def maximum(self, first: Value, second: Value | float) -> Value:
        """The larger; the second where they can not be compared."""
        return self.operation("max", first, second)

    def minimum(self, first: Value, second: Value | float) -> Value:
        """The smaller; the second where they can not be compared."""
        return self.operation("min", first, second)

    def select(self, mask: Value, if_true: Value, if_false: Value | float) -> Value:
        """Lane by lane one of two values."""
        if not isinstance(if_false, Value):
            if_false = self.constant(if_false, if_true.precision)
        return self._emit("select", if_true.precision, mask.number, if_true.number, if_false.number)

    def convert(self, value: Value, precision: Precision) -> Value:
        """The value in another precision; itself where it has that precision already."""
        if value.precision == precision:
            return value
        return self._emit("convert", precision, value.number)

    def precision_of(self, array: str) -> Precision:
        """Precision of an array argument."""
        return self._precision_of[array]

    def load(self, array: str, index: int | Index) -> Value:
        """An element of an array argument."""
        return self._emit("load", self._precision_of[array], array, _as_index(index))

    def store(self, array: str, index: int | Index, value: Value) -> None:
        """Write an element, converted to the array's precision."""
        value = self.convert(value, self._precision_of[array])
        self._operations.append(("store", None, array, _as_index(index), value.number))

    def variable(self, initial: Value) -> Variable:
        """A number that may change inside loops."""
        cell = self._new(initial.precision)
        self._operations.append(("declare", None, cell.number, initial.number))
        return Variable(self, cell.number, initial.precision)

    @contextmanager
    def loop(self, count: int) -> Iterator[Index]:
        """Repeat what is written inside for each index from 0 to ``count - 1``."""
        with self._loop(Index(0), Index(count)) as index:
            yield index

    @contextmanager
    def loop_between(self, first: Index, end: Index) -> Iterator[Index]:
        """Repeat for each index from ``first`` to before ``end``; not at all if there is none."""
        with self._loop(first, end) as index:
            yield index

    @contextmanager
    def loop_down(self, count: int) -> Iterator[Index]:
        """Repeat for each index from ``count - 1`` down to 0."""
        with self._loop(Index(0), Index(count), downwards=True) as index:
            yield index

    @contextmanager
    def _loop(self, first: Index, end: Index, *, downwards: bool = False) -> Iterator[Index]:
        number = self._n_loops
        self._n_loops += 1
        self._operations.append(("loop", None, number, first, end, downwards))
        self._depth += 1
        yield Index(0, number)
        self._depth -= 1
        self._operations.append(("end", None, number))

    def table(self, name: str, numbers: Sequence[int]) -> str:
        """Declare a table of positions."""
        self._tables.append(Table(name, tuple(numbers)))
        return name

    def coefficient_table(self, name: str, numbers: Sequence[float]) -> str:
        """Declare a table of coefficients."""
        self._tables.append(Table(name, tuple(map(float, numbers)), is_index=False))
        return name

    def entry(self, table: str, index: Index) -> Index:
        """The position that a table holds at ``index``."""
        self._n_entries += 1
        self._operations.append(("entry", None, self._n_entries, table, index))
        return Index(0, entry=self._n_entries)

    def difference(self, first: Index, second: Index) -> Index:
        """The position ``first - second``."""
        self._n_entries += 1
        self._operations.append(("difference", None, self._n_entries, first, second))
        return Index(0, entry=self._n_entries)

    def highest(self, value: Value) -> Index:
        """The largest whole part of ``value`` over all lanes: where a loop may end.

        Every lane must hold a finite number.
        """
        self._n_entries += 1
        self._operations.append(("highest", None, self._n_entries, value.number))
        return Index(0, entry=self._n_entries)

    def coefficient(self, table: str, index: Index, precision: Precision) -> Value:
        """The coefficient that a table holds at ``index``, the same in every lane."""
        return self._emit("coefficient", precision, table, index)

    def call(self, program: str, *arrays: str) -> None:
        """Run another program on these arrays."""
        self._operations.append(("call", None, program, arrays))

    def comment(self, text: str) -> None:
        """A line for the reader of the printed program."""
        self._operations.append(("comment", None, text))

    def total(self, plus: Sequence[Value], minus: Sequence[Value]) -> Value | None:
        """Sum of ``plus`` less sum of ``minus``; None where both are empty."""
        total: Value | None = None
        for value in plus:
            total = value if total is None else total + value
        for value in minus:
            total = -value if total is None else total - value
        return total


class Variable:
    """A cell declared by `ProgramBuilder.variable`."""

    __slots__ = ("builder", "number", "precision")

    def __init__(self, builder: ProgramBuilder, number: int, precision: Precision) -> None:
        self.builder, self.number, self.precision = builder, number, precision

    def get(self) -> Value:
        """Its present value."""
        return self.builder._emit("get", self.precision, self.number)

    def set(self, value: Value) -> None:
        """Give it another value."""
        self.builder._operations.append(("set", None, self.number, value.number))


def following(index: Index) -> Index:
    """The position after ``index``."""
    return Index(index.offset + 1, index.loop, index.entry)


def _as_index(index: int | Index) -> Index:
    return Index(index) if isinstance(index, int) else index
