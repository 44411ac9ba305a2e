"""Prints programs as readable Python: what people open, and what runs where nothing is compiled.

A value that is used once is written into the expression that uses it, so that the equations read
as equations. The functions work on plain float64 arrays, one trajectory at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtorsim.codegen.program import Index, Program

_SUM, _PRODUCT, _UNARY, _ATOM = range(4)
#: functions of the C library as `scalar_functions` has them
_PYTHON_NAME = {"log": "ln", "pow": "power", "tgamma": "gamma"}
_SYMBOL = {"lt": "<", "le": "<=", "ge": ">="}


def print_function(program: Program, *, arena: Mapping[str, tuple[int, int]] | None = None) -> str:
    """Source of one function; with ``arena`` (offset, length per array) it takes a single array."""
    return _PythonFunction(program, arena).text()


class _PythonFunction:
    """Prints one program."""

    def __init__(self, program: Program, arena: Mapping[str, tuple[int, int]] | None) -> None:
        self.program, self.arena = program, arena
        self.lines: list[str] = []
        self.depth = 1
        self.expressions: dict[int, tuple[str, int]] = {}
        self.uses = _count_uses(program)
        self.stored = {op[2] for op in program.operations if op[0] == "store"}
        self.stored |= {a for op in program.operations if op[0] == "call" for a in op[3]}

    def text(self) -> str:
        """The whole function."""
        for operation in self.program.operations:
            self._print(operation[0], operation[1], operation[2:])
        names = [argument.name for argument in self.program.arguments]
        parameters = ", ".join(names) if self.arena is None else "arena"
        head = [f"def {self.program.name}({parameters}):"]
        if self.program.description:
            head.append(f'    """{self.program.description}"""')
        if self.arena is not None:
            for name in names:
                offset, length = self.arena[name]
                head.append(f"    {name} = arena[{offset}:{offset + length}]")
        if self.program.result is not None:
            self._line(f"return int({self._read(self.program.result, _SUM)})")
        elif not self.lines:
            self._line("pass")
        tables = [f"{self.program.name}_{t.name} = {t.numbers}" for t in self.program.tables]
        return "\n".join([*tables, *head, *self.lines]) + "\n"

    def _line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def _read(self, number: int, level: int) -> str:
        """The expression of a value, in brackets where it binds less tightly than ``level``."""
        text, own = self.expressions[number]
        return f"({text})" if own < level else text

    def _define(self, number: int, text: str, level: int, *, movable: bool = True) -> None:
        if movable and self.uses.get(number, 0) <= 1 and len(text) < 90:
            self.expressions[number] = (text, level)
            return
        name = f"x{number}"
        self._line(f"{name} = {text}")
        self.expressions[number] = (name, _ATOM)

    def _print(self, kind: str, number: int, operands: Sequence[object]) -> None:
        getattr(self, f"_print_{kind}")(number, *operands)

    def _print_comment(self, _: None, text: str) -> None:
        self._line(f"# {text}")

    def _print_const(self, number: int, value: float) -> None:
        level = _ATOM if value >= 0 else _UNARY
        self.expressions[number] = (repr(value), level)

    def _print_load(self, number: int, array: str, index: Index) -> None:
        text = f"{array}[{_index(index)}]"
        if array in self.stored:
            self._define(number, text, _ATOM, movable=False)
        else:
            self.expressions[number] = (text, _ATOM)

    def _print_store(self, _: None, array: str, index: Index, value: int) -> None:
        self._line(f"{array}[{_index(index)}] = {self._read(value, _SUM)}")

    def _print_add(self, number: int, first: int, second: int) -> None:
        text = f"{self._read(first, _SUM)} + {self._read(second, _PRODUCT)}"
        self._define(number, text, _SUM)

    def _print_sub(self, number: int, first: int, second: int) -> None:
        text = f"{self._read(first, _SUM)} - {self._read(second, _PRODUCT)}"
        self._define(number, text, _SUM)

    def _print_mul(self, number: int, first: int, second: int) -> None:
        text = f"{self._read(first, _PRODUCT)} * {self._read(second, _UNARY)}"
        self._define(number, text, _PRODUCT)

    def _print_div(self, number: int, first: int, second: int) -> None:
        # a plain float division by zero would raise, where vector code gives inf or NaN
        text = f"divide({self._read(first, _SUM)}, {self._read(second, _SUM)})"
        self._define(number, text, _ATOM)

    def _print_neg(self, number: int, value: int) -> None:
        self._define(number, f"-{self._read(value, _PRODUCT)}", _UNARY)

    def _print_fma(self, number: int, first: int, second: int, addend: int) -> None:
        product = f"{self._read(first, _PRODUCT)} * {self._read(second, _UNARY)}"
        self._define(number, f"{self._read(addend, _SUM)} + {product}", _SUM)

    def _print_fnma(self, number: int, first: int, second: int, addend: int) -> None:
        product = f"{self._read(first, _PRODUCT)} * {self._read(second, _UNARY)}"
        self._define(number, f"{self._read(addend, _SUM)} - {product}", _SUM)

    def _print_sqrt(self, number: int, value: int) -> None:
        self._define(number, f"sqrt({self._read(value, _SUM)})", _ATOM)

    def _print_abs(self, number: int, value: int) -> None:
        self._define(number, f"abs({self._read(value, _SUM)})", _ATOM)

    def _print_c_call(self, number: int, function: str, *operands: int) -> None:
        arguments = ", ".join(self._read(operand, _SUM) for operand in operands)
        self._define(number, f"{_PYTHON_NAME.get(function, function)}({arguments})", _ATOM)

    def _print_max(self, number: int, first: int, second: int) -> None:
        self._print_extremum(">", number, first, second)

    def _print_min(self, number: int, first: int, second: int) -> None:
        self._print_extremum("<", number, first, second)

    def _print_extremum(self, symbol: str, number: int, first: int, second: int) -> None:
        a, b = self._read(first, _UNARY), self._read(second, _UNARY)
        self._define(number, f"({a} if {a} {symbol} {b} else {b})", _ATOM, movable=False)

    def _print_comparison(self, kind: str, number: int, first: int, second: int) -> None:
        text = f"({self._read(first, _SUM)} {_SYMBOL[kind]} {self._read(second, _SUM)})"
        self._define(number, text, _ATOM)

    def _print_lt(self, number: int, first: int, second: int) -> None:
        self._print_comparison("lt", number, first, second)

    def _print_le(self, number: int, first: int, second: int) -> None:
        self._print_comparison("le", number, first, second)

    def _print_ge(self, number: int, first: int, second: int) -> None:
        self._print_comparison("ge", number, first, second)

    def _print_and(self, number: int, first: int, second: int) -> None:
        self._define(number, f"({self._read(first, _ATOM)} and {self._read(second, _ATOM)})", _ATOM)

    def _print_or(self, number: int, first: int, second: int) -> None:
        self._define(number, f"({self._read(first, _ATOM)} or {self._read(second, _ATOM)})", _ATOM)

    def _print_not(self, number: int, mask: int) -> None:
        self._define(number, f"(not {self._read(mask, _ATOM)})", _ATOM)

    def _print_select(self, number: int, mask: int, if_true: int, if_false: int) -> None:
        text = (
            f"({self._read(if_true, _PRODUCT)} if {self._read(mask, _ATOM)} "
            f"else {self._read(if_false, _PRODUCT)})"
        )
        self._define(number, text, _ATOM)

    def _print_convert(self, number: int, value: int) -> None:
        # plain Python has one precision only
        self.expressions[number] = self.expressions[value]

    def _print_declare(self, _: None, cell: int, initial: int) -> None:
        self._line(f"c{cell} = {self._read(initial, _SUM)}")

    def _print_get(self, number: int, cell: int) -> None:
        self._define(number, f"c{cell}", _ATOM, movable=False)

    def _print_set(self, _: None, cell: int, value: int) -> None:
        self._line(f"c{cell} = {self._read(value, _SUM)}")

    def _print_loop(self, _: None, loop: int, first: Index, end: Index, downwards: bool) -> None:
        start, stop = _index(first), _index(end)
        bounds = stop if start == "0" else f"{start}, {stop}"
        counted = f"reversed(range({bounds}))" if downwards else f"range({bounds})"
        self._line(f"for i{loop} in {counted}:")
        self.depth += 1

    def _print_end(self, _: None, loop: int) -> None:
        self.depth -= 1

    def _print_entry(self, _: None, entry: int, table: str, index: Index) -> None:
        self._line(f"e{entry} = {self.program.name}_{table}[{_index(index)}]")

    def _print_difference(self, _: None, entry: int, first: Index, second: Index) -> None:
        self._line(f"e{entry} = {_index(first)} - ({_index(second)})")

    def _print_highest(self, _: None, entry: int, value: int) -> None:
        self._line(f"e{entry} = int({self._read(value, _SUM)})")

    def _print_coefficient(self, number: int, table: str, index: Index) -> None:
        self._define(number, f"{self.program.name}_{table}[{_index(index)}]", _ATOM, movable=False)

    def _print_call(self, _: None, program: str, arrays: Sequence[str]) -> None:
        self._line(f"{program}({', '.join(arrays)})")


def _index(index: Index) -> str:
    if index.loop is not None:
        variable = f"i{index.loop}"
    elif index.entry is not None:
        variable = f"e{index.entry}"
    else:
        return str(index.offset)
    return variable + (f" + {index.offset}" if index.offset else "")


def _count_uses(program: Program) -> dict[int, int]:
    """How often each value is read."""
    uses: dict[int, int] = {}
    skipped = {"load", "const", "comment", "loop", "end", "call", "get", "entry", "coefficient"}
    skipped |= {"difference"}
    first_operand = {"c_call": 1, "store": 2, "declare": 1, "set": 1, "highest": 1}
    for kind, _, *operands in program.operations:
        if kind in skipped:
            continue
        for operand in operands[first_operand.get(kind, 0) :]:
            uses[operand] = uses.get(operand, 0) + 1
    if program.result is not None:
        uses[program.result] = uses.get(program.result, 0) + 1
    return uses
