"""The toy model with all of its drugs merged in, so that every test shares one kernel."""

from __future__ import annotations

from functools import lru_cache

import mtorsim as mt
from tests.modelfiles.toy import DRUGS, TOY


@lru_cache(maxsize=1)
def toy() -> mt.Model:
    """In its first context; ``blocker`` holds the medium, ``glueone`` starts in it."""
    return mt.load(TOY).with_drugs(*DRUGS)
