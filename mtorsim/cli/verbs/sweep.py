"""``mtorsim sweep``: a model over doses, parameters or initial amounts."""

from math import prod
from typing import Any

import click

from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal
from mtorsim.cli.loading import ModelRequest, times_for
from mtorsim.cli.output import check_file, print_failures, print_json
from mtorsim.cli.parsing import parse_axes, split_readouts
from mtorsim.cli.progress import progress_bar
from mtorsim.cli.results import (
    OUTPUTS,
    check_drawn,
    count_trajectories,
    in_bands,
    save_sweep,
    summary,
)

EXAMPLES = examples(
    "mtorsim sweep mtor-core --vary everolimus=0.01:1000:200:log --at 2h,24h \\",
    "    --readout pS6K1_T389,pAKT_S473 --out sweep.csv",
    "mtorsim sweep mtor-core --vary everolimus=1nM:1uM:20:log --vary insulin_dose=1,10,100 \\",
    "    --at 24h --context PTEN-lost --out grid.nc",
    "mtorsim sweep mtor --vary everolimus=0.01:1000:40:log --at 24h --readout pAKT_S473 \\",
    "    --uncertainty --out bands.csv",
    "mtorsim sweep model.xml --vary k1=0.1:10:20:log --at 60 --out f.csv",
)


@click.command("sweep", epilog=EXAMPLES)
@options.model_request(options.model_argument, options.doses)
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="NAME=LOW:HIGH:COUNT[:log]",
    help="Doses of a drug, or values of a parameter, input or initial amount; or NAME=0,1,10.",
)
@click.option(
    "--zip",
    "mode",
    flag_value="zip",
    default="grid",
    help="Vary all names together, not as a grid.",
)
@click.option("--at", multiple=True, required=True, metavar="TIME,...", help="Output times.")
@options.readouts
@options.uncertainty
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    help="File to write: .csv, .nc, or a picture (.svg, .png, .pdf).",
)
@options.force
@options.as_json
@options.quiet
@click.pass_obj
def command(
    journal: Journal,
    *,
    request: ModelRequest,
    vary: tuple[str, ...],
    mode: str,
    at: tuple[str, ...],
    readouts: tuple[str, ...],
    uncertainty: bool | int | None,
    out: str,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Solve MODEL over doses, parameters or initial amounts, and write a row per dose and time.

    Bare doses of --vary are in nM; --at and --dose carry a unit. Several contexts are run side by
    side. All numbers of a model from another tool (.xml, .ant, .net, .omex) are in its own units.
    With --uncertainty each readout is followed by the ends and the middle of its band.
    """
    check_file(out, suffixes=OUTPUTS, force=force)
    axes = parse_axes(vary)
    side_by_side = len(request.contexts) > 1
    model = (request.load_any if side_by_side else request.load_any_in_context)(varied=axes)
    times, chosen = times_for(model, at), split_readouts(readouts) or list(model.observables)
    n_contexts, sizes = len(request.contexts), (len(times), len(chosen))
    check_drawn(out, axes, mode=mode, n_contexts=n_contexts, sizes=sizes)
    total = count_trajectories(axes, mode=mode, n_contexts=n_contexts, numbers_each=prod(sizes))
    given: dict[str, Any] = {"at": times, "mode": mode, "drugs": request.drug_doses()}
    given["contexts"] = request.contexts if side_by_side else None
    with progress_bar(total, quiet=quiet) as progress:
        result = model.sweep(axes, readouts=chosen or None, progress=progress, **given)
        if uncertainty and not result.interrupted:
            result = in_bands(result, model, axes, uncertainty=uncertainty, **given)
    save_sweep(result, out, force=force, journal=journal)
    if as_json:
        print_json({"out": out, **summary(result)})
    elif not quiet:
        click.echo(f"{out}: {result.message}, {result.timing.run_s:.2g} s")
    return print_failures(result.failures())
