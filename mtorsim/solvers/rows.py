"""Moves rows of numbers in and out of lanes: small functions of few arrays, compiled inline."""

from __future__ import annotations

from mtorsim._jit import inner
from mtorsim.solvers.work import Doubles, Integers, Singles

#: passes over conserved sums at most
MAX_PASSES = 10
#: share of the change that may stay from which on a sum is worth scaling
NEGLIGIBLE = 0.1


@inner
def copy_row(source: Doubles, target: Doubles) -> None:
    """Copy a row."""
    for i in range(target.size):
        target[i] = source[i]


@inner
def replace_columns(columns: Integers, values: Doubles, row: Doubles) -> None:
    """Write ``values`` into some columns of a row."""
    for c in range(columns.size):
        row[columns[c]] = values[c]


@inner
def scatter(row: Doubles | Singles, lanes: Doubles | Singles, lane: int) -> None:
    """Write a row into a lane."""
    for i in range(row.size):
        lanes[i, lane] = row[i]


@inner
def scatter_single(row: Doubles, lanes: Singles, lane: int) -> None:
    """Write a row into a lane of float32; does nothing where the kernel has none."""
    for i in range(lanes.shape[0]):
        lanes[i, lane] = row[i]


@inner
def gather(lanes: Doubles | Singles, lane: int, row: Doubles | Singles) -> None:
    """Read a lane into a row."""
    for i in range(row.size):
        row[i] = lanes[i, lane]


@inner
def weighted_sums(
    start: Integers, index: Integers, weight: Doubles, row: Doubles, sums: Doubles
) -> None:
    """Sums of a row by sparse weights: ``sums[m] = sum(weight[e] * row[index[e]])``."""
    for m in range(sums.size):
        total = 0.0
        for e in range(start[m], start[m + 1]):
            total += weight[e] * row[index[e]]
        sums[m] = total


@inner
def hold_sums(  # noqa: PLR0917 - numba takes arguments by position only
    start: Integers,
    index: Integers,
    weight: Doubles,
    sums: Doubles,
    row: Doubles,
    held: float,
) -> None:
    """Scale the members of each conserved sum until a pass changes none by more than ``held``.

    Sums share members, so one pass disturbs what it has just mended; the disturbance shrinks with
    every pass (iterative proportional fitting, Deming & Stephan 1940).
    """
    for _ in range(MAX_PASSES):
        largest_change = 0.0
        for m in range(sums.size):
            total = 0.0
            for e in range(start[m], start[m + 1]):
                total += weight[e] * row[index[e]]
            change = abs(sums[m] - total)
            if change > NEGLIGIBLE * held * total and total > 0.0:
                factor = sums[m] / total
                largest_change = max(largest_change, abs(factor - 1.0))
                for e in range(start[m], start[m + 1]):
                    row[index[e]] *= factor
        if largest_change < held:
            return


@inner
def dense_coefficients(dense: Doubles, theta: float, coefficients: Doubles) -> None:
    """Weights of increment and stages at ``theta`` of a step."""
    coefficients[0] = theta
    for j in range(dense.shape[0]):
        polynomial = 0.0
        for p in range(dense.shape[1] - 1, -1, -1):
            polynomial = (polynomial + dense[j, p]) * theta
        coefficients[j + 1] = polynomial


@inner
def add_stages(stages: Doubles | Singles, coefficients: Doubles, lane: int, state: Doubles) -> None:
    """``state += coefficients @ stages`` of a lane; ``stages`` has no rows in the other precision.

    Parameters
    ----------
    stages : (stages + 1, n_species, lanes)
    """
    for j in range(stages.shape[0]):
        weight = coefficients[j]
        for i in range(state.size):
            state[i] += weight * stages[j, i, lane]
