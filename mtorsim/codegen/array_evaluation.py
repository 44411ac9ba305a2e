"""Evaluates formulas on arrays, for what is computed once per trajectory and not once per step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.expression import ExpressionGraph

Array = NDArray[np.float64]


def _truth(value: Any) -> Any:
    return np.not_equal(value, 0.0)


def _factorial(value: Any) -> Any:
    from scipy.special import gamma

    return gamma(value + 1.0)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "pow": np.power,
    "neg": np.negative,
    "max": np.maximum,
    "min": np.minimum,
    "exp": np.exp,
    "ln": np.log,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "floor": np.floor,
    "factorial": _factorial,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "sign": lambda a, b: np.sign(np.subtract(a, b)),
    "and": lambda a, b: np.logical_and(_truth(a), _truth(b)),
    "or": lambda a, b: np.logical_or(_truth(a), _truth(b)),
    "xor": lambda a, b: np.logical_xor(_truth(a), _truth(b)),
    "not": lambda a: np.logical_not(_truth(a)),
    "select": lambda condition, a, b: np.where(_truth(condition), a, b),
}


def evaluate(
    graph: ExpressionGraph,
    roots: Sequence[int],
    *,
    slots: Mapping[int, Array],
    time: Array | float,
) -> list[Array]:
    """Values of formulas over arrays that broadcast together.

    Parameters
    ----------
    slots : values of the slots that the formulas use

    Returns
    -------
    one array per root, in float64; infinite or NaN where a formula has no value
    """
    values: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in graph.reachable(roots):
            kind, operands, value = graph.nodes[node]
            if kind == "number":
                values[node] = np.float64(value or 0.0)
            elif kind == "time":
                values[node] = time
            elif kind == "slot":
                values[node] = slots[int(str(value))]
            else:
                operand_values = [_number(values[operand]) for operand in operands]
                values[node] = _FUNCTIONS[kind](*operand_values)
    return [np.asarray(values[root], dtype=np.float64) for root in roots]


def _number(value: Any) -> Any:
    """Truth values as 0 and 1, so that arithmetic on them is that of numbers."""
    array = np.asarray(value)
    return array.astype(np.float64) if array.dtype == np.bool_ else array
