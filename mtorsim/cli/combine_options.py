"""The options of ``mtorsim combine``, gathered and read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.parsing import parse_axis, split_list, split_readouts, split_times

Verb = TypeVar("Verb", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class SurfaceRequest:
    """What is asked of a surface, as written on the command line.

    Parameters
    ----------
    readouts, at, doses : each option as often as it was given
    control, full : levels of no effect and of full effect
    out : folder for files, None for none
    force : write over what is there
    uncertainty : whether parameter sets are scored, too, or how many of them
    """

    readouts: tuple[str, ...]
    at: tuple[str, ...]
    doses: tuple[str, ...]
    control: float | None
    full: float
    out: str | None
    force: bool
    uncertainty: bool | int | None

    def read_readouts(self) -> list[str]:
        """Readouts by name.

        Raises
        ------
        InputError : none is named
        """
        names = split_readouts(self.readouts)
        if not names:
            raise mt.InputError("--readout is missing: name what to score, like p4EBP1")
        return names

    def read_times(self) -> list[str]:
        """Times as written, one an entry.

        Raises
        ------
        InputError : a time has no unit
        """
        return split_times(self.at)

    def read_doses(self) -> Any:
        """Doses as ``mtorsim.combine`` takes them."""
        return parse_dose_options(self.doses)

    def write(self, combination: mt.Combination) -> tuple[Path, ...]:
        """Write the files that were asked for, if any were."""
        if self.out is None:
            return ()
        return mt.write_combination(combination, self.out, force=self.force)


@dataclass(frozen=True, slots=True)
class PairRequest:
    """What is asked of a search for pairs: goal (None for no search), order, lines shown."""

    goal: str | None
    rank: str
    top: int


_SURFACE_OPTIONS = (
    click.option(
        "--readout",
        "readouts",
        multiple=True,
        metavar="NAME,...",
        help="What to score; no default.",
    ),
    click.option(
        "--at", multiple=True, default=("24h",), show_default=True, metavar="TIME,...", help="When."
    ),
    click.option(
        "--doses",
        multiple=True,
        metavar="[DRUG=]DOSES",
        help="COUNT, LOW:HIGH:COUNT (log-spaced) or 1,3,10, in nM or with a unit; else 25 from "
        "0.01 nM to 10 uM.",
    ),
    click.option(
        "--control", type=float, metavar="LEVEL", help="Level of no effect; else without drug."
    ),
    click.option(
        "--full", type=float, default=0.0, metavar="LEVEL", help="Level of full effect; else 0."
    ),
    click.option("--out", metavar="FOLDER", help="Folder for table, data and pictures."),
    options.force,
    options.uncertainty,
)
_PAIR_OPTIONS = (
    click.option("--goal", metavar="GOAL", help="Search pairs: 'minimise A and B, maximise C'."),
    click.option(
        "--rank",
        type=click.Choice(["goal", "gain"]),
        default="goal",
        show_default=True,
        help="Best goal value, or most gained over the better drug alone.",
    ),
    click.option(
        "--top", type=click.IntRange(1), default=10, show_default=True, help="Pairs shown."
    ),
)


surface_request = options.gathered(
    "surface",
    SurfaceRequest,
    *_SURFACE_OPTIONS,
    given=[field.name for field in fields(SurfaceRequest)],
)
"""Gathers the options of a surface into one ``SurfaceRequest``, called ``surface``."""

pair_request = options.gathered(
    "pairs", PairRequest, *_PAIR_OPTIONS, given=[field.name for field in fields(PairRequest)]
)
"""Gathers the options of a search into one ``PairRequest``, called ``pairs``."""


def parse_dose_options(texts: Iterable[str]) -> Any:
    """Doses of ``--doses``: for all drugs ``25`` or ``1nM:1uM:25``, or ``DRUG=`` before either.

    Returns
    -------
    What ``mtorsim.combine`` takes: None, a number, a list, or either by drug

    Raises
    ------
    InputError, UnitsError : it can not be read, or is given both for all and for one drug
    """
    by_drug: dict[str, Any] = {}
    for text in texts:
        name, equals, doses = (part.strip() for part in text.rpartition("="))
        if equals and not name:
            raise mt.InputError(f"--doses {text!r}: write DRUG=LOW:HIGH:COUNT")
        if name in by_drug:
            raise mt.InputError(f"--doses: doses of {name or 'all drugs'} are given twice")
        by_drug[name] = _doses(name or "--doses", doses)
    if "" not in by_drug:
        return by_drug or None
    if len(by_drug) > 1:
        raise mt.InputError("--doses: give doses for all drugs, or by drug, not both")
    return by_drug[""]


def _doses(name: str, text: str) -> Any:
    """A number of doses, or the doses of a range or list."""
    if text.isdecimal():
        return int(text)
    return parse_axis(name, f"{text}:log") if ":" in text else split_list([text], option="--doses")
