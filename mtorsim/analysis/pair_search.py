"""Which two drugs come nearest to a goal, and what the pair adds to its better half.

A pair is run at every pair of the doses given, and each drug alone at each of its doses; ``Goal``
puts what they do into one number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination_plan import doses_of
from mtorsim.analysis.pair_goal import Goal
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.simulate.quantities import read_times

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

DEFAULT_DOSES = ("0.1 nM", "1 uM", 5)
"""A decade apart, to 1 uM, above which kinase inhibitors commonly lose their selectivity (a
convention of this search)."""

NEAR_BEST = 0.01
"""A goal value this near to the best of a pair is as good; the lowest doses among such are told."""


@dataclass(frozen=True, slots=True)
class PairResult:
    """What a pair of drugs does for a goal, over the same doses together and alone.

    Parameters
    ----------
    drugs : ids
    value : best goal value of the pair, below 1 where it helps
    doses : lowest doses, nM, with a value within ``NEAR_BEST`` of that
    levels : each readout there, as a multiple of the level without drug
    alone : best goal value of each drug alone
    gain : by how much the pair at ``gain_doses`` is better than the better of those two doses
        alone, at the doses where that is most
    """

    drugs: tuple[str, str]
    value: float
    doses: tuple[float, float]
    levels: Mapping[str, float]
    alone: tuple[float, float]
    gain: float
    gain_doses: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PairSearch:
    """All pairs of a library, the best first.

    Parameters
    ----------
    goal : what was sought
    time : s after the drugs
    context : the cell
    pairs : by ``value``, lowest first
    failures : a line a trajectory that failed; those count for nothing
    n_trajectories : that were run
    """

    goal: Goal
    time: float
    context: str
    pairs: tuple[PairResult, ...]
    failures: tuple[str, ...] = ()
    n_trajectories: int = 0

    def by_gain(self) -> tuple[PairResult, ...]:
        """The pairs by what they add to their drugs alone, most first."""
        return tuple(sorted(self.pairs, key=lambda pair: (np.isnan(pair.gain), -pair.gain)))


def search_pairs(
    model: Model,
    goal: Goal | str,
    *,
    drugs: Sequence[str] = (),
    at: Any = "24 h",
    doses: Any = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> PairSearch:
    """Every pair of drugs, at every pair of doses, in one sweep of one model that holds them all.

    Parameters
    ----------
    model : in its context
    goal : ``"minimise p4EBP1 and pAKT_S473"``
    drugs : ids; none takes all that the model can be given
    at : one time after the drugs
    doses : as of ``combine``, for all drugs or by drug; None takes ``DEFAULT_DOSES``
    threads : changes the time taken alone; None takes all
    progress : called with the number of trajectories finished so far

    Raises
    ------
    InputError, UnitsError : fewer than two drugs, several times, a goal, dose or time that means
        nothing; a readout that is 0 without drug
    UnknownNameError : a drug or readout that the model does not have
    """
    goal = Goal.parse(goal) if isinstance(goal, str) else goal
    names = tuple(dict.fromkeys(drugs)) or model.drugs
    _check(model, goal, names)
    times = read_times(at)
    if len(times) != 1:
        raise InputError(f"a search reads one time, found {len(times)}")
    asked = {} if doses is None else doses
    given = {name: doses_of(asked, name, names, default=DEFAULT_DOSES) for name in names}
    plan = _Rows.of(names, given)
    result = model.sweep(
        {"pair": plan.columns()},
        at=[float(times[0])],
        readouts=list(goal.readouts),
        threads=threads,
        progress=progress,
    )
    if result.interrupted:
        raise KeyboardInterrupt
    levels = result.values[:, 0, :]
    _check_untreated(goal, levels[0])
    values = goal.value(levels, levels[0])
    pairs = (plan.result(pair, goal, values, levels / levels[0]) for pair in plan.pairs)
    return PairSearch(
        goal=goal,
        time=float(times[0]),
        context="+".join(model.contexts),
        pairs=tuple(sorted(pairs, key=lambda pair: (np.isnan(pair.value), pair.value))),
        failures=tuple(map(str, result.failures())),
        n_trajectories=int(result.status.size),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Which doses stand in which trajectory: no drug, each drug alone, each pair.

    Parameters
    ----------
    dose : drug -> (t,) nM
    given : drug -> its doses, nM
    pairs : the pairs in their order
    row_alone : drug -> rows of its doses
    row_pair : pair -> (n, m) rows of its pairs of doses
    """

    dose: Mapping[str, Array]
    given: Mapping[str, Array]
    pairs: tuple[tuple[str, str], ...]
    row_alone: Mapping[str, NDArray[np.intp]]
    row_pair: Mapping[tuple[str, str], NDArray[np.intp]]

    @classmethod
    def of(cls, names: Sequence[str], given: Mapping[str, Array]) -> _Rows:
        pairs = tuple(combinations(names, 2))
        sizes = {name: len(given[name]) for name in names}
        n_rows = 1 + sum(sizes.values()) + sum(sizes[a] * sizes[b] for a, b in pairs)
        dose = {name: np.zeros(n_rows) for name in names}
        row_alone: dict[str, NDArray[np.intp]] = {}
        row_pair: dict[tuple[str, str], NDArray[np.intp]] = {}
        place = 1
        for name in names:
            row_alone[name] = np.arange(place, place + sizes[name])
            dose[name][row_alone[name]] = given[name]
            place += sizes[name]
        for first, second in pairs:
            shape = sizes[first], sizes[second]
            rows = np.arange(place, place + shape[0] * shape[1]).reshape(shape)
            dose[first][rows] = given[first][:, None]
            dose[second][rows] = given[second][None, :]
            row_pair[first, second] = rows
            place += rows.size
        return cls(dose, given, pairs, row_alone, row_pair)

    def columns(self) -> dict[str, Array]:
        """The axis of the sweep along which all drugs vary together."""
        return dict(self.dose)

    def result(
        self, pair: tuple[str, str], goal: Goal, values: Array, relative: Array
    ) -> PairResult:
        """Best and most gainful doses of one pair; NaN where all its trajectories failed."""
        rows = self.row_pair[pair]
        together = values[rows]
        one, two = (values[self.row_alone[drug]] for drug in pair)
        alone = float(np.nanmin(one, initial=1.0)), float(np.nanmin(two, initial=1.0))
        if not np.any(np.isfinite(together)):
            none = float("nan")
            return PairResult(pair, none, (none, none), {}, alone, none, (none, none))
        best = float(np.nanmin(together))
        i, j = self._lowest(pair, together <= best + NEAR_BEST)
        gain = np.minimum(one[:, None], two[None, :]) - together
        k, m = np.unravel_index(np.nanargmax(gain), gain.shape)
        levels = relative[rows[i, j]].tolist()
        return PairResult(
            drugs=pair,
            value=best,
            doses=self._doses(pair, i, j),
            levels=dict(zip(goal.readouts, levels, strict=True)),
            alone=alone,
            gain=float(gain[k, m]),
            gain_doses=self._doses(pair, int(k), int(m)),
        )

    def _doses(self, pair: tuple[str, str], i: int, j: int) -> tuple[float, float]:
        return float(self.given[pair[0]][i]), float(self.given[pair[1]][j])

    def _lowest(self, pair: tuple[str, str], good: NDArray[np.bool_]) -> tuple[int, int]:
        """Place of the lowest product of doses among those that are good."""
        first, second = (np.log10(self.given[drug]) for drug in pair)
        cost = np.where(good, first[:, None] + second[None, :], np.inf)
        i, j = np.unravel_index(np.argmin(cost), cost.shape)
        return int(i), int(j)


def _check(model: Model, goal: Goal, names: Sequence[str]) -> None:
    """Refuse what can not be searched before a model is compiled."""
    for name in names:
        if name not in model.drugs:
            raise UnknownNameError("drug", name, model.drugs, where=model.id)
    if len(names) < 2:
        raise InputError(f"a search for pairs needs two drugs or more, found {len(names)}")
    for name in goal.readouts:
        if name not in model.observables:
            raise UnknownNameError("readout", name, model.observables, where="goal")


def _check_untreated(goal: Goal, untreated: Array) -> None:
    for name, level in zip(goal.readouts, untreated.tolist(), strict=True):
        if not level > 0.0:
            raise InputError(f"goal: {name} is {level:g} without drug, so that it has no share")
