#!/usr/bin/env python3
"""One drug over its doses in several cells: what is left of each readout, decade by decade.

scripts/sweep_doses.py                                     everolimus in PTEN-intact and -lost
scripts/sweep_doses.py vistusertib --doses 400 --out sweep.nc
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

import mtorsim as mt

READOUTS = ("pS6K1_T389", "p4EBP1", "pAKT_S473")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drug", nargs="?", default="everolimus")
    parser.add_argument("--model", default="mtor-core")
    parser.add_argument("--context", nargs="+", default=["PTEN-intact", "PTEN-lost"])
    parser.add_argument("--doses", type=int, default=200, help="from 0.001 nM to 10 uM")
    parser.add_argument("--at", default="24 h")
    parser.add_argument("--out", help="file for the whole sweep, .csv or .nc")
    given = parser.parse_args(arguments)

    doses = np.append(0.0, mt.doses("0.001 nM", "10 uM", given.doses))
    result = mt.load(given.model).sweep(
        {given.drug: doses}, at=given.at, readouts=READOUTS, contexts=given.context
    )
    result.raise_for_status()
    print(f"{given.drug} at {given.at}, {result.message}; share of the level without drug")
    decades = 10.0 ** np.arange(-3, 5)
    shown = [int(np.argmin(np.abs(np.log10(doses[1:]) - np.log10(d)))) + 1 for d in decades]
    print(f"{'context':14}{'readout':14}", *(f"{doses[i]:>7.3g}" for i in shown), "nM")
    for c, context in enumerate(given.context):
        for readout in READOUTS:
            level = result[readout][c, :, 0]
            left = (f"{level[i] / level[0]:7.2f}" for i in shown)
            print(f"{context:14}{readout:14}", *left)
    if given.out:
        print(result.save(given.out, force=True))


if __name__ == "__main__":
    main()
