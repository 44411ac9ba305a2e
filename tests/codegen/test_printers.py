"""A program means the same as readable Python and as vector code, to the last bit.

Without fused multiply-adds both forms round after each operation, so nothing may differ: not the
order of operations, not the sign of a zero, not what NaN and infinities do.
"""

import ast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtorsim.codegen.program import (
    ArrayArgument,
    Index,
    Program,
    ProgramBuilder,
    Value,
    following,
)
from mtorsim.codegen.python_printer import print_function
from tests.codegen.machines import Interpreter, Machine, assert_same_bits, has_hardware_fma

N_INPUTS, N_OUTPUTS = 4, 6
UNARY, BINARY = ("neg", "abs"), ("add", "sub", "mul", "div", "max", "min")
COMPARISONS = ("lt", "le", "ge")
NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 1e300, -1e-300]),
    st.floats(-1e3, 1e3),
)


class Writer:
    """Draws operations on what has been written so far."""

    def __init__(self, draw: st.DrawFn, precision: str) -> None:
        self.draw = draw
        self.b = ProgramBuilder("p", ArrayArgument("x", precision), ArrayArgument("r", precision))
        self.values = [self.b.load("x", i) for i in range(N_INPUTS)]
        self.masks = [self.values[0] < self.values[1]]

    def one_of(self, choices):
        return self.draw(st.sampled_from(choices))

    def value(self) -> Value:
        return self.one_of(self.values)

    def operand(self) -> Value | float:
        return self.one_of([*self.values, 2.0, -0.3, 1e10])

    def new_value(self) -> Value:
        """A value made of others."""
        b, kind = self.b, self.one_of(["unary", "binary", "fma", "fnma", "select"])
        if kind == "unary":
            return b.operation(self.one_of(UNARY), self.value())
        if kind == "binary":
            return b.operation(self.one_of(BINARY), self.value(), self.operand())
        if kind == "fma":
            return b.fma(self.operand(), self.value(), self.value())
        if kind == "fnma":
            return b.fnma(self.value(), self.value(), self.value())
        return b.select(self.one_of(self.masks), self.value(), self.operand())

    def new_mask(self) -> Value:
        """A mask made of values or of others."""
        b, kind = self.b, self.one_of(["compare", "and", "or", "not"])
        if kind == "compare":
            return b.compare(self.one_of(COMPARISONS), self.value(), self.operand())
        if kind == "not":
            return b.invert(self.one_of(self.masks))
        return b.logic(kind, self.one_of(self.masks), self.one_of(self.masks))


@st.composite
def programs(draw: st.DrawFn, *, precision: str) -> Program:
    """A random program that reads array x, writes array r and returns a mask."""
    writer = Writer(draw, precision)
    for makes_mask in draw(st.lists(st.booleans(), min_size=4, max_size=20)):
        if makes_mask:
            writer.masks.append(writer.new_mask())
        else:
            writer.values.append(writer.new_value())
    for i in range(N_OUTPUTS):
        writer.b.store("r", i, writer.value())
    return writer.b.build(result=writer.one_of(writer.masks))


@pytest.mark.parametrize("precision", ["double", "single"])
@settings(max_examples=40)
@given(data=st.data())
def test_both_forms_of_any_program_agree(data: st.DataObject, precision: str) -> None:
    program = data.draw(programs(precision=precision))
    lanes = data.draw(st.sampled_from([1, 2, 4, 8]))
    x = np.array(
        data.draw(st.lists(NUMBERS, min_size=N_INPUTS * lanes, max_size=N_INPUTS * lanes))
    ).reshape(N_INPUTS, lanes)
    arrays = {"x": x, "r": np.zeros((N_OUTPUTS, lanes))}
    slow, slow_bits = Interpreter([program]).run("p", **arrays)
    fast, fast_bits = Machine([program], lanes=lanes).run("p", **arrays)
    assert_same_bits(slow, fast)
    assert slow_bits == fast_bits


@settings(max_examples=10)
@given(program=programs(precision="double"))
def test_each_lane_is_computed_as_if_alone(program: Program) -> None:
    random = np.random.default_rng(5)
    x = random.normal(size=(N_INPUTS, 16))
    arrays = {"x": x, "r": np.zeros((N_OUTPUTS, 16))}
    has_fma = has_hardware_fma()
    wide, wide_bits = Machine([program], lanes=16, has_fma=has_fma).run("p", **arrays)
    narrow = Machine([program], lanes=1, has_fma=has_fma)
    for lane in range(16):
        alone, bit = narrow.run("p", **{name: a[:, [lane]] for name, a in arrays.items()})
        assert_same_bits(alone, {name: a[:, [lane]] for name, a in wide.items()})
        assert bit == (wide_bits >> lane) & 1


