#!/usr/bin/env python3
"""What each feedback loop does to a readout under a drug: all on, each cut, each clamped.

scripts/cut_feedback.py                              everolimus 20 nM on pAKT_S473, mtor-core
scripts/cut_feedback.py vistusertib --dose "100 nM" --readout p4EBP1
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import mtorsim as mt


def fold(model: mt.Model, given: argparse.Namespace) -> list[float]:
    """The readout as a multiple of no drug, at each time."""
    run = model.simulate(
        at=["0 h", *given.at], drugs={given.drug: given.dose}, readouts=[given.readout]
    )
    level = run[given.readout]
    return [float(value / level[0]) for value in level[1:]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drug", nargs="?", default="everolimus")
    parser.add_argument("--model", default="mtor-core")
    parser.add_argument("--dose", default="20 nM")
    parser.add_argument("--readout", default="pAKT_S473")
    parser.add_argument("--at", nargs="+", default=["2 h", "24 h"])
    parser.add_argument("--loop", nargs="+", help="these loops, not all of the model")
    given = parser.parse_args(arguments)

    model = mt.load(given.model).with_drugs(given.drug)
    print(f"{given.readout} under {given.dose} {given.drug}, multiple of no drug")
    print(f"  {'':36}", *(f"{time:>7}" for time in given.at))
    arms = {"all loops on": model}
    for loop in given.loop or model.loops:
        arms[f"{loop} cut"] = model.without(loop)
        arms[f"{loop} clamped"] = model.clamped(loop)
    for name, arm in arms.items():
        print(f"  {name:36}", *(f"{value:7.2f}" for value in fold(arm, given)))


if __name__ == "__main__":
    main()
