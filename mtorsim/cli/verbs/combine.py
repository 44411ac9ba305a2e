"""``mtorsim combine``: two drugs together, or the best pair for a goal."""

import click

import mtorsim as mt
from mtorsim.cli import combining, options
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.parsing import split_list
from mtorsim.cli.progress import progress_bar

EXAMPLES = examples(
    "mtorsim combine everolimus vistusertib --readout p4EBP1 --at 24h --out pair",
    "mtorsim combine azd8055 vistusertib sirolimus \\",
    "    --goal 'minimise p4EBP1 and pAKT_S473' --doses 1nM:100nM:3",
)


@click.command("combine", epilog=EXAMPLES)
@click.argument("drugs", nargs=-1, metavar="DRUG1 DRUG2")
@options.model_request(options.model_option)
@click.option(
    "--readout", "readouts", multiple=True, metavar="NAME,...", help="What to score; no default."
)
@click.option(
    "--at", multiple=True, default=("24h",), show_default=True, metavar="TIME,...", help="When."
)
@click.option(
    "--doses",
    multiple=True,
    metavar="[DRUG=]DOSES",
    help="COUNT, LOW:HIGH:COUNT (log-spaced) or 1,3,10; else 25 from 0.01 nM to 10 uM.",
)
@click.option(
    "--control", type=float, metavar="LEVEL", help="Level of no effect; else without drug."
)
@click.option(
    "--full", type=float, default=0.0, metavar="LEVEL", help="Level of full effect; else 0."
)
@click.option("--goal", metavar="GOAL", help="Search pairs: 'minimise A and B, maximise C'.")
@click.option("--rank", type=click.Choice(["goal", "gain"]), default="goal", show_default=True)
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="Pairs shown.")
@click.option("--out", metavar="FOLDER", help="Folder for table, data and pictures.")
@options.force
@options.as_json
@options.quiet
def command(
    *,
    drugs: tuple[str, ...],
    request: ModelRequest,
    readouts: tuple[str, ...],
    at: tuple[str, ...],
    doses: tuple[str, ...],
    control: float | None,
    full: float,
    goal: str | None,
    rank: str,
    top: int,
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Score the effect of DRUG1 and DRUG2 together against HSA, Bliss, Loewe and ZIP.

    With --goal, search all pairs of the drugs named, or of the model if none is.
    """
    combining.check_drugs(drugs, searching=goal is not None)
    asked, times = combining.parse_dose_options(doses), split_list(at)
    if goal is not None:
        combining.check_search_options(out=out, readouts=readouts, control=control)
        with progress_bar(quiet=quiet) as progress:
            search = mt.search_pairs(
                request.load_in_context(),
                goal,
                drugs=drugs,
                at=times,
                doses=asked,
                progress=progress,
            )
        return combining.tell_pairs(search, rank=rank, top=top, as_json=as_json)
    if out is not None:
        combining.check_pictures(out, force=force)
    with progress_bar(quiet=quiet) as progress:
        combination = mt.combine(
            request.load(),
            *drugs,
            readouts=combining.parse_readouts(readouts),
            at=times,
            doses=asked,
            contexts=request.contexts,
            control=control,
            full=full,
            progress=progress,
        )
    files = () if out is None else mt.write_combination(combination, out, force=force)
    return combining.tell_combination(combination, files, as_json=as_json)
