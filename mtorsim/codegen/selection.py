"""Which variant of a kernel runs: method and precision by tolerance, lanes by memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mtorsim.codegen import stabilised
from mtorsim.codegen.native import host_processor
from mtorsim.codegen.variant import Variant
from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.tableaus import EXPLICIT_TABLEAUS, ROSENBROCK_TABLEAUS

#: the quickest at all but the tightest tolerances, and the tightest for float32 stages (measured:
#: see docs/solver.md)
USUAL_METHOD = "rodas5p"
TIGHTEST_FOR_MIXED = 1e-6
#: nM; the squares of amounts near the absolute tolerance must not vanish in float32
SMALLEST_FOR_MIXED = 1e-18
#: extrapolation is the quickest from here down, for networks as small (it has no table-driven form)
LOOSEST_FOR_EXTRAPOLATION, MOST_SPECIES = 1e-7, 200
#: multiply-adds of a factorisation beyond which none is made
MOST_MULTIPLY_ADDS = 100_000_000
#: species beyond which networks are large: mixed precision loses in their many fluxes (BCR: ten
#: times the error), vectors of 512 bits pay although nothing fits into the first-level cache, and
#: a factorisation may take more than ``MOST_MULTIPLY_ADDS``
LARGE = 600
#: bytes up to which an arena may grow for 512-bit vectors
LARGEST_WIDE_ARENA = 40_000


def choose_variant(
    structure: MassActionStructure,
    options: SolverOptions,
    *,
    compiled: bool = True,
    multiply_adds: Callable[[], int] | None = None,
) -> Variant:
    """The form of the kernel that runs for these options on this processor.

    Parameters
    ----------
    multiply_adds : tells those of one factorisation; asked for large networks only

    Raises
    ------
    InputError : mixed precision is asked for where it can not deliver
    """
    method = USUAL_METHOD if options.method == "auto" else options.method
    if options.method == "auto" and _suits_extrapolation(structure, options):
        method = "extrapolation"
    if options.method == "auto" and _is_too_large_to_factor(structure, multiply_adds):
        method = stabilised.METHOD
    bimolecular = ("extrapolation", stabilised.METHOD)
    if method not in (*EXPLICIT_TABLEAUS, *ROSENBROCK_TABLEAUS, *bimolecular):
        raise InputError(f"method {method!r} is not one of the compiled ones")
    if method in bimolecular and structure.max_order > 2:
        raise InputError(
            f"{method} needs at most two reactants a reaction; one has {structure.max_order}"
        )
    if not compiled:
        return Variant(method, "double", 1)
    precision = _choose_precision(structure, options, method)
    lanes = options.lanes or default_lanes(structure.n_species, structure.n_reactions, precision)
    if structure.n_species > LARGE and precision == "double" and options.lanes is None:
        lanes = host_processor().vector_bits // 64  # most of the time goes into reading positions
    return Variant(method, precision, lanes)


def _choose_precision(
    structure: MassActionStructure, options: SolverOptions, method: str
) -> Literal["double", "mixed"]:
    """Mixed where it can deliver the tolerances, unless double was asked for."""
    works = structure.max_order <= 2 and method in ROSENBROCK_TABLEAUS
    delivers = options.rtol >= TIGHTEST_FOR_MIXED and options.atol >= SMALLEST_FOR_MIXED
    if options.precision != "mixed":
        suits = works and delivers and structure.n_species <= LARGE
        return "mixed" if options.precision == "auto" and suits else "double"
    if not works:
        raise InputError(
            f"mixed precision needs a Rosenbrock method and at most two reactants a reaction; "
            f"method is {method!r}, a reaction has {structure.max_order} reactants"
        )
    if not delivers:
        raise InputError(
            f"mixed precision can not deliver rtol {options.rtol:g} and atol {options.atol:g} nM: "
            f"use rtol >= {TIGHTEST_FOR_MIXED:g} and atol >= {SMALLEST_FOR_MIXED:g}, or "
            "precision='double'"
        )
    return "mixed"


def _suits_extrapolation(structure: MassActionStructure, options: SolverOptions) -> bool:
    return (
        options.rtol <= LOOSEST_FOR_EXTRAPOLATION
        and options.precision != "mixed"
        and structure.max_order <= 2
        and structure.n_species <= MOST_SPECIES
    )


def _is_too_large_to_factor(
    structure: MassActionStructure, multiply_adds: Callable[[], int] | None
) -> bool:
    return (
        multiply_adds is not None
        and structure.n_species > LARGE
        and structure.max_order <= 2
        and multiply_adds() > MOST_MULTIPLY_ADDS
    )


def default_lanes(n_species: int, n_constants: int, precision: str) -> int:
    """Lanes that fill a vector register, of 512 bits only where the arena then stays small.

    Wider lanes do more in an instruction, but the arena of a network of 70 species no longer fits
    into the first-level cache (measured: see docs/solver.md).
    """
    bits = host_processor().vector_bits
    size = 4 if precision == "mixed" else 8
    widest = bits // (8 * size)
    if widest * arena_bytes(n_species, n_constants, size) > LARGEST_WIDE_ARENA:
        widest = min(widest, 256 // (8 * size))
    return widest


def arena_bytes(n_species: int, n_constants: int, size: int) -> int:
    """Estimate of a Rosenbrock step's working memory per lane, bytes.

    State, rate constants, eight stages and six more arrays, and a factorisation that is about six
    times as long as the state; ``size`` is that of a number in the lower precision.
    """
    return 8 * (n_species + n_constants) + size * (20 * n_species + n_constants)
