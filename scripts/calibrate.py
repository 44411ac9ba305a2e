#!/usr/bin/env python3
"""Fit the constants of the full model to the fitting rows of the evidence panel.

    scripts/calibrate.py --seed 1        writes models/full/values.toml

CMA-ES on log-constants. Each constant with a literature range is free within it; its prior is the
value of its section with the spread given there. The cost of a row is how far its checks lie
outside their bands, on a log scale; no row has constants of its own, and the held-out rows are not
run. The same seed, generations and start give the same file. Needs the library cma.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import cma
import numpy as np

from mtorsim.analysis.panel import Check, PanelRow
from mtorsim.analysis.panel_plan import PanelPlan, plan_panel
from mtorsim.analysis.panel_reading import read_panel
from mtorsim.analysis.panel_run import run_panel
from mtorsim.modelfiles.library import model_entry, models_folder
from mtorsim.network.quantity import Parameter, parse_unit
from mtorsim.solvers.options import SolverOptions

MODEL = "mtor"
VALUES = models_folder() / "full" / "values.toml"
MARGIN = 0.05
"""Part by which bands are narrowed, on a log scale, so that rounded values still pass."""
LOST = 3.0
"""Distance of a check that has no value."""
PRIOR_WEIGHT = 0.02
REPORTED_WEIGHT = 1.5
OPTIONS = SolverOptions(threads=1, rtol=1e-3, atol=1e-5)


@dataclass(frozen=True)
class Space:
    """The free constants: z is the distance from the prior in its spreads, on a log scale."""

    parameters: tuple[Parameter, ...]

    @property
    def scale(self) -> np.ndarray:
        """Log of the spread of each, (n,)."""
        return np.log([max(parameter.spread, 1.1) for parameter in self.parameters])

    @property
    def prior(self) -> np.ndarray:
        """Log of the prior value of each, (n,)."""
        return np.log([parameter.value for parameter in self.parameters])

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the ranges as z, (n,) each; a range that starts at 0 has its end at 1e-3."""
        ranges = [parameter.range or (0.0, 0.0) for parameter in self.parameters]
        low = np.log([max(low, 1e-3 * high) for low, high in ranges])
        high = np.log([high for _, high in ranges])
        return (low - self.prior) / self.scale, (high - self.prior) / self.scale

    def values(self, z: np.ndarray) -> np.ndarray:
        """Constants (m, n) of points (m, n)."""
        return np.exp(self.prior + z * self.scale)

    def point(self, values: np.ndarray) -> np.ndarray:
        """z (n,) of constants (n,)."""
        return (np.log(values) - self.prior) / self.scale


def prior_plan(rows: Sequence[PanelRow]) -> PanelPlan:
    """The panel for the model as its sections give it, without earlier fitted values."""
    return plan_panel(rows, replace(model_entry(MODEL), values=""))


def free_constants(plan: PanelPlan) -> Space:
    """Constants with a range, in the order of the networks."""
    found: dict[str, Parameter] = {}
    for network in (plan.base, *(batch.network for batch in plan.batches)):
        for parameter in network.parameters:
            if parameter.range and parameter.range[0] < parameter.range[1]:
                found.setdefault(parameter.id, parameter)
    return Space(tuple(found.values()))


def distance(check: Check, values: np.ndarray) -> np.ndarray:
    """How far values (m,) lie outside a band, on a log scale; 0 inside."""
    low, high = check.low, check.high
    if low > 0:
        margin = min(MARGIN, np.log(high / low) / 6)
        low, high = low * np.exp(margin), high * np.exp(-margin)
    else:
        high *= np.exp(-MARGIN)
    bottom = max(low, high * 1e-2) * np.exp(-LOST)
    clipped = np.maximum(np.nan_to_num(values, nan=-1.0, posinf=1e30), bottom)
    below = np.log(low / clipped) if low > 0 else np.zeros(len(values))
    outside = np.maximum(0.0, np.maximum(below, np.log(clipped / high)))
    return np.where(np.isnan(values), LOST, np.minimum(outside, LOST))


def row_costs(plan: PanelPlan, found: dict[str, np.ndarray]) -> np.ndarray:
    """Cost of each row, (m, rows): concave, so that a few far rows do not outweigh many near."""
    columns = []
    for row in plan.rows:
        outside = np.stack([distance(c, found[row.id][:, j]) for j, c in enumerate(row.checks)])
        cost = (0.5 * outside / (outside + 0.25) + 0.6 * outside).sum(axis=0)
        weight = 1.0 if row.basis == "acceptance" else REPORTED_WEIGHT
        columns.append(weight * cost / np.sqrt(len(row.checks)))
    return np.stack(columns, axis=1)


