#!/usr/bin/env python3
"""Draw sets of constants round the fitted ones of the full model that fit about as well.

    scripts/parameter_ensemble.py --seed 1        writes models/ensembles/mtor.csv

The draws are normal in log-constants, as wide as the priors where no fitting row feels a constant
and narrower where one does: the inverse covariance is that of the priors plus the slopes of all
checks, each allowed to move by a tenth. A draw is kept where at most two fitting rows fewer pass
than with the fitted set. The wider draws come first; where too few pass, narrower ones follow. The
held-out rows are not run. The same seed and number of sets give the same file.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import numpy as np
from calibrate import slopes
from fit_problem import VALUES, Array, FitProblem, fit_problem

from mtorsim.modelfiles.library import models_folder

ENSEMBLE = models_folder() / "ensembles" / "mtor.csv"
FEWER = 2
"""Fitting rows by which a set may pass fewer than the fitted one."""
MOVES = 0.1
"""Standard deviation that the log of each check may have."""
WIDTHS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15)
BATCH = 256


def root_of_covariance(slope: Array) -> Array:
    """Matrix (n, n) that turns standard normal numbers into draws, from slopes (checks, n)."""
    precision = np.eye(slope.shape[1]) + slope.T @ slope / MOVES**2
    values, vectors = np.linalg.eigh(precision)
    return np.asarray(vectors / np.sqrt(values))


def draw(problem: FitProblem, fitted: Array, arguments: argparse.Namespace) -> Array:
    """Points (sets, n), the first of them the fitted set."""
    random = np.random.default_rng(arguments.seed)
    logs, slope = slopes(problem, fitted)
    wanted = problem.rows_passed(logs[np.newaxis])[0] - FEWER
    root = root_of_covariance(slope)
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
        f"--batches {arguments.batches} --seed {arguments.seed}",
        f"# rule: a set passes at most {FEWER} of the fitting rows fewer than the fitted one",
        f"# fitted rows passed by best: {passed[0]} of {n_rows}",
        f"# score of best: {score[0]:.6g}",
        "# score: cost of the fitting rows and levels without the prior, lower is better",
        "# units: nM and s",
        ",".join(["score", *(p.id for p in problem.space.parameters)]),
    ]
    for cost, row in zip(score, problem.space.values(z), strict=True):
        lines.append(",".join([f"{cost:.6g}", *(f"{value:.6g}" for value in row)]))
    arguments.out.write_text("\n".join(lines) + "\n")
    apart = np.abs(z[1:] - z[0]).mean()
    print(
        f"{len(z)} sets, {passed.min()} to {passed.max()} of {n_rows} fitting rows pass, "
        f"{apart:.2f} spreads of the priors from the fitted set"
    )


def main() -> None:
    """Draw and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", type=int, default=256)
    parser.add_argument("--batches", type=int, default=4, help="of 256 draws at each width")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ENSEMBLE)
    arguments = parser.parse_args()
    problem = fit_problem()
    fitted = problem.space.point(tomllib.loads(VALUES.read_text())["values"])
    write(problem, draw(problem, fitted, arguments), arguments)


if __name__ == "__main__":
    main()
