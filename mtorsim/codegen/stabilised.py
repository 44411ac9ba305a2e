"""Runge-Kutta-Chebyshev: the method for networks too large to factor.

An explicit method of order 2 whose stages follow Chebyshev polynomials, so that s of them are
stable for steps up to ``0.65 s^2 / rho``, rho being the spectral radius of the Jacobian: no linear
system is solved, and stiffness costs by its square root. Each step takes as many stages as it
needs, lane by lane. Formulas and error estimate are those of Sommeijer, Shampine and Verwer,
J. Comput. Appl. Math. 88 (1998) 315; with d_j the increment of the state at stage j,

    d_1 = m_1 h f_0,    d_j = mu_j d_{j-1} + nu_j d_{j-2} + m_j h f(y + d_{j-1}) + g_j h f_0.

The dense output is the cubic through both ends of the step and their slopes.
"""

from __future__ import annotations

from dataclasses import dataclass

from mtorsim.codegen.arena import ArenaArray, StepSpecification, common_arrays
from mtorsim.codegen.commit import commit
from mtorsim.codegen.program import (
    Index,
    Program,
    ProgramBuilder,
    Value,
    Variable,
    following,
)
from mtorsim.codegen.step import ErrorNorm, begin_step, choose_step, control_step
from mtorsim.solvers import control

METHOD = "rkc"
#: damping, and 1 / (the stability interval over s^2 - 1), both from the article
DAMPING, PER_STAGE = 2.0 / 13.0, 1.54
#: of one step; roundings grow as their square, and stay below 1e-10
MOST_STAGES = 500
#: errors of the many short steps of a method of low order add up: each step is held to this part
#: of the tolerance, so that the error at the end is of the order of the tolerance
SHARE = 1 / 64
#: close to 1/3, for an estimate that goes with h^3, in powers of 1/2
ERROR_ROOT = 21 / 64
#: coefficients of theta^p of theta (1 - theta)^2 and -theta^2 (1 - theta), for the stages
#: ``u0 = h f(y) - increment`` and ``u1 = h f(y + increment) - increment``
DENSE = ((1.0, -2.0, 1.0), (0.0, -1.0, 1.0))


def stabilised_arrays(specification: StepSpecification) -> list[ArenaArray]:
    """The arena of a step, in order; float64 throughout."""
    n = specification.n_species
    names = ("f", "next_f", "a", "before", "increment", "u0", "u1")
    return [
        *common_arrays(specification),
        ArenaArray("bound", 1, "double"),
        *(ArenaArray(name, n, "double") for name in names),
        *specification.scratch_arrays(),
    ]


def stabilised_step(specification: StepSpecification) -> Program:
    """One attempt of a step; returns the lanes that want attention."""
    s = specification
    b = begin_step(stabilised_arrays(s), "One attempt of Runge-Kutta-Chebyshev in every lane.")
    commit(b, s)
    b.call("spectral_bound", "y", "k", "bound")
    bound = b.load("bound", 0)
    longest = b.constant((MOST_STAGES - 1) ** 2 / PER_STAGE, "double") / bound
    b.store("control", control.STEP, b.minimum(b.load("control", control.STEP), longest))
    step, is_last = choose_step(b)
    b.call("rhs", "y", "k", "f", *s.scratch_names("rhs"))
    stages = _number_of_stages(b, step * bound)
    _write_stages(b, s, step, stages)
    b.call("rhs", "a", "k", "next_f", *s.scratch_names("rhs"))
    error = _error(b, s, step)
    evaluations = b.load("control", control.EVALUATIONS) + stages
    b.store("control", control.EVALUATIONS, evaluations + 1.0)
    return b.build(control_step(b, error, step, is_last=is_last, error_root=ERROR_ROOT))


def _number_of_stages(b: ProgramBuilder, stiffness: Value) -> Value:
    """How many stages are stable for step times spectral radius, 2 at least; a whole number."""
    one = b.constant(1.0, "double")
    wanted = b.sqrt(b.fma(PER_STAGE, stiffness, one)) + 1.0
    wanted = b.minimum(b.maximum(wanted, 2.0), float(MOST_STAGES))
    stages = b.variable(b.constant(2.0, "double"))
    with b.loop_between(Index(2), b.highest(wanted)):
        more = stages.get() + 1.0
        stages.set(b.select(more <= wanted, more, stages.get()))
    return stages.get()


