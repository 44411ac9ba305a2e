"""A small cohort of the core model that several tests read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import mtorsim as mt

FILE = Path(__file__).parent / "data" / "core_cohort.toml"
DRUGS = ("everolimus", "vistusertib")


@lru_cache(maxsize=1)
def core_cohort() -> mt.Cohort:
    return mt.run_cohort(mt.load("mtor-core"), DRUGS, cohort=FILE, n=60, seed=3, threads=1)
