"""From the curves of a comparison to its rows: fits, equal effect, what each loop adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtorsim.analysis.comparison import ComparisonOptions, CurveRow, LoopContribution
from mtorsim.analysis.dose_response import CurveLabel, DoseResponse
from mtorsim.errors import InputError
from mtorsim.network.quantity import parse_quantity


def curve_rows(curves: Sequence[DoseResponse], options: ComparisonOptions) -> tuple[CurveRow, ...]:
    """A row per curve, each with its level at the dose of equal effect of its own arm."""
    equal_dose = {
        _arm(curve.label): _inhibitory_dose(curve, options.inhibition)
        for curve in curves
        if curve.label.readout == options.reference
    }
    return tuple(
        CurveRow(
            curve=curve,
            fit=curve.fit(level=options.level),
            emax=curve.emax(),
            auc=curve.auc(),
            equal_dose=equal_dose[_arm(curve.label)],
            level_at_equal_dose=_relative_at(curve, equal_dose[_arm(curve.label)]),
        )
        for curve in curves
    )


def _arm(label: CurveLabel) -> tuple[str, str, float, tuple[str, ...]]:
    return label.drug, label.context, label.time, label.without


def _inhibitory_dose(curve: DoseResponse, inhibition: float) -> float:
    """The dose of equal effect; infinity also where there is nothing to inhibit."""
    return curve.inhibitory_dose(inhibition) if curve.control > 0.0 else float("inf")


def _relative_at(curve: DoseResponse, dose: float) -> float:
    """Level at a dose as a multiple of no drug; NaN outside the doses tried."""
    if not curve.control > 0.0 or not len(curve.dose):
        return float("nan")
    inside = curve.dose[0] <= dose <= curve.dose[-1]
    return curve.value_at(dose) / curve.control if inside else float("nan")


def loop_contributions(
    rows: Sequence[CurveRow], options: ComparisonOptions
) -> tuple[LoopContribution, ...]:
    """Each cut curve read at the dose of equal effect of the arm with all loops on."""
    all_on = {
        (*_arm(row.label)[:3], row.label.readout): row for row in rows if not row.label.without
    }
    contributions = []
    for row in rows:
        label = row.label
        if not label.without:
            continue
        intact = all_on[(*_arm(label)[:3], label.readout)]
        contributions.append(
            LoopContribution(
                drug=label.drug,
                context=label.context,
                time=label.time,
                readout=label.readout,
                loop=label.without[0],
                dose=intact.equal_dose,
                all_on=intact.level_at_equal_dose,
                cut=_relative_at(row.curve, intact.equal_dose),
            )
        )
    return tuple(contributions)


def doses_of_equal_effect(
    rows: Sequence[CurveRow], options: ComparisonOptions, asked: Mapping[str, object]
) -> dict[str, float]:
    """Dose per drug, nM: as asked, else of equal effect in the first context at the first time."""
    unknown = [drug for drug in asked if drug not in options.drugs]
    if unknown:
        raise InputError(f"time course dose of {unknown[0]!r}, which is not compared")
    chosen = {}
    for drug in options.drugs:
        if drug in asked:
            chosen[drug] = parse_quantity(asked[drug], default_unit="nM", what=f"dose of {drug}")
            continue
        row = next(r for r in rows if r.label.drug == drug)
        low, high, _ = options.doses[drug]
        chosen[drug] = float(np.clip(row.equal_dose, low, high))
    return chosen
