"""Which programs make a variant, and how its arrays stand in memory."""

from itertools import pairwise

import pytest

from mtorsim.codegen import variant as variants
from mtorsim.codegen.arena import ArenaArray
from mtorsim.codegen.extrapolation import N_COLUMNS, extrapolation_weights
from mtorsim.codegen.mass_action import Labels
from mtorsim.codegen.variant import Variant, equation_programs, is_table_driven, write_variant
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.elimination import jacobian_pattern, plan_elimination
from tests.solvers.examples import BRUSSELATOR_TABLE, CASCADE_TABLE, structure_of

CASCADE = structure_of(CASCADE_TABLE)
MOIETIES = [[(0, 1), (2, 1)]]
ALL = [
    Variant("rodas4", "double", 4),
    Variant("rodas4", "mixed", 8),
    Variant("rodas5p", "double", 1),
    Variant("rodas5p", "mixed", 16),
    Variant("dopri5", "double", 2),
    Variant("extrapolation", "double", 8),
]
NAMES = [variant.name for variant in ALL]


def written(variant: Variant, structure: MassActionStructure = CASCADE):
    plan = plan_elimination(structure.n_species, jacobian_pattern(structure))
    return write_variant(structure, plan, variant, MOIETIES)


def slots_taken(array: ArenaArray) -> int:
    return array.count if array.precision == "double" else -(-array.count // 2)


@pytest.mark.parametrize("variant", ALL, ids=NAMES)
def test_arrays_stand_one_after_the_other(variant: Variant) -> None:
    programs = written(variant)
    slots, size = programs.slots()
    assert len(slots) == len(programs.arrays)
    for array, following in pairwise(programs.arrays):
        assert slots[following.name].offset == slots[array.name].offset + slots_taken(array)
    assert slots[programs.arrays[0].name].offset == 0
    last = programs.arrays[-1]
    assert size == slots[last.name].offset + slots_taken(last)


@pytest.mark.parametrize("variant", ALL, ids=NAMES)
def test_increment_and_stages_stand_at_equal_distances(variant: Variant) -> None:
    programs = written(variant)
    slots, _ = programs.slots()
    stages = sorted((n for n in slots if n[0] == "u"), key=lambda name: int(name[1:]))
    offsets = [slots[name].offset for name in ["increment", *stages]]
    assert len({after - before for before, after in pairwise(offsets)}) == 1


@pytest.mark.parametrize("variant", ALL, ids=NAMES)
def test_step_is_written_last_over_the_whole_arena(variant: Variant) -> None:
    programs = written(variant)
    *parts, step = programs.programs
    assert step.name == "step"
    assert [a.name for a in step.arguments] == [a.name for a in programs.arrays]
    called = {operation[2] for operation in step.operations if operation[0] == "call"}
    assert called == {part.name for part in parts}


@pytest.mark.parametrize("variant", ALL, ids=NAMES)
def test_costs_of_an_attempt_are_those_of_its_calls(variant: Variant) -> None:
    programs = written(variant)
    *_, step = programs.programs
    calls = [operation[2] for operation in step.operations if operation[0] == "call"]
    assert programs.factorisations_per_attempt == calls.count("factor")
    evaluating = ("rhs", "first_stage", "stage", "substep")
    assert programs.rhs_per_attempt == sum(map(calls.count, evaluating))


def test_mixed_precision_keeps_state_time_and_totals_in_double() -> None:
    precision_of = {a.name: a.precision for a in written(Variant("rodas4", "mixed", 8)).arrays}
    assert {n for n, p in precision_of.items() if p == "double"} == {"control", "y", "k", "total"}


def test_double_precision_has_no_single_array() -> None:
    for variant in ALL:
        if variant.precision == "double":
            assert {a.precision for a in written(variant).arrays} == {"double"}


def test_order_three_takes_states_and_order_two_increments() -> None:
    structures = {"two": CASCADE, "three": structure_of(BRUSSELATOR_TABLE)}
    stage_of = {
        name: next(p for p in written(ALL[0], structure).programs if p.name == "stage")
        for name, structure in structures.items()
    }
    assert "u = M^-1 (g + B(a, a)) - a" in stage_of["two"].description
    assert "u = M^-1 (f(a) + g)" in stage_of["three"].description


def test_large_networks_become_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_elimination(CASCADE.n_species, jacobian_pattern(CASCADE))
    assert not is_table_driven(CASCADE, plan)
    assert not any(p.tables for p in equation_programs(CASCADE, Labels.numbered(CASCADE)))
    monkeypatch.setattr(variants, "LONGEST_STRAIGHT_LINE", 10)
    monkeypatch.setattr(variants, "MOST_STRAIGHT_LINE_REACTIONS", 5)
    assert is_table_driven(CASCADE, plan)
    large = written(Variant("rodas4", "mixed", 8))
    assert {p.name for p in large.programs if p.tables} == {"factor", "first_stage", "stage"}
    assert all(p.tables for p in equation_programs(CASCADE, Labels.numbered(CASCADE)))


def test_weights_of_the_extrapolation_sum_to_one() -> None:
    for counts in ([1], [1, 2], range(1, N_COLUMNS + 1), [2, 3, 5]):
        weights = extrapolation_weights(counts)
        assert sum(weights) == 1
        # what is left is of order h^p: results 1/n, 1/n^2, ... of the substeps are cancelled
        for power in range(1, len(counts)):
            assert sum(w / n**power for w, n in zip(weights, counts, strict=True)) == 0
