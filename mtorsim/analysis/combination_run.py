"""Two drugs together: every pair of doses and each drug alone, in one sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination import (
    Combination,
    CombinationSurface,
    EffectScale,
    SurfaceLabel,
    single_curve,
)
from mtorsim.analysis.combination_plan import CombinationPlan
from mtorsim.analysis.combination_sets import ExcessOfSets, excess_of_sets
from mtorsim.analysis.model_record import record_model
from mtorsim.errors import InputError, SolverError
from mtorsim.simulate.quantities import read_times

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.simulate.result import SweepResult

Array = NDArray[np.float64]

SOLVER_FACTS = ("method", "precision", "rtol", "atol_nM", "max_steps", "pre_equilibrate")
"""What of the provenance of the sweep is kept beside the versions."""


def combine(
    model: Model,
    first: str,
    second: str,
    *,
    readouts: Sequence[str] | str,
    at: Any,
    doses: Any = None,
    contexts: Sequence[str] = (),
    control: float | None = None,
    full: float = 0.0,
    uncertainty: bool | int = False,
    rtol: float | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Combination:
    """Surfaces of two drugs given together at time 0, over all pairs of their doses.

    Parameters
    ----------
    model : as it stands: context, cut loops, numbers
    first, second : ids; the same twice shows what a null model makes of no interaction
    readouts : observables or species, one or more
    at : times after the drugs, ``"24 h"`` or s
    doses : for both drugs, or by drug: a number of log-spaced doses, ``(low, high, number)``, or a
        list, ``"20 nM"`` or nM, all above 0; None takes ``DEFAULT_DOSES``
    contexts : ids, each in place of those that the model is in; ``"A+B"`` for two together
    control : level that counts as no effect; None takes that without drug in the same context
    full : level that counts as full effect
    uncertainty : True to score all parameter sets that come with the model, too, or how many
    rtol, threads, progress : as of ``Model.sweep``

    Returns
    -------
    A surface for every context, time and readout; points that failed are NaN and named

    Raises
    ------
    InputError, UnitsError : a dose, time or level means nothing
    UnknownNameError : a drug, context or readout that the model does not have
    SolverError : the run without drugs failed
    """
    plan = CombinationPlan.of(model, (first, second), doses)
    given = {**_asked(readouts, at, contexts), "rtol": rtol, "threads": threads}
    result = _finished(model.sweep(plan.axes(), progress=progress, **given))
    surfaces = tuple(_surfaces(model, plan, result, contexts, control=control, full=full))
    sets: tuple[ExcessOfSets, ...] = ()
    if uncertainty:
        members = model.sweep(plan.axes(), uncertainty=uncertainty, progress=progress, **given)
        sets = _over_sets(model, plan, _finished(members), contexts, control=control, full=full)
    return Combination(
        drugs=plan.drugs,
        surfaces=surfaces,
        model=record_model(model, drugs=tuple(dict.fromkeys(plan.drugs)), contexts=contexts),
        failures=tuple(map(str, result.failures())),
        n_trajectories=int(result.status.size),
        sets=sets,
        timing=_seconds(result),
        solver=_solver_facts(result),
    )


def _asked(readouts: Sequence[str] | str, at: Any, contexts: Sequence[str]) -> dict[str, Any]:
    """Times, readouts and contexts as a sweep takes them."""
    names = [readouts] if isinstance(readouts, str) else list(readouts)
    if not names:
        raise InputError("a combination needs a readout, like 'p4EBP1'")
    times = [float(t) for t in read_times(at)]
    return {"at": times, "readouts": names, "contexts": list(contexts) or None}


def _seconds(result: SweepResult) -> dict[str, float]:
    timing = result.timing
    return {"compile": timing.compile_s, "run": timing.equilibrate_s + timing.run_s}


def _solver_facts(result: SweepResult) -> dict[str, str | int | float]:
    return {
        name: value
        for name, value in result.provenance.items()
        if name in SOLVER_FACTS or name.startswith("version_")
    }


def _finished(result: SweepResult) -> SweepResult:
    """A sweep that Ctrl-C did not end."""
    if result.interrupted:
        raise KeyboardInterrupt
    return result


def _over_sets(
    model: Model,
    plan: CombinationPlan,
    members: SweepResult,
    contexts: Sequence[str],
    *,
    control: float | None,
    full: float,
) -> tuple[ExcessOfSets, ...]:
    """Scores of the surfaces of every parameter set; sets that do not run are left out."""
    surfaces = []
    for values in np.split(members.values, members.shape[0]):
        try:
            surfaces.append(
                _surfaces(model, plan, members, contexts, control=control, full=full, values=values)
            )
        except SolverError:
            continue
    return excess_of_sets(surfaces, n_sets=members.shape[0])


def _surfaces(
    model: Model,
    plan: CombinationPlan,
    result: SweepResult,
    contexts: Sequence[str],
    *,
    control: float | None,
    full: float,
    values: Array | None = None,
) -> list[CombinationSurface]:
    """Every surface of the sweep, by context, time and readout; of one set where given."""
    labels = list(contexts) or ["+".join(model.contexts)]
    shape = len(labels), -1, len(result.times), len(result.readouts)
    levels = (result.values if values is None else values).reshape(shape)
    surfaces = []
    for c, context in enumerate(labels):
        for t, time in enumerate(result.times.tolist()):
            for r, readout in enumerate(result.readouts):
                label = SurfaceLabel(
                    drugs=plan.drugs,
                    readout=readout,
                    time=time,
                    context=context,
                    without=model.cut_loops,
                    title=result.titles[r],
                    unit=result.units[r],
                )
                surface = _surface(plan, levels[c, :, t, r], label, control=control, full=full)
                surfaces.append(surface)
    return surfaces


def _surface(
    plan: CombinationPlan, levels: Array, label: SurfaceLabel, *, control: float | None, full: float
) -> CombinationSurface:
    """One surface with its scale and the curves of its drugs alone."""
    level, *alone = plan.parts(levels)
    if not np.isfinite(level[0, 0]):
        raise SolverError(f"{label.readout}: the run without drug failed, so there is no control")
    if level[0, 0] == full:
        raise InputError(
            f"{label.readout} is {full:g} without drug, the level of full effect: "
            "declare another full level"
        )
    scale = EffectScale(float(level[0, 0]) if control is None else float(control), float(full))
    curves = [
        single_curve(dose, values, scale) for dose, values in zip(plan.alone, alone, strict=True)
    ]
    return CombinationSurface(plan.doses, level, (curves[0], curves[1]), scale, label)
