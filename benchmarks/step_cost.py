"""Where the time of a trajectory goes: operations and memory of a step, and its cost by width.

    python -m benchmarks.step_cost [--model NAME] [--json FILE]

Operations are counted in the programs before they are printed, so they are the same on every
machine. Costs are processor time: of a step attempt with all lanes at work, of an output within a
step beside that, and of what remains of a trajectory when its attempts are taken off.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import machine
from benchmarks.problems import PROBLEMS, Problem, load_problem
from benchmarks.work_precision import write_json
from mtorsim.codegen.kernel import CompiledKernel, compile_kernel
from mtorsim.codegen.program import Program
from mtorsim.codegen.variant import Variant, write_variant
from mtorsim.solvers.options import SolverOptions

FORMS = (
    ("rodas4", "mixed", 4),
    ("rodas4", "mixed", 8),
    ("rodas4", "mixed", 16),
    ("rodas5p", "mixed", 4),
    ("rodas5p", "mixed", 8),
    ("rodas5p", "mixed", 16),
    ("rodas5p", "double", 4),
    ("rodas5p", "double", 8),
)
MULTIPLY_ADDS = ("fma", "fnma")
N_OUTPUTS = 40
COPIES = 512


def operations(program: Program, *, passes: int) -> Counter[str]:
    """How often a program loads, stores, multiplies and so on; loops run ``passes`` times."""
    counted: Counter[str] = Counter()
    times = [1]
    for kind, *_ in program.operations:
        if kind == "loop":
            times.append(times[-1] * passes)
        elif kind == "end":
            times.pop()
        elif kind != "comment":
            counted[kind] += times[-1]
    return counted


def count_step(kernel: CompiledKernel, variant: Variant) -> dict[str, Any]:
    """Operations of one attempt and the size of its arena; straight-line programs only."""
    structure = kernel.structure
    programs = write_variant(structure, kernel.plan, variant, kernel.moieties)
    n_stages = programs.rhs_per_attempt
    total: Counter[str] = Counter()
    for program in programs.programs:
        calls = n_stages - 1 if program.name == "stage" else 1
        for kind, number in operations(program, passes=structure.n_species).items():
            total[kind] += calls * number
    _, slots = programs.slots()
    return {
        "loads": total["load"],
        "stores": total["store"],
        "multiply_adds": sum(total[kind] for kind in MULTIPLY_ADDS),
        "multiplications": total["mul"],
        "additions": total["add"] + total["sub"],
        "divisions": total["div"],
        "arena_KiB": slots * 8 * variant.lanes / 1024,
    }


def seconds_of(
    kernel: CompiledKernel, problem: Problem, t_out: Sequence[float], options: SolverOptions
) -> tuple[float, float]:
    """Processor seconds of the quickest of five solves, and attempts per trajectory."""
    best, attempts = np.inf, 0.0
    for _ in range(5):
        began = time.process_time()
        solution = kernel.solve(problem.y0, problem.k, t_out=np.array(t_out), options=options)
        best = min(best, time.process_time() - began)
        attempts = float(np.mean(solution.counters.steps + solution.counters.rejected))
    return best, attempts


def cost_of(kernel: CompiledKernel, problem: Problem, form: tuple[str, str, int]) -> dict[str, Any]:
    """What one form of the step costs, µs; the arithmetic is that of the module's first lines."""
    method, precision, lanes = form
    end, m = float(problem.t_out[-1]), problem.n_trajectories
    microseconds, attempts = [], []
    for rtol in (1e-3, 1e-5):  # two numbers of attempts: a slope, and what is left at none
        options = SolverOptions(
            method=method, precision=precision, lanes=lanes, rtol=rtol, atol=1e-8, threads=1
        )
        seconds, count = seconds_of(kernel, problem, [end], options)
        microseconds.append(1e6 * seconds / m)
        attempts.append(count)
    slope = (microseconds[1] - microseconds[0]) / (attempts[1] - attempts[0])
    seconds, _ = seconds_of(kernel, problem, np.linspace(0, end, N_OUTPUTS + 1)[1:], options)
    output = (1e6 * seconds / m - microseconds[1]) / (N_OUTPUTS - 1)
    return {
        "method": method,
        "precision": precision,
        "lanes": lanes,
        "us_per_attempt_of_all_lanes": slope * lanes,
        "us_per_attempt": slope,
        "us_per_trajectory_besides": microseconds[0] - slope * attempts[0],
        "us_per_output": output,
        **count_step(kernel, Variant(method, precision, lanes)),
    }


def measure(name: str) -> dict[str, Any]:
    """All forms of one problem."""
    few = load_problem(name, 24)
    rows = np.arange(COPIES) % few.n_trajectories
    problem = Problem(
        few.name, few.structure, few.species, few.y0[rows], few.k[rows], few.t_out, few.floor
    )
    kernel = compile_kernel(few.structure)
    return {
        "model": name,
        "species": few.structure.n_species,
        "reactions": few.structure.n_reactions,
        "factor_entries": kernel.plan.n_entries,
        "factor_updates": kernel.plan.n_updates,
        "forms": [cost_of(kernel, problem, form) for form in FORMS],
        **machine(),
    }


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.step_cost")
    parser.add_argument("--model", default="mtor-core", choices=PROBLEMS)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args(arguments)
    result = measure(options.model)
    print("{model}: {species} species, {reactions} reactions".format(**result))
    for form in result["forms"]:
        print(
            "{method} {precision} {lanes:2d} lanes: {us_per_attempt_of_all_lanes:.2f} us an "
            "attempt of all, {us_per_attempt:.3f} us a lane; {us_per_trajectory_besides:.1f} us a "
            "trajectory besides, {us_per_output:.2f} us an output; arena {arena_KiB:.0f} KiB, "
            "{loads} loads, {multiply_adds} multiply-adds".format(**form)
        )
    if options.json:
        write_json(Path(options.json), result)


if __name__ == "__main__":
    main()
