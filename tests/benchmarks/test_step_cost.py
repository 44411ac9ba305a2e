"""Operations of a step are counted from its programs."""

from benchmarks.step_cost import count_step, operations
from mtorsim.codegen.program import ArrayArgument, ProgramBuilder
from mtorsim.codegen.variant import Variant
from tests.solvers.examples import CASCADE_TABLE, EXCHANGE_TABLE, kernel_of


def test_operations_in_a_loop_count_once_a_pass() -> None:
    b = ProgramBuilder("twice", ArrayArgument("x", "double"), ArrayArgument("y", "double"))
    b.store("y", 0, b.load("x", 0))
    with b.loop(7) as i:
        b.store("y", i, b.load("x", i) * 2.0)
    counted = operations(b.build(), passes=7)
    assert (counted["load"], counted["store"], counted["mul"]) == (8, 8, 7)


def test_a_step_divides_once_a_pivot_and_more_stages_multiply_more() -> None:
    kernel = kernel_of(CASCADE_TABLE)
    four, five = (count_step(kernel, Variant(m, "double", 4)) for m in ("rodas4", "rodas5p"))
    assert four["divisions"] == five["divisions"] >= kernel.structure.n_species
    assert four["multiply_adds"] < five["multiply_adds"]


def test_memory_grows_with_the_lanes_and_operations_do_not() -> None:
    kernel = kernel_of(EXCHANGE_TABLE)
    narrow, wide = (count_step(kernel, Variant("rodas4", "mixed", w)) for w in (4, 8))
    assert wide.pop("arena_KiB") == 2 * narrow.pop("arena_KiB")
    assert wide == narrow
