"""Formulas of a graph for people: as text and as LaTeX."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mtorsim.network.expression import ExpressionGraph

#: a formula longer than this is not one to be read
LONGEST = 4_000
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4
_COMPARISON = 0


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of node is written.

    Parameters
    ----------
    pattern : with ``{0}``, ``{1}``, ``{2}`` for its operands
    rank : how strongly it binds
    needed : rank that each operand needs to stand without brackets; 0 is any
    """

    pattern: str
    rank: int
    needed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notation:
    """A way to write formulas down."""

    forms: Mapping[str, Form]
    function: str
    brackets: str
    name: Callable[[str], str]
    number: Callable[[float], str]


def write_formula(graph: ExpressionGraph, root: int, notation: Notation) -> str:
    """A formula whose leaves are numbers, names and the time; ``...`` where it is too long."""
    written: dict[int, tuple[str, int]] = {}
    for node in graph.reachable([root]):
        kind, operands, value = graph.nodes[node]
        if kind in ("symbol", "slot"):
            written[node] = notation.name(str(value)), _ATOM
        elif kind == "time":
            written[node] = notation.name("time"), _ATOM
        elif kind == "rate":
            written[node] = (
                notation.function.format(notation.name("rateOf"), notation.name(str(value))),
                _ATOM,
            )
        elif kind == "number":
            number = float(value or 0.0)
            written[node] = notation.number(number), _ATOM if number >= 0 else _SUM
        else:
            written[node] = _written(kind, [written[operand] for operand in operands], notation)
    return written[root][0]


def _written(kind: str, operands: list[tuple[str, int]], notation: Notation) -> tuple[str, int]:
    form = notation.forms.get(kind)
    if form is None:
        texts = ", ".join(text for text, _ in operands)
        result = notation.function.format(notation.name(kind), texts), _ATOM
    else:
        bare = [
            text if rank >= needed else notation.brackets.format(text)
            for (text, rank), needed in zip(operands, form.needed, strict=True)
        ]
        result = form.pattern.format(*bare), form.rank
    return result if len(result[0]) <= LONGEST else ("...", _ATOM)


def _latex_name(name: str) -> str:
    escaped = name.replace("_", r"\_")
    return name if len(name) == 1 and name.isalpha() else rf"\mathrm{{{escaped}}}"


def _text_number(value: float) -> str:
    return f"{value:.12g}"


def _latex_number(value: float) -> str:
    if not math.isfinite(value):
        return r"\mathrm{NaN}" if math.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


_BINARY = (_COMPARISON + 1, _COMPARISON + 1)
TEXT = Notation(
    forms={
        "add": Form("{0} + {1}", _SUM, (_SUM, _SUM)),
        "sub": Form("{0} - {1}", _SUM, (_SUM, _PRODUCT)),
        "mul": Form("{0} * {1}", _PRODUCT, (_PRODUCT, _PRODUCT)),
        "div": Form("{0} / {1}", _PRODUCT, (_PRODUCT, _POWER)),
        "neg": Form("-{0}", _PRODUCT, (_POWER,)),
        "pow": Form("{0}^{1}", _POWER, (_ATOM, _ATOM)),
        "lt": Form("{0} < {1}", _COMPARISON, _BINARY),
        "le": Form("{0} <= {1}", _COMPARISON, _BINARY),
        "eq": Form("{0} == {1}", _COMPARISON, _BINARY),
        "and": Form("{0} and {1}", _COMPARISON, (_SUM, _SUM)),
        "or": Form("{0} or {1}", _COMPARISON, (_SUM, _SUM)),
        "select": Form("piecewise({1}, {0}, {2})", _ATOM, (0, 0, 0)),
        "sign": Form("sign({0} - {1})", _ATOM, (_SUM, _PRODUCT)),
    },
    function="{0}({1})",
    brackets="({0})",
    name=str,
    number=_text_number,
)
LATEX = Notation(
    forms={
        **TEXT.forms,
        "mul": Form(r"{0}\,{1}", _PRODUCT, (_PRODUCT, _PRODUCT)),
        "div": Form(r"\frac{{{0}}}{{{1}}}", _POWER, (0, 0)),
        "pow": Form("{0}^{{{1}}}", _POWER, (_ATOM, 0)),
        "sqrt": Form(r"\sqrt{{{0}}}", _ATOM, (0,)),
        "le": Form(r"{0} \le {1}", _COMPARISON, _BINARY),
        "eq": Form("{0} = {1}", _COMPARISON, _BINARY),
        "and": Form(r"{0} \wedge {1}", _COMPARISON, (_SUM, _SUM)),
        "or": Form(r"{0} \vee {1}", _COMPARISON, (_SUM, _SUM)),
        "select": Form(
            r"\begin{{cases}} {1} & {0} \\ {2} & \text{{else}} \end{{cases}}", _ATOM, (0, 0, 0)
        ),
        "sign": Form(r"\operatorname{{sign}}({0} - {1})", _ATOM, (_SUM, _PRODUCT)),
    },
    function=r"{0}\left({1}\right)",
    brackets=r"\left({0}\right)",
    name=_latex_name,
    number=_latex_number,
)
