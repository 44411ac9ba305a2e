"""Two drugs together: every pair of doses and each drug alone, in one sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from mtorsim.analysis.model_record import record_model
from mtorsim.errors import InputError, SolverError, UnknownNameError
from mtorsim.simulate.quantities import doses as spaced_doses
from mtorsim.simulate.quantities import is_single, read_numbers, read_times

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.simulate.result import SweepResult

Array = NDArray[np.float64]

DEFAULT_DOSES = ("0.01 nM", "10 uM", 25)
"""Four a decade, from below the IC50 of rapalogs to above that of kinase inhibitors."""

REACH = 10.0
"""How far below and above the doses of a surface each drug alone is followed: dose additivity asks
for doses of one drug alone that do what two do together."""

POINTS_OF_A_CURVE = 240
"""Doses of each drug alone, for the spline that is inverted."""

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
    rtol: float | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Combination:
    """Surfaces of two drugs given together at time 0, over all pairs of their doses.

    Parameters
    ----------
    model : as it stands: context, cut loops, numbers
    first, second : ids; the same twice combines a drug with itself, which shows what a null model
        makes of no interaction at all
    readouts : observables or species, one or more
    at : times after the drugs, ``"24 h"`` or s
    doses : for both drugs, or by drug: a number of log-spaced doses, ``(low, high, number)``, or a
        list of doses; ``"20 nM"`` or nM, all above 0. None takes ``DEFAULT_DOSES``. The drug left
        out is added.
    contexts : ids, each in place of those that the model is in; ``"A+B"`` for two together
    control : level that counts as no effect, in the unit of the readout; None takes the level
        without drug in the same context
    full : level that counts as full effect
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
    plan = _Plan.of(model, (first, second), doses)
    names = [readouts] if isinstance(readouts, str) else list(readouts)
    if not names:
        raise InputError("a combination needs a readout, like 'p4EBP1'")
    result = model.sweep(
        plan.axes(),
        at=[float(t) for t in read_times(at)],
        readouts=names,
        contexts=list(contexts) or None,
        rtol=rtol,
        threads=threads,
        progress=progress,
    )
    if result.interrupted:
        raise KeyboardInterrupt
    return Combination(
        drugs=plan.drugs,
        surfaces=tuple(_surfaces(model, plan, result, contexts, control=control, full=full)),
        model=record_model(model, drugs=tuple(dict.fromkeys(plan.drugs)), contexts=contexts),
        failures=tuple(map(str, result.failures())),
        n_trajectories=int(result.status.size),
        timing={
            "compile": result.timing.compile_s,
            "run": result.timing.equilibrate_s + result.timing.run_s,
        },
        solver={
            name: value
            for name, value in result.provenance.items()
            if name in SOLVER_FACTS or name.startswith("version_")
        },
    )


@dataclass(frozen=True, slots=True)
class _Plan:
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
    def of(cls, model: Model, drugs: tuple[str, str], doses: Any) -> _Plan:
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


def _surfaces(
    model: Model,
    plan: _Plan,
    result: SweepResult,
    contexts: Sequence[str],
    *,
    control: float | None,
    full: float,
) -> list[CombinationSurface]:
    """Every surface of the sweep, by context, time and readout."""
    labels = list(contexts) or ["+".join(model.contexts)]
    shape = len(labels), -1, len(result.times), len(result.readouts)
    values = result.values.reshape(shape)
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
                surfaces.append(
                    _surface(plan, values[c, :, t, r], label, control=control, full=full)
                )
    return surfaces


def _surface(
    plan: _Plan, levels: Array, label: SurfaceLabel, *, control: float | None, full: float
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