@dataclass(frozen=True, slots=True)
class _Chebyshev:
    """T_j, T_j' and T_j'' at w_0, and their values one stage before."""

    builder: ProgramBuilder
    at: Value
    now: tuple[Variable, Variable, Variable]
    before: tuple[Variable, Variable, Variable]

    @classmethod
    def first(cls, b: ProgramBuilder, at: Value) -> _Chebyshev:
        """Those of j = 1."""
        zero, one = b.constant(0.0, "double"), b.constant(1.0, "double")
        now = (b.variable(at), b.variable(one), b.variable(zero))
        return cls(b, at, now, (b.variable(one), b.variable(zero), b.variable(zero)))

    def advance(self, is_active: Value) -> None:
        """Go to the next j, in the lanes that are active."""
        b = self.builder
        t, d, c = (variable.get() for variable in self.now)
        t0, d0, c0 = (variable.get() for variable in self.before)
        twice = self.at * 2.0
        new_values = (
            twice * t - t0,
            b.fma(twice, d, t * 2.0) - d0,
            b.fma(twice, c, d * 4.0) - c0,
        )
        for now, before, old, new in zip(self.now, self.before, (t, d, c), new_values, strict=True):
            before.set(b.select(is_active, old, before.get()))
            now.set(b.select(is_active, new, now.get()))


def _write_stages(b: ProgramBuilder, s: StepSpecification, step: Value, stages: Value) -> None:
    """All stages: leaves ``increment``, and ``a = y + increment``."""
    one = b.constant(1.0, "double")
    at = b.fma(DAMPING, one / (stages * stages), one)
    last = following(b.highest(stages))
    polynomials, number = _Chebyshev.first(b, at), b.variable(one)
    with b.loop_between(Index(2), last):
        number.set(number.get() + 1.0)
        polynomials.advance(number.get() <= stages)
    scale = polynomials.now[1].get() / polynomials.now[2].get()
    polynomials, number = _Chebyshev.first(b, at), b.variable(one)
    weights = [b.variable(b.constant(0.25, "double") / (at * at)) for _ in range(2)]
    first = weights[0].get() * scale * step
    with b.loop(s.n_species) as i:
        increment = first * b.load("f", i)
        b.store("before", i, b.constant(0.0, "double"))
        b.store("increment", i, increment)
        b.store("a", i, b.load("y", i) + increment)
    with b.loop_between(Index(2), last):
        number.set(number.get() + 1.0)
        is_active = number.get() <= stages
        older, old = (weight.get() for weight in weights)
        offset = b.fnma(old, polynomials.now[0].get(), one)
        polynomials.advance(is_active)
        slope = polynomials.now[1].get()
        new = polynomials.now[2].get() / (slope * slope)
        weights[0].set(b.select(is_active, old, older))
        weights[1].set(b.select(is_active, new, old))
        mu, nu = at * 2.0 * (new / old), -(new / older)
        m = scale * 2.0 * (new / old) * step
        b.call("rhs", "a", "k", "next_f", *s.scratch_names("rhs"))
        _write_stage(b, s, (mu, nu, m, -(offset * m)), is_active=is_active)


def _write_stage(
    b: ProgramBuilder,
    s: StepSpecification,
    coefficients: tuple[Value, Value, Value, Value],
    *,
    is_active: Value,
) -> None:
    """The next increment, from the two before it and their slopes; lanes at their end keep it."""
    mu, nu, m, g = coefficients
    with b.loop(s.n_species) as i:
        now, before = b.load("increment", i), b.load("before", i)
        slopes = b.fma(m, b.load("next_f", i), g * b.load("f", i))
        new = b.fma(mu, now, b.fma(nu, before, slopes))
        increment = b.select(is_active, new, now)
        b.store("before", i, b.select(is_active, now, before))
        b.store("increment", i, increment)
        b.store("a", i, b.load("y", i) + increment)


def _error(b: ProgramBuilder, s: StepSpecification, step: Value) -> Value:
    """Scaled difference to the cubic through both ends; writes what the dense output needs."""
    norm = ErrorNorm(b, s)
    with b.loop(s.n_species) as i:
        increment = b.load("increment", i)
        start = b.fma(step, b.load("f", i), -increment)
        end = b.fma(step, b.load("next_f", i), -increment)
        b.store("u0", i, start)
        b.store("u1", i, end)
        # 0.8 (y - y_1) + 0.4 h (f(y) + f(y_1)), equation (2.8) of the article
        norm.add(b.load("y", i), increment, (start + end) * (0.4 / SHARE))
    return norm.value()
