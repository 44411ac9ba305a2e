"""From the shell prompt to a result, with and without compiled code at hand, and the memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIMULATE = ("simulate", "mtor-core", "--dose", "everolimus=20nM", "--at", "2h,24h", "--quiet")
COMPARE = (
    "compare", "everolimus", "vistusertib", "--context", "PTEN-intact", "--context", "PTEN-lost",
    "--quiet",
)  # fmt: skip
WARM_ROUNDS = 5


def first_results() -> dict[str, float]:
    """Seconds and MiB of whole processes; the cold ones start with an empty cache folder."""
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as out:
        cold, _ = run_command(SIMULATE, cache)
        warm = sorted(run_command(SIMULATE, cache)[0] for _ in range(WARM_ROUNDS))
        job = (*COMPARE, "--out", str(Path(out) / "comparison"))
        compare_seconds, mebibytes = run_command(job, cache)
    return {
        "first result cold, s": cold,
        "first result warm, s": warm[WARM_ROUNDS // 2],
        "compare with report, s": compare_seconds,
        "compare peak memory, MiB": mebibytes,
    }


def run_command(arguments: tuple[str, ...], cache: str) -> tuple[float, float]:
    """Wall-clock seconds and peak memory in MiB of one command line.

    Raises
    ------
    SystemExit : the command failed; its message is passed on
    """
    environment = {**os.environ, "MTORSIM_CACHE_DIR": cache, "MPLBACKEND": "Agg"}
    command = [sys.executable, "-c", "from mtorsim.cli.main import run; run()", *arguments]
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        message = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"mtorsim {' '.join(arguments)} failed: {message.strip()}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024
