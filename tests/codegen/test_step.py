"""One step attempt: the method's own formulas, and what is accepted, cut, counted and reported."""

import ctypes
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen.extrapolation import ERROR_ROOT, N_COLUMNS, extrapolation_weights
from mtorsim.codegen.kernel_folder import HEADER
from mtorsim.codegen.llvm_text import VectorTarget
from mtorsim.codegen.native import NativeLibrary, compile_object
from mtorsim.codegen.variant import Variant, VariantPrograms, write_variant
from mtorsim.solvers import control
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS
from mtorsim.symbolic.elimination import jacobian_pattern, plan_elimination
from tests.codegen.machines import aligned
from tests.codegen.networks import Array, networks, sizes_of_derivatives
from tests.oracle import oracle_jacobian, oracle_rhs
from tests.solvers.examples import EXCHANGE_TABLE, structure_of
from tests.strategies import RandomNetwork

METHODS = [*ROSENBROCK_TABLEAUS, *EXPLICIT_TABLEAUS, "extrapolation"]
#: what a lane is before its first attempt
FRESH = {
    control.TIME: 0.0,
    control.STEP: 0.1,
    control.SEGMENT_END: 100.0,
    control.NEXT_OUTPUT: np.inf,
    control.GROWTH: control.MAX_GROWTH,
    control.PENDING: 0.0,
    control.MAX_ATTEMPTS: 1000.0,
    control.RTOL: 1e-3,
    control.ATOL: 1e-3,
    control.SHARE: 0.15,
}


def programs_of(structure, method: str, *, precision: Any = "double", moieties=()):
    plan = plan_elimination(structure.n_species, jacobian_pattern(structure))
    return write_variant(structure, plan, Variant(method, precision, 1), moieties)


class Stepper:
    """An arena of float64 and the step that works on it, as machine code or as readable Python."""

    def __init__(self, programs: VariantPrograms, *, lanes: int, compiled: bool) -> None:
        self.lanes, self.compiled = lanes, compiled
        slots, size = programs.slots()
        self.arena = aligned(np.zeros((size, lanes)), np.float64)
        self.slots, self.counts = slots, {array.name: array.count for array in programs.arrays}
        if compiled:
            text = programs.llvm_text(VectorTarget(lanes, has_fma=False))
            self._library = NativeLibrary(compile_object(text))
        else:
            namespace: dict[str, Any] = {}
            exec(HEADER.format(title="") + programs.python_text(), namespace)
            self._step = namespace["step"]

    def array(self, name: str) -> Array:
        """A view of an array of float64, (count, lanes)."""
        start = self.slots[name].offset
        return self.arena[start : start + self.counts[name]]

    def low(self, name: str) -> Array:
        """A view of an array of float32, (count, lanes)."""
        singles = self.arena.view(np.float32).reshape(-1, self.lanes)
        start = 2 * self.slots[name].offset
        return singles[start : start + self.counts[name]]

    def attempt(self) -> int:
        """One attempt in all lanes; the lanes that ask for attention, as bits."""
        if self.compiled:
            function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)
            return function(self._library.address("step"))(self.arena.ctypes.data)
        with np.errstate(all="ignore"):
            return sum(self._step(self.arena[:, i]) << i for i in range(self.lanes))


def stepper_of(network: RandomNetwork, method: str, *, h: float, compiled: bool) -> Stepper:
    stepper = Stepper(programs_of(network.structure, method), lanes=2, compiled=compiled)
    stepper.array("y")[:] = network.y0[:, np.newaxis]
    stepper.array("k")[:] = network.k[:, np.newaxis]
    # beyond every amount, so that the attempt is accepted
    for slot, value in (FRESH | {control.STEP: h, control.ATOL: 1e9}).items():
        stepper.array("control")[slot] = value
    return stepper


def gentle_step(network: RandomNetwork) -> float:
    """A step for which M is diagonally dominant, so that numpy's solutions are exact to 1e-15."""
    sizes = sizes_of_derivatives(network, network.y0, network.k).sum(axis=1)
    return 0.1 / max(sizes.max(), 1e-3)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=8)
