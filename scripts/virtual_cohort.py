"""Virtual liver tumours under a rapalog and a drug that hits both complexes of mTOR.

Tumours are drawn from reported alteration frequencies; what is reported of patients is printed
beside the predictions, as a comparison and not a fit. Research software; no medical advice.

    python scripts/virtual_cohort.py --out out/cohort
    python scripts/virtual_cohort.py -n 50 --drugs everolimus dactolisib
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import mtorsim as mt


def main() -> None:
    """Run a cohort, print who responds, and write its folder where one is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", default="hcc", help="name or file of a cohort")
    parser.add_argument("-n", type=int, default=500, help="tumours")
    parser.add_argument("--drugs", nargs="+", default=["everolimus", "vistusertib"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder for tables and pictures")
    given = parser.parse_args()

    model = mt.load(mt.load_cohort(given.cohort).model)
    cohort = mt.run_cohort(model, given.drugs, cohort=given.cohort, n=given.n, seed=given.seed)

    print("Research software; no medical advice.")
    print(f"high p-mTOR: {cohort.high.mean():.0%} of {len(cohort)} tumours")
    for response in cohort.responses:
        print(
            f"{response.drug} at {response.dose:.3g} nM: growth falls by "
            f"{np.median(response.inhibition):.0%}, "
            f"{cohort.responds(response.drug).mean():.0%} respond"
        )
    for j, alteration in enumerate(cohort.design.alterations):
        has = cohort.tumours.alterations[:, j]
        falls = ", ".join(
            f"{response.drug} {np.median(response.inhibition[has]):.0%}"
            for response in cohort.responses
            if has.any()
        )
        print(f"  with {alteration.title} ({has.mean():.0%} of tumours): {falls}")
    if given.out is not None:
        for file in mt.write_cohort(cohort, given.out, force=True):
            print(file)


if __name__ == "__main__":
    main()
