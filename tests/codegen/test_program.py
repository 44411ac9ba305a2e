"""What a program builder writes down."""

import pytest

from mtorsim.codegen.program import (
    ArrayArgument,
    Index,
    ProgramBuilder,
    following,
)


def builder() -> ProgramBuilder:
    return ProgramBuilder("p", ArrayArgument("x", "double"), ArrayArgument("s", "single"))


def test_constant_is_written_once_outside_of_loops() -> None:
    b = builder()
    first, second = b.constant(2.0, "double"), b.constant(2, "double")
    assert first is second
    assert b.constant(2.0, "single") is not first
    assert [operation[0] for operation in b.build().operations] == ["const", "const"]


def test_constant_of_a_loop_is_not_used_after_it() -> None:
    b = builder()
    with b.loop(3):
        inside = b.constant(2.0, "double")
    assert b.constant(2.0, "double") is not inside


def test_number_takes_the_precision_of_the_value_beside_it() -> None:
    b = builder()
    for array, precision in (("x", "double"), ("s", "single")):
        value = b.load(array, 0)
        assert (value * 2.0).precision == precision
        assert b.fma(2.0, value, value).precision == precision
        assert b.select(value < 1.0, value, 0.0).precision == precision
        assert (value < 1.0).precision == "mask"


def test_store_converts_to_the_precision_of_the_array() -> None:
    b = builder()
    b.store("s", 0, b.load("x", 0))
    b.store("s", 1, b.load("s", 0))
    kinds = [operation[0] for operation in b.build().operations]
    assert kinds == ["load", "convert", "store", "load", "store"]


def test_sum_of_nothing_is_nothing() -> None:
    b = builder()
    x = b.load("x", 0)
    assert b.total([], []) is None
    assert b.total([x], []) is x
    b.total([], [x])
    assert b.build().operations[-1][0] == "neg"


def test_values_are_numbered_in_the_order_of_their_operations() -> None:
    b = builder()
    x = b.load("x", Index(3))
    y = -(x + 1.0)
    program = b.build(result=y < 0.0)
    numbers = [operation[1] for operation in program.operations if operation[1] is not None]
    assert numbers == sorted(numbers)
    assert program.result == numbers[-1]
    assert len(program.precisions) == len(numbers)


@pytest.mark.parametrize("index", [Index(2), Index(0, loop=1), Index(5, entry=3)])
def test_following_position_is_one_further(index: Index) -> None:
    assert following(index) == Index(index.offset + 1, index.loop, index.entry)
