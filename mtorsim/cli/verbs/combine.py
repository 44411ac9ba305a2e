"""``mtorsim combine``: two drugs together, or the best pair for a goal."""

import click

import mtorsim as mt
from mtorsim.cli import combining, options
from mtorsim.cli.combine_options import (
    PairRequest,
    SurfaceRequest,
    pair_request,
    surface_request,
)
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.progress import progress_bar
from mtorsim.report.combination_folder import COMBINATION_TABLES
from mtorsim.report.whole_folder import check_drawn_files

EXAMPLES = examples(
    "mtorsim combine everolimus vistusertib --readout p4EBP1 --at 24h --out pair",
    "mtorsim combine azd8055 vistusertib sirolimus \\",
    "    --goal 'minimise p4EBP1 and pAKT_S473' --doses 1nM:100nM:3",
)


@click.command("combine", epilog=EXAMPLES)
@click.argument("drugs", nargs=-1, metavar="DRUG1 DRUG2")
@options.model_request(options.model_option)
@surface_request
@pair_request
@options.as_json
@options.quiet
def command(
    *,
    drugs: tuple[str, ...],
    request: ModelRequest,
    surface: SurfaceRequest,
    pairs: PairRequest,
    as_json: bool,
    quiet: bool,
) -> int:
    """Score the effect of DRUG1 and DRUG2 together against HSA, Bliss, Loewe and ZIP.

    With --goal, search all pairs of the drugs named, or of the model if none is.
    """
    combining.check_drugs(drugs, searching=pairs.goal is not None)
    if pairs.goal is None:
        return score(drugs, request, surface, as_json=as_json, quiet=quiet)
    combining.check_search(surface)
    doses, at = surface.read_doses(), surface.read_times()
    with progress_bar(quiet=quiet) as progress:
        search = mt.search_pairs(
            request.load_in_context(),
            pairs.goal,
            drugs=drugs,
            at=at,
            doses=doses,
            progress=progress,
        )
    return combining.tell_pairs(search, pairs, as_json=as_json)


def score(
    drugs: tuple[str, ...],
    request: ModelRequest,
    surface: SurfaceRequest,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run and score the surface of two drugs; returns the exit code."""
    readouts, doses, at = surface.read_readouts(), surface.read_doses(), surface.read_times()
    if surface.out is not None:
        check_drawn_files(surface.out, COMBINATION_TABLES, force=surface.force)
    with progress_bar(quiet=quiet) as progress:
        combination = mt.combine(
            request.load(),
            *drugs,
            readouts=readouts,
            at=at,
            doses=doses,
            contexts=request.contexts,
            control=surface.control,
            full=surface.full,
            uncertainty=surface.uncertainty or False,
            progress=progress,
        )
    files = surface.write(combination)
    return combining.tell_combination(combination, files, as_json=as_json)
