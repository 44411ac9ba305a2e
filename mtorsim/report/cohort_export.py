"""A cohort for other programs: CSV of tumours, JSON of what is said of them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np

from mtorsim.analysis import cohort_reading as reading
from mtorsim.analysis.cohort import NOTICE, Cohort, DrugResponse
from mtorsim.analysis.cohort_reading import ReportedRow, Share
from mtorsim.report.cohort_tables import BARS, cohort_notes, cohort_sentences
from mtorsim.report.plain import plain_json


def cohort_csv(cohort: Cohort) -> str:
    """A row per tumour: alterations, amounts (factors), levels, growth under each drug."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    buffer.write(f"# {NOTICE}\n")
    contexts = [entry.context for entry in cohort.design.alterations]
    headings = ["tumour", *contexts, *(f"{name}_factor" for name in cohort.tumours.amounts)]
    headings += [*cohort.levels, "p_mTOR_high", "growth_without_drug"]
    for entry in cohort.responses:
        headings += [f"growth_left_{entry.drug}", f"responds_{entry.drug}"]
    writer.writerow(headings)
    left = [(entry.growth_left, cohort.responds(entry.drug)) for entry in cohort.responses]
    for i in range(len(cohort)):
        row: list[Any] = [i, *map(int, cohort.tumours.alterations[i])]
        row += [f"{value:.6g}" for value in cohort.tumours.factors[i]]
        row += [f"{values[i]:.6g}" for values in cohort.levels.values()]
        row += [int(cohort.high[i]), f"{cohort.growth[i]:.6g}"]
        for growth, responds in left:
            row += [f"{growth[i]:.6g}", int(responds[i])]
        writer.writerow(row)
    return buffer.getvalue()


def cohort_record(cohort: Cohort) -> dict[str, Any]:
    """Everything but the single tumours, in plain types; shares from 0 to 1."""
    return {
        "format": "mtorsim cohort 1",
        "notice": NOTICE,
        "cohort": cohort.design.id,
        "model": cohort.model.id,
        "model_fingerprint": cohort.model.fingerprint,
        "n": len(cohort),
        "seed": cohort.seed,
        "sentences": list(cohort_sentences(cohort)),
        "notes": list(cohort_notes(cohort)),
        "p_mTOR_high": {
            **_share_record(reading.share(cohort.high)),
            "threshold": cohort.threshold,
            "if_each_alteration_sufficed": reading.share_if_each_sufficed(cohort),
            "by_percentile": {f"{bar:g}": reading.high_at(cohort, bar).value for bar in BARS},
        },
        "drugs": [_drug_record(cohort, entry) for entry in cohort.responses],
        "alterations": [
            {
                "title": row.title,
                "drawn": row.drawn.value,
                "high_with": row.high_with.value,
                "high_alone": row.high_alone.value,
                "high_without": row.high_without.value,
            }
            for row in reading.alteration_rows(cohort)
        ],
        "reported": [_reported_record(row) for row in reading.reported_rows(cohort)],
        "n_trajectories": cohort.n_trajectories,
        "failures": list(cohort.failures),
        "seconds": dict(cohort.seconds),
    }


def cohort_json(cohort: Cohort) -> str:
    """``cohort_record`` as text."""
    return json.dumps(plain_json(cohort_record(cohort)), indent=1, ensure_ascii=False)


def _share_record(entry: Share) -> dict[str, float]:
    low, high = entry.interval
    return {"share": entry.value, "low": low, "high": high, "of": entry.total}


def _drug_record(cohort: Cohort, entry: DrugResponse) -> dict[str, Any]:
    """One drug; ``lines`` are cells with typical amounts."""
    return {
        "drug": entry.drug,
        "class": entry.drug_class,
        "dose_nM": entry.dose,
        "dose_basis": entry.dose_basis,
        "median_inhibition": float(np.nanmedian(entry.inhibition)),
        "responders": _share_record(reading.share(cohort.responds(entry.drug))),
        "doses_nM": entry.doses.tolist(),
        "median_growth": np.nanmedian(entry.growth, axis=0).tolist(),
        "lines": [
            {
                "cell": name,
                "gr50_nM": metrics.gr50,
                "gr_max": metrics.gr_max,
                "gr_inf": metrics.gr_inf,
                "gr_aoc": metrics.gr_aoc,
                "h_gr": metrics.h_gr,
            }
            for name, metrics in reading.line_metrics(cohort, entry)
        ],
    }


def _reported_record(row: ReportedRow) -> dict[str, Any]:
    """One reported figure with what stands beside it."""
    return {
        "id": row.figure.id,
        "what": row.figure.what,
        "unit": row.figure.unit,
        "reported": list(row.figure.values),
        "predicted": list(row.predicted),
        "intervals": [list(pair) for pair in row.intervals],
        "comment": row.comment,
    }
