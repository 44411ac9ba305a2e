"""A comparison of schedules as records, lines of text, and files in a folder: all or none."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.exposure import Exposure
from mtorsim.analysis.number_text import three_figures
from mtorsim.analysis.schedule_patients import PatientBands
from mtorsim.analysis.schedule_results import Effect, ScheduleArm, ScheduleComparison
from mtorsim.report.pk_figures import schedule_figure
from mtorsim.report.plain import plain_json
from mtorsim.report.whole_folder import png, write_files
from mtorsim.simulate.regimen_text import regimen_text

Array = NDArray[np.float64]

ENDS = ("low", "median", "high")
SCHEDULE_FILES = ("schedule.csv", "schedule.json", "schedule.png")
REMARK = "Research software; no medical advice."


def schedule_records(comparison: ScheduleComparison) -> dict[str, Any]:
    """Everything but the courses, as plain values; what is not finite is None."""
    record = {
        "model": comparison.model,
        "context": comparison.context,
        "window_h": [bound / 3600.0 for bound in comparison.window],
        "target_inhibition": comparison.target,
        "equal": comparison.equal,
        "guessed_constants": {d: list(names) for d, names in comparison.guessed.items()},
        "schedules": [
            {
                "name": arm.name,
                "dosing": [regimen_text(entry) for entry in arm.dosing],
                "factor": arm.factor,
                "exposures": [asdict(entry) for entry in arm.exposures],
                "occupancies": [asdict(entry) for entry in arm.occupancies],
                "effects": [asdict(entry) for entry in arm.effects],
                "conservation_drift": float(arm.run.conservation_drift),
                "patients": _patient_record(arm.patients),
            }
            for arm in comparison.arms
        ],
        "remark": REMARK,
    }
    return plain_json(record)  # type: ignore[no-any-return]


def _patient_record(bands: PatientBands | None) -> dict[str, Any] | None:
    """Ranges over patients, without the courses; None where none were drawn."""
    if bands is None:
        return None
    return {
        "n_patients": bands.n_patients,
        "n_failed": bands.n_failed,
        **{
            name: {key: asdict(entry) for key, entry in getattr(bands, name).items()}
            for name in ("auc", "average_inhibition", "share_above")
        },
    }


def schedule_text(comparison: ScheduleComparison) -> str:
    """What a person reads: exposures, occupancies and effects of each schedule."""
    start, end = (bound / 86400.0 for bound in comparison.window)
    lines = [f"{comparison.model}, {comparison.context}, day {start:g} to {end:g}"]
    for arm in comparison.arms:
        scaled = "" if arm.factor == 1.0 else f" (amounts × {three_figures(arm.factor)})"
        lines += ["", f"{arm.name}{scaled}"]
        given = {entry.drug for entry in arm.dosing}
        for exposure in arm.exposures:
            weekly = f"{three_figures(exposure.milligrams_per_week)} mg a week"
            lines.append(
                f"  {exposure.drug} in {exposure.measured_in}: "
                f"{weekly if exposure.drug in given else 'formed in the body'}, "
                f"AUC {three_figures(exposure.auc)} nM*h "
                f"(unbound {three_figures(exposure.unbound_auc)}), "
                f"{three_figures(exposure.lowest)} to {three_figures(exposure.peak)} nM"
                f"{_blood_words(exposure)}"
            )
        for target in arm.occupancies:
            lines.append(
                f"  {target.title}: {_percent(target.average)} on average, "
                f"{_percent(target.lowest)} to {_percent(target.highest)}"
            )
        for effect in arm.effects:
            lines.append(f"  {effect.title}: {_effect_words(effect, comparison.target)}")
        lines += _patient_lines(arm, comparison.target)
    lines += [""] * bool(comparison.guessed)
    for drug, names in comparison.guessed.items():
        plain = ", ".join(name.replace("_", " ") for name in names)
        lines += [f"{drug}: no source gives {plain}; read its shape, not its level"]
    return "\n".join([*lines, "", REMARK, ""])


def write_schedules(
    comparison: ScheduleComparison, folder: str | Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write courses, records and the figure; the folder is made where it is missing.

    Parameters
    ----------
    comparison : of ``compare_schedules``
    folder : made where it is missing
    force : write over files that exist

    Returns
    -------
    Paths of ``SCHEDULE_FILES``

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    MissingExtraError : pictures can not be drawn here
    """
    records = json.dumps(schedule_records(comparison), indent=2, ensure_ascii=False) + "\n"
    contents = (_csv(comparison), records, png(schedule_figure(comparison)))
    return write_files(folder, dict(zip(SCHEDULE_FILES, contents, strict=True)), force=force)


