"""Products and quotients of named values with integer powers: all that a rate may be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import ModelError

Array = NDArray[np.float64]

MAX_POWER = 9
_MAX_DEPTH = 20
_BLOCK_ROWS = 512
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>\*\*|[*/^()+-]))"
)
_HINT = (
    "write the elementary steps (binding, unbinding, catalysis) as reactions: "
    "a rate is a product or quotient of parameters"
)


@dataclass(frozen=True, slots=True)
class Monomial:
    """A coefficient times named values to integer powers.

    Parameters
    ----------
    coefficient : finite, not negative
    powers : pairs (name, power), each name once, no power 0, positive powers first
    """

    coefficient: float
    powers: tuple[tuple[str, int], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names it reads."""
        return tuple(name for name, _ in self.powers)

    def evaluate(self, values: Mapping[str, float | Array]) -> float | Array:
        """Value at ``values`` (floats, or arrays that broadcast), factor by factor in order."""
        result: float | Array = self.coefficient
        for name in self.numerator:
            result = result * values[name]
        for name in self.denominator:
            result = result / values[name]
        return result

    @property
    def numerator(self) -> tuple[str, ...]:
        """Names that multiply, repeated for powers."""
        return tuple(name for name, power in self.powers for _ in range(power))

    @property
    def denominator(self) -> tuple[str, ...]:
        """Names that divide, repeated for powers."""
        return tuple(name for name, power in self.powers for _ in range(-power))

    def __str__(self) -> str:
        above = [_factor(name, power) for name, power in self.powers if power > 0]
        below = [_factor(name, -power) for name, power in self.powers if power < 0]
        if self.coefficient != 1 or not above:
            above.insert(0, _number(self.coefficient))
        if not below:
            return " * ".join(above)
        divisor = below[0] if len(below) == 1 else f"({' * '.join(below)})"
        return f"{' * '.join(above)} / {divisor}"


