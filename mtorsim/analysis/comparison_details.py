"""What a comparison of drugs does not hold by itself: why, growth, and the drugs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination import Combination
from mtorsim.analysis.combination_run import combine
from mtorsim.analysis.comparison import Comparison
from mtorsim.analysis.explanation import MOST_LOOPS, Explanation, explain
from mtorsim.analysis.growth import (
    GrowthReading,
    growth_readouts,
    mean_growth,
    read_growth,
    relative_growth,
)
from mtorsim.analysis.growth_rate_metrics import GrMetrics, gr_metrics, gr_values
from mtorsim.errors import InputError, MtorsimError
from mtorsim.modelfiles.growth import load_growth
from mtorsim.simulate.axis_reading import split_context

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

GROWTH_DOSES = 30
"""Doses of a growth curve, four a decade where the range is 0.001 nM to 10 µM."""

GROWTH_TIMES = np.linspace(0.0, 1.0, 13)
"""Times at which growth is read, shares of the last time of the comparison."""

SURFACE_DOSES = 21
"""Doses of each drug on a surface of two."""


@dataclass(frozen=True, slots=True)
class GrowthCurve:
    """Growth-rate inhibition by one drug in one context.

    Parameters
    ----------
    time : s, growth is the mean over the time from 0 to here
    dose : (d,) nM
    gr : (d,) GR values, 1 without effect, 0 where growth stops
    metrics : of the curve
    """

    drug: str
    context: str
    time: float
    dose: Array
    gr: Array
    metrics: GrMetrics


@dataclass(frozen=True, slots=True)
class ComparisonDetails:
    """Sections of the page beyond the comparison; made by ``comparison_details``.

    Parameters
    ----------
    explanations : one per drug, in the first context, at the dose of the time courses and the last
        time
    growth : one per drug and context
    growth_title : what growth is read from
    missing_arms : parts of that reading that the model has not, held at their level without drug
    combination : surfaces of the two drugs, where they were asked for
    notes : what could not be made, and why
    """

    explanations: tuple[Explanation, ...] = ()
    growth: tuple[GrowthCurve, ...] = ()
    growth_title: str = ""
    missing_arms: tuple[str, ...] = ()
    combination: Combination | None = None
    notes: tuple[str, ...] = ()


def check_synergy(drugs: tuple[str, ...] | list[str]) -> None:
    """Refuse synergy of anything but two drugs, before anything is run.

    Raises
    ------
    InputError : fewer or more than two drugs
    """
    if len(drugs) != 2:
        raise InputError(
            f"synergy is of two drugs, and {len(drugs)} "
            f"{'is' if len(drugs) == 1 else 'are'} named: name two"
        )


def comparison_details(
    model: Model, comparison: Comparison, *, synergy: bool = False
) -> ComparisonDetails:
    """Why each drug does what it does, growth under it, and if asked the two drugs together.

    A drug that can not be explained, and growth that the model can not be read for, is left out
    with a note.

    Parameters
    ----------
    model : the one that was compared
    comparison : of ``compare``
    synergy : whether to run every pair of doses of the two drugs, too

    Raises
    ------
    InputError : synergy is asked for and the drugs are not two
    """
    options = comparison.options
    if synergy:
        check_synergy(options.drugs)
    merged = model.with_drugs(*options.drugs)
    notes: list[str] = []
    explanations = _explanations(merged, comparison, notes)
    growth: tuple[GrowthCurve, ...] = ()
    missing: tuple[str, ...] = ()
    mapping = load_growth()
    try:
        reading = read_growth(mapping, merged.network)
        growth = _growth(merged, comparison, reading)
        missing = reading.missing
    except MtorsimError as error:
        notes.append(f"growth: {error}")
    return ComparisonDetails(
        explanations=explanations,
        growth=growth,
        growth_title=mapping.title,
        missing_arms=missing,
        combination=_combination(merged, comparison) if synergy else None,
        notes=tuple(notes),
    )


def _explanations(
    model: Model, comparison: Comparison, notes: list[str]
) -> tuple[Explanation, ...]:
    """The watched readout explained for each drug; all share the kernel of the merged drugs."""
    options = comparison.options
    if not options.loops:
        return ()
    context = options.contexts[0]
    cell = model.with_context(*split_context(context)) if context else model
    found = []
    for drug, dose in comparison.time_course_doses.items():
        try:
            found.append(
                explain(
                    cell,
                    {drug: dose},
                    at=options.at[-1],
                    readout=options.watched,
                    loops=_loops_that_matter(comparison, drug),
                )
            )
        except MtorsimError as error:
            notes.append(f"why {drug} does what it does: {error}")
    return tuple(found)


def _loops_that_matter(comparison: Comparison, drug: str) -> tuple[str, ...]:
    """All loops of the comparison, or where they are too many those that contribute most."""
    loops = comparison.options.loops
    if len(loops) <= MOST_LOOPS:
        return loops
    size = {
        item.loop: abs(item.contribution)
        for item in comparison.loop_contributions
        if (item.drug, item.readout, item.context)
        == (drug, comparison.options.watched, comparison.options.contexts[0])
    }
    most = sorted(loops, key=lambda loop: -np.nan_to_num(size.get(loop, 0.0)))[:MOST_LOOPS]
    return tuple(loop for loop in loops if loop in most)


def _growth(
    model: Model, comparison: Comparison, reading: GrowthReading
) -> tuple[GrowthCurve, ...]:
    """GR curves; growth is relative to the untreated first context, GR to the same context."""
    options = comparison.options
    times = options.at[-1] * GROWTH_TIMES
    asked = list(growth_readouts(reading))
    shape = (len(options.contexts), -1, len(times))
    curves: list[GrowthCurve] = []
    for drug in options.drugs:
        low, high, _ = options.doses[drug]
        dose = np.geomspace(low, high, GROWTH_DOSES)
        result = model.sweep(
            {drug: np.append(0.0, dose)},
            contexts=options.contexts if options.contexts != ("",) else None,
            readouts=asked,
            at=[float(t) for t in times],
        )
        if result.interrupted:
            raise KeyboardInterrupt
        levels = {name: result[name].reshape(shape) for name in asked}
        reference = {name: float(values[0, 0, 0]) for name, values in levels.items()}
        rate = mean_growth(times, relative_growth(reading, levels, reference))
        for context, growth in zip(options.contexts, rate, strict=True):
            ran = np.isfinite(growth[1:])
            gr = gr_values(growth[1:][ran], growth[0])
            metrics = gr_metrics(dose[ran], gr)
            curves.append(GrowthCurve(drug, context, float(times[-1]), dose[ran], gr, metrics))
    return tuple(curves)


def _combination(model: Model, comparison: Comparison) -> Combination:
    """Surfaces of the first and of the watched readout around the doses that matter.

    The doses of each drug span two decades either side of its IC50s of the reference readout.
    """
    options = comparison.options
    first, second = options.drugs
    readouts = tuple(dict.fromkeys([options.reference, _second_output(comparison)]))
    context = options.contexts[0]
    return combine(
        model,
        first,
        second,
        readouts=readouts,
        at=options.at[-1],
        doses={drug: _surface_doses(comparison, drug) for drug in options.drugs},
        contexts=[context] if context else (),
    )


def _second_output(comparison: Comparison) -> str:
    """The first readout that is neither reference nor watched, else the watched one."""
    options = comparison.options
    known = (options.reference, options.watched)
    return next((name for name in options.readouts if name not in known), options.watched)


def _surface_doses(comparison: Comparison, drug: str) -> list[float]:
    options = comparison.options
    low, high, _ = options.doses[drug]
    row = comparison.row(drug, options.reference, time=options.at[-1], context=options.contexts[0])
    if row.fit.has_ic50:
        middle = row.fit.ic50.value
        low, high = max(low, 1e-2 * middle), min(high, 1e2 * middle)
    return [float(dose) for dose in np.geomspace(low, high, SURFACE_DOSES)]
