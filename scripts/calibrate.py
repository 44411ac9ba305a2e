#!/usr/bin/env python3
"""Fit the constants of the full model to the fitting rows of the evidence panel.

    scripts/calibrate.py --seed 1        writes models/full/values.toml
    scripts/calibrate.py --check         repeats the stored fit and compares it bit for bit

Gauss-Newton on log-constants. Each constant with a literature range is free within it; its prior is
that of models/full/priors.toml, else the value of its section, with the spread given there. Every
round finds the change of all checks with each constant in one sweep, solves for the step that
brings the checks into their bands, and gently away from the ends of these, at least distance from
the prior, at several dampings, and takes the best of these steps and parts of them in a second
sweep. No row has constants of its own, and the held-out rows are not run. The seed draws the start
round the prior, or --start goes on from the values of an earlier stage; the same seed, start and
rounds give the same file.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from time import perf_counter

import numpy as np
from fit_problem import NEAR, PRIOR_WEIGHT, VALUES, Array, FitProblem, fit_problem, huber
from scipy.optimize import minimize

from mtorsim.network.quantity import parse_unit

DIFFERENCE = 0.08
"""Step of the differences, in spreads of the prior: well above the noise of the solver."""
STEEPEST = 1.3
"""Slopes beyond this, in log per spread, come from measures that jump, and say nothing."""
REACH = 1.0
"""Longest step of a constant in a round, in spreads."""
DAMPINGS = (0.1, 1.0, 10.0)
LENGTHS = (1.0, 0.5, 0.2, 0.05)
PARTIAL = 16
"""Steps of half of the constants, drawn at random, that each damping tries beside the whole step:
some measures jump, and one constant may spoil a step."""
JITTER = 0.3
"""Spread of the starts round the prior."""


def slopes(problem: FitProblem, z: Array) -> tuple[Array, Array]:
    """Logs (checks,) at a point and their slopes (checks, n) there, one sweep."""
    step = np.where(z + DIFFERENCE < problem.space.bounds[1], DIFFERENCE, -DIFFERENCE)
    logs = problem.logs(np.vstack([z, z + np.diag(step)]))
    slope = ((logs[1:] - logs[0]) / step[:, None]).T
    return logs[0], np.where(np.abs(slope) > STEEPEST, 0.0, slope)


def best_step(problem: FitProblem, z: Array, logs: Array, slope: Array, *, damping: float) -> Array:
    """The step (n,) of least cost where the logs are straight lines.

    A check pulls as it does at the point, less the farther it is.
    """
    (low, high), weights = problem.bands, problem.pulls(logs)

    def cost_and_gradient(step: Array) -> tuple[float, Array]:
        moved = logs + slope @ step
        below, above = np.maximum(0.0, low - moved), np.maximum(0.0, moved - high)
        outside = np.maximum(below, above)
        pull = weights * np.sign(above - below) * np.minimum(outside / NEAR, 1.0)
        edge_cost, edge_pull = problem.edges(moved)
        cost = (weights * huber(outside) + edge_cost).sum()
        cost += PRIOR_WEIGHT * ((z + step) ** 2).sum()
        gradient = slope.T @ (pull + edge_pull) + 2.0 * PRIOR_WEIGHT * (z + step)
        gradient += 2.0 * damping * step
        return cost + damping * (step**2).sum(), gradient

    lowest = np.maximum(problem.space.bounds[0] - z, -REACH)
    highest = np.minimum(problem.space.bounds[1] - z, REACH)
    found = minimize(
        cost_and_gradient,
        np.zeros(len(z)),
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(lowest, highest, strict=True)),
        options={"maxiter": 400},
    )
    return np.asarray(found.x)


def first_point(problem: FitProblem, *, seed: int, start: Path | None) -> Array:
    """A point (n,) drawn round the prior, or the values of an earlier stage."""
    if start is not None:
        return problem.space.point(tomllib.loads(start.read_text())["values"])
    random = np.random.default_rng(seed)
    return problem.space.inside(JITTER * random.standard_normal(len(problem.space.parameters)))


def candidates(
    problem: FitProblem, z: Array, steps: list[Array], *, random: np.random.Generator
) -> Array:
    """Points (m, n) along each step and along parts of it, as many for each step."""
    points = []
    for step in steps:
        points += [z + length * step for length in LENGTHS]
        points += [z + step * (random.random(len(z)) < 0.5) for _ in range(PARTIAL)]
    return np.array([problem.space.inside(point) for point in points])


def fit(problem: FitProblem, z: Array, *, rounds: int, seed: int = 1) -> tuple[Array, float]:
    """The best point (n,) found from a point, and its cost."""
    damping, begun, best = 0.3, perf_counter(), np.inf
    for i in range(rounds):
        logs, slope = slopes(problem, z)
        best = float(problem.cost(z, logs))
        tried = [factor * damping for factor in DAMPINGS]
        steps = [best_step(problem, z, logs, slope, damping=d) for d in tried]
        points = candidates(problem, z, steps, random=np.random.default_rng([seed, i]))
        found = problem.logs(points)
        costs = problem.cost(points, found)
        chosen = int(costs.argmin())
        if costs[chosen] < best:
            z, best, logs = points[chosen], float(costs[chosen]), found[chosen]
            damping = float(np.clip(tried[chosen * len(tried) // len(points)], 1e-3, 30.0))
        else:
            damping = min(5.0 * damping, 50.0)
        passed = problem.rows_passed(logs[np.newaxis])[0]
        print(
            f"round {i + 1}: cost {best:.3f}, {passed} rows pass, {perf_counter() - begun:.0f} s",
            flush=True,
        )
    return z, best


def values_text(
    problem: FitProblem, z: Array, *, cost: float, seed: int, rounds: int, start: Path | None
) -> str:
    """The file of values: three digits, the prior beside each."""
    lines = [
        "# Values of the full model, written by scripts/calibrate.py; beside each its prior.",
        "# Meaning, range and reason of each stand in its section, other priors in priors.toml.",
        "",
        "[fit]",
        'fitted_to = "panel rows with set = fit"',
        'method = "Gauss-Newton on log-constants; scripts/calibrate.py"',
        f"seed = {seed}",
        f"rounds = {rounds}",
        *([f'start = "{start.name}"'] if start else []),
        f"cost = {cost:.4g}",
        "",
        "[values]",
    ]
    for parameter, value in zip(problem.space.parameters, problem.space.values(z), strict=True):
        low, high = parameter.range_as_written or (0.0, np.inf)
        written = float(f"{value / parse_unit(parameter.unit).factor:.4g}")
        prior = f"# prior {parameter.value_as_written:.3g}, spread {parameter.spread:g}"
        lines.append(f"{parameter.id} = {_number(min(max(written, low), high))} {prior}")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    """A float as TOML has it."""
    text = repr(float(value))
    return text if "." in text or "e" in text else f"{text}.0"


def main() -> None:
    """Fit and write, or fit again and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--start", type=Path, help="values of an earlier stage to go on from")
    parser.add_argument("--threads", type=int, default=1, help="changes no bit of the result")
    parser.add_argument("--out", type=Path, default=VALUES)
    parser.add_argument("--check", action="store_true", help="repeat the fit stored in --out")
    arguments = parser.parse_args()
    seed, rounds, start = arguments.seed, arguments.rounds, arguments.start
    if arguments.check:
        stored = tomllib.loads(arguments.out.read_text())["fit"]
        seed, rounds = stored["seed"], stored["rounds"]
        start = arguments.out.parent / stored["start"] if "start" in stored else None
    problem = fit_problem(threads=arguments.threads)
    print(f"{len(problem.plan.rows)} rows, {len(problem.space.parameters)} constants")
    z, cost = fit(problem, first_point(problem, seed=seed, start=start), rounds=rounds, seed=seed)
    text = values_text(problem, z, cost=cost, seed=seed, rounds=rounds, start=start)
    if not arguments.check:
        arguments.out.write_text(text)
    elif text == arguments.out.read_text():
        print(f"{arguments.out.name} repeats bit for bit")
    else:
        raise SystemExit(f"{arguments.out.name} differs from what seed {seed} gives")


if __name__ == "__main__":
    main()