@given(network=networks())
def test_both_forms_of_a_step_agree_to_the_last_bit(network: RandomNetwork, method: str) -> None:
    if method == "extrapolation" and network.structure.max_order > 2:
        return
    h = 30 * gentle_step(network)
    fast = stepper_of(network, method, h=h, compiled=True)
    slow = stepper_of(network, method, h=h, compiled=False)
    for _ in range(3):
        assert fast.attempt() == slow.attempt()
        np.testing.assert_array_equal(fast.arena, slow.arena)


def textbook_stages(network: RandomNetwork, tableau, *, h: float) -> tuple[Array, Array]:
    """Stages and increment of a Rosenbrock step as in Hairer & Wanner 1996, IV.7.25."""
    y, k, table, species = network.y0, network.k, network.table, network.species
    matrix = np.eye(len(y)) / (h * tableau.gamma) - oracle_jacobian(table, species, y=y, k=k)
    stages: list[Array] = []
    for a, c in zip(tableau.a, tableau.c, strict=True):
        state = y + sum((w * u for w, u in zip(a, stages, strict=True)), np.zeros_like(y))
        carried = sum((w * u for w, u in zip(c, stages, strict=True)), np.zeros_like(y))
        f = oracle_rhs(table, species, y=state, k=k)
        stages.append(np.linalg.solve(matrix, f + carried / h))
    increment = sum(
        (w * u for w, u in zip(tableau.a[-1], stages[:-1], strict=True)), stages[-1].copy()
    )
    return np.array(stages), increment


@pytest.mark.parametrize("method", list(ROSENBROCK_TABLEAUS))
@settings(max_examples=12)
@given(network=networks())
def test_rosenbrock_step_is_that_of_the_textbook(network: RandomNetwork, method: str) -> None:
    tableau, h = ROSENBROCK_TABLEAUS[method], gentle_step(network)
    stages, increment = textbook_stages(network, tableau, h=h)
    stepper = stepper_of(network, method, h=h, compiled=True)
    stepper.attempt()
    # coefficients of up to 150 meet roundings of stages and of amounts
    size = np.abs(stages).max() + np.abs(network.y0).max()
    for j, stage in enumerate(stages):
        assert np.abs(stepper.array(f"u{j}")[:, 0] - stage).max() <= 1e-12 * size
    assert np.abs(stepper.array("increment")[:, 1] - increment).max() <= 1e-12 * size


@settings(max_examples=12)
@given(network=networks(up_to_order=2))
def test_extrapolation_step_is_that_of_implicit_euler_extrapolated(network: RandomNetwork) -> None:
    h, y, k = gentle_step(network), network.y0, network.k
    jacobian = oracle_jacobian(network.table, network.species, y=y, k=k)
    rows: list[Array] = []
    for count in range(1, N_COLUMNS + 1):
        matrix = np.eye(len(y)) * count / h - jacobian
        state = y.copy()
        for _ in range(count):
            f = oracle_rhs(network.table, network.species, y=state, k=k)
            state = state + np.linalg.solve(matrix, f)
        rows.append(state - y)
    # Aitken and Neville: Hairer & Wanner 1996, IV.9.14, for the harmonic sequence
    table = rows
    for order in range(1, N_COLUMNS):
        table = [
            table[j + 1] + (table[j + 1] - table[j]) / ((j + 1 + order) / (j + 1) - 1)
            for j in range(len(table) - 1)
        ]
    stepper = stepper_of(network, "extrapolation", h=h, compiled=True)
    stepper.attempt()
    # each of up to N_COLUMNS substeps rounds amounts, and the weights multiply the roundings
    weights = sum(abs(float(w)) for w in extrapolation_weights(range(1, N_COLUMNS + 1)))
    size = np.abs(rows).max() + np.abs(y).max()
    allowed = np.finfo(float).eps * N_COLUMNS * weights * size
    assert np.abs(stepper.array("increment")[:, 0] - table[0]).max() <= allowed


