#!/usr/bin/env python3
"""A surface of two drugs: every pair of doses, scored against four null models.

scripts/combination_surface.py                               everolimus + vistusertib, mtor-core
scripts/combination_surface.py everolimus mk2206 --model mtor --out surface
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

import mtorsim as mt


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drugs", nargs="*", default=["everolimus", "vistusertib"])
    parser.add_argument("--model", default="mtor-core")
    parser.add_argument("--readout", default="p4EBP1")
    parser.add_argument("--at", default="24 h")
    parser.add_argument("--doses", type=int, default=50, help="of each drug, 0.01 nM to 10 uM")
    parser.add_argument("--out", help="folder for table, data and picture")
    given = parser.parse_args(arguments)
    if len(given.drugs) != 2:
        parser.error("name two drugs")

    combination = mt.combine(
        mt.load(given.model), *given.drugs, readouts=given.readout, at=given.at, doses=given.doses
    )
    (surface,) = combination.surfaces
    pair = " + ".join(given.drugs)
    print(f"{pair} on {given.readout} at {given.at}, {combination.n_trajectories} trajectories")
    for null, words in mt.NULL_MODELS.items():
        score = mt.score_synergy(surface, null)
        if score.most_synergy is None:
            print(f"  {words}: {score.note}")
            continue
        first, second = score.most_synergy.doses
        print(
            f"  {words}: mean {score.mean:+.3f}, at most {score.most_synergy.excess:+.3f} "
            f"at {first:.3g} + {second:.3g} nM ({score.n_scored} of {score.n_cells} scored)"
        )
    for isobole in mt.isoboles(surface):
        if np.all(np.isfinite(isobole.index)):
            low, high = isobole.index.min(), isobole.index.max()
            print(f"  {isobole.effect:.0%} effect: combination index {low:.2f} to {high:.2f}")
    if given.out:
        for path in mt.write_combination(combination, given.out, force=True):
            print(f"  {path}")


if __name__ == "__main__":
    main()
