"""Writes one step attempt of a method, for all lanes, as a program over the arena.

Whether the attempt is accepted is decided lane by lane. An accepted attempt is added to the
state at the start of the *next* attempt, so that in between the driver finds the old state and
all stages in place for its dense output.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtorsim.codegen.arena import ArenaArray, StepSpecification
from mtorsim.codegen.program import (
    ArrayArgument,
    ProgramBuilder,
    Value,
)
from mtorsim.solvers import control


def begin_step(arrays: Sequence[ArenaArray], description: str) -> ProgramBuilder:
    """A builder of the program ``step`` over these arrays."""
    arguments = (ArrayArgument(array.name, array.precision) for array in arrays)
    return ProgramBuilder("step", *arguments, description=description)


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


class ErrorNorm:
    """Fourth-power mean of error / (atol + rtol max(|y|, |y1|)); infinite where y1 is not finite.

    A root mean square would hide one species that runs away among a hundred.
    """

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
        square = scaled * scaled
        self.sum.set(b.fma(square, square, self.sum.get()))
        self.largest.set(b.maximum(new, self.largest.get()))

    def value(self) -> Value:
        """The norm, in float64."""
        b = self.b
        mean = b.convert(self.sum.get(), "double") * (1.0 / self.n)
        is_finite = self.largest.get() <= control.LARGEST_STATE[self.low]
        return b.select(is_finite, b.sqrt(b.sqrt(mean)), float("inf"))


def control_step(
    b: ProgramBuilder, error: Value, step: Value, *, is_last: Value, error_root: float
) -> Value:
    """Accept or refuse, and choose the next step; returns the lanes that want attention."""
    start = b.load("control", control.STEP_START)
    end = b.select(is_last, b.load("control", control.SEGMENT_END), start + step)
    # a step too small to move the time is refused until the lane is given up
    accept = (error <= 1.0) & (start < end)
    b.store("control", control.STEP, step * _growth(b, error, step, accept, error_root))
    now = b.select(accept, end, start)
    zero, one = b.constant(0.0, "double"), b.constant(1.0, "double")
    flag = b.select(accept, one, zero)
    attempts = b.load("control", control.ATTEMPTS) + 1.0
    rejected = b.select(accept, zero, b.load("control", control.REJECTED_IN_ROW) + 1.0)
    b.store("control", control.TIME, now)
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


def _growth(
    b: ProgramBuilder, error: Value, step: Value, accept: Value, error_root: float
) -> Value:
    """Size of the next step relative to this one.

    The elementary controller goes by the error of this step alone, and lags where solutions become
    slower all the time, as they do here. The trend of the last two steps is added in moderation
    (after Gustafsson 1994, ACM Trans. Math. Softw. 20:496).
    """
    # the second operand passes where they can not be compared, so NaN stays NaN
    root = _dyadic_power(b, b.maximum(b.constant(1e-10, "double"), error), error_root)
    factor = b.constant(control.SAFETY, "double") / root
    factor = b.select(factor < 1e30, factor, control.MIN_GROWTH)  # NaN and inf shrink the step
    one, zero = b.constant(1.0, "double"), b.constant(0.0, "double")
    earlier = b.load("control", control.EARLIER_STEP)
    has_trend = accept & (zero < earlier)
    before = b.select(has_trend, earlier * root, one)
    trend = (step * b.load("control", control.EARLIER_ROOT)) / before
    trend = b.maximum(b.minimum(trend, control.MOST_TREND), control.LEAST_TREND)
    factor = factor * b.select(has_trend, trend, one)
    b.store("control", control.EARLIER_ROOT, root)
    b.store("control", control.EARLIER_STEP, b.select(accept, step, zero))
    factor = b.maximum(factor, control.MIN_GROWTH)
    return b.minimum(factor, b.load("control", control.GROWTH))


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
