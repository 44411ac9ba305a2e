"""A comparison on the toy model with three parameter sets of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mtorsim as mt
from tests.modelfiles.ensembles import toy_with_sets
from tests.modelfiles.toy import DRUGS


def toy(folder: Path) -> mt.Model:
    """With all drugs merged in, so that tests share a kernel."""
    return mt.load(toy_with_sets(folder)).with_drugs(*DRUGS)


def toy_comparison(
    model: mt.Model,
    *,
    uncertainty: bool | int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> mt.Comparison:
    """Two drugs in two contexts; the loop of the toy is cut, too."""
    return mt.compare(
        model,
        ["glueone", "blocker"],
        contexts=["wild-type", "TOR-high"],
        doses=("0.01 nM", "10 uM", 25),
        at=["2 h", "24 h"],
        readouts=["pS6K", "TOR_bound"],
        reference="pS6K",
        watched="TOR_bound",
        uncertainty=uncertainty,
        progress=progress,
    )
