"""From nothing, and from the cache, to the first result."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

PROGRAM = (
    "import mtorsim as mt; model = mt.load('mtor-core', drugs=['everolimus', 'vistusertib']);"
    "model.simulate(at=['24 h'], drugs={'everolimus': '20 nM'})"
)


def seconds_of_process(program: str, cache: str) -> float:
    """Wall-clock seconds of a new interpreter."""
    environment = {**os.environ, "MTORSIM_CACHE_DIR": cache}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    return time.perf_counter() - began


class FirstResult:
    """The core model with two drugs, one run of 24 h, in a new process."""

    unit = "s"
    timeout = 300

    def setup_cache(self) -> dict[str, float]:
        """Once for both figures: cold, then the least of three warm runs."""
        with tempfile.TemporaryDirectory() as cache:
            cold = seconds_of_process(PROGRAM, cache)
            warm = min(seconds_of_process(PROGRAM, cache) for _ in range(3))
        return {"cold": cold, "warm": warm}

    def track_cold(self, seconds: dict[str, float]) -> float:
        """With an empty cache: compilation included."""
        return seconds["cold"]

    def track_warm(self, seconds: dict[str, float]) -> float:
        """With compiled code in the cache."""
        return seconds["warm"]
