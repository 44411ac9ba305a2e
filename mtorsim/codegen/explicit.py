"""One attempt of an explicit Runge-Kutta step."""

from __future__ import annotations

from mtorsim.codegen.arena import ArenaArray, StepSpecification, common_arrays
from mtorsim.codegen.commit import commit
from mtorsim.codegen.program import Program
from mtorsim.codegen.step import (
    ErrorNorm,
    begin_step,
    choose_step,
    control_step,
    linear_combination,
)
from mtorsim.solvers.tableaus import ExplicitTableau


def explicit_arrays(specification: StepSpecification, tableau: ExplicitTableau) -> list[ArenaArray]:
    """The arena of an explicit step, in order; float64 throughout."""
    n = specification.n_species
    return [
        *common_arrays(specification),
        ArenaArray("a", n, "double"),
        ArenaArray("f", n, "double"),
        ArenaArray("increment", n, "double"),
        *(ArenaArray(f"u{j}", n, "double") for j in range(tableau.n_stages)),
    ]


def explicit_step(specification: StepSpecification, tableau: ExplicitTableau) -> Program:
    """One attempt of an explicit Runge-Kutta step; returns the lanes that want attention."""
    s = specification
    b = begin_step(explicit_arrays(s, tableau), f"One attempt of {tableau.name} in every lane.")
    commit(b, s)
    step, is_last = choose_step(b)
    for stage, row in enumerate(tableau.a):
        with b.loop(s.n_species) as i:
            u = [b.load(f"u{j}", i) for j in range(stage)]
            b.store("a", i, linear_combination(b, row, u, b.load("y", i)) if u else b.load("y", i))
        b.call("rhs", "a", "k", "f")
        with b.loop(s.n_species) as i:
            b.store(f"u{stage}", i, step * b.load("f", i))
    norm = ErrorNorm(b, s)
    with b.loop(s.n_species) as i:
        u = [b.load(f"u{j}", i) for j in range(tableau.n_stages)]
        increment = linear_combination(b, tableau.b, u)
        b.store("increment", i, increment)
        norm.add(b.load("y", i), increment, linear_combination(b, tableau.error, u))
    error = norm.value()
    return b.build(control_step(b, error, step, is_last=is_last, error_root=tableau.error_root))
