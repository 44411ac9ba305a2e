"""Sharing out an effect among loops: Shapley values over every choice of loops that act.

A *setting* says which loops act: bit ``i`` of its number is 1 where loop ``i`` does. A game over
``n`` loops is an array of ``2**n`` values, one for each setting, so that its last entry is the cell
as it is and its first the cell in which no loop acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LoopGame:
    """The readout under the drug in every setting of the loops.

    Parameters
    ----------
    kind : ``"cut"``, the loop's reactions are off and the cell is at rest without them before the
        drug; or ``"clamped"``, they read the level that their signals had before the drug
    loops : ids
    before, after : (2**n,) the readout before the drug and at the time asked for; bit i of a
        position is 1 where loop i acts
    """

    kind: str
    loops: tuple[str, ...]
    before: Array
    after: Array

    @property
    def folds(self) -> Array:
        """(2**n,) the readout under the drug as a multiple of its own level before it."""
        return self.after / self.before

    @property
    def direct(self) -> float:
        """The multiple of the level before the drug that is left where no loop acts."""
        return float(self.folds[0])

    @property
    def shares(self) -> Array:
        """(n,) Shapley value of each loop, in multiples of the level before the drug.

        They sum to the change that the loops make: all loops acting minus none.
        """
        return shapley_values(self.folds)

    @property
    def cut_one(self) -> Array:
        """(n,) what is lost when each loop alone stops acting."""
        return cut_one(self.folds)

    @property
    def add_one(self) -> Array:
        """(n,) what each loop does where no other acts."""
        return add_one(self.folds)

    @property
    def interactions(self) -> Array:
        """(n, n) what two loops do together beyond what they do one by one."""
        return pair_interactions(self.folds)

    def largest_interactions(self, count: int) -> list[tuple[str, str, float]]:
        """The pairs of loops that add up worst, the largest first."""
        found = self.interactions
        pairs = [
            (self.loops[j], self.loops[i], float(found[i, j]))
            for i in range(len(self.loops))
            for j in range(i)
        ]
        return sorted(pairs, key=lambda pair: -abs(pair[2]))[:count]


def settings(n_loops: int) -> NDArray[np.bool_]:
    """Whether each loop acts in each setting, (2**n_loops, n_loops)."""
    numbers = np.arange(2**n_loops)
    return np.asarray((numbers[:, None] >> np.arange(n_loops)) & 1, dtype=bool)


def shapley_values(values: Array) -> Array:
    """What each loop adds, averaged over every order in which the loops could be switched on.

    Parameters
    ----------
    values : (2**n,) of a game

    Returns
    -------
    (n,) whose sum is ``values[-1] - values[0]``; loops that do the same get the same, and one that
    never changes anything gets 0

    References
    ----------
    Shapley 1953, A value for n-person games, in Contributions to the Theory of Games II.
    """
    n_loops = _count(values)
    sizes = settings(n_loops).sum(axis=1)
    orders = [factorial(s) * factorial(n_loops - s - 1) for s in range(n_loops)]
    weights = np.array(orders, dtype=np.float64) / factorial(n_loops)
    shares = np.empty(n_loops)
    for i in range(n_loops):
        without = _without(values, i)
        shares[i] = weights[sizes[without]] @ (values[without | (1 << i)] - values[without])
    return shares


def cut_one(values: Array) -> Array:
    """What is lost when each loop alone stops acting, (n,)."""
    n_loops = _count(values)
    everything = len(values) - 1
    return np.array([values[-1] - values[everything ^ (1 << i)] for i in range(n_loops)])


def add_one(values: Array) -> Array:
    """What each loop does where no other acts, (n,)."""
    return np.array([values[1 << i] - values[0] for i in range(_count(values))])


def pair_interactions(values: Array) -> Array:
    """How much more two loops do together than one by one, in the cell as it is, (n, n).

    The second difference ``v(all) - v(all but i) - v(all but j) + v(all but both)``: 0 where the
    two add up; the diagonal is 0.
    """
    n_loops = _count(values)
    everything = len(values) - 1
    found = np.zeros((n_loops, n_loops))
    for i in range(n_loops):
        for j in range(i):
            one, other = 1 << i, 1 << j
            found[i, j] = found[j, i] = (
                values[-1]
                - values[everything ^ one]
                - values[everything ^ other]
                + values[everything ^ one ^ other]
            )
    return found


def _count(values: Array) -> int:
    """Number of loops of a game."""
    n_loops = len(values).bit_length() - 1
    if len(values) != 2**n_loops:
        raise ValueError(f"a game has 2**n values, not {len(values)}")
    return n_loops


def _without(values: Array, i: int) -> NDArray[np.intp]:
    """Numbers of the settings in which loop ``i`` does not act."""
    numbers = np.arange(len(values))
    return np.asarray(numbers[(numbers >> i) & 1 == 0])
