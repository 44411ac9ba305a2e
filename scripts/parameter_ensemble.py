#!/usr/bin/env python3
"""Draw sets of constants of the full model that describe the fitting rows about as well.

    scripts/parameter_ensemble.py --seed 1        writes models/ensembles/mtor.csv

Markov chains, one a set, run side by side. They start from draws round the fitted set: normal in
log-constants, as wide as the priors where no fitting row feels a constant and narrower where one
does (the inverse covariance is that of the priors plus the slopes of all checks, each allowed to
move by a tenth), the wider draws first and narrower ones where too few pass. Each then walks by
preconditioned Crank-Nicolson steps (Cotter et al. 2013, Stat Sci 28:424) that leave that normal
distribution as it is, and are accepted by the ratio of the density wanted over it; the length of
the steps is tuned in the first half. The density is the prior times exp(-cost) of rows and levels,
in the units of the fit, and nothing where more than two fitting rows fewer pass than with the
fitted set. A constant beyond the end of its range counts as at its end. The held-out rows are not
run. The same options give the same file.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import numpy as np
from calibrate import slopes
from fit_problem import PRIOR_WEIGHT, VALUES, Array, FitProblem, fit_problem

from mtorsim.modelfiles.library import models_folder

ENSEMBLE = models_folder() / "ensembles" / "mtor.csv"
FEWER = 2
"""Fitting rows by which a set may pass fewer than the fitted one."""
MOVES = 0.1
"""Standard deviation that the log of each check may have."""
WIDTHS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15)
BATCH = 256
STEP, WANTED = 0.15, 0.3
"""First length of a step of the chains, and the share of steps that should be accepted."""


def precision_and_root(slope: Array) -> tuple[Array, Array]:
    """Inverse covariance (n, n) from slopes (checks, n), and what makes draws of normal numbers."""
    precision = np.eye(slope.shape[1]) + slope.T @ slope / MOVES**2
    values, vectors = np.linalg.eigh(precision)
    return precision, np.asarray(vectors / np.sqrt(values))


def excess(problem: FitProblem, z: Array, away: Array, precision: Array, wanted: int) -> Array:
    """Minus the log of the density wanted over that of the draws, (m,), at points z (m, n)."""
    logs = problem.logs(problem.space.inside(z))
    cost = problem.row_cost(logs) / (2.0 * PRIOR_WEIGHT) + 0.5 * (z**2).sum(axis=1)
    drawn = 0.5 * np.einsum("mi,ij,mj->m", away, precision, away)
    return np.where(problem.rows_passed(logs) >= wanted, cost - drawn, np.inf)


def walk(
    problem: FitProblem, start: Array, slope: Array, wanted: int, arguments: argparse.Namespace
) -> Array:
    """Where chains from points (sets, n) end; the first, the fitted set, stays where it is."""
    random = np.random.default_rng([arguments.seed, 1])
    (precision, root), fitted, length = precision_and_root(slope), start[0], STEP
    away = start - fitted
    level = excess(problem, start, away, precision, wanted)
    taken = []
    for i in range(arguments.steps):
        normal = random.standard_normal(away.shape) @ root.T
        tried = np.sqrt(1.0 - length**2) * away + length * normal
        found = excess(problem, fitted + tried, tried, precision, wanted)
        chosen = np.log(random.random(len(away))) < level - found
        chosen[0] = False
        away, level = np.where(chosen[:, np.newaxis], tried, away), np.where(chosen, found, level)
        taken.append(chosen[1:].mean())
        print(f"step {i + 1}: length {length:.3f}, {taken[-1]:.3f} accepted", flush=True)
        if i < arguments.steps // 2:
            length = float(np.clip(length * np.exp(taken[-1] - WANTED), 1e-3, 0.9))
    if taken:
        print(f"{np.mean(taken):.2f} of all steps accepted")
    return problem.space.inside(fitted + away)


def draw(
    problem: FitProblem, fitted: Array, slope: Array, wanted: int, arguments: argparse.Namespace
) -> Array:
    """Points (sets, n), the first of them the fitted set."""
    random = np.random.default_rng(arguments.seed)
    _, root = precision_and_root(slope)
    kept = fitted[np.newaxis]
    for width in WIDTHS:
        for _ in range(arguments.batches):
            normal = random.standard_normal((BATCH, len(fitted)))
            points = problem.space.inside(fitted + width * normal @ root.T)
            good = problem.rows_passed(problem.logs(points)) >= wanted
            kept = np.vstack([kept, points[good]])
            print(f"width {width}: {good.mean():.3f} kept, {len(kept)} in all", flush=True)
            if len(kept) >= arguments.sets:
                return kept[: arguments.sets]
    raise SystemExit(f"only {len(kept)} of {arguments.sets} sets found: give more --batches")


def write(problem: FitProblem, z: Array, arguments: argparse.Namespace) -> None:
    """Write the sets in nM and s, six digits, with the score of each."""
    logs = problem.logs(z)
    passed, score = problem.rows_passed(logs), problem.row_cost(logs)
    n_rows = sum(not row.origin.startswith("full/") for row in problem.plan.rows)
    lines = [
        "# model: mtor",
        f"# seed: {arguments.seed}",
        f"# command: scripts/parameter_ensemble.py --sets {arguments.sets} "
        f"--batches {arguments.batches} --steps {arguments.steps} --seed {arguments.seed}",
        f"# rule: a set passes at most {FEWER} of the fitting rows fewer than the fitted one",
        "# method: Markov chains (preconditioned Crank-Nicolson), one a set, on prior and cost",
        f"# fitted rows passed by best: {passed[0]} of {n_rows}",
        f"# score of best: {score[0]:.6g}",
        "# score: cost of the fitting rows and levels without the prior, lower is better",
        "# units: nM and s",
        ",".join(["score", *(p.id for p in problem.space.parameters)]),
    ]
    for cost, row in zip(score, problem.space.values(z), strict=True):
        lines.append(",".join([f"{cost:.6g}", *(f"{value:.6g}" for value in row)]))
    arguments.out.write_text("\n".join(lines) + "\n")
    apart, spread = np.abs(z[1:] - z[0]).mean(), z[1:].std(axis=0)
    print(
        f"{len(z)} sets, {passed.min()} to {passed.max()} of {n_rows} fitting rows pass, scores "
        f"{score[1:].min():.1f} to {score[1:].max():.1f}, {apart:.2f} spreads of the priors from "
        f"the fitted set; standard deviation {np.median(spread):.2f} spreads (median of constants)"
    )


def main() -> None:
    """Draw and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", type=int, default=256)
    parser.add_argument("--batches", type=int, default=4, help="of 256 draws at each width")
    parser.add_argument("--steps", type=int, default=40, help="of each chain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ENSEMBLE)
    arguments = parser.parse_args()
    problem = fit_problem()
    fitted = problem.space.point(tomllib.loads(VALUES.read_text())["values"])
    logs, slope = slopes(problem, fitted)
    wanted = int(problem.rows_passed(logs[np.newaxis])[0]) - FEWER
    start = draw(problem, fitted, slope, wanted, arguments)
    write(problem, walk(problem, start, slope, wanted, arguments), arguments)


if __name__ == "__main__":
    main()
