"""A combination as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.combination import Combination, CombinationSurface
from mtorsim.analysis.combination_isoboles import Isobole, effects_in_reach, isoboles
from mtorsim.analysis.combination_sets import ExcessOfSets
from mtorsim.analysis.number_text import dose_text, time_text
from mtorsim.analysis.synergy import NULL_MODELS, Extreme, SynergyScore, score_synergy
from mtorsim.report.plain import plain_json

Array = NDArray[np.float64]


def summary_headers(combination: Combination) -> list[str]:
    """Headers over ``summary_rows``."""
    sets = ["90 % of sets"] if combination.sets else []
    middle = ["scored", "mean excess", *sets, "most synergy", "most antagonism"]
    return ["readout", "time", "context", "null model", *middle, "undefined because"]


def summary_rows(combination: Combination) -> list[list[object]]:
    """A row per surface and null model, under ``summary_headers``."""
    return [
        [
            surface.label.readout,
            time_text(surface.label.time),
            surface.label.context or "as it stands",
            NULL_MODELS[score.null],
            f"{score.n_scored} of {score.n_cells}",
            f"{score.mean:+.3f}" if score.n_scored else "-",
            *_sets_text(combination.of_sets(surface.label, score.null)),
            _extreme_text(score.most_synergy),
            _extreme_text(score.most_antagonism),
            score.note or "-",
        ]
        for surface in combination.surfaces
        for score in _scores(surface)
    ]


def combination_csv(combination: Combination) -> str:
    """A row per pair of doses: level, effect, and excess over each null model."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    first, second = combination.drugs
    # A drug with itself still has two columns.
    doses = [f"{first}_nM", f"{second}_nM" if second != first else f"{second}_again_nM"]
    nulls = [name.replace("-", "_") for name in NULL_MODELS]
    excess = [f"excess_{name}" for name in nulls]
    head = ["readout", "unit", "time_h", "context", *doses, "level", "effect", *excess]
    writer.writerow([*head, "combination_index"])
    for surface in combination.surfaces:
        writer.writerows(_csv_rows(surface))
    return buffer.getvalue()


def combination_record(combination: Combination) -> dict[str, Any]:
    """Everything of a combination in types that JSON has; numbers that are undefined are None."""
    model = combination.model
    record = {
        "drugs": list(combination.drugs),
        "model": {
            "id": model.id,
            "title": model.title,
            "fingerprint": model.fingerprint,
            "version": model.package_version,
        },
        "solver": dict(combination.solver),
        "trajectories": combination.n_trajectories,
        "failures": list(combination.failures),
        "seconds": dict(combination.timing),
        "null_models": dict(NULL_MODELS),
        "surfaces": [_surface_record(combination, surface) for surface in combination.surfaces],
    }
    plain: dict[str, Any] = plain_json(record)
    return plain


def combination_json(combination: Combination) -> str:
    """``combination_record`` as text."""
    return json.dumps(combination_record(combination), allow_nan=False, ensure_ascii=False) + "\n"


def _scores(surface: CombinationSurface) -> list[SynergyScore]:
    return [score_synergy(surface, null) for null in NULL_MODELS]


def _sets_text(sets: ExcessOfSets | None) -> list[str]:
    """A cell where parameter sets were asked for: the range, and how many of them it holds for."""
    if sets is None:
        return []
    if not sets.n_scored:
        return ["-"]
    return [f"{sets.low:+.3f} to {sets.high:+.3f} ({sets.n_scored} of {sets.n_sets})"]


def _extreme_text(extreme: Extreme | None) -> str:
    if extreme is None:
        return "-"
    return f"{extreme.excess:+.3f} at {' + '.join(map(dose_text, extreme.doses))}"


def _csv_rows(surface: CombinationSurface) -> Iterator[list[object]]:
    """Rows of one surface; what is undefined is an empty cell."""
    label, scores = surface.label, _scores(surface)
    index = next(score.index for score in scores if score.null == "loewe")
    columns = [surface.level, surface.effect, *(score.excess for score in scores)]
    columns.append(np.full_like(surface.level, np.nan) if index is None else index)
    for i, first in enumerate(surface.doses[0].tolist()):
        for j, second in enumerate(surface.doses[1].tolist()):
            numbers = [float(column[i, j]) for column in columns]
            yield [
                label.readout,
                label.unit,
                label.time / 3600.0,
                label.context,
                first,
                second,
                *(number if isfinite(number) else "" for number in numbers),
            ]


def _surface_record(combination: Combination, surface: CombinationSurface) -> dict[str, Any]:
    label = surface.label
    return {
        "readout": label.readout,
        "title": label.title,
        "unit": label.unit,
        "time_s": label.time,
        "context": label.context,
        "without": list(label.without),
        "control_level": surface.scale.control,
        "full_level": surface.scale.full,
        "flat": surface.flat,
        "inert": list(surface.inert),
        "doses_nM": [dose.tolist() for dose in surface.doses],
        "level": surface.level.tolist(),
        "effect": surface.effect.tolist(),
        "alone": [
            {"dose_nM": curve.dose.tolist(), "level": curve.level.tolist()}
            for curve in surface.curves
        ],
        "synergy": {
            score.null: {
                **_score_record(score),
                **_sets_record(combination.of_sets(label, score.null)),
            }
            for score in _scores(surface)
        },
        "isoboles": [
            _isobole_record(isobole) for isobole in isoboles(surface, effects_in_reach(surface))
        ],
    }


def _score_record(score: SynergyScore) -> dict[str, Any]:
    record: dict[str, Any] = {
        "mean_excess": score.mean,
        "most_synergy": _extreme_record(score.most_synergy),
        "most_antagonism": _extreme_record(score.most_antagonism),
        "scored": score.n_scored,
        "cells": score.n_cells,
        "undefined": dict(score.why_undefined),
        "excess": score.excess.tolist(),
    }
    if score.index is not None:
        record["combination_index"] = score.index.tolist()
    return record


def _sets_record(sets: ExcessOfSets | None) -> dict[str, Any]:
    if sets is None:
        return {}
    return {
        "mean_excess_of_sets": [sets.low, sets.median, sets.high],
        "sets_scored": sets.n_scored,
        "sets": sets.n_sets,
    }


def _extreme_record(extreme: Extreme | None) -> dict[str, Any] | None:
    if extreme is None:
        return None
    return {"excess": extreme.excess, "doses_nM": list(extreme.doses)}


def _isobole_record(isobole: Isobole) -> dict[str, Any]:
    return {
        "effect": isobole.effect,
        "doses_nM": [dose.tolist() for dose in isobole.doses],
        "alone_nM": list(isobole.alone),
        "combination_index": isobole.index.tolist(),
    }
