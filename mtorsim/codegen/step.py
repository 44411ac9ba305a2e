"""Writes one step attempt of a method, for all lanes, as a program over the arena.

Whether the attempt is accepted is decided lane by lane. An accepted attempt is added to the
state at the start of the *next* attempt, so that in between the driver finds the old state and
all stages in place for its dense output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mtorsim.codegen.mass_action import moiety_correction
from mtorsim.codegen.program import (
    ArrayArgument,
    Index,
    Precision,
    Program,
    ProgramBuilder,
    Value,
)
from mtorsim.solvers import control
from mtorsim.solvers.tableaus import ExplicitTableau, RosenbrockTableau

Moieties = Sequence[Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class ArenaArray:
    """An array in the arena: ``count`` slots of one number per lane."""

    name: str
    count: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class StepSpecification:
    """What a step program is made for.

    Parameters
    ----------
    n_species, n_reactions, n_factor : sizes of state, rate constants and stored factorisation
    precision : of all but state and first right-hand side
    increment_form : whether the stage program takes increments (at most two reactants) or states
    moieties : conserved sums to be held exactly, per moiety the (species, weight) pairs
    scratch : per program the arrays it takes besides its own, for its own use
    """

    n_species: int
    n_reactions: int
    n_factor: int
    precision: Precision
    increment_form: bool = True
    moieties: Moieties = ()
    scratch: Mapping[str, tuple[ArenaArray, ...]] = field(default_factory=dict)

    def scratch_names(self, program: str) -> tuple[str, ...]:
        """Names of a program's scratch arrays."""
        return tuple(array.name for array in self.scratch.get(program, ()))

    def scratch_arrays(self) -> list[ArenaArray]:
        """All scratch arrays, each once."""
        return list(dict.fromkeys(array for group in self.scratch.values() for array in group))


def common_arrays(specification: StepSpecification) -> list[ArenaArray]:
    """Arrays that every method has; in float64 the low-precision copies are not needed."""
    s = specification
    arrays = [
        ArenaArray("control", control.SIZE, "double"),
        ArenaArray("y", s.n_species, "double"),
        ArenaArray("k", s.n_reactions, "double"),
    ]
    if s.precision == "single":
        arrays += [
            ArenaArray("y_low", s.n_species, "single"),
            ArenaArray("k_low", s.n_reactions, "single"),
        ]
    if s.moieties:
        arrays.append(ArenaArray("total", len(s.moieties), "double"))
    return arrays


def rosenbrock_arrays(
    specification: StepSpecification, tableau: RosenbrockTableau
) -> list[ArenaArray]:
    """The arena of a Rosenbrock step, in order."""
    s = specification
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


def begin_step(arrays: Sequence[ArenaArray], description: str) -> ProgramBuilder:
    """A builder of the program ``step`` over these arrays."""
    arguments = (ArrayArgument(array.name, array.precision) for array in arrays)
    return ProgramBuilder("step", *arguments, description=description)


def _low(specification: StepSpecification, name: str) -> str:
    return f"{name}_low" if specification.precision == "single" else name


def rosenbrock_step(specification: StepSpecification, tableau: RosenbrockTableau) -> Program:
    """One attempt of a Rosenbrock step; returns the lanes that want the driver's attention."""
    s, low = specification, specification.precision
    y_low, k_low = _low(s, "y"), _low(s, "k")
    b = begin_step(rosenbrock_arrays(s, tableau), f"One attempt of {tableau.name} in every lane.")
    commit(b, s)
    step, is_last = choose_step(b)
    inverse = b.constant(1.0, "double") / step
    b.store("shift", 0, inverse * (1.0 / tableau.gamma))
    b.call("factor", y_low, k_low, "shift", "lu", *s.scratch_names("factor"))
    b.call("first_stage", "y", "k", "lu", "f", "u0", *s.scratch_names("first_stage"))
    inverse_low = b.convert(inverse, low)
    for stage in range(1, tableau.n_stages):
        b.comment(f"stage {stage + 1}")
        with b.loop(s.n_species) as i:
            _combine(b, s, tableau, stage=stage, inverse_step=inverse_low, i=i)
        b.call("stage", "a", "g", k_low, "lu", f"u{stage}", *s.scratch_names("stage"))
    error = _rosenbrock_error(b, s, tableau)
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


def linear_combination(
    b: ProgramBuilder,
    weights: Sequence[float],
    values: Sequence[Value],
    start: Value | None = None,
) -> Value:
    """``start + sum(weights * values)``, zero weights left out."""
    total = start
    for weight, value in zip(weights, values, strict=True):
        if weight == 0.0:
            continue
        total = value * weight if total is None else b.fma(weight, value, total)
    return b.constant(0.0, values[0].precision) if total is None else total


def commit(b: ProgramBuilder, s: StepSpecification) -> None:
    """Add the last accepted attempt to the state."""
    accepted = b.load("control", control.PENDING) >= 0.5
    with b.loop(s.n_species) as i:
        state = b.load("y", i)
        state = b.select(accepted, state + b.convert(b.load("increment", i), "double"), state)
        b.store("y", i, state)
        if s.precision == "single" and not s.moieties:
            b.store("y_low", i, state)
    if s.moieties:
        b.comment("hold the conserved sums")
        moiety_correction(b, s.moieties)
        if s.precision == "single":
            with b.loop(s.n_species) as i:
                b.store("y_low", i, b.load("y", i))


