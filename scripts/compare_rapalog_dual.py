#!/usr/bin/env python3
"""A rapalog against a dual mTORC1/2 inhibitor at equal block of S6K1, in two genotypes.

scripts/compare_rapalog_dual.py
scripts/compare_rapalog_dual.py sirolimus azd8055 --out comparison    with pictures and a report
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import mtorsim as mt

CONTEXTS = ("PTEN-intact", "PTEN-lost")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drugs", nargs="*", default=["everolimus", "vistusertib"])
    parser.add_argument("--model", default="mtor-core")
    parser.add_argument("--doses", type=int, default=100)
    parser.add_argument("--out", help="folder for tables, pictures and report")
    given = parser.parse_args(arguments)

    comparison = mt.compare(
        mt.load(given.model),
        given.drugs,
        contexts=CONTEXTS,
        loops=["s6k1_irs1_feedback"],
        doses=given.doses,
        at=["24 h"],
    )
    print("24 h; level left at the dose that takes 90 % off pS6K1_T389, no drug = 1")
    for row in comparison.rows:
        label = row.label
        loops = "S6K1 -| IRS1 cut" if label.without else "all loops on"
        print(
            f"  {label.drug:12} {label.context:12} {loops:17} {label.readout:12}"
            f" IC50 {row.fit.ic50_text():34} left {row.level_at_equal_dose:.2f}"
        )
    if given.out:
        for path in mt.write_comparison(comparison, given.out, force=True):
            print(f"  {path}")


if __name__ == "__main__":
    main()
