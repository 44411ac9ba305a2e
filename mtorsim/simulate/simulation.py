"""One run of a model, and many runs along axes."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import SolverError
from mtorsim.simulate.axes import Axis, check_names
from mtorsim.simulate.axis_arranging import CONTEXT, MEMBER
from mtorsim.simulate.axis_reading import context_column, member_column, read_axes
from mtorsim.simulate.ensemble import BLOCK, Ensemble
from mtorsim.simulate.outcome import Outcome
from mtorsim.simulate.problem import Problem
from mtorsim.simulate.readouts import ReadoutPlan, plan_readouts, with_species
from mtorsim.simulate.result import SweepResult, Trajectory
from mtorsim.simulate.run import run_ensemble
from mtorsim.simulate.setting import Provenance, Setting, Treatment, make_problem
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]

LIBRARIES = ("numpy", "scipy", "numba", "llvmlite")


class InterruptedWarning(UserWarning):
    """Ctrl-C ended a sweep early; the message says what was kept."""


def simulate(
    setting: Setting,
    treatment: Treatment,
    *,
    times: Array,
    readouts: Sequence[str] | str | None,
    options: SolverOptions,
) -> Trajectory:
    """Run a model once.

    Parameters
    ----------
    times : (t,) output times, s
    readouts : names to be read off; None gives all observables

    Raises
    ------
    SolverError : the run did not come to its end
    """
    network = setting.network
    plan = plan_readouts(network, readouts)
    problem = make_problem(
        setting, treatment, times=times, readouts=with_species(network, plan), options=options
    )
    outcome = run_ensemble(problem, Ensemble(()))
    n_readouts = len(plan.ids)
    amounts = outcome.values[0, :, n_readouts:]
    outcome.values = outcome.values[:, :, :n_readouts]
    trajectory = Trajectory(
        **_labels(plan, times, outcome, _provenance(setting, problem, outcome)),
        axes=(),
        species=network.dynamic_species,
        amounts=amounts,
    )
    if trajectory.interrupted:
        raise KeyboardInterrupt
    if not trajectory.ok:
        raise SolverError(str(trajectory.failures()[0]))
    return trajectory


def sweep(
    setting: Setting,
    axes: Mapping[str, Any],
    treatment: Treatment,
    *,
    mode: str,
    contexts: Sequence[str | Sequence[str]] | None,
    times: Array,
    readouts: Sequence[str] | str | None,
    options: SolverOptions,
    progress: Callable[[int], None] | None = None,
    block: int = BLOCK,
    seed: int | None = None,
) -> SweepResult:
    """Run a model over the product of axes (``"grid"``), or along all at once (``"zip"``).

    Parameters
    ----------
    axes : values by name, see ``axis_reading.read_axes``
    contexts : an axis over contexts before those, or None; one over the members of ``setting``
        comes first
    times : (t,) output times, s
    progress : called with the number of trajectories finished so far
    seed : noted in the result, where the values of the axes were drawn at random
    """
    read = _axes(setting, axes, mode=mode, contexts=contexts)
    plan = plan_readouts(setting.network, readouts)
    problem = make_problem(
        setting,
        treatment,
        times=times,
        readouts=plan,
        axes=read,
        value_table=_value_table(setting, read),
        options=options,
    )
    outcome = run_ensemble(problem, Ensemble(read), progress=progress, block=block)
    provenance = {**_provenance(setting, problem, outcome), "sweep_mode": mode}
    if seed is not None:
        provenance["seed"] = seed
    result = SweepResult(**_labels(plan, times, outcome, provenance), axes=read)
    warn_if_interrupted(result)
    return result


def warn_if_interrupted(result: SweepResult) -> None:
    """Say what Ctrl-C left of a sweep, on behalf of the caller of the method that ran it."""
    if result.interrupted:
        warnings.warn(result.message, InterruptedWarning, stacklevel=4)


def library_versions() -> dict[str, str]:
    """Versions of the libraries that take part in a run."""
    return {
        f"version_{name}": sys.modules[name].__version__
        for name in LIBRARIES
        if name in sys.modules
    }


def _axes(
    setting: Setting,
    given: Mapping[str, Any],
    *,
    mode: str,
    contexts: Sequence[str | Sequence[str]] | None,
) -> tuple[Axis, ...]:
    leading: tuple[Axis, ...] = ()
    if setting.members is not None:
        leading += (Axis(MEMBER, (member_column(len(setting.members)),)),)
    if contexts is not None:
        leading += (Axis(CONTEXT, (context_column(contexts),)),)
    read = read_axes(setting.network, given, mode=mode) if given or not leading else ()
    check_names((*leading, *read))
    return (*leading, *read)


def _value_table(setting: Setting, axes: Sequence[Axis]) -> Array:
    """Parameter values (c, m, p) along the axes over contexts and members."""
    labels = [c.labels for axis in axes for c in axis.columns if c.role == "context"]
    if not labels or setting.values_in_contexts is None:
        return setting.value_table
    return setting.values_in_contexts(labels[0])


def _labels(
    plan: ReadoutPlan, times: Array, outcome: Outcome, provenance: Provenance
) -> dict[str, Any]:
    return {
        "times": times,
        "readouts": plan.ids,
        "titles": plan.titles,
        "units": plan.units,
        "outcome": outcome,
        "provenance": provenance,
    }


def _provenance(
    setting: Setting, problem: Problem, outcome: Outcome
) -> dict[str, str | int | float]:
    """What decided the numbers, as plain text and numbers."""
    options = problem.options
    notes: dict[str, str | int | float] = setting.notes()
    notes |= library_versions()
    notes |= {f"drug_{name}": f"{dose:.17g} nM" for name, dose in problem.doses.items()}
    notes |= {f"input_{name}": f"{level:.17g} nM" for name, level in problem.inputs.items()}
    later = [change for change in problem.changes if change.time > 0 or change.amount is not None]
    if later:
        notes["dosing"] = "; ".join(map(str, later))
    notes |= {
        "pre_equilibrate": int(problem.pre_equilibrate),
        "method": outcome.method or options.method,
        "precision": outcome.precision,
        "lanes": outcome.lanes,
        "rtol": options.rtol,
        "atol_nM": options.atol,
        "max_steps": options.max_steps,
    }
    return notes
