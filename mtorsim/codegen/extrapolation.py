"""Linearly implicit Euler, extrapolated: the method for tight tolerances.

A step of size h is made ``n_j = 1, 2, ..., p`` times over, with ``n_j`` substeps of h / n_j, and
the p results are extrapolated to infinitely many substeps (Deuflhard 1985; Hairer & Wanner 1996,
IV.9).
With the Jacobian frozen at the start of the step and d the change since then, a substep is

    d <- M_j^-1 (f(y) + n_j d / h + B(d, d)),    M_j = n_j I / h - J,

exactly, for at most two reactants. The order is p, and a step costs p factorisations.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mtorsim.codegen.arena import ArenaArray, StepSpecification, common_arrays
from mtorsim.codegen.commit import commit
from mtorsim.codegen.mass_action import FluxWriter, cached, solve_rows
from mtorsim.codegen.program import ArrayArgument, Program, ProgramBuilder, Value
from mtorsim.codegen.step import (
    ErrorNorm,
    begin_step,
    choose_step,
    control_step,
    linear_combination,
)
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.elimination import EliminationPlan

#: number of columns, and the exponent of the step controller: close to 1 / order, in powers of 1/2
N_COLUMNS = 10
ERROR_ROOT = 3 / 32


def extrapolation_weights(counts: Sequence[int]) -> list[Fraction]:
    """Weights that extrapolate results of ``counts`` substeps to infinitely many."""
    weights = []
    for j in counts:
        weight = Fraction(1)
        for i in counts:
            if i != j:
                weight *= Fraction(j, j - i)
        weights.append(weight)
    return weights


def solve_program(structure: MassActionStructure, plan: EliminationPlan) -> Program:
    """``solve(f, lu, d)``: d = M^-1 f, the first substep."""
    b = ProgramBuilder("solve", *(ArrayArgument(name, "double") for name in ("f", "lu", "d")))
    for i, value in enumerate(solve_rows(b, plan, lambda species: b.load("f", species))):
        b.store("d", plan.order[i], value)
    return b.build()


def substep_program(structure: MassActionStructure, plan: EliminationPlan) -> Program:
    """``substep(d, f, shift, k, lu, next_d)``: next_d = M^-1 (f + shift d + B(d, d))."""
    names = ("d", "f", "shift", "k", "lu", "next_d")
    b = ProgramBuilder("substep", *(ArrayArgument(name, "double") for name in names))
    change = cached(lambda i: b.load("d", i))
    writer = FluxWriter(b, structure, y=change, k=cached(lambda r: b.load("k", r)), order=2)
    shift = b.load("shift", 0)

    def right_hand_side(species: int) -> Value | None:
        return writer.add_to(b.fma(shift, change(species), b.load("f", species)), species)

    for i, value in enumerate(solve_rows(b, plan, right_hand_side)):
        b.store("next_d", plan.order[i], value)
    return b.build()


def extrapolation_arrays(specification: StepSpecification) -> list[ArenaArray]:
    """The arena of an extrapolation step, in order; float64 throughout."""
    n = specification.n_species
    return [
        *common_arrays(specification),
        ArenaArray("shift", 1, "double"),
        ArenaArray("f", n, "double"),
        ArenaArray("lu", specification.n_factor, "double"),
        ArenaArray("even", n, "double"),
        ArenaArray("odd", n, "double"),
        ArenaArray("increment", n, "double"),
        *(ArenaArray(f"u{j}", n, "double") for j in range(N_COLUMNS)),
    ]


def extrapolation_step(specification: StepSpecification) -> Program:
    """One attempt of an extrapolation step; returns the lanes that want attention."""
    s = specification
    b = begin_step(extrapolation_arrays(s), "One attempt of the extrapolation method.")
    commit(b, s)
    step, is_last = choose_step(b)
    inverse = b.constant(1.0, "double") / step
    b.call("rhs", "y", "k", "f")
    counts = range(1, N_COLUMNS + 1)
    for column, count in enumerate(counts):
        b.comment(f"{count} substeps")
        b.store("shift", 0, inverse * float(count))
        b.call("factor", "y", "k", "shift", "lu")
        change = f"u{column}" if count == 1 else "odd"
        b.call("solve", "f", "lu", change)
        for substep in range(2, count + 1):
            following = ("even", "odd")[substep % 2] if substep < count else f"u{column}"
            b.call("substep", change, "f", "shift", "k", "lu", following)
            change = following
    error = _error(b, s, counts)
    return b.build(control_step(b, error, step, is_last=is_last, error_root=ERROR_ROOT))


def _error(b: ProgramBuilder, s: StepSpecification, counts: Sequence[int]) -> Value:
    """Scaled difference to the result without the first column; stores the increment."""
    best = extrapolation_weights(counts)
    second = [Fraction(0), *extrapolation_weights(counts[1:])]
    weights = [float(weight) for weight in best]
    error_weights = [float(a - c) for a, c in zip(best, second, strict=True)]
    norm = ErrorNorm(b, s)
    with b.loop(s.n_species) as i:
        columns = [b.load(f"u{j}", i) for j in range(len(counts))]
        increment = linear_combination(b, weights, columns)
        b.store("increment", i, increment)
        norm.add(b.load("y", i), increment, linear_combination(b, error_weights, columns))
    return norm.value()
