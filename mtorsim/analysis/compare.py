"""Drugs side by side: every dose, context and loop setting, fitted and set against each other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mtorsim.analysis.comparison import Comparison, ComparisonOptions
from mtorsim.analysis.comparison_request import (
    DEFAULT_DOSES,
    DEFAULT_TIMES,
    comparison_options,
)
from mtorsim.analysis.comparison_rows import (
    curve_rows,
    doses_of_equal_effect,
    loop_contributions,
)
from mtorsim.analysis.comparison_run import ComparisonRunner, Progress
from mtorsim.analysis.model_record import record_model

if TYPE_CHECKING:
    from mtorsim.model import Model


def compare(
    model: Model,
    drugs: Sequence[str],
    *,
    contexts: Sequence[str] = (),
    loops: Sequence[str] | None = None,
    doses: int | tuple[object, object, int] = DEFAULT_DOSES[2],
    at: Sequence[object] = DEFAULT_TIMES,
    readouts: Sequence[str] | None = None,
    reference: str = "pS6K1_T389",
    watched: str = "pAKT_S473",
    inhibition: float = 0.9,
    time_course_doses: Mapping[str, object] | None = None,
    uncertainty: bool | int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Dose-response of each drug in each context with all loops on and with each loop cut.

    Drugs act at very different doses, so they are set side by side at equal effect: the dose that
    takes ``inhibition`` off the ``reference`` readout. There the ``watched`` readout is read off,
    and again with each loop cut at that same dose; the difference is what the loop contributes.

    Parameters
    ----------
    model : a native one; its loops that are cut stay cut
    drugs : ids, one or more
    contexts : ids of genotypes, cells or conditions, each in place of those that the model is in;
        ``"PTEN-lost+starved"`` for two that act together; none means the model as it stands
    loops : ids of loops to cut one at a time; None takes all of the model
    doses : number of log-spaced doses from 0.001 nM to 10 µM, or (low, high, number)
    at : times after the drug, ``"2 h"`` or s
    readouts : ids of observables; None takes the default ones that the model has
    time_course_doses : dose per drug for the time courses; left out, the dose of equal effect in
        the first context at the first time, or the highest dose where that is not reached
    uncertainty : True for bands over the model's parameter sets, a number for so many of them;
        None for bands where the model comes with sets
    progress : called with (trajectories done, trajectories in all)

    Raises
    ------
    InputError : no drug, no time, an empty dose range, no parameter sets
    UnknownNameError : a drug, context, loop or readout that the model does not have
    """
    options = comparison_options(
        model,
        drugs=drugs,
        contexts=contexts,
        loops=loops,
        readouts=readouts,
        doses=doses,
        at=at,
        reference=reference,
        watched=watched,
        inhibition=inhibition,
        uncertainty=uncertainty,
    )
    return _compare(model, options, time_course_doses or {}, progress)


def _compare(
    model: Model,
    options: ComparisonOptions,
    time_course_doses: Mapping[str, object],
    progress: Progress | None,
) -> Comparison:
    """Run what was asked for and put it together."""
    began = time.perf_counter()
    runner = ComparisonRunner(model, options, progress)
    curves = runner.dose_curves()
    fitted = time.perf_counter()
    rows = curve_rows(curves, options)
    runner.seconds["fit"] = time.perf_counter() - fitted
    chosen = doses_of_equal_effect(rows, options, time_course_doses)
    courses = runner.time_courses(chosen)
    bands = runner.bands(chosen, rows)
    contributions = runner.ranges_of(loop_contributions(rows, options))
    return Comparison(
        model=record_model(model, drugs=options.drugs, contexts=options.contexts),
        options=options,
        rows=rows,
        loop_contributions=contributions,
        time_courses=courses,
        time_course_doses=chosen,
        timing={**runner.seconds, "total": time.perf_counter() - began},
        n_trajectories=runner.n_done,
        solver=runner.solver,
        failures=tuple(runner.failures),
        bands=bands,
    )