def both(program: Program, *, lanes: int = 4, **arrays: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays after the program, the same in both forms."""
    fast, fast_bits = Machine([program], lanes=lanes).run(program.name, **arrays)
    slow, slow_bits = Interpreter([program]).run(program.name, **arrays)
    assert_same_bits(slow, fast)
    assert slow_bits == fast_bits
    return fast


def columns(*numbers: float, lanes: int = 4) -> np.ndarray:
    return np.tile(np.array(numbers, dtype=float)[:, np.newaxis], lanes)


def test_loop_over_elements_carries_variables() -> None:
    b = ProgramBuilder("sums", ArrayArgument("x", "double"), ArrayArgument("r", "double"))
    total = b.variable(b.constant(0.0, "double"))
    with b.loop(5) as i:
        total.set(total.get() + b.load("x", i))
        b.store("r", i, total.get())
    b.store("r", 5, total.get() * 2.0)
    result = both(b.build(), x=columns(1, 2, 3, 4, 5), r=np.zeros((6, 4)))
    assert result["r"][:, 2].tolist() == [1, 3, 6, 10, 15, 30]


def test_loop_down_visits_the_elements_backwards() -> None:
    b = ProgramBuilder("back", ArrayArgument("x", "double"))
    with b.loop_down(3) as i:
        b.store("x", i, b.load("x", i) + b.load("x", following(i)))
    result = both(b.build(), x=columns(1, 10, 100, 1000))
    assert result["x"][:, 0].tolist() == [1111, 1110, 1100, 1000]


def test_tables_give_positions_bounds_and_coefficients() -> None:
    # a sparse matrix times a vector; its second row is empty
    b = ProgramBuilder("product", ArrayArgument("x", "double"), ArrayArgument("r", "double"))
    start = b.table("start", [0, 2, 2, 3])
    column = b.table("column", [0, 2, 1])
    weight = b.coefficient_table("weight", [2.0, -0.1, 7.0])
    with b.loop(3) as row:
        total = b.variable(b.constant(0.0, "double"))
        with b.loop_between(b.entry(start, row), b.entry(start, following(row))) as e:
            x = b.load("x", b.entry(column, e))
            total.set(b.fma(b.coefficient(weight, e, "double"), x, total.get()))
        b.store("r", row, total.get())
    result = both(b.build(), x=columns(1, 10, 100), r=np.ones((3, 4)))
    assert result["r"][:, 3].tolist() == [2.0 - 0.1 * 100, 0.0, 70.0]


@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_loop_ends_where_the_last_lane_does(lanes: int) -> None:
    b = ProgramBuilder("p", ArrayArgument("x", "double"), ArrayArgument("y", "double"))
    passes = b.variable(b.constant(0.0, "double"))
    with b.loop_between(Index(1), following(b.highest(b.load("x", 0)))):
        passes.set(passes.get() + 1.0)
    b.store("y", 0, passes.get())
    x = np.array([[2.9, 7.2, 0.0, 5.0]])[:, :lanes]
    last = {1: 2.0, 2: 7.0, 4: 7.0}[lanes]
    fast = Machine([b.build()], lanes=lanes).run("p", x=x, y=np.zeros_like(x))[0]["y"]
    assert np.all(fast == last)
    slow = Interpreter([b.build()]).run("p", x=x, y=np.zeros_like(x))[0]["y"]
    np.testing.assert_array_equal(slow, np.floor(x))


def test_many_passes_of_a_loop_with_a_variable_take_no_more_room() -> None:
    # 1e7 passes with room of 64 bytes each would overrun any stack
    b = ProgramBuilder("long", ArrayArgument("x", "double"))
    with b.loop(10_000_000):
        cell = b.variable(b.load("x", 0))
        cell.set(cell.get() + 1.0)
        b.store("x", 0, cell.get())
    result, _ = Machine([b.build()], lanes=4).run("long", x=columns(0))
    assert result["x"][0, 0] == 1e7


def test_conversion_rounds_to_single_and_widens_exactly() -> None:
    b = ProgramBuilder("convert", ArrayArgument("x", "double"), ArrayArgument("s", "single"))
    b.store("s", 0, b.load("x", 0))
    b.store("x", 1, b.load("s", 0))
    result, _ = Machine([b.build()], lanes=2).run(
        "convert", x=np.array([[0.1, 1e60], [0, 0]]), s=np.zeros((1, 2))
    )
    assert result["s"].tolist() == [[np.float32(0.1), np.inf]]
    assert result["x"][1].tolist() == [float(np.float32(0.1)), np.inf]


def test_fused_multiply_add_rounds_once() -> None:
    if not has_hardware_fma():
        pytest.skip("the processor has no fused multiply-add")
    b = ProgramBuilder("fused", ArrayArgument("x", "double"))
    x, y, z = (b.load("x", i) for i in range(3))
    b.store("x", 3, b.fma(x, y, z))
    b.store("x", 4, b.fnma(x, y, z))
    a = 1 + 2.0**-30
    arrays = {"x": columns(a, a, -1 - 2.0**-29, 0, 0)}
    fused, _ = Machine([b.build()], lanes=4, has_fma=True).run("fused", **arrays)
    plain, _ = Machine([b.build()], lanes=4).run("fused", **arrays)
    # (1 + e)^2 = 1 + 2 e + e^2, of which only a single rounding keeps e^2
    assert fused["x"][3, 0] == 2.0**-60
    assert plain["x"][3, 0] == 0.0
    assert fused["x"][4, 0] == pytest.approx(-2 - 2.0**-28, rel=1e-15)


def test_square_root_and_division_are_those_of_ieee() -> None:
    b = ProgramBuilder("ieee", ArrayArgument("x", "double"), ArrayArgument("r", "double"))
    x, y = b.load("x", 0), b.load("x", 1)
    b.store("r", 0, b.sqrt(x))
    b.store("r", 1, x / y)
    x = np.array([[2.0, 0.0, np.inf, 0.0], [0.0, -0.0, 3.0, 0.0]])
    result = both(b.build(), x=x, r=np.zeros((2, 4)))
    np.testing.assert_array_equal(result["r"], [np.sqrt(x[0]), [np.inf, np.nan, np.inf, np.nan]])


def test_functions_of_the_c_library_are_called_lane_by_lane() -> None:
    b = ProgramBuilder("c", ArrayArgument("x", "double"))
    b.store("x", 1, b.call_c("exp", b.load("x", 0)))
    b.store("x", 2, b.call_c("pow", b.load("x", 0), b.load("x", 1)))
    for lanes in (1, 4):
        x = np.array([np.linspace(0.5, 2, lanes), np.zeros(lanes), np.zeros(lanes)])
        result, _ = Machine([b.build()], lanes=lanes).run("c", x=x)
        np.testing.assert_allclose(result["x"][1], np.exp(x[0]), rtol=1e-15)
        np.testing.assert_allclose(result["x"][2], x[0] ** np.exp(x[0]), rtol=1e-15)


def test_programs_call_each_other_on_their_arrays() -> None:
    inner = ProgramBuilder("twice", ArrayArgument("a", "double"), ArrayArgument("c", "double"))
    inner.store("c", 0, inner.load("a", 0) * 2.0)
    outer = ProgramBuilder("outer", ArrayArgument("x", "double"), ArrayArgument("r", "double"))
    outer.call("twice", "x", "r")
    outer.store("r", 1, outer.load("r", 0) + 1.0)
    both_programs = [inner.build(), outer.build()]
    arrays = {"x": columns(3), "r": np.zeros((2, 4))}
    fast, _ = Machine(both_programs, lanes=4).run("outer", **arrays)
    slow, _ = Interpreter(both_programs).run("outer", **arrays)
    assert_same_bits(slow, fast)
    assert fast["r"][:, 1].tolist() == [6, 7]


def test_value_read_before_a_store_is_the_value_before_it() -> None:
    b = ProgramBuilder("swap", ArrayArgument("x", "double"))
    first, second = b.load("x", 0), b.load("x", 1)
    b.store("x", 0, second)
    b.store("x", 1, first)
    assert both(b.build(), x=columns(1, 2))["x"][:, 0].tolist() == [2, 1]


def test_brackets_are_written_only_where_they_are_needed() -> None:
    b = ProgramBuilder("f", ArrayArgument("x", "double"), ArrayArgument("r", "double"))
    x, y, z = (b.load("x", i) for i in range(3))
    b.store("r", 0, x - (y - z))
    b.store("r", 1, (x + y) * -z)
    b.store("r", 2, x * y - z)
    lines = print_function(b.build()).splitlines()
    assert lines[1:] == [
        "    r[0] = x[0] - (x[1] - x[2])",
        "    r[1] = (x[0] + x[1]) * -x[2]",
        "    r[2] = x[0] * x[1] - x[2]",
    ]


def test_comments_and_description_reach_the_reader() -> None:
    b = ProgramBuilder("f", ArrayArgument("x", "double"), description="Does nothing.")
    b.comment("nothing")
    text = print_function(b.build())
    ast.parse(print_function(ProgramBuilder("empty").build()))
    assert '"""Does nothing."""' in text
    assert "# nothing" in text