def choose_step(b: ProgramBuilder) -> tuple[Value, Value]:
    """The step to try, cut to end exactly at the end of the segment, and whether it was cut."""
    wanted = b.load("control", control.STEP)
    start = b.load("control", control.TIME)
    remaining = b.load("control", control.SEGMENT_END) - start
    is_last = wanted * 1.0001 >= remaining
    step = b.select(is_last, remaining, wanted)
    b.store("control", control.USED_STEP, step)
    b.store("control", control.STEP_START, start)
    return step, is_last


def _rosenbrock_error(b: ProgramBuilder, s: StepSpecification, tableau: RosenbrockTableau) -> Value:
    """Scaled error of the attempt; stores the increment of the state."""
    norm = ErrorNorm(b, s)
    with b.loop(s.n_species) as i:
        error = b.load(f"u{tableau.n_stages - 1}", i)
        if s.increment_form:
            increment = b.load("a", i) + error
        else:
            increment = (b.load("a", i) - b.load("y", i)) + error
        b.store("increment", i, increment)
        norm.add(b.load(_low(s, "y"), i), increment, error)
    return norm.value()


class ErrorNorm:
    """RMS of error / (atol + rtol max(|y|, |y1|)); infinite where the new state is not finite."""

    def __init__(self, b: ProgramBuilder, s: StepSpecification) -> None:
        self.b, self.n, self.low = b, s.n_species, s.precision
        self.rtol = b.convert(b.load("control", control.RTOL), s.precision)
        self.atol = b.convert(b.load("control", control.ATOL), s.precision)
        self.sum = b.variable(b.constant(0.0, s.precision))
        self.largest = b.variable(b.constant(0.0, s.precision))

    def add(self, state: Value, increment: Value, error: Value) -> None:
        """Count one species."""
        b = self.b
        new = b.absolute(state + increment)
        weight = b.fma(self.rtol, b.maximum(new, b.absolute(state)), self.atol)
        scaled = error / weight
        self.sum.set(b.fma(scaled, scaled, self.sum.get()))
        self.largest.set(b.maximum(new, self.largest.get()))

    def value(self) -> Value:
        """The norm, in float64."""
        b = self.b
        mean = b.convert(self.sum.get(), "double") * (1.0 / self.n)
        is_finite = self.largest.get() <= control.LARGEST_STATE[self.low]
        return b.select(is_finite, b.sqrt(mean), float("inf"))


def control_step(
    b: ProgramBuilder, error: Value, step: Value, *, is_last: Value, error_root: float
) -> Value:
    """Accept or refuse, and choose the next step (elementary controller)."""
    start = b.load("control", control.STEP_START)
    end = b.select(is_last, b.load("control", control.SEGMENT_END), start + step)
    # a step too small to move the time is refused until the lane is given up
    accept = (error <= 1.0) & (start < end)
    # the second operand passes where they can not be compared, so NaN stays NaN
    root = _dyadic_power(b, b.maximum(b.constant(1e-10, "double"), error), error_root)
    factor = b.constant(control.SAFETY, "double") / root
    factor = b.select(factor < 1e30, factor, control.MIN_GROWTH)  # NaN and inf shrink the step
    factor = b.maximum(factor, control.MIN_GROWTH)
    factor = b.minimum(factor, b.load("control", control.GROWTH))
    now = b.select(accept, end, start)
    zero, one = b.constant(0.0, "double"), b.constant(1.0, "double")
    flag = b.select(accept, one, zero)
    attempts = b.load("control", control.ATTEMPTS) + 1.0
    rejected = b.select(accept, zero, b.load("control", control.REJECTED_IN_ROW) + 1.0)
    b.store("control", control.TIME, now)
    b.store("control", control.STEP, step * factor)
    b.store("control", control.GROWTH, b.select(accept, one * control.MAX_GROWTH, one))
    b.store("control", control.PENDING, flag)
    b.store("control", control.ACCEPTED, b.load("control", control.ACCEPTED) + flag)
    b.store("control", control.ATTEMPTS, attempts)
    b.store("control", control.REJECTED_IN_ROW, rejected)
    b.store("control", control.ERROR, error)
    is_due = accept & (is_last | (now >= b.load("control", control.NEXT_OUTPUT)))
    is_lost = (rejected >= control.MAX_REJECTED_IN_ROW) | (
        attempts >= b.load("control", control.MAX_ATTEMPTS)
    )
    return is_due | is_lost


def _dyadic_power(b: ProgramBuilder, value: Value, exponent: float) -> Value:
    """``value ** exponent`` for a sum of powers of 1/2, by square roots alone."""
    result: Value | None = None
    root, weight, rest = value, 1.0, exponent
    while rest > 0:
        root, weight = b.sqrt(root), weight / 2
        if rest >= weight:
            result = root if result is None else result * root
            rest -= weight
    assert result is not None  # exponents are positive
    return result


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
