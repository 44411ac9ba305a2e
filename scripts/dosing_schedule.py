#!/usr/bin/env python
"""Everolimus daily or weekly, vistusertib daily or on two days of seven: what the cell sees.

    .venv/bin/python scripts/dosing_schedule.py [--model mtor-core] [--pictures docs/images]

With --pictures the pictures of docs/dosing.md are drawn, one a comparison.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import mtorsim as mt

# The arms of the MANTA trial (schmid2019 in models/sources.toml), and everolimus once a week
# at the same mg.
COMPARISONS = {
    "everolimus": {
        "10 mg daily": mt.Dosing("everolimus", "10 mg", every="24 h"),
        "70 mg weekly": mt.Dosing("everolimus", "70 mg", every="7 d"),
    },
    "vistusertib": {
        "50 mg twice daily": mt.Dosing("vistusertib", "50 mg", every="12 h"),
        "125 mg twice daily, 2 d on 5 d off": mt.Dosing(
            "vistusertib", "125 mg", every="12 h", on="2 d", off="5 d"
        ),
    },
    "switch": {
        "everolimus, then vistusertib": [
            mt.Dosing("everolimus", "10 mg", every="24 h", until="14 d"),
            mt.Dosing("vistusertib", "50 mg", every="12 h", start="14 d"),
        ],
        "everolimus, then nothing": mt.Dosing("everolimus", "10 mg", every="24 h", until="14 d"),
    },
}
READOUTS = ("pS6K1_T389", "p4EBP1", "pAKT_S473")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mtor-core")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    model = mt.load(given.model)
    for name, schedules in COMPARISONS.items():
        comparison = mt.compare_schedules(
            model,
            schedules,
            span="28 d",
            start="14 d",
            readouts=READOUTS,
            target=0.8,
            patients=60,
        )
        for arm in comparison.arms:
            told = ", ".join(
                f"{effect.readout} {-100 * effect.average_inhibition:+.0f} % on average "
                f"({100 * effect.share_above:.0f} % of the time under a fifth)"
                for effect in arm.effects
            )
            print(f"{arm.name}: {told}")
        if given.pictures is not None:
            figure = mt.schedule_figure(comparison)
            figure.savefig(given.pictures / f"dosing_{name}.png", dpi=150)


if __name__ == "__main__":
    main()
