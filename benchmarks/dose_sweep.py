"""A large sweep through the public face: throughput, threads and memory.

    python -m benchmarks.dose_sweep [--trajectories N] [--threads 1,2] [--rtol R] [--json FILE]

The core model at rest, then a grid of doses of a rapalog and a dual inhibitor for 24 h, five
readouts at three times. Every number of threads runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.work_precision import write_json

READOUTS = ("pS6K1_T389", "p4EBP1", "pAKT_S473", "pAKT_T308", "PIP3_free")
TIMES = ("2 h", "8 h", "24 h")


def run_sweep(n_trajectories: int, threads: int, rtol: float | None = None) -> dict[str, Any]:
    """One sweep in this process: times in s, memory in MiB."""
    import resource

    import mtorsim as mt

    model = mt.load("mtor-core", drugs=["everolimus", "vistusertib"])
    side = math.isqrt(n_trajectories)

    def sweep(side: int) -> mt.SweepResult:
        axes = {
            "everolimus": mt.doses("0.01 nM", "1 uM", side),
            "vistusertib": mt.doses("0.1 nM", "10 uM", side),
        }
        return model.sweep(
            axes, readouts=list(READOUTS), at=list(TIMES), threads=threads, rtol=rtol
        )

    sweep(20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, processor = time.perf_counter(), time.process_time()
    result = sweep(side)
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result_size = sum(result[readout].nbytes for readout in READOUTS) / 2**20
    return {
        "trajectories": side**2,
        "threads": threads,
        "rtol": result.provenance["rtol"],
        "attempts": float((result.counters.steps + result.counters.rejected).mean()),
        "seconds": seconds,
        "processor_seconds": processor,
        "run_seconds": result.timing.run_s,
        "trajectories_per_second": side**2 / seconds,
        "failed": sum(1 for _ in result.failures()),
        "MiB_before": before,
        "MiB_peak": peak,
        "MiB_result": result_size,
        "MiB_beyond_result": peak - before - result_size,
    }


def in_own_process(n_trajectories: int, threads: int, rtol: float | None) -> dict[str, Any]:
    """``run_sweep`` in a new process, so that memory is its own."""
    program = (
        "import json; from benchmarks.dose_sweep import run_sweep; "
        f"print(json.dumps(run_sweep({n_trajectories}, {threads}, {rtol})))"
    )
    command = [sys.executable, "-c", program]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    if completed.returncode != 0:
        raise SystemExit(completed.stderr)
    row: dict[str, Any] = json.loads(completed.stdout)
    return row


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dose_sweep")
    parser.add_argument("--trajectories", type=int, default=1_000_000)
    parser.add_argument("--threads", default="1,2", help="(default %(default)s)")
    parser.add_argument("--rtol", type=float, help="(default: that of the solver)")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args(arguments)
    rows = []
    for threads in options.threads.split(","):
        rows.append(in_own_process(options.trajectories, int(threads), options.rtol))
        print(
            "{trajectories} trajectories, {threads} threads: {seconds:.2f} s, "
            "{trajectories_per_second:.0f} a second, {MiB_beyond_result:.0f} MiB beyond the "
            "{MiB_result:.0f} MiB of the result, {failed} failed".format(**rows[-1])
        )
    speed_up = rows[0]["seconds"] / rows[-1]["seconds"]
    print(f"{rows[-1]['threads']} threads against {rows[0]['threads']}: {speed_up:.2f}")
    if options.json:
        write_json(Path(options.json), {"rows": rows, "speed_up": speed_up, **machine()})


if __name__ == "__main__":
    main()
