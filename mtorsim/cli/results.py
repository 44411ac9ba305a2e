"""What a command says about the trajectories that it ran."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import numpy as np

import mtorsim as mt
from mtorsim.analysis.uncertainty import with_bands
from mtorsim.cli.journal import Journal
from mtorsim.cli.output import print_failures, print_json, print_table
from mtorsim.report.result_figure import ENDINGS as FIGURES
from mtorsim.report.result_figure import check_figure, save_figure

if TYPE_CHECKING:
    from mtorsim.simulate.model_face import ModelFace

Result = TypeVar("Result", bound="mt.SweepResult")
OUTPUTS = (".csv", ".nc", *FIGURES)
Sizes = tuple[int, int]
UNDEFINED = "what it is a share of is 0"


def count_trajectories(
    axes: Mapping[str, Sequence[object]], *, mode: str, n_contexts: int, numbers_each: int
) -> int:
    """Number of trajectories of a sweep whose result fits into the memory of this machine.

    Raises
    ------
    InputError : it does not fit
    """
    lengths = [len(values) for values in axes.values()]
    count = (max(lengths) if mode == "zip" else prod(lengths)) * max(n_contexts, 1)
    needed = 8.0 * count * (numbers_each + 8)  # 8: status, counters and the like
    if hasattr(os, "sysconf") and needed > os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"):
        raise mt.InputError(
            f"{count} trajectories need {needed / 1e9:.3g} GB; "
            "ask for fewer points, times or readouts"
        )
    return count


def check_drawn(
    out: str, axes: Mapping[str, Sequence[object]], *, mode: str, n_contexts: int, sizes: Sizes
) -> None:
    """Refuse a picture that could not be read, before anything is computed.

    Parameters
    ----------
    sizes : number of output times and of readouts
    """
    if Path(out).suffix.lower() not in FIGURES:
        return
    if n_contexts > 1:
        raise mt.InputError(f"{out}: a picture shows one context; save .csv or .nc")
    others = 1 if mode == "zip" else prod([len(values) for values in axes.values()][1:])
    n_times, n_readouts = sizes
    check_figure(n_panels=n_readouts, n_lines=others * n_times)


def save_sweep(result: mt.SweepResult, path: str, *, force: bool, journal: Journal) -> None:
    """Write what was finished, and warn of what is no number; after Ctrl-C the command ends here.

    Raises
    ------
    KeyboardInterrupt : the sweep was interrupted; the journal says what was kept
    """
    warn_undefined(result)
    unfinished = int((result.status == mt.Status.INTERRUPTED).sum())
    total = result.status.size
    if unfinished < total:
        write = save_figure if Path(path).suffix.lower() in FIGURES else mt.SweepResult.save
        write(result, path, force=force)
        journal.note(Path(path), f"{total - unfinished} of {total} trajectories")
    if unfinished:
        raise KeyboardInterrupt


def in_bands(result: Result, model: ModelFace, *axes: Any, **given: Any) -> Result:
    """The result with the bands of the same sweep over the parameter sets of its model.

    Raises
    ------
    KeyboardInterrupt : the sweep was interrupted
    InputError : as of `sweep`; the model comes without parameter sets
    """
    sets = model.sweep(*axes, readouts=result.readouts, **given)
    if sets.interrupted:
        raise KeyboardInterrupt
    print_failures(sets.failures())
    return with_bands(result, sets)


def summary(result: mt.SweepResult) -> dict[str, object]:
    """Numbers of a run for a machine."""
    timing = result.timing
    return {
        "trajectories": result.status.size,
        "failed": int((result.status != mt.Status.OK).sum()),
        "readouts": dict(zip(result.readouts, result.units, strict=True)),
        result.clock.column: result.shown_times.tolist(),
        "seconds": {
            "compile": timing.compile_s,
            "equilibrate": timing.equilibrate_s,
            "run": timing.run_s,
        },
        "provenance": dict(result.provenance),
    }


def tell_course(run: mt.Trajectory, out: str | None, *, as_json: bool, quiet: bool) -> None:
    """Print a run over time, or where it was written."""
    if out is None:
        warn_undefined(run)
    if as_json:
        print_json({**summary(run), "values": {name: run[name].tolist() for name in run.readouts}})
    elif out is None:
        columns = [run.shown_times.tolist(), *(run[name].tolist() for name in run.readouts)]
        print_table([run.clock.heading, *run.readouts], zip(*columns, strict=True))
    elif not quiet:
        click.echo(f"{out}: {len(run.times)} times")


def warn_undefined(result: mt.SweepResult) -> None:
    """Say on stderr which readouts are no number although their trajectories ran to the end."""
    ran = result.outcome.values[result.outcome.status == mt.Status.OK]  # (runs, times, readouts)
    for name, count in zip(result.readouts, np.isnan(ran).any(axis=1).sum(axis=0), strict=True):
        if count:
            runs = f" in {count} of {len(ran)} trajectories" if len(ran) > 1 else ""
            click.echo(f"mtorsim: warning: {name} is not a number{runs}: {UNDEFINED}", err=True)
