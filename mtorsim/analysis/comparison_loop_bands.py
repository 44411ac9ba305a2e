"""How far parameter sets differ in what each feedback loop contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison import ComparisonOptions, LoopContribution
from mtorsim.analysis.comparison_bands import positive_or_nan, range_over

Array = NDArray[np.float64]
Levels = Mapping[str, Array]
Arm = tuple[str, tuple[str, ...]]


def doses_there(
    contributions: Sequence[LoopContribution], options: ComparisonOptions, context: str
) -> dict[str, Array]:
    """By drug the dose of equal effect at each time (t,), nM; 0 where there is none."""
    found = {drug: np.zeros(len(options.at)) for drug in options.drugs}
    for item in contributions:
        if item.context == context and np.isfinite(item.dose):
            found[item.drug][options.at.index(item.time)] = item.dose
    return found


def with_ranges(
    contributions: Sequence[LoopContribution],
    levels: Mapping[Arm, Levels],
    options: ComparisonOptions,
) -> tuple[LoopContribution, ...]:
    """Contributions with their ranges over the parameter sets.

    Parameters
    ----------
    levels : by context and loop setting, by readout (m, treatments, t): no drug first, then each
        drug at its doses of equal effect, one per time
    """
    found = []
    for item in contributions:
        t, drug = options.at.index(item.time), options.drugs.index(item.drug)
        place = 1 + drug * len(options.at) + t
        on, cut = (
            level[:, place, t] / positive_or_nan(level[:, 0, t])
            for level in (
                levels[item.context, without][item.readout] for without in ((), (item.loop,))
            )
        )
        known = np.isfinite(item.contribution)
        found.append(replace(item, range=range_over(on - cut)) if known else item)
    return tuple(found)
