"""Reads the files of a PEtab problem (format version 1) into plain tables, every cell checked."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtorsim.errors import MissingExtraError, ModelError, suggestion
from mtorsim.interop.text_file import read_text

VERSIONS = ("1", "1.0", "1.0.0")
SCALES = ("lin", "log", "log10")
DISTRIBUTIONS = ("normal", "laplace")
#: cells of a condition that leave a quantity as it is
KEPT = ("", "nan")
PRIORS = (
    "uniform",
    "normal",
    "laplace",
    "logNormal",
    "logLaplace",
    "parameterScaleUniform",
    "parameterScaleNormal",
    "parameterScaleLaplace",
)


@dataclass(frozen=True, slots=True)
class Prior:
    """A distribution: of bounds for the uniform kinds, else of a centre and a spread."""

    kind: str
    parameters: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PetabParameter:
    """A row of the parameter table; numbers are on the linear scale, but for those of priors.

    A prior of None is none in the objective, and the range between the bounds for starts.
    """

    id: str
    scale: str
    lower: float
    upper: float
    nominal: float
    estimate: bool
    objective_prior: Prior | None = None
    initialization_prior: Prior | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class PetabObservable:
    """A row of the observable table; formulas are text."""

    id: str
    formula: str
    noise: str
    transformation: str
    distribution: str
    where: str


@dataclass(frozen=True, slots=True)
class PetabMeasurement:
    """A row of the measurement table; parameters are numbers or ids, as written."""

    observable: str
    preequilibration: str
    condition: str
    value: float
    time: float
    observable_parameters: tuple[str, ...]
    noise_parameters: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class PetabTables:
    """All tables of a problem; ``conditions`` maps condition -> quantity -> number or id."""

    model_file: Path
    parameter_file: Path
    parameters: tuple[PetabParameter, ...]
    conditions: Mapping[str, Mapping[str, str]]
    observables: tuple[PetabObservable, ...]
    measurements: tuple[PetabMeasurement, ...]


def read_petab_tables(path: str | Path) -> PetabTables:
    """The tables that a problem's YAML file names.

    Raises
    ------
    ModelError : a file, a column or an id is missing, or a number is none
    MissingExtraError : PyYAML is not installed
    """
    path = Path(path)
    parameter_file, problem = _files(path)
    conditions = _conditions(path, problem)
    observables = tuple(_observables(path, problem))
    measured = _measurements(path, problem, conditions, {o.id for o in observables})
    return PetabTables(
        model_file=path.parent / _listed(path, problem, "sbml_files")[0],
        parameter_file=path.parent / parameter_file,
        parameters=tuple(_parameters(path.parent / parameter_file)),
        conditions=conditions,
        observables=observables,
        measurements=tuple(measured),
    )


def _files(path: Path) -> tuple[str, dict[str, Any]]:
    """The parameter file and the one problem that a YAML file names."""
    try:
        import yaml  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError("PyYAML", "petab") from error
    try:
        content = yaml.safe_load(read_text(path, max_bytes=1024**2))
    except yaml.YAMLError as error:
        raise ModelError(f"{path}: not YAML: {' '.join(str(error).split())[:200]}") from error
    except RecursionError as error:
        raise ModelError(f"{path}: nested too deeply") from error
    version = content.get("format_version") if isinstance(content, dict) else None
    # nested aliases make a short file an endless text, so only plain values are shown
    if not isinstance(version, int | float | str) or str(version) not in VERSIONS:
        raise ModelError(f"{path}: not a PEtab problem of format_version 1")
    problems, parameter_file = content.get("problems"), content.get("parameter_file")
    if not isinstance(problems, list) or len(problems) != 1 or not isinstance(problems[0], dict):
        raise ModelError(f"{path}: problems: one problem is wanted")
    if not isinstance(parameter_file, str):
        raise ModelError(f"{path}: parameter_file: the name of one file is wanted")
    return parameter_file, problems[0]


def _listed(path: Path, problem: Mapping[str, Any], key: str) -> list[str]:
    names = problem.get(key)
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise ModelError(f"{path}: {key}: a list of file names is wanted")
    return names


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table with its place."""

    cells: Mapping[str, str]
    where: str

    def text(self, column: str, default: str = "") -> str:
        return (self.cells.get(column) or "").strip() or default

    def number(self, column: str, *, default: str = "") -> float:
        text = self.text(column, default)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise ModelError(f"{self.where}: {column}: a number is wanted, not {text[:40]!r}")
        return value

    def choice(self, column: str, choices: Collection[str], default: str) -> str:
        text = self.text(column, default)
        if text not in choices:
            raise ModelError(f"{self.where}: {column}: {text[:40]!r}{suggestion(text, choices)}")
        return text

    def parameters(self, column: str) -> tuple[str, ...]:
        text = self.text(column)
        return tuple(part.strip() for part in text.split(";")) if text else ()


