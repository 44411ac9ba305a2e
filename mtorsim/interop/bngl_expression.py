"""The arithmetic of BioNetGen parameter tables, evaluated by a small grammar and nothing else.

sum     := product (("+" | "-") product)*
product := sign (("*" | "/") sign)*
sign    := ("+" | "-") sign | power
power   := atom ("^" sign)?
atom    := number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from mtorsim.errors import ModelError, UnknownNameError

MAX_DEPTH = 50

CONSTANTS: dict[str, float] = {"_pi": math.pi, "_e": math.e}
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "ln": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "sqrt": math.sqrt,
    "abs": abs,
}
FUNCTIONS_OF_MANY: dict[str, Callable[[list[float]], float]] = {"min": min, "max": max}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>[-+*/^(),]))"
)


def evaluate(text: str, values: Mapping[str, float], *, where: str) -> float:
    """Value of an expression over named values.

    Parameters
    ----------
    text : as ``"(c*p20)/p25"``; ``^`` is a power
    values : the names that may be used
    where : file and line, put before each error

    Raises
    ------
    ModelError : the text is not of the grammar, or its value is not a finite number
    UnknownNameError : a name is neither in ``values`` nor a function of BioNetGen
    """
    parser = _Parser(text, values, where)
    try:
        value = parser.whole()
    except (ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
        raise ModelError(f"{where}: {text!r} has no value ({error})") from error
    if not math.isfinite(value):
        raise ModelError(f"{where}: {text!r} is {value}: a finite number is wanted")
    return value


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, values: Mapping[str, float], where: str) -> None:
        self.text, self.values, self.where = text, values, where
        self.tokens = self._tokens()
        self.position, self.depth = 0, 0

    def _tokens(self) -> list[tuple[str, str]]:
        tokens, position, text = [], 0, self.text.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._error(f"{text[position:].strip()[0]!r} does not belong there")
            kind = str(match.lastgroup)
            tokens.append((kind, match[kind]))
            position = match.end()
        return tokens

    def _error(self, problem: str) -> ModelError:
        return ModelError(f"{self.where}: {self.text!r}: {problem}")

    def _peek(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def _take(self) -> tuple[str, str]:
        token = self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")
        self.position += 1
        return token

    def whole(self) -> float:
        """Value of all the text."""
        value = self._sum()
        if self._peek():
            raise self._error(f"an operator is wanted before {self._peek()!r}")
        return value

    def _sum(self) -> float:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._error(f"brackets are nested more than {MAX_DEPTH} deep")
        value = self._product()
        while self._peek() in ("+", "-"):
            sign = 1.0 if self._take()[1] == "+" else -1.0
            value += sign * self._product()
        self.depth -= 1
        return value

    def _product(self) -> float:
        value = self._sign()
        while self._peek() in ("*", "/"):
            if self._take()[1] == "*":
                value *= self._sign()
            else:
                value /= self._sign()
        return value

    def _sign(self) -> float:
        negative = False
        while self._peek() in ("+", "-"):
            negative ^= self._take()[1] == "-"
        value = self._power()
        return -value if negative else value

    def _power(self) -> float:
        base = self._atom()
        if self._peek() != "^":
            return base
        self._take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._error(f"powers are nested more than {MAX_DEPTH} deep")
        exponent = self._sign()
        self.depth -= 1
        return math.pow(base, exponent)

    def _atom(self) -> float:
        kind, token = self._take()
        if kind == "number":
            return float(token)
        if kind == "name":
            return self._function(token) if self._peek() == "(" else self._named(token)
        if token == "(":
            value = self._sum()
            self._close()
            return value
        raise self._error(f"a number or a name is wanted where {token or 'the end'!r} stands")

    def _named(self, name: str) -> float:
        if name in self.values:
            return self.values[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        raise UnknownNameError("parameter", name, self.values, where=self.where)

    def _function(self, name: str) -> float:
        self._take()
        arguments = [self._sum()]
        while self._peek() == ",":
            self._take()
            arguments.append(self._sum())
        self._close()
        if name in FUNCTIONS_OF_MANY:
            return FUNCTIONS_OF_MANY[name](arguments)
        if name not in FUNCTIONS:
            known = [*FUNCTIONS, *FUNCTIONS_OF_MANY]
            raise UnknownNameError("function", name, known, where=self.where)
        if len(arguments) != 1:
            raise self._error(f"{name} takes one argument, not {len(arguments)}")
        return FUNCTIONS[name](arguments[0])

    def _close(self) -> None:
        if self._take()[1] != ")":
            raise self._error("a bracket is not closed")
