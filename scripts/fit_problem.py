"""What is fitted: the free constants of the full model with their priors, and the cost of a set.

Shared by calibrate.py and parameter_ensemble.py. The cost of a check is how far it lies outside its
band, on a log scale, and a little for the edge of the band itself, so that what passes does so with
room to spare. Rows of the panel count like levels of the cell (models/full/anchors.toml) and
potencies of drugs (models/full/potencies.toml).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.panel import Check, PanelRow
from mtorsim.analysis.panel_plan import PanelPlan, plan_panel
from mtorsim.analysis.panel_reading import read_panel
from mtorsim.analysis.panel_run import run_panel
from mtorsim.modelfiles.library import model_entry, models_folder
from mtorsim.network.quantity import Parameter, parse_unit
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]

MODEL = "mtor"
FULL = models_folder() / "full"
VALUES = FULL / "values.toml"
PRIORS = FULL / "priors.toml"
LEVELS = (FULL / "anchors.toml", FULL / "potencies.toml")

MARGIN = 0.08
"""Part by which bands are narrowed, on a log scale, so that rounded values still pass."""
LOST = 3.0
"""Distance of a check that has no value."""
NEAR = 0.05
"""Distance within which the cost is a square and beyond which it is a straight line, so that a few
checks fail rather than all a little."""
LOSING = 0.3
"""Distance at which a check has half of its pull once rows out of reach are let go."""
EDGE, WIDEST = 0.3, 0.8
"""Part of a band, on a log scale, that counts as its edge at each end that it has, and the width at
which a band counts as no wider."""
EDGE_WEIGHT = 1.5
"""Weight of the edges against the prior: the end of a band costs half of it."""
ROW_WEIGHT, REPORTED = 50.0, 1.5
"""Weight of a row against the prior, and how much more rows with reported numbers weigh."""
PRIOR_WEIGHT = 0.2


@dataclass(frozen=True)
class Space:
    """The free constants: z is the distance from the prior in its spreads, on a log scale."""

    parameters: tuple[Parameter, ...]

    @cached_property
    def scale(self) -> Array:
        """Log of the spread of each, (n,)."""
        return np.log([max(parameter.spread, 1.1) for parameter in self.parameters])

    @cached_property
    def prior(self) -> Array:
        """Log of the prior value of each, (n,)."""
        return np.log([parameter.value for parameter in self.parameters])

    @cached_property
    def bounds(self) -> tuple[Array, Array]:
        """Ends of the ranges as z, (n,) each; a range that starts at 0 has its end at 1e-3."""
        ranges = [parameter.range or (0.0, 0.0) for parameter in self.parameters]
        low = np.log([max(low, 1e-3 * high) for low, high in ranges])
        high = np.log([high for _, high in ranges])
        return (low - self.prior) / self.scale + 1e-6, (high - self.prior) / self.scale - 1e-6

    def inside(self, z: Array) -> Array:
        """Points moved into the ranges."""
        return np.clip(z, *self.bounds)

    def values(self, z: Array) -> Array:
        """Constants (m, n) of points (m, n), nM and s."""
        return np.asarray(np.exp(self.prior + z * self.scale))

    def point(self, written: dict[str, float]) -> Array:
        """z (n,) of constants as written in a file of values; the prior where there is none."""
        values = [
            written.get(p.id, p.value_as_written) * parse_unit(p.unit).factor
            for p in self.parameters
        ]
        return self.inside((np.log(np.array(values)) - self.prior) / self.scale)


def fitting_rows() -> tuple[PanelRow, ...]:
    """Rows of the panel to be fitted, levels that a cell keeps, and potencies of drugs."""
    return (*(row for row in read_panel() if row.set == "fit"), *read_panel(LEVELS))


def prior_plan(rows: Sequence[PanelRow]) -> PanelPlan:
    """The panel for the model as its sections give it, without earlier fitted values."""
    written = model_entry(MODEL).path.read_text()
    with TemporaryDirectory() as folder:
        bare = Path(folder) / f"{MODEL}.toml"
        bare.write_text(re.sub(r"(?m)^values = .*\n", "", written))
        return plan_panel(rows, model_entry(bare))


def free_constants(plan: PanelPlan) -> Space:
    """Constants with a range, in the order of the networks, with their priors."""
    found: dict[str, Parameter] = {}
    for network in (plan.base, *(batch.network for batch in plan.batches)):
        for parameter in network.parameters:
            if parameter.range and parameter.range[0] < parameter.range[1]:
                found.setdefault(parameter.id, parameter)
    for name, prior in tomllib.loads(PRIORS.read_text())["priors"].items():
        if name in found:
            found[name] = with_prior(found[name], prior)
    return Space(tuple(found.values()))


def with_prior(parameter: Parameter, prior: dict[str, object]) -> Parameter:
    """A parameter with a prior of its own in place of that of its section.

    Raises
    ------
    SystemExit : the prior is in another unit or outside its range
    """
    if parameter.unit != prior["unit"]:
        raise SystemExit(f"{PRIORS.name}: {parameter.id} is not in {prior['unit']}")
    factor = parse_unit(parameter.unit).factor
    written = prior.get("range", parameter.range_as_written)
    low, high = (factor * float(end) for end in written)  # type: ignore[attr-defined]
    value = factor * float(str(prior["value"]))
    if not low <= value <= high:
        raise SystemExit(f"{PRIORS.name}: {parameter.id} lies outside its range")
    return replace(
        parameter,
        value=value,
        value_as_written=value / factor,
        spread=float(str(prior["spread"])),
        range=(low, high),
        range_as_written=(low / factor, high / factor),
    )


@dataclass(frozen=True)
class FitProblem:
    """The rows, the free constants, and what a set costs."""

    plan: PanelPlan
    space: Space
    options: SolverOptions

    @cached_property
    def checks(self) -> tuple[tuple[PanelRow, int, Check], ...]:
        """Row, position and check of each check of the plan."""
        return tuple((row, j, c) for row in self.plan.rows for j, c in enumerate(row.checks))

    @cached_property
    def bands(self) -> tuple[Array, Array]:
        """Logs of the ends of the narrowed bands, (checks,) each; -inf for no lower end."""
        ends = []
        for _, _, check in self.checks:
            low = np.log(check.low) if check.low > 0 else -np.inf
            high = np.log(check.high)
            margin = min(MARGIN, (high - low) / 6)
            ends.append((low + margin, high - margin))
        low, high = np.array(ends).T
        return low, high

    @cached_property
    def cores(self) -> tuple[Array, Array, Array]:
        """Logs of the ends of the bands without their edges, and widths of the edges, (checks,)."""
        high = np.log([check.high for _, _, check in self.checks])
        low = np.log([max(check.low, 1e-30) for _, _, check in self.checks])
        edge = EDGE * np.minimum(high - low, WIDEST)
        one_sided = np.array([check.low <= 0 for _, _, check in self.checks])
        return np.where(one_sided, -np.inf, low + edge), high - edge, edge

    def edges(self, logs: Array) -> tuple[Array, Array]:
        """Cost of nearness to the ends of the bands and its slope, (..., checks) each.

        A square of how far into the edge a check lies, and a straight line outside the band.
        """
        low, high, width = self.cores
        above = (logs - high) / width
        into = np.maximum(0.0, np.maximum((low - logs) / width, above))
        cost = np.where(into < 1.0, into**2 / 2.0, into - 0.5)
        slope = np.sign(above) * np.minimum(into, 1.0) / width
        return EDGE_WEIGHT * cost, EDGE_WEIGHT * slope

    @cached_property
    def weights(self) -> Array:
        """Weight of each check, (checks,); that of a row is shared by its checks."""
        return np.array(
            [
                ROW_WEIGHT
                * (1.0 if row.basis == "acceptance" else REPORTED)
                / len(row.checks) ** 0.25
                for row, _, _ in self.checks
            ]
        )

    def logs(self, z: Array) -> Array:
        """Logs of what the checks find at points (m, n), (m, checks); low where there is none."""
        values = self.space.values(z)
        settings = {p.id: values[:, j] for j, p in enumerate(self.space.parameters)}
        found = run_panel(self.plan, settings, options=self.options).values
        levels = np.stack([found[row.id][:, j] for row, j, _ in self.checks], axis=1)
        low, high = self.bands
        floor = np.where(np.isfinite(low), low, high + np.log(1e-2)) - LOST - 0.5
        return np.log(np.clip(np.where(np.isnan(levels), 0.0, levels), np.exp(floor), 1e30))

    @cached_property
    def of_levels(self) -> NDArray[np.bool_]:
        """Which checks are levels, (checks,): those are never let go."""
        return np.array([row.origin.startswith("full/anchors") for row, _, _ in self.checks])

    def outside(self, logs: Array) -> Array:
        """Cost of each check before its weight and before it is let go, (..., checks)."""
        low, high = self.bands
        return huber(np.clip(np.maximum(low - logs, logs - high), 0.0, LOST))

    def pulls(self, logs: Array) -> Array:
        """Weights (checks,) that let go of rows as far as they are from their bands."""
        let_go = 1.0 / (1.0 + self.outside(logs) / LOSING)
        return np.asarray(self.weights * np.where(self.of_levels, 1.0, let_go))

    def row_cost(self, logs: Array) -> Array:
        """Cost of the rows at points with these logs (..., checks)."""
        outside = self.outside(logs)
        bent = np.where(self.of_levels, outside, LOSING * np.log1p(outside / LOSING))
        return np.asarray((self.weights * bent + self.edges(logs)[0]).sum(axis=-1))

    def cost(self, z: Array, logs: Array) -> Array:
        """Cost of the rows and of the distance from the prior at points (..., n)."""
        return np.asarray(self.row_cost(logs) + PRIOR_WEIGHT * (z**2).sum(axis=-1))

    def rows_passed(self, logs: Array) -> Array:
        """Rows of the panel, without the levels, that pass at points (m, checks), (m,)."""
        passed: dict[str, Array] = {}
        for (row, _, check), column in zip(self.checks, np.exp(logs).T, strict=True):
            if not row.origin.startswith("full/"):
                good = (column >= check.low) & (column <= check.high)
                passed[row.id] = passed.get(row.id, True) & good  # type: ignore[operator]
        return np.asarray(sum(good.astype(int) for good in passed.values()))


def huber(distance: Array) -> Array:
    """Square of a distance over twice ``NEAR``, and a straight line beyond that."""
    return np.where(distance < NEAR, distance**2 / (2 * NEAR), distance - NEAR / 2)


def fit_problem(*, threads: int = 1) -> FitProblem:
    """The fit of the full model to the rows with ``set = "fit"``."""
    plan = prior_plan(fitting_rows())
    options = SolverOptions(threads=threads, rtol=1e-4, atol=1e-6)
    return FitProblem(plan, free_constants(plan), options)