def _rows(path: Path, wanted: Collection[str]) -> Iterator[_Row]:
    """Rows of a tab-separated table that has the wanted columns."""
    lines = read_text(path).splitlines()
    reader = csv.DictReader(lines, delimiter="\t")
    missing = [column for column in wanted if column not in (reader.fieldnames or ())]
    if missing:
        raise ModelError(f"{path}:1: there is no column {missing[0]!r}")
    for cells in reader:
        if any(value for value in cells.values()):
            texts = {key: value for key, value in cells.items() if isinstance(value, str)}
            yield _Row(texts, f"{path}:{reader.line_num}")


def _parameters(path: Path) -> Iterator[PetabParameter]:
    seen: set[str] = set()
    for row in _rows(path, ("parameterId", "parameterScale", "nominalValue", "estimate")):
        name = row.text("parameterId")
        if name in seen:
            raise ModelError(f"{row.where}: parameter {name[:60]!r} stands twice")
        seen.add(name)
        yield PetabParameter(
            id=name,
            scale=row.choice("parameterScale", SCALES, "lin"),
            lower=row.number("lowerBound", default="-inf"),
            upper=row.number("upperBound", default="inf"),
            nominal=row.number("nominalValue"),
            estimate=row.choice("estimate", ("0", "1", "0.0", "1.0"), "0").startswith("1"),
            objective_prior=_prior(row, "objectivePrior"),
            initialization_prior=_prior(row, "initializationPrior"),
            where=row.where,
        )


def _prior(row: _Row, columns: str) -> Prior | None:
    """The prior that two columns describe; None where they are empty."""
    if not row.text(f"{columns}Type"):
        return None
    kind = row.choice(f"{columns}Type", PRIORS, "")
    column = f"{columns}Parameters"
    texts = row.parameters(column)
    try:
        first, second = map(float, texts)
    except ValueError:
        first = second = math.nan
    is_uniform = kind.lower().endswith("uniform")
    if not (math.isfinite(first) and (second > first if is_uniform else 0.0 < second < math.inf)):
        wanted = "two bounds, the lower first" if is_uniform else "a centre and a spread above 0"
        shown = row.text(column)[:40]
        raise ModelError(f"{row.where}: {column}: {kind} takes {wanted}, not {shown!r}")
    return Prior(kind, (first, second))


def _conditions(path: Path, problem: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    conditions = {}
    for name in _listed(path, problem, "condition_files"):
        for row in _rows(path.parent / name, ("conditionId",)):
            changes = {
                key: value.strip()
                for key, value in row.cells.items()
                if key not in ("conditionId", "conditionName") and value.strip().lower() not in KEPT
            }
            conditions[row.text("conditionId")] = changes
    return conditions


def _observables(path: Path, problem: Mapping[str, Any]) -> Iterator[PetabObservable]:
    for name in _listed(path, problem, "observable_files"):
        for row in _rows(path.parent / name, ("observableId", "observableFormula", "noiseFormula")):
            yield PetabObservable(
                id=row.text("observableId"),
                formula=row.text("observableFormula"),
                noise=row.text("noiseFormula"),
                transformation=row.choice("observableTransformation", SCALES, "lin"),
                distribution=row.choice("noiseDistribution", DISTRIBUTIONS, "normal"),
                where=row.where,
            )


def _measurements(
    path: Path,
    problem: Mapping[str, Any],
    conditions: Collection[str],
    observables: Collection[str],
) -> Iterator[PetabMeasurement]:
    wanted = ("observableId", "simulationConditionId", "measurement", "time")
    for name in _listed(path, problem, "measurement_files"):
        for row in _rows(path.parent / name, wanted):
            observable, condition = row.text("observableId"), row.text("simulationConditionId")
            before = row.text("preequilibrationConditionId")
            for kind, used, known in (
                ("observable", observable, observables),
                ("condition", condition, conditions),
                ("condition", before or condition, conditions),
            ):
                if used not in known:
                    near = suggestion(used, known)
                    raise ModelError(f"{row.where}: there is no {kind} {used[:60]!r}{near}")
            yield PetabMeasurement(
                observable=observable,
                preequilibration=before,
                condition=condition,
                value=row.number("measurement"),
                time=row.number("time"),
                observable_parameters=row.parameters("observableParameters"),
                noise_parameters=row.parameters("noiseParameters"),
                where=row.where,
            )


def parameter_table_with(path: Path, nominal: Mapping[str, float]) -> str:
    """Text of a parameter table with new nominal values; all else stays as it was."""
    reader = csv.DictReader(read_text(path).splitlines(), delimiter="\t")
    columns = list(reader.fieldnames or ())
    rows = [row for row in reader if any(row.values())]
    lines = ["\t".join(columns)]
    for row in rows:
        name = (row["parameterId"] or "").strip()
        if name in nominal:
            row["nominalValue"] = repr(nominal[name])
        lines.append("\t".join(row[column] or "" for column in columns))
    return "\n".join(lines) + "\n"
