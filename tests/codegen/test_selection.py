"""Which variant runs: by tolerance, by the network, by the processor, by wish."""

import pytest

from mtorsim.codegen import selection
from mtorsim.codegen.native import Processor
from mtorsim.codegen.selection import choose_variant, default_lanes
from mtorsim.codegen.variant import Variant
from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.options import SolverOptions
from tests.solvers.examples import BRUSSELATOR_TABLE, EXCHANGE_TABLE, structure_of

TWO, THREE = structure_of(EXCHANGE_TABLE), structure_of(BRUSSELATOR_TABLE)


@pytest.mark.parametrize(
    ("rtol", "method", "precision"),
    [
        (1e-2, "rodas5p", "mixed"),
        (1e-4, "rodas5p", "mixed"),
        (1e-6, "rodas5p", "mixed"),
        (9e-7, "rodas5p", "double"),
        (1e-10, "extrapolation", "double"),
    ],
)
def test_method_and_precision_follow_the_tolerance(rtol, method, precision) -> None:
    variant = choose_variant(TWO, SolverOptions(rtol=rtol, lanes=4))
    assert variant == Variant(method, precision, 4)


def test_order_three_runs_in_double_precision() -> None:
    assert choose_variant(THREE, SolverOptions(rtol=1e-3)).precision == "double"


@pytest.mark.parametrize("method", ["dopri5", "extrapolation"])
def test_methods_without_a_mixed_form_run_in_double_precision(method) -> None:
    assert choose_variant(TWO, SolverOptions(method, rtol=1e-3)).precision == "double"


def test_amounts_that_vanish_in_float32_run_in_double_precision() -> None:
    assert choose_variant(TWO, SolverOptions("rodas4", atol=1e-39)).precision == "double"
    with pytest.raises(InputError, match="atol >= 1e-18"):
        choose_variant(TWO, SolverOptions("rodas4", precision="mixed", atol=1e-39))


def test_mixed_precision_is_never_answered_with_the_extrapolation() -> None:
    with pytest.raises(InputError, match="rtol >= 1e-06 and atol >= 1e-18, or precision='double'"):
        choose_variant(TWO, SolverOptions(precision="mixed", rtol=1e-9))


def test_wishes_are_followed() -> None:
    options = SolverOptions("rodas4", rtol=1e-8, precision="double", lanes=2)
    assert choose_variant(TWO, options) == Variant("rodas4", "double", 2)


def test_readable_python_runs_one_lane_in_double_precision() -> None:
    options = SolverOptions("rodas4", precision="mixed", lanes=8)
    assert choose_variant(TWO, options, compiled=False) == Variant("rodas4", "double", 1)


def test_extrapolation_of_order_three_is_refused() -> None:
    with pytest.raises(InputError, match="at most two reactants"):
        choose_variant(THREE, SolverOptions("extrapolation"))


AVX512 = Processor("x86_64-unknown-linux-gnu", "any", "+avx512f,+avx2,+fma")
AVX2 = Processor("x86_64-unknown-linux-gnu", "any", "-avx512f,+avx,+fma")
SSE2 = Processor("x86_64-unknown-linux-gnu", "any", "+sse2,-avx")


@pytest.mark.parametrize(
    ("processor", "double", "mixed"), [(AVX512, 8, 16), (AVX2, 4, 8), (SSE2, 2, 4)]
)
def test_lanes_of_a_small_network_fill_the_registers(processor, double, mixed, monkeypatch) -> None:
    monkeypatch.setattr(selection, "host_processor", lambda: processor)
    assert (default_lanes(2, 2, "double"), default_lanes(2, 2, "mixed")) == (double, mixed)


def test_lanes_of_a_large_network_leave_room_in_the_cache(monkeypatch) -> None:
    monkeypatch.setattr(selection, "host_processor", lambda: AVX512)
    assert (default_lanes(500, 900, "double"), default_lanes(500, 900, "mixed")) == (4, 8)
    for precision in ("double", "mixed"):
        lanes = [default_lanes(n, 2 * n, precision) for n in range(1, 500)]
        assert lanes == sorted(lanes, reverse=True)


@pytest.mark.parametrize(
    ("rtol", "structure", "method"),
    [(1e-7, TWO, "extrapolation"), (2e-7, TWO, "rodas5p"), (1e-8, THREE, "rodas5p")],
)
def test_tight_solves_extrapolate(rtol: float, structure: MassActionStructure, method: str) -> None:
    assert choose_variant(structure, SolverOptions(rtol=rtol)).method == method
