"""A goal for signalling: which readouts are to fall and which to rise, as one number.

A goal names readouts to minimise and to maximise. Its value is the mean over them of R/R0 for those
to minimise and R0/R for those to maximise, R0 being the level without drug: 1 without drug, 0 if
all that is to vanish does, above 1 where the balance is worse than no drug. The mean, unlike a
product, does not let one readout that vanishes hide another that rises. It is a way to rank, not a
measure of benefit: nothing in it knows of toxicity or of exposure in a patient, so the highest dose
of each drug is for the caller to set.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError

Array = NDArray[np.float64]

_VERBS = {"minimise": -1, "minimize": -1, "maximise": 1, "maximize": 1}
_SEPARATOR = re.compile(r"\s*(?:,|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Goal:
    """Readouts that are to fall and to rise.

    Parameters
    ----------
    minimise, maximise : ids of observables; at least one in all
    """

    minimise: tuple[str, ...] = ()
    maximise: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Goal:
        """Goal of ``"minimise p4EBP1 and pAKT_S473, maximise FOXO_nuclear"``.

        Raises
        ------
        InputError : it does not begin with minimise or maximise, or a readout is named twice
        """
        found: dict[int, list[str]] = {-1: [], 1: []}
        sign = 0
        for part in _SEPARATOR.split(text.strip()):
            words = part.split()
            if words and words[0].lower() in _VERBS:
                sign, words = _VERBS[words[0].lower()], words[1:]
            if sign == 0 or len(words) != 1:
                raise InputError(
                    f"goal {text!r}: write it like 'minimise p4EBP1 and pAKT_S473' or "
                    "'minimise p4EBP1, maximise FOXO_nuclear'"
                )
            found[sign] += words
        names = found[-1] + found[1]
        repeated = [name for name in names if names.count(name) > 1]
        if repeated:
            raise InputError(f"goal {text!r}: {repeated[0]} is named twice")
        return cls(tuple(found[-1]), tuple(found[1]))

    @property
    def readouts(self) -> tuple[str, ...]:
        """All readouts, those to minimise first."""
        return (*self.minimise, *self.maximise)

    def value(self, level: Array, untreated: Array) -> Array:
        """Goal value of levels (..., r) against those without drug (r,), in order of readouts."""
        n = len(self.minimise)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = level[..., :n] / untreated[:n]
            risen = untreated[n:] / level[..., n:]
        return np.asarray(np.concatenate([left, risen], axis=-1).mean(axis=-1))

    def __str__(self) -> str:
        parts = (("minimise", self.minimise), ("maximise", self.maximise))
        return ", ".join(f"{verb} {' and '.join(names)}" for verb, names in parts if names)
