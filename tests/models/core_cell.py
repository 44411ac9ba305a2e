"""The core model in its contexts, and the few protocols that the behaviour tests share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import mtorsim as mt
from mtorsim.loading import load_native
from mtorsim.model import Model
from mtorsim.simulate.result import Trajectory
from mtorsim.simulate.steady import SteadyState

Array = NDArray[np.float64]

INSULIN = {"Insulin": "100 nM"}
MINUTES = tuple(range(61))


@lru_cache(maxsize=32)
def cell(*contexts: str, without: tuple[str, ...] = (), clamped: tuple[str, ...] = ()) -> Model:
    """The core under 100 nM insulin, or in ``contexts``; both main drugs merged in, one kernel."""
    model = load_native("mtor-core", drugs=("everolimus", "vistusertib"))
    in_context = model.with_context(*contexts) if contexts else model
    return in_context.without(*without).clamped(*clamped)


@lru_cache(maxsize=32)
def at_rest(*contexts: str, without: tuple[str, ...] = ()) -> SteadyState:
    """The steady state without drug."""
    return cell(*contexts, without=without).steady_state()


def folds(model: Model, readout: str, *, hours: Sequence[float], **treatment: Any) -> Array:
    """``readout`` at each hour over its value at rest before the treatment."""
    run = model.simulate(at=[0.0, *(3600.0 * hour for hour in hours)], **treatment)
    values: Array = run[readout]
    return np.asarray(values[1:] / values[0])


def continued(model: Model, before: SteadyState | Trajectory, **treatment: Any) -> Trajectory:
    """``model`` from the state ``before``, as when it is changed at time 0 without a rest."""
    amounts = (
        before.final_amounts
        if isinstance(before, Trajectory)
        else dict(zip(before.species, before.amounts, strict=True))
    )
    return model.with_amounts(amounts).simulate(pre_equilibrate=False, **treatment)


def insulin_step(model: Model) -> Trajectory:
    """100 nM insulin on the starved cell: every minute of an hour, then 2, 4 and 24 h."""
    return model.simulate(
        at=[f"{minute} min" for minute in (*MINUTES, 120, 240, 1440)], inputs=INSULIN
    )


def half_inhibiting(
    model: Model, drug: str, readout: str, *, at: str = "2 h", doses: tuple[float, float]
) -> float:
    """Dose (nM) at which ``readout`` is half of its value at rest, between neighbouring doses."""
    dose = mt.doses(*doses, 61)
    remaining = model.sweep({drug: dose}, at=at, readouts=[readout])[readout][:, 0]
    remaining = remaining / model.steady_state()[readout]
    below = int(np.argmax(remaining < 0.5))
    assert remaining[0] > 0.5 > remaining[-1], "the doses do not span the half"
    pair = slice(below - 1, below + 1)
    return float(np.exp(np.interp(-0.5, -remaining[pair], np.log(dose[pair]))))


def time_to(values: Array, fraction: float, times: Array) -> float:
    """When ``values`` first come to ``fraction`` of the way from the first to the largest."""
    target = values[0] + fraction * (values.max() - values[0])
    after = int(np.argmax(values >= target))
    pair = slice(after - 1, after + 1)
    return float(np.interp(target, values[pair], times[pair]))
