#!/usr/bin/env python3
"""Walk from the fitted constants of the full model to sets that fit about as well.

    scripts/parameter_ensemble.py --seed 1        writes models/ensembles/mtor.csv

Walkers start at the fitted set and take Gaussian steps on log-constants, within the ranges of the
literature and weighed by the prior (Metropolis); a step is kept only where at most two fitting rows
fewer pass than with the fitted set. The held-out rows are not run. The same seed, sets and steps
give the same file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from calibrate import (
    OPTIONS,
    VALUES,
    Space,
    free_constants,
    prior_plan,
    row_costs,
    start_point,
)

from mtorsim.analysis.panel_plan import PanelPlan
from mtorsim.analysis.panel_reading import read_panel
from mtorsim.analysis.panel_run import run_panel
from mtorsim.modelfiles.library import models_folder

ENSEMBLE = models_folder() / "ensembles" / "mtor.csv"
FEWER = 2
"""Fitting rows by which a set may pass fewer than the fitted one."""
STEP = 0.08
"""Standard deviation of a step in each constant, in spreads of its prior."""


def scored(plan: PanelPlan, space: Space, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows that pass and the cost of the rows without the prior, at points (m, n); (m,) each."""
    values = space.values(z)
    settings = {p.id: values[:, j] for j, p in enumerate(space.parameters)}
    found = run_panel(plan, settings, options=OPTIONS).values
    passed = np.zeros(len(z), dtype=int)
    for row in plan.rows:
        low = np.array([check.low for check in row.checks])
        high = np.array([check.high for check in row.checks])
        passed += ((found[row.id] >= low) & (found[row.id] <= high)).all(axis=1)
    return passed, row_costs(plan, dict(found)).sum(axis=1)


def walk(plan: PanelPlan, space: Space, arguments: argparse.Namespace) -> np.ndarray:
    """Points (sets, n) where the walkers stand at the end; the first is the fitted set."""
    random = np.random.default_rng(arguments.seed)
    low, high = space.bounds
    fitted = start_point(space, VALUES)
    wanted = scored(plan, space, fitted[np.newaxis])[0][0] - FEWER
    z = np.tile(fitted, (arguments.sets, 1))
    for step in range(arguments.steps):
        proposed = z + STEP * random.standard_normal(z.shape)
        proposed = np.where((proposed >= low) & (proposed <= high), proposed, z)
        proposed[0] = fitted
        prior = 0.5 * ((proposed**2).sum(axis=1) - (z**2).sum(axis=1))
        likely = np.log(random.random(len(z))) < -prior
        good = np.zeros(len(z), dtype=bool)
        good[likely] = scored(plan, space, proposed[likely])[0] >= wanted
        z[good] = proposed[good]
        print(
            f"step {step + 1}: {good.mean():.2f} kept, "
            f"{np.abs(z - fitted).mean():.2f} spreads from the fitted set",
            flush=True,
        )
    return z


def write(plan: PanelPlan, space: Space, z: np.ndarray, arguments: argparse.Namespace) -> None:
    """Write the sets in nM and s, six digits, with the score of each."""
    passed, score = scored(plan, space, z)
    command = (
        f"scripts/parameter_ensemble.py --sets {arguments.sets} --steps {arguments.steps} "
        f"--seed {arguments.seed}"
    )
    lines = [
        "# model: mtor",
        f"# seed: {arguments.seed}",
        f"# command: {command}",
        f"# rule: a set passes at most {FEWER} of the fitting rows fewer than the fitted one",
        f"# fitted rows passed by best: {passed[0]} of {len(plan.rows)}",
        f"# score of best: {score[0]:.6g}",
        "# score: cost of the fitting rows without the prior, lower is better",
        "# units: nM and s",
        ",".join(["score", *(p.id for p in space.parameters)]),
    ]
    values = space.values(z)
    for cost, row in zip(score, values, strict=True):
        lines.append(",".join([f"{cost:.6g}", *(f"{value:.6g}" for value in row)]))
    arguments.out.write_text("\n".join(lines) + "\n")
    print(f"{len(z)} sets, {passed.min()} to {passed.max()} of {len(plan.rows)} fitting rows pass")


def main() -> None:
    """Walk and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", type=int, default=256)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ENSEMBLE)
    arguments = parser.parse_args()
    plan = prior_plan([row for row in read_panel() if row.set == "fit"])
    space = free_constants(plan)
    write(plan, space, walk(plan, space, arguments), arguments)


if __name__ == "__main__":
    main()
