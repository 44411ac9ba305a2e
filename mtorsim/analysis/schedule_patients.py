"""How far patients differ under a schedule: draws of the pharmacokinetic constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import truncnorm

from mtorsim.analysis.exposure import time_above
from mtorsim.analysis.seed import check_seed
from mtorsim.errors import InputError
from mtorsim.modelfiles.pharmacokinetics import load_pharmacokinetics
from mtorsim.simulate.dosing import Dosing
from mtorsim.simulate.pharmacokinetics import drugs_in_bodies
from mtorsim.simulate.result import SweepResult

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

SHARES = (0.05, 0.5, 0.95)
STEP, MOST_TIMES = 3600.0, 1001
PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Range:
    """What 5, 50 and 95 % of the patients stay below."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class PatientBands:
    """Ranges over patients of one schedule.

    Parameters
    ----------
    n_patients, n_failed : drawn, and those whose run failed and who are left out
    auc : by drug, nM*h in the window
    average_inhibition, share_above : by readout, as of ``Effect``
    times : (p,) s
    courses : by readout, or central species of a drug, (3, p) quantiles
    """

    n_patients: int
    n_failed: int
    auc: Mapping[str, Range]
    average_inhibition: Mapping[str, Range]
    share_above: Mapping[str, Range]
    times: Array
    courses: Mapping[str, Array]


def draw_patients(model: Model, *, n: int, seed: int) -> dict[str, Array]:
    """Pharmacokinetic constants of ``n`` patients, by parameter.

    Each is log-normal about its value with its spread as geometric standard deviation, one by one;
    an unbound fraction stays below 1. The same seed gives the same patients.

    Raises
    ------
    InputError : fewer than 2 patients, or no drug of the model is given in mg
    """
    if n < 2:
        raise InputError(f"patients is {n}: choose 2 or more, or 0 for the typical one alone")
    drugs = sorted(drugs_in_bodies(model.network))
    if not drugs:
        raise InputError("patients differ in pharmacokinetics, but no drug is given in mg")
    values = dict(zip(model.network.parameter_ids, model.parameter_values.tolist(), strict=True))
    generator = np.random.default_rng(check_seed(seed))
    drawn = {}
    for drug in drugs:
        for constant in load_pharmacokinetics(drug).parameters:
            if constant.spread == 1.0:
                continue
            width, centre = np.log(constant.spread), values[constant.id]
            is_fraction = constant.id.startswith("fraction_")
            most = -np.log(centre) / width if is_fraction else np.inf
            scores = truncnorm.rvs(-np.inf, most, size=n, random_state=generator)
            drawn[constant.id] = centre * np.exp(width * scores)
    return drawn


def patient_bands(
    model: Model,
    dosing: Sequence[Dosing],
    patients: Mapping[str, Array],
    *,
    readouts: Sequence[str],
    window: tuple[float, float],
    target: float,
) -> PatientBands:
    """Run a schedule in every patient.

    Parameters
    ----------
    patients : values of the patients by parameter, as ``draw_patients`` makes them
    window : start and end of what averages are over, s
    target : inhibition that time is counted above
    """
    drugs = drugs_in_bodies(model.network)
    places = [f"{drug}_{place}" for drug in drugs for place in ("central", "eliminated")]
    count = min(int(window[1] / STEP) + 1, MOST_TIMES)
    times = np.unique([*np.linspace(0.0, window[1], count), window[0]])
    result = model.sweep(
        {PATIENT: dict(patients)}, at=times, dosing=dosing, readouts=[*readouts, *places]
    )
    inside = (times >= window[0]) & (times <= window[1])
    ranges: dict[str, tuple[Range, Range]] = {
        name: _effects(result[name], times, inside, target) for name in readouts
    }
    shown = [*readouts, *(f"{drug}_central" for drug in drugs)]
    values = dict(zip(model.network.parameter_ids, model.parameter_values.tolist(), strict=True))
    return PatientBands(
        n_patients=len(result.status),
        n_failed=int(np.count_nonzero(result.status)),
        auc={drug: _auc(result, drug, {**values, **patients}, inside) for drug in drugs},
        average_inhibition={name: pair[0] for name, pair in ranges.items()},
        share_above={name: pair[1] for name, pair in ranges.items()},
        times=times,
        courses={name: np.nanquantile(result[name], SHARES, axis=0) for name in shown},
    )


def _effects(
    levels: Array, times: Array, inside: NDArray[np.bool_], target: float
) -> tuple[Range, Range]:
    """Average inhibition, and share of time above the target, of levels (n, t)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inhibition = 1.0 - levels[:, inside] / levels[:, :1]
    moments = times[inside]
    length = moments[-1] - moments[0]
    means = np.trapezoid(inhibition, moments, axis=1) / length
    above = [time_above(moments, row, target) / length for row in inhibition]
    return _range(means), _range(np.where(np.isfinite(means), above, np.nan))


def _auc(
    result: SweepResult,
    drug: str,
    values: Mapping[str, float | Array],
    inside: NDArray[np.bool_],
) -> Range:
    """Of the total concentration, from what was eliminated, as in ``exposure_of``."""
    eliminated = result[f"{drug}_eliminated"][:, inside]
    rate = np.asarray(values[f"clearance_{drug}"]) / np.asarray(values[f"volume_central_{drug}"])
    return _range((eliminated[:, -1] - eliminated[:, 0]) / rate / 3600.0)


def _range(values: Array) -> Range:
    low, median, high = np.nanquantile(values, SHARES)
    return Range(float(low), float(median), float(high))