def _factor(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and value < 1e6 else repr(value)


@lru_cache(maxsize=4096)
def parse_monomial(text: str) -> Monomial:
    """Read ``"k_syn * dose / (k_tl * X_total)"``; ``^`` or ``**`` takes an integer power.

    Raises
    ------
    ModelError : sums, differences, functions and anything else that is not a monomial
    """
    stripped = text.strip()
    if _NAME.fullmatch(stripped):
        return Monomial(1.0, ((stripped, 1),))
    parser = _MonomialParser(_tokens(text), text)
    coefficient, powers = parser.product(depth=0)
    parser.expect_end()
    ordered = [(name, power) for name, power in powers.items() if power > 0]
    ordered += [(name, power) for name, power in powers.items() if power < 0]
    if not np.isfinite(coefficient) or any(abs(power) > MAX_POWER for _, power in ordered):
        raise ModelError(f"{text!r}: a number or a power is too large")
    return Monomial(coefficient, tuple(ordered))


def _tokens(text: str) -> list[tuple[str, str]]:
    """Pairs (kind, text), where kind is number, name or sign."""
    tokens, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            found = text[position:].strip()[0]
            raise ModelError(f"{text!r}: {found!r} does not belong in a rate: {_HINT}")
        tokens.append((str(match.lastgroup), match[match.lastgroup or 0]))
        position = match.end()
    return tokens


class _MonomialParser:
    """Recursive descent over ``product := power (('*' | '/') power)*``."""

    def __init__(self, tokens: list[tuple[str, str]], text: str) -> None:
        self.tokens, self.text, self.position = tokens, text, 0

    def peek(self) -> tuple[str, str]:
        """Next token without taking it; an empty one at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        """Next token."""
        token = self.peek()
        self.position += 1
        return token

    def product(self, *, depth: int) -> tuple[float, dict[str, int]]:
        """Coefficient and powers of a run of factors."""
        coefficient, powers = self.power(depth=depth)
        while self.peek()[1] in ("*", "/"):
            direction = 1 if self.take()[1] == "*" else -1
            number, more = self.power(depth=depth)
            if direction < 0 and number == 0:
                raise ModelError(f"{self.text!r}: division by zero")
            coefficient = coefficient * number if direction > 0 else coefficient / number
            powers = _merged(powers, more, times=direction)
        return coefficient, powers

    def power(self, *, depth: int) -> tuple[float, dict[str, int]]:
        """A factor, raised to an integer power if one follows."""
        coefficient, powers = self.atom(depth=depth)
        if self.peek()[1] not in ("^", "**"):
            return coefficient, powers
        self.take()
        sign = -1 if self.peek()[1] == "-" else 1
        if sign < 0:
            self.take()
        kind, exponent = self.take()
        if kind != "number" or not exponent.isdigit() or int(exponent) > MAX_POWER:
            raise ModelError(
                f"{self.text!r}: a power is a whole number up to {MAX_POWER}; "
                f"Hill terms are not mass action: {_HINT}"
            )
        if coefficient == 0 and sign < 0:
            raise ModelError(f"{self.text!r}: division by zero")
        return coefficient ** (sign * int(exponent)), _merged(
            {}, powers, times=sign * int(exponent)
        )

    def atom(self, *, depth: int) -> tuple[float, dict[str, int]]:
        """A number, a name, or a product in brackets."""
        kind, token = self.take()
        if kind == "number":
            return float(token), {}
        if kind == "name":
            if self.peek()[1] == "(":
                raise ModelError(f"{self.text!r}: {token}(...) is not mass action: {_HINT}")
            return 1.0, {token: 1}
        if token == "(" and depth < _MAX_DEPTH:
            inner = self.product(depth=depth + 1)
            self.refuse_sum()
            if self.take()[1] != ")":
                raise ModelError(f"{self.text!r}: a bracket is not closed")
            return inner
        self.position -= 1
        self.refuse_sum()
        found = repr(token) if token else "the end"
        raise ModelError(f"{self.text!r}: a parameter or number is wanted where {found} stands")

    def refuse_sum(self) -> None:
        """Sums make Michaelis-Menten and Hill laws, which are not mass action."""
        if self.peek()[1] in ("+", "-"):
            raise ModelError(
                f"{self.text!r}: sums and differences (as of Michaelis-Menten and Hill) "
                f"are not mass action: {_HINT}"
            )

    def expect_end(self) -> None:
        """Nothing may follow."""
        self.refuse_sum()
        if self.peek()[0] != "end":
            raise ModelError(f"{self.text!r}: '*' or '/' is wanted before {self.peek()[1]!r}")


def _merged(powers: dict[str, int], more: dict[str, int], *, times: int) -> dict[str, int]:
    """Sum of powers, where ``more`` counts ``times``; names that cancel vanish."""
    merged = dict(powers)
    for name, power in more.items():
        merged[name] = merged.get(name, 0) + times * power
    return {name: power for name, power in merged.items() if power}


@dataclass(frozen=True, slots=True)
class MonomialTable:
    """Many monomials over one row of values, prepared for evaluation on many rows.

    Parameters
    ----------
    monomials : (c,) monomials, one a column of the result
    names : (p,) names in the order of the columns of the values
    """

    monomials: Sequence[Monomial]
    names: Sequence[str]
    _coefficients: Array = field(init=False, repr=False, compare=False)
    _steps: tuple[tuple[bool, NDArray[np.intp], NDArray[np.intp]], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        column = {name: i for i, name in enumerate(self.names)}
        coefficients = np.array([monomial.coefficient for monomial in self.monomials], dtype=float)
        above = [[column[name] for name in m.numerator] for m in self.monomials]
        below = [[column[name] for name in m.denominator] for m in self.monomials]
        steps = [(True, *level) for level in factor_levels(above)]
        steps += [(False, *level) for level in factor_levels(below)]
        object.__setattr__(self, "_coefficients", coefficients)
        object.__setattr__(self, "_steps", tuple(steps))

    def evaluate(self, values: Array) -> Array:
        """Values (m, c) of all monomials for ``values`` (m, p); division by 0 gives inf or NaN."""
        result = np.empty((len(values), len(self.monomials)))
        result[:] = self._coefficients
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for start in range(0, len(values), _BLOCK_ROWS):
                rows = slice(start, start + _BLOCK_ROWS)
                self._apply(values[rows], result[rows])
        return result

    def _apply(self, values: Array, result: Array) -> None:
        """Multiply and divide one block of rows, small enough to stay in the processor's cache."""
        for multiply, columns, sources in self._steps:
            factors = values.take(sources, axis=1)
            whole = len(columns) == result.shape[1]
            current = result if whole else result.take(columns, axis=1)
            if multiply:
                np.multiply(current, factors, out=current)
            else:
                np.divide(current, factors, out=current)
            if not whole:
                result[:, columns] = current


def factor_levels(factors: list[list[int]]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Group factors by rank: the i-th pair is (columns with an i-th factor, where that factor is).

    Parameters
    ----------
    factors : per column of a result the positions of its factors; one may stand several times
    """
    levels = []
    for i in range(max((len(row) for row in factors), default=0)):
        pairs = [(c, row[i]) for c, row in enumerate(factors) if len(row) > i]
        levels.append(
            (
                np.array([c for c, _ in pairs], dtype=np.intp),
                np.array([source for _, source in pairs], dtype=np.intp),
            )
        )
    return levels
