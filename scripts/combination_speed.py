#!/usr/bin/env python3
"""How long a surface of two drugs takes after compilation: the sweep, and all scores."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import mtorsim as mt


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", nargs="+", default=["mtor-core", "mtor"])
    parser.add_argument("--doses", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args(arguments)
    pair = ("everolimus", "vistusertib")
    for name in given.model:
        model = mt.load(name).with_drugs(*pair)
        mt.combine(model, *pair, readouts="p4EBP1", at="24 h", doses=4)  # compiles
        for _ in range(given.repeats):
            began, busy = time.perf_counter(), time.process_time()
            combination = mt.combine(model, *pair, readouts="p4EBP1", at="24 h", doses=given.doses)
            swept, swept_busy = time.perf_counter(), time.process_time()
            for null in mt.NULL_MODELS:
                mt.score_synergy(combination.surfaces[0], null)
            scored, scored_busy = time.perf_counter(), time.process_time()
            print(
                f"{name}, {given.doses} x {given.doses} doses: "
                f"sweep {swept - began:.2f} s ({swept_busy - busy:.2f} s of processor), "
                f"five scores {scored - swept:.2f} s ({scored_busy - swept_busy:.2f} s)"
            )


if __name__ == "__main__":
    main()
