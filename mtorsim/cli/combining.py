"""What ``mtorsim combine`` refuses, and how it prints its answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import mtorsim as mt
from mtorsim.cli.combine_options import PairRequest, SurfaceRequest
from mtorsim.cli.output import print_failures, print_json, print_table
from mtorsim.report.combination_tables import (
    combination_record,
    summary_headers,
    summary_rows,
)


def check_drugs(drugs: Sequence[str], *, searching: bool) -> None:
    """Refuse a number of drugs that makes no combination.

    Raises
    ------
    InputError : fewer than two, or more than two without a goal
    """
    if len(drugs) < 2 and not (searching and not drugs):
        named = f" ({drugs[0]})" if drugs else ""
        raise mt.InputError(
            f"a combination needs two drugs, found {len(drugs)}{named}: name another; "
            "one drug alone is for mtorsim dose-response"
        )
    if len(drugs) > 2 and not searching:
        raise mt.InputError(
            f"a surface is of two drugs, found {len(drugs)}: name two, "
            "or a goal to search all pairs of them"
        )


def check_search(surface: SurfaceRequest) -> None:
    """Refuse options of a surface where pairs are searched.

    Raises
    ------
    InputError : one is given
    """
    given = {
        "--out": surface.out,
        "--readout": surface.readouts or None,
        "--control": surface.control,
        "--uncertainty": surface.uncertainty or None,
    }
    for option, value in given.items():
        if value is not None:
            raise mt.InputError(f"{option} is for the surface of two drugs, not for a --goal")


def tell_combination(combination: mt.Combination, files: Sequence[Path], *, as_json: bool) -> int:
    """Print a line per surface and null model, or JSON; returns the exit code."""
    if as_json:
        print_json(combination_record(combination))
        return print_failures(combination.failures)
    click.echo(f"{' + '.join(combination.drugs)}: effect beyond each null model, > 0 is synergy")
    print_table(summary_headers(combination), summary_rows(combination))
    if files:
        click.echo("\n".join(["", "written:", *(f"  {file}" for file in files)]))
    return print_failures(combination.failures)


def tell_pairs(search: mt.PairSearch, asked: PairRequest, *, as_json: bool) -> int:
    """Print the best pairs, or JSON; returns the exit code."""
    ranked = search.by_gain() if asked.rank == "gain" else search.pairs
    pairs = ranked[: asked.top]
    if as_json:
        print_json(_record(search, pairs, rank=asked.rank))
    else:
        click.echo(f"{search.goal}: mean of what is left, 1 without drug; best by {asked.rank}")
        print_table(_headers(search), map(_row, pairs))
    return print_failures(search.failures)


def _record(search: mt.PairSearch, pairs: Sequence[mt.PairResult], *, rank: str) -> dict[str, Any]:
    return {
        "goal": str(search.goal),
        "time_s": search.time,
        "context": search.context,
        "rank": rank,
        "trajectories": search.n_trajectories,
        "failures": list(search.failures),
        "pairs": [
            {
                "drugs": list(pair.drugs),
                "value": pair.value,
                "doses_nM": list(pair.doses),
                "levels": dict(pair.levels),
                "value_alone": list(pair.alone),
                "gain": pair.gain,
                "gain_doses_nM": list(pair.gain_doses),
            }
            for pair in pairs
        ],
    }


def _headers(search: mt.PairSearch) -> list[str]:
    return [
        "pair",
        "goal value",
        "at (nM)",
        *search.goal.readouts,
        "best alone",
        "largest gain",
        "gain at (nM)",
    ]


def _row(pair: mt.PairResult) -> list[object]:
    return [
        " + ".join(pair.drugs),
        f"{pair.value:.3f}",
        _doses_text(pair.doses),
        *(f"{level:.3f}" for level in pair.levels.values()),
        f"{min(pair.alone):.3f}",
        f"{pair.gain:+.3f}",
        _doses_text(pair.gain_doses),
    ]


def _doses_text(doses: tuple[float, float]) -> str:
    return " + ".join(f"{dose:.3g}" for dose in doses)
