"""One attempt of a Rosenbrock step.

With at most two reactants a reaction, f(y + a) = f(y) + J a + B(a, a) exactly, so a stage needs the
increment a of the state and no more: its program takes a, and g with f(y) and the combination of
the stages before. Other right-hand sides are evaluated at states.
"""

from __future__ import annotations

from mtorsim.codegen.arena import ArenaArray, StepSpecification, common_arrays
from mtorsim.codegen.commit import commit
from mtorsim.codegen.program import Index, Program, ProgramBuilder, Value
from mtorsim.codegen.step import (
    ErrorNorm,
    begin_step,
    choose_step,
    control_step,
    linear_combination,
)
from mtorsim.solvers import control
from mtorsim.solvers.tableaus import RosenbrockTableau


def rosenbrock_arrays(s: StepSpecification, tableau: RosenbrockTableau) -> list[ArenaArray]:
    """The arena of a Rosenbrock step, in order."""
    n, low = s.n_species, s.precision
    return [
        *common_arrays(s),
        ArenaArray("shift", 1, low),
        ArenaArray("f", n, low),
        ArenaArray("lu", s.n_factor, low),
        ArenaArray("a", n, low),
        ArenaArray("g", n, low),
        ArenaArray("increment", n, low),
        *(ArenaArray(f"u{j}", n, low) for j in range(tableau.n_stages)),
        *s.scratch_arrays(),
    ]


def rosenbrock_step(s: StepSpecification, tableau: RosenbrockTableau) -> Program:
    """One attempt of a Rosenbrock step; returns the lanes that want the driver's attention."""
    b = begin_step(rosenbrock_arrays(s, tableau), f"One attempt of {tableau.name} in every lane.")
    commit(b, s)
    step, is_last = choose_step(b)
    inverse = b.constant(1.0, "double") / step
    b.store("shift", 0, inverse * (1.0 / tableau.gamma))
    k_low = s.low("k")
    b.call("factor", s.low("y"), k_low, "shift", "lu", *s.scratch_names("factor"))
    b.call("first_stage", "y", "k", "lu", "f", "u0", *s.scratch_names("first_stage"))
    inverse_low = b.convert(inverse, s.precision)
    for stage in range(1, tableau.n_stages):
        b.comment(f"stage {stage + 1}")
        with b.loop(s.n_species) as i:
            _combine(b, s, tableau, stage=stage, inverse_step=inverse_low, i=i)
        b.call("stage", "a", "g", k_low, "lu", f"u{stage}", *s.scratch_names("stage"))
    error = _error(b, s, tableau)
    return b.build(control_step(b, error, step, is_last=is_last, error_root=tableau.error_root))


def _combine(
    b: ProgramBuilder,
    s: StepSpecification,
    tableau: RosenbrockTableau,
    *,
    stage: int,
    inverse_step: Value,
    i: Index,
) -> None:
    """``a`` and ``g`` of a stage, from the stages before it."""
    u = [b.load(f"u{j}", i) for j in range(stage)]
    row = tableau.a[stage]
    if stage > 1 and row == (*tableau.a[stage - 1], 1.0):
        increment = b.load("a", i) + u[-1]
    else:
        start = None if s.increment_form else b.load("y", i)
        increment = linear_combination(b, row, u, start)
    b.store("a", i, increment)
    weights = tableau.c[stage]
    if s.increment_form:
        weights = tuple(c + a / tableau.gamma for c, a in zip(weights, row, strict=True))
    combination = linear_combination(b, weights, u)
    if s.increment_form:
        b.store("g", i, b.fma(inverse_step, combination, b.load("f", i)))
    else:
        b.store("g", i, inverse_step * combination)


def _error(b: ProgramBuilder, s: StepSpecification, tableau: RosenbrockTableau) -> Value:
    """Scaled error of the attempt; writes the increment of the state.

    The last stage is the last correction of the state, and the stage before it the one before;
    both count, as `control.share_of_earlier` says.
    """
    norm = ErrorNorm(b, s)
    share = b.convert(b.load("control", control.SHARE), s.precision)
    *_, before, last = (f"u{j}" for j in range(tableau.n_stages))
    with b.loop(s.n_species) as i:
        correction = b.load(last, i)
        increment = b.load("a", i) + correction
        if not s.increment_form:
            increment = (b.load("a", i) - b.load("y", i)) + correction
        b.store("increment", i, increment)
        earlier = b.absolute(b.load(before, i)) * share
        # the second operand passes where they can not be compared, so NaN stays NaN
        error = b.maximum(earlier, b.absolute(correction))
        norm.add(b.load(s.low("y"), i), increment, error)
    return norm.value()
