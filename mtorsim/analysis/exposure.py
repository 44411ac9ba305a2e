"""How much of a drug a body meets, and how long a level stays past a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.modelfiles.pharmacokinetics import Pharmacokinetics, load_pharmacokinetics
from mtorsim.simulate.dosing import Dosing
from mtorsim.simulate.pharmacokinetics import unbound_fraction
from mtorsim.simulate.result import Trajectory

Array = NDArray[np.float64]
WEEK = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a body meets of one drug in a window of time.

    Parameters
    ----------
    drug : its id
    measured_in : plasma or blood
    milligrams : given in the window; 0 of a drug that is formed from another
    milligrams_per_week : the same over the window
    auc, unbound_auc : area under the concentration, all and unbound, nM*h, without error of the
        output times: what is eliminated, over the rate of elimination
    peak, lowest : total concentration in the window, nM
    blood_peak, blood_lowest : the same in whole blood, ng/mL; None where it is not known
    unbound_fraction : of the total concentration
    guessed : constants of its pharmacokinetics that no source gives
    """

    drug: str
    measured_in: str
    milligrams: float
    milligrams_per_week: float
    auc: float
    unbound_auc: float
    peak: float
    lowest: float
    blood_peak: float | None
    blood_lowest: float | None
    unbound_fraction: float
    guessed: tuple[str, ...]


def exposure_of(
    run: Trajectory,
    drug: str,
    *,
    values: Mapping[str, float],
    dosing: Sequence[Dosing],
    window: tuple[float, float],
) -> Exposure:
    """The exposure to a drug that is given in mg.

    Parameters
    ----------
    run : with the ends of the window among its output times
    values : parameters of the run, by id, nM and s
    window : start and end, s
    """
    kinetics = load_pharmacokinetics(drug)
    inside = (run.times >= window[0]) & (run.times <= window[1])
    total = run[f"{drug}_central"][inside]
    eliminated = run[f"{drug}_eliminated"][inside]
    unbound = float(unbound_fraction(kinetics).evaluate(values))
    rate = values[f"clearance_{drug}"] / values[f"volume_central_{drug}"]
    auc = float(eliminated[-1] - eliminated[0]) / rate / 3600.0
    milligrams = given_milligrams(dosing, drug, window=window)
    blood = whole_blood(kinetics, np.array([total.min(), total.max()]), values)
    return Exposure(
        drug=drug,
        measured_in=kinetics.measured_in,
        milligrams=milligrams,
        milligrams_per_week=milligrams * WEEK / (window[1] - window[0]),
        auc=auc,
        unbound_auc=auc * unbound,
        peak=float(total.max()),
        lowest=float(total.min()),
        blood_peak=None if blood is None else float(blood[1]),
        blood_lowest=None if blood is None else float(blood[0]),
        unbound_fraction=unbound,
        guessed=kinetics.guessed,
    )


def whole_blood(
    kinetics: Pharmacokinetics, total: Array, values: Mapping[str, float]
) -> Array | None:
    """Concentrations in whole blood, ng/mL, as clinics report them; None where it is not known.

    Parameters
    ----------
    total : in what the drug is measured in, nM
    """
    micrograms = total * values[f"molar_mass_{kinetics.drug}"] * 1e-3  # ug/L, which is ng/mL
    if kinetics.measured_in == "blood":
        return micrograms
    return None if kinetics.red_cells is None else kinetics.red_cells.blood(micrograms / 1e3) * 1e3


def given_milligrams(dosing: Sequence[Dosing], drug: str, *, window: tuple[float, float]) -> float:
    """What is given of a drug from the start of a window (s) to before its end, mg."""
    total = 0.0
    for entry in dosing:
        if entry.drug != drug or entry.unit != "mg":
            continue
        for i, time in enumerate(entry.times(window[1])):
            loading = i == 0 and entry.loading is not None
            if time >= window[0]:
                total += entry.loading if loading else entry.amount
    return total


def auc_per_milligram(kinetics: Pharmacokinetics, values: Mapping[str, float]) -> float:
    """Area under the total concentration that 1 mg makes in all time, nM*h: nmol / clearance."""
    drug = kinetics.drug
    clearance = values[f"clearance_{drug}"] * 3600.0  # L/h
    return 1e6 / values[f"molar_mass_{drug}"] / clearance


def time_above(times: Array, levels: Array, target: float) -> float:
    """How long a level is at or above a target, in the unit of ``times``; linear between them.

    Parameters
    ----------
    times : (t,), rising
    levels : (t,)
    """
    low, high = levels[:-1] - target, levels[1:] - target
    rise = high - low
    # The share of each interval that lies above: all, none, or the part after or before a crossing.
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.where(rise == 0.0, 0.0, -low / rise)
    share = np.where(
        (low >= 0.0) & (high >= 0.0),
        1.0,
        np.where(low >= 0.0, crossing, np.where(high >= 0.0, 1.0 - crossing, 0.0)),
    )
    return float(np.sum(np.diff(times) * share))


def average(times: Array, levels: Array) -> float:
    """Mean of a level over time, linear between output times."""
    return float(np.trapezoid(levels, times) / (times[-1] - times[0]))
