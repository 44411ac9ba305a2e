"""Inputs of lanes over time: where they jump, and what they are between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.symbolic.general_system import GeneralSystem
from mtorsim.symbolic.lane_form import LaneForm

Array = NDArray[np.float64]

#: more moments than this, over all trajectories, are too many to stop all of them at
MAX_SEGMENTS = 200


def input_segments(
    system: GeneralSystem, form: LaneForm, start: Array, end: float
) -> list[tuple[float, Array]] | None:
    """Times from which inputs are what, the first of them 0.

    Parameters
    ----------
    start : (n_trajectories, n_slots) start values

    Returns
    -------
    pairs (time, (n_trajectories, n_inputs) inputs from then on); None where there are too many
    """
    slots = {i: start[:, i] for i in range(system.n_continuous, start.shape[1])}
    gaps = evaluate(form.graph, form.switches, slots=slots, time=0.0)
    slopes = evaluate(form.graph, form.slopes, slots=slots, time=0.0)
    times: set[float] = set()
    with np.errstate(all="ignore"):
        for gap, slope in zip(gaps, slopes, strict=True):
            roots = np.unique(-gap / slope)
            times.update(roots[(roots > 0.0) & (roots < end)].tolist())
    if len(times) >= MAX_SEGMENTS:
        return None
    begins = [0.0, *sorted(times)]
    ends = [*begins[1:], max(end, begins[-1])]
    n_rows = start.shape[0]
    segments = []
    for begin, stop in zip(begins, ends, strict=True):
        middle = 0.5 * (begin + stop)
        inputs = evaluate(form.graph, form.inputs, slots=slots, time=middle)
        columns = [np.broadcast_to(values, (n_rows,)) for values in inputs]
        empty = np.zeros((n_rows, 0))
        segments.append((begin, np.stack(columns, axis=1) if columns else empty))
    return segments
