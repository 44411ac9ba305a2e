"""Whether a model does what experiments show: the panel run, row by row."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtorsim.analysis.panel import Check, PanelRow
from mtorsim.analysis.panel_plan import plan_panel
from mtorsim.analysis.panel_reading import PANEL_FOLDER, read_panel, select_rows
from mtorsim.analysis.panel_run import run_panel
from mtorsim.modelfiles.library import model_entry, models_folder
from mtorsim.solvers.options import SolverOptions

BASELINE_FILE = "baseline.toml"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check and what was found, in the unit of its band; NaN where there is no such number."""

    check: Check
    found: float

    @property
    def passed(self) -> bool:
        """Whether the band holds what was found."""
        return self.check.low <= self.found <= self.check.high

    @property
    def off(self) -> str:
        """How far off it is, in words; empty where it passes."""
        check = self.check
        if self.passed:
            return ""
        if np.isnan(self.found):
            return "no value"
        if self.found < check.low:
            if self.found <= 0:
                return f"below {check.low:g}"
            return f"{check.low / self.found:.3g} times too low"
        return f"{self.found / check.high:.3g} times too high" if check.high else "above 0"


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row and its checks; it passes where all of them do."""

    row: PanelRow
    checks: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether all checks pass."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class Validation:
    """A panel run on a model.

    Parameters
    ----------
    left_out : by id of the rows that the model can not express, what it lacks
    expected : ids of the rows that passed when the baseline was stored
    """

    model: str
    rows: tuple[RowResult, ...]
    left_out: dict[str, str]
    expected: frozenset[str]

    @property
    def n_passed(self) -> int:
        """Rows that pass."""
        return sum(result.passed for result in self.rows)

    @property
    def regressions(self) -> tuple[str, ...]:
        """Rows that fail, and passed when the baseline was stored."""
        return tuple(
            result.row.id
            for result in self.rows
            if not result.passed and result.row.id in self.expected
        )

    def counts(self, row_set: str) -> tuple[int, int]:
        """Rows of a set that pass, and all of that set."""
        passed = [result.passed for result in self.rows if result.row.set == row_set]
        return sum(passed), len(passed)


def validate(
    model: str = "mtor",
    *,
    rows: Sequence[str] = (),
    files: Sequence[Path] | None = None,
    options: SolverOptions | None = None,
) -> Validation:
    """Run the evidence panel on a model.

    Parameters
    ----------
    model : name of a shipped model, or path of a model file
    rows : ids; all rows where there are none
    files : panel files instead of the shipped ones

    Raises
    ------
    UnknownNameError : no such model, or no such row
    ModelError : everything that is wrong with the panel or the model
    """
    chosen = select_rows(read_panel(files), rows)
    entry = model_entry(model)
    plan = plan_panel(chosen, entry)
    found = run_panel(plan, options=options).values if plan.rows else {}
    results = tuple(
        RowResult(
            row,
            tuple(
                CheckResult(check, float(found[row.id][0, j])) for j, check in enumerate(row.checks)
            ),
        )
        for row in plan.rows
    )
    return Validation(entry.id, results, dict(plan.left_out), read_baseline(entry.id))


def baseline_path() -> Path:
    """The file of the rows that passed when it was stored."""
    return models_folder() / PANEL_FOLDER / BASELINE_FILE


def read_baseline(model: str) -> frozenset[str]:
    """Ids of the rows that the stored baseline of a model passes; empty where it has none."""
    path = baseline_path()
    stored = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return frozenset(stored.get(model, {}).get("passes", ()))