def costs(plan: PanelPlan, space: Space, z: np.ndarray) -> np.ndarray:
    """Cost (m,) of points (m, n): the rows and the distance from the prior."""
    values = space.values(z)
    settings = {p.id: values[:, j] for j, p in enumerate(space.parameters)}
    found = run_panel(plan, settings, options=OPTIONS).values
    return row_costs(plan, dict(found)).sum(axis=1) + PRIOR_WEIGHT * (z**2).sum(axis=1)


def start_point(space: Space, start: Path | None) -> np.ndarray:
    """The prior, or the values of an earlier fit; a hair inside the ranges, as CMA-ES wants it."""
    low, high = space.bounds
    if start is None:
        return np.clip(np.zeros(len(space.parameters)), low + 1e-6, high - 1e-6)
    earlier = tomllib.loads(start.read_text())["values"]
    values = [
        earlier.get(p.id, p.value_as_written) * parse_unit(p.unit).factor for p in space.parameters
    ]
    return np.clip(space.point(np.array(values)), low + 1e-6, high - 1e-6)


def fit(plan: PanelPlan, space: Space, arguments: argparse.Namespace) -> np.ndarray:
    """The best point found, (n,)."""
    low, high = space.bounds
    options = {
        "seed": arguments.seed,
        "popsize": arguments.population,
        "maxiter": arguments.generations,
        "bounds": [low.tolist(), high.tolist()],
        "verbose": -9,
        "CMA_diagonal": arguments.diagonal,
        "tolfun": 0,
        "tolx": 0,
        "tolstagnation": 10**9,
        "tolflatfitness": 10**9,
    }
    strategy = cma.CMAEvolutionStrategy(
        start_point(space, arguments.start), arguments.sigma, options
    )
    begun = perf_counter()
    while not strategy.stop():
        points = strategy.ask()
        strategy.tell(points, costs(plan, space, np.array(points)).tolist())
        if strategy.countiter % 25 == 0:
            print(
                f"generation {strategy.countiter}: best {strategy.best.f:.3f}, "
                f"step {strategy.sigma:.3f}, {perf_counter() - begun:.0f} s",
                flush=True,
            )
            write_values(space, strategy.best.x, arguments)
    return np.asarray(strategy.best.x)


def write_values(space: Space, z: np.ndarray, arguments: argparse.Namespace) -> None:
    """Write the constants, to three digits, as the model's own values."""
    values = space.values(z[np.newaxis])[0]
    method = (
        f"CMA-ES, seed {arguments.seed}, {arguments.generations} generations of "
        f"{arguments.population}; scripts/calibrate.py"
    )
    lines = [
        "# Values of the full model, written by scripts/calibrate.py.",
        "# Meaning, range and reason of each stand in its section.",
        "",
        "[fit]",
        'fitted_to = "panel rows with set = fit"',
        f'method = "{method}"',
        "",
        "[values]",
    ]
    for parameter, value in zip(space.parameters, values, strict=True):
        low, high = parameter.range or (0.0, np.inf)
        written = float(f"{np.clip(value, low, high) / parse_unit(parameter.unit).factor:.3g}")
        limits = parameter.range_as_written or (low, high)
        lines.append(f"{parameter.id} = {_number(min(max(written, limits[0]), limits[1]))}")
    arguments.out.write_text("\n".join(lines) + "\n")


def _number(value: float) -> str:
    """A float as TOML has it."""
    text = repr(value)
    return text if re.search(r"[.e]", text) else f"{text}.0"


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--generations", type=int, default=400)
    parser.add_argument("--population", type=int, default=36)
    parser.add_argument("--diagonal", type=int, default=200, help="generations with a diagonal")
    parser.add_argument("--sigma", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="values of an earlier fit")
    parser.add_argument("--out", type=Path, default=VALUES)
    arguments = parser.parse_args()
    plan = prior_plan([row for row in read_panel() if row.set == "fit"])
    space = free_constants(plan)
    print(f"{len(plan.rows)} rows, {len(space.parameters)} constants")
    write_values(space, fit(plan, space, arguments), arguments)


if __name__ == "__main__":
    main()