@settings(max_examples=12)
@given(network=networks())
def test_explicit_step_is_that_of_the_textbook(network: RandomNetwork) -> None:
    tableau, h = EXPLICIT_TABLEAUS["dopri5"], gentle_step(network)
    stages: list[Array] = []
    for row in tableau.a:
        state = network.y0 + sum(
            (w * u for w, u in zip(row, stages, strict=True)), np.zeros_like(network.y0)
        )
        stages.append(h * oracle_rhs(network.table, network.species, y=state, k=network.k))
    stepper = stepper_of(network, "dopri5", h=h, compiled=True)
    stepper.attempt()
    size = 10 * np.abs(stages).max() + np.abs(network.y0).max()
    increment = np.array(tableau.b) @ np.array(stages)
    assert np.abs(stepper.array("increment")[:, 0] - increment).max() <= 1e-13 * size


LANES = 8


def exchange(method: str, *lanes: dict[int, float], y: tuple[float, float] = (10.0, 0.0)):
    """A <-> B with a control block that is FRESH but for what is given, lane by lane."""
    programs = programs_of(structure_of(EXCHANGE_TABLE), method)
    stepper = Stepper(programs, lanes=LANES, compiled=True)
    stepper.array("y")[:] = np.array(y)[:, np.newaxis]
    stepper.array("k")[:] = np.array([0.9, 0.3])[:, np.newaxis]
    for lane in range(LANES):
        given_here = lanes[lane] if lane < len(lanes) else {}
        for slot, value in (FRESH | given_here).items():
            stepper.array("control")[slot, lane] = value
    return stepper


@pytest.mark.parametrize("method", METHODS)
def test_accepted_attempt_moves_the_time_and_waits_to_be_added(method: str) -> None:
    stepper = exchange(method)
    c = stepper.array("control")
    assert stepper.attempt() == 0
    assert c[control.TIME].tolist() == [0.1] * LANES
    assert np.all(c[control.PENDING] == 1)
    assert np.all(c[control.ACCEPTED] == 1)
    assert np.all(c[control.ATTEMPTS] == 1)
    assert stepper.array("y")[:, 0].tolist() == [10.0, 0.0]
    after = stepper.array("y") + stepper.array("increment")
    stepper.attempt()
    np.testing.assert_array_equal(stepper.array("y"), after)


@pytest.mark.parametrize("method", METHODS)
def test_error_is_the_weighted_norm_and_sets_the_next_step(method: str) -> None:
    stepper = exchange(method, {control.STEP: 0.3}, {control.STEP: 1.0}, {control.STEP: 3.0})
    c = stepper.array("control")
    stepper.attempt()
    if method in ROSENBROCK_TABLEAUS:
        *_, before, last = (
            np.abs(stepper.array(f"u{j}")) for j in range(ROSENBROCK_TABLEAUS[method].n_stages)
        )
        error = np.maximum(last, FRESH[control.SHARE] * before)
        root = ROSENBROCK_TABLEAUS[method].error_root
    elif method in EXPLICIT_TABLEAUS:
        tableau = EXPLICIT_TABLEAUS[method]
        stages = [stepper.array(f"u{j}") for j in range(tableau.n_stages)]
        error = np.tensordot(tableau.error, stages, axes=1)
        root = tableau.error_root
    else:
        error, root = None, ERROR_ROOT
    if error is not None:
        y = stepper.array("y")
        largest = np.maximum(np.abs(y), np.abs(y + stepper.array("increment")))
        norm = np.mean((error / (1e-3 + 1e-3 * largest)) ** 4, axis=0) ** 0.25
        # the error of an explicit step is a difference of stages a thousand times as large
        assert c[control.ERROR] == pytest.approx(norm, rel=1e-9, abs=1e-11)
    factor = np.clip(0.9 / np.maximum(c[control.ERROR], 1e-10) ** root, 0.2, 6.0)
    assert c[control.STEP] == pytest.approx(c[control.USED_STEP] * factor, rel=1e-13)
    assert c[control.PENDING].tolist() == (c[control.ERROR] <= 1).astype(float).tolist()


@pytest.mark.parametrize("method", METHODS)
def test_refused_attempt_changes_nothing_but_the_step(method: str) -> None:
    strict = {control.RTOL: 1e-13, control.ATOL: 1e-15, control.STEP: 2.0}
    stepper = exchange(method, strict)
    c = stepper.array("control")
    assert stepper.attempt() == 0
    assert c[control.ERROR, 0] > 1
    assert c[[control.TIME, control.PENDING, control.ACCEPTED], 0].tolist() == [0, 0, 0]
    assert c[[control.ATTEMPTS, control.REJECTED_IN_ROW], 0].tolist() == [1, 1]
    assert 0.4 <= c[control.STEP, 0] < 2.0
    assert c[control.GROWTH, 0] == 1.0  # no growth after a refusal
    assert c[control.PENDING, 1] == 1.0  # the lane beside it goes on
    stepper.attempt()
    assert stepper.array("y")[:, 0].tolist() == [10.0, 0.0]


