"""``mtorsim simulate``: one run of a model over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal
from mtorsim.cli.loading import ModelRequest, time_for, times_for
from mtorsim.cli.output import check_file
from mtorsim.cli.parsing import split_readouts
from mtorsim.cli.progress import progress_bar
from mtorsim.cli.results import OUTPUTS, in_bands, save_sweep, tell_course

if TYPE_CHECKING:
    from mtorsim.simulate.model_face import ModelFace

DEFAULT_TIMES = ("0h", "0.25h", "1h", "2h", "6h", "12h", "24h")
EXAMPLES = examples(
    "mtorsim simulate mtor-core --dose everolimus=20nM --readout pS6K1_T389,pAKT_S473",
    "mtorsim simulate mtor-core --dose vistusertib=0.5uM --time 48h --context PTEN-lost \\",
    "    --out course.csv",
    "mtorsim simulate mtor --dose everolimus=20nM --readout pAKT_S473 --uncertainty",
    "mtorsim simulate model.xml --for 100 --readout A,B --set k1=0.5",
)


@click.command("simulate", epilog=EXAMPLES)
@options.model_request(options.model_argument, options.doses)
@click.option("--at", multiple=True, metavar="TIME,...", help="Output times, as 2h,24h.")
@click.option(
    "--for", "--time", "span", metavar="TIME", help="End of 201 evenly spaced output times."
)
@options.readouts
@options.uncertainty
@click.option(
    "--out",
    metavar="FILE",
    help="File to write instead of a table: .csv, .nc, or a picture (.svg, .png, .pdf).",
)
@options.force
@options.as_json
@options.quiet
@click.pass_obj
def command(
    journal: Journal,
    *,
    request: ModelRequest,
    at: tuple[str, ...],
    span: str | None,
    readouts: tuple[str, ...],
    uncertainty: bool | int | None,
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Follow MODEL over time under drugs, from the state in which it rests without them.

    A model from another tool (.xml, .ant, .net, .omex) starts from its own initial values; its
    times and amounts are in its own units. With --uncertainty each readout is followed by the ends
    and the middle of its band.
    """
    if out is not None:
        check_file(out, suffixes=OUTPUTS, force=force)
    with progress_bar(quiet=quiet):
        model, given = request.load_any_in_context(), request.drug_doses()
        times = output_times(model, at, span)
        chosen, end = (
            split_readouts(readouts) or None,
            time_for(model, span, option="--for"),
        )
        run = model.simulate(end, at=times, drugs=given, readouts=chosen)
        if uncertainty:
            run = in_bands(run, model, at=run.times, drugs=given, uncertainty=uncertainty)
    if out is not None:
        save_sweep(run, out, force=force, journal=journal)
    tell_course(run, out, as_json=as_json, quiet=quiet)


def output_times(model: ModelFace, at: tuple[str, ...], span: str | None) -> Sequence[str] | None:
    """Output times as written, or the usual ones; None where a span is asked for.

    Raises
    ------
    InputError : both are asked for, or neither where the scale of time is not known
    """
    if at and span is not None:
        raise mt.InputError("--at and --for say the output times twice: give one of them")
    if at or span is not None:
        return times_for(model, at) or None
    if not isinstance(model, mt.Model):
        raise mt.InputError(
            f"{model.id}: give --for or --at, as the scale of its time is not known"
        )
    return DEFAULT_TIMES
