"""Which doses of two drugs are run, and which trajectory is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnknownNameError
from mtorsim.simulate.quantities import doses as spaced_doses
from mtorsim.simulate.quantities import is_single, read_numbers

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

DEFAULT_DOSES = ("0.01 nM", "10 uM", 25)
"""Four a decade, from below the IC50 of rapalogs to above that of kinase inhibitors."""

REACH = 10.0
"""How far below and above the doses of a surface each drug alone is followed: dose additivity asks
for doses of one drug alone that do what two do together."""

POINTS_OF_A_CURVE = 240
"""Doses of each drug alone, for the spline that is inverted."""


@dataclass(frozen=True, slots=True)
class CombinationPlan:
    """Which doses are run: the grid of both drugs, then each drug alone.

    Parameters
    ----------
    doses : of each drug, the first 0
    alone : of each drug without the other, the first 0
    """

    drugs: tuple[str, str]
    doses: tuple[Array, Array]
    alone: tuple[Array, Array]

    @classmethod
    def of(cls, model: Model, drugs: tuple[str, str], doses: Any) -> CombinationPlan:
        """The plan of ``combine``: doses read, the drug left out added.

        Raises
        ------
        InputError, UnitsError, UnknownNameError : as of ``doses_of``; an unknown drug
        """
        for drug in drugs:
            if drug not in model.drugs:
                raise UnknownNameError("drug", drug, model.drugs, where=model.id)
        given = [doses_of(doses, drug, drugs) for drug in drugs]
        grids = [np.append(0.0, dose) for dose in given]
        alone = [
            np.union1d(
                grid,
                np.geomspace(dose[0] / REACH, dose[-1] * REACH, POINTS_OF_A_CURVE),
            )
            for grid, dose in zip(grids, given, strict=True)
        ]
        return cls(drugs, (grids[0], grids[1]), (alone[0], alone[1]))

    def pairs(self) -> tuple[Array, Array]:
        """Doses of both drugs in every run."""
        first, second = np.meshgrid(*self.doses, indexing="ij")
        one, two = self.alone
        return (
            np.concatenate([first.ravel(), one, np.zeros(len(two))]),
            np.concatenate([second.ravel(), np.zeros(len(one)), two]),
        )

    def axes(self) -> dict[str, Any]:
        """The one axis of the sweep; a drug with itself is given at the sum of both doses."""
        first, second = self.pairs()
        if self.drugs[0] == self.drugs[1]:
            return {self.drugs[0]: first + second}
        return {"pair": dict(zip(self.drugs, (first, second), strict=True))}

    def parts(self, level: Array) -> tuple[Array, Array, Array]:
        """Levels of all runs as a surface and the curve of each drug alone."""
        shape = len(self.doses[0]), len(self.doses[1])
        ends = np.cumsum([shape[0] * shape[1], len(self.alone[0])])
        surface, first, second = np.split(level, ends)
        return surface.reshape(shape), first, second


def doses_of(
    doses: Any, drug: str, drugs: Sequence[str], *, default: tuple[str, str, int] = DEFAULT_DOSES
) -> Array:
    """Doses of one drug, (n,) nM, ascending, above 0.

    Parameters
    ----------
    doses : for all drugs or by drug, as of ``combine``
    drugs : names that may stand in a mapping
    default : what is taken where nothing is given, and the ends where only a number is

    Raises
    ------
    InputError, UnitsError : they can not be read, or one is 0 or negative
    UnknownNameError : a mapping names another drug
    """
    if isinstance(doses, Mapping):
        unknown = [name for name in doses if name not in drugs]
        if unknown:
            raise UnknownNameError("drug", unknown[0], drugs, where="doses")
        doses = doses.get(drug)
    if doses is None:
        return spaced_doses(*default)
    if isinstance(doses, int) and not isinstance(doses, bool):
        return spaced_doses(default[0], default[1], doses)
    if isinstance(doses, tuple) and len(doses) == 3 and isinstance(doses[2], int):
        return spaced_doses(*doses)
    if is_single(doses):
        raise InputError(
            f"doses of {drug} are {doses!r}: give a number of doses, (low, high, number) or a list"
        )
    what = f"dose of {drug}"
    read = read_numbers(doses, dimension="concentration", default_unit="nM", what=what)
    if np.any(read <= 0.0):
        raise InputError(
            f"{what} is 0 nM: doses of a combination stand on a log axis, above 0; "
            "the drug left out is added by itself"
        )
    return np.unique(read)