@pytest.mark.parametrize("method", METHODS)
def test_step_ends_exactly_at_the_end_of_its_segment(method: str) -> None:
    third = 1.0 / 3.0
    lanes = [
        {control.TIME: third, control.SEGMENT_END: third + 0.05},
        {control.TIME: third, control.SEGMENT_END: third + 0.1 * (1 + 5e-5)},  # no sliver is left
        {control.TIME: third, control.SEGMENT_END: third + 0.1 * (1 + 5e-3)},
    ]
    stepper = exchange(method, *lanes)
    c = stepper.array("control")
    assert stepper.attempt() == 0b011
    assert c[control.TIME, 0] == third + 0.05
    assert c[control.USED_STEP, 0] == (third + 0.05) - third
    assert c[control.TIME, 1] == lanes[1][control.SEGMENT_END]
    assert c[control.TIME, 2] == third + 0.1


@pytest.mark.parametrize("method", METHODS)
def test_lanes_ask_for_attention_when_it_is_due(method: str) -> None:
    refused = {control.RTOL: 1e-13, control.ATOL: 1e-15, control.STEP: 2.0}
    lanes = [
        {},
        {control.NEXT_OUTPUT: 0.05},  # passed by the step
        {control.NEXT_OUTPUT: 0.1},  # met by it
        {control.NEXT_OUTPUT: 0.2},  # not reached
        {control.ATTEMPTS: 999.0},  # the last attempt
        {**refused, control.REJECTED_IN_ROW: 29.0},  # the last refusal
        {**refused, control.NEXT_OUTPUT: 1.0},  # refused: nothing is passed
        {control.ATTEMPTS: -np.inf, control.REJECTED_IN_ROW: -np.inf},  # idle
    ]
    assert exchange(method, *lanes).attempt() == 0b00110110


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_state_that_is_no_number_is_refused_in_its_lane_alone(method: str, value: float) -> None:
    stepper, sound = exchange(method), exchange(method)
    stepper.array("y")[1, 3] = value
    sound.attempt()
    stepper.attempt()
    c = stepper.array("control")
    assert c[control.PENDING, 3] == 0
    assert not np.isfinite(c[control.ERROR, 3])
    assert c[control.STEP, 3] == pytest.approx(0.2 * 0.1)
    others = np.arange(LANES) != 3
    np.testing.assert_array_equal(stepper.arena[:, others], sound.arena[:, others])


@pytest.mark.parametrize("method", METHODS)
def test_step_that_does_not_move_the_time_is_refused(method: str) -> None:
    stepper = exchange(method, {control.TIME: 50.0, control.STEP: 1e-15})
    stepper.attempt()
    c = stepper.array("control")
    assert c[control.PENDING, 0] == 0
    assert c[control.REJECTED_IN_ROW, 0] == 1
    assert c[control.ERROR, 0] <= 1


def test_moieties_are_held_when_a_step_is_added() -> None:
    moieties = [[(0, 1), (1, 1)]]
    programs = programs_of(
        structure_of(EXCHANGE_TABLE), "rodas4", precision="mixed", moieties=moieties
    )
    stepper = Stepper(programs, lanes=4, compiled=True)
    for slot, value in FRESH.items():
        stepper.array("control")[slot] = value
    stepper.array("y")[:] = np.array([[10.0], [2.0]])
    stepper.array("total")[:] = np.array([12.0, 12.5, 0.0, 12.0])
    stepper.attempt()
    assert stepper.array("y").sum(axis=0) == pytest.approx([12.0, 12.5, 0.0, 12.0], rel=1e-15)
    assert stepper.array("y")[:, 1] == pytest.approx([10 * 12.5 / 12, 2 * 12.5 / 12], rel=1e-15)
    np.testing.assert_array_equal(stepper.low("y_low"), stepper.array("y").astype(np.float32))