def _csv(comparison: ScheduleComparison) -> str:
    """A row per schedule, time and what is read."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["schedule", "time_h", "name", "unit", "value"])
    writer.writerows(_rows(comparison))
    return text.getvalue()


def _rows(comparison: ScheduleComparison) -> Iterator[tuple[str, str, str, str, str]]:
    for arm in comparison.arms:
        units = dict(zip(arm.run.readouts, arm.run.units, strict=True))
        courses = {name: arm.run[name] for name in arm.run.readouts}
        for exposure in arm.exposures:
            total = arm.run[f"{exposure.drug}_central"]
            courses[f"{exposure.drug}_in_{exposure.measured_in}"] = total
            courses[f"{exposure.drug}_unbound"] = exposure.unbound_fraction * total
        for name, levels in courses.items():
            yield from _course(arm, arm.run.times, name, levels, units.get(name, "nM"))
        if arm.patients is not None:
            for name, quantiles in arm.patients.courses.items():
                unit = units.get(name, "nM")
                for end, levels in zip(ENDS, quantiles, strict=True):
                    yield from _course(arm, arm.patients.times, f"{name}_{end}", levels, unit)


def _course(
    arm: ScheduleArm, times: Array, name: str, levels: Array, unit: str
) -> Iterator[tuple[str, str, str, str, str]]:
    for time, level in zip(times.tolist(), levels.tolist(), strict=True):
        yield arm.name, f"{time / 3600.0:.6g}", name, unit, f"{level:.6g}"


def _blood_words(exposure: Exposure) -> str:
    """The range in whole blood, where it is known."""
    low, high = exposure.blood_lowest, exposure.blood_peak
    if low is None or high is None:
        return ""
    return f" ({three_figures(low)} to {three_figures(high)} ng/mL in whole blood)"


def _effect_words(effect: Effect, target: float) -> str:
    """How far a readout fell or rose, and for how long it was past the target."""
    mean = effect.average_inhibition
    words = f"{_percent(abs(mean))} {'lower' if mean >= 0.0 else 'higher'} on average than before"
    if effect.hours_above == 0.0:
        return f"{words}, never {_percent(target)} lower"
    hours = three_figures(effect.hours_above)
    share = _percent(effect.share_above)
    return f"{words}, at least {_percent(target)} lower in {hours} h ({share} of the time)"


def _patient_lines(arm: ScheduleArm, target: float) -> list[str]:
    """Ranges of nine in ten patients."""
    if arm.patients is None:
        return []
    titles = {effect.readout: effect.title for effect in arm.effects}
    lines = [f"  5 to 95 % of {arm.patients.n_patients} patients:"]
    for drug, auc in arm.patients.auc.items():
        lines.append(
            f"    AUC of {drug} {three_figures(auc.low)} to {three_figures(auc.high)} nM*h"
        )
    for readout, mean in arm.patients.average_inhibition.items():
        share = arm.patients.share_above[readout]
        lines.append(
            f"    {titles[readout]}: {-100.0 * mean.high:+.0f} to {-100.0 * mean.low:+.0f} % on "
            f"average, at least {_percent(target)} lower {_percent(share.low)} to "
            f"{_percent(share.high)} of the time"
        )
    return lines


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %" if math.isfinite(share) else "-"
