"""How growth is read off a model: ``models/growth/*.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mtorsim.errors import ModelError, UnknownNameError, suggestion
from mtorsim.modelfiles.document import Document, Problems, read_document
from mtorsim.modelfiles.library import label_of, load_sources, models_folder
from mtorsim.modelfiles.numbers import read_number
from mtorsim.modelfiles.schema import TABLE, TABLES, TEXT, TEXTS, Schema, parameter_schema, table_at
from mtorsim.network.quantity import Parameter

_FILE = Schema("a growth file", {"growth": TABLE, "arm": TABLES}, ("growth", "arm"))
_HEAD = Schema("[growth]", {"id": TEXT, "title": TEXT}, ("id", "title"))
_ARM = Schema(
    "[[arm]]",
    {"id": TEXT, "readouts": TEXTS, "weight": TABLE, "half": TABLE},
    ("id", "readouts", "weight", "half"),
)


@dataclass(frozen=True, slots=True)
class GrowthArm:
    """One of the things that growth leans on.

    Parameters
    ----------
    readouts : the first that a model has is read
    weight : share of the growth of the reference cell, before all are made to sum to 1
    half : multiple of the reference level at which half of the most it can do is reached
    """

    id: str
    readouts: tuple[str, ...]
    weight: Parameter
    half: Parameter


@dataclass(frozen=True, slots=True)
class GrowthMapping:
    """A phenomenological reading of growth."""

    id: str
    title: str
    arms: tuple[GrowthArm, ...]


@lru_cache(maxsize=8)
def load_growth(growth: str | Path = "arms") -> GrowthMapping:
    """A shipped mapping by name, or one from a path.

    Raises
    ------
    UnknownNameError : no shipped mapping of that name
    ModelError : the file is wrong, every mistake by line
    """
    path = Path(growth)
    if path.suffix != ".toml":
        names = [file.stem for file in sorted((models_folder() / "growth").glob("*.toml"))]
        if str(growth) not in names:
            raise UnknownNameError("growth mapping", str(growth), names)
        path = models_folder() / "growth" / f"{growth}.toml"
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    mapping = _read(document, problems) if document is not None else None
    problems.raise_if_any()
    if mapping is None:
        raise ModelError(f"{label_of(path)}: can not be read")
    return mapping


def _read(document: Document, problems: Problems) -> GrowthMapping | None:
    _FILE.check(document.data, where=document.where, problems=problems)
    head = table_at(document, "growth", _HEAD, problems=problems)
    arms = [
        GrowthArm(entry["id"], tuple(entry["readouts"]), weight, half)
        for i, entry in enumerate(document.array("arm"))
        if _ARM.check(entry, where=document.places("arm", i), problems=problems)
        and (weight := read_sourced(document, ("arm", i, "weight"), entry["weight"], problems))
        and (half := read_sourced(document, ("arm", i, "half"), entry["half"], problems))
    ]
    for i, entry in enumerate(document.array("arm")):
        if entry.get("readouts") == []:
            problems.add(document.where("arm", i, "readouts"), "'readouts' is empty: name one")
    if not head or not arms or problems.lines:
        return None
    if sum(arm.weight.value for arm in arms) <= 0.0:
        problems.add(document.where("arm"), "the weights sum to 0, no arm would count")
        return None
    return GrowthMapping(head["id"], head["title"], tuple(arms))


def read_sourced(
    document: Document, path: tuple[str | int, ...], entry: dict[str, object], problems: Problems
) -> Parameter | None:
    """A number with value, unit, spread and source; None, with what is wrong noted."""
    name, where = str(path[-1]), document.where(*path)
    schema = parameter_schema(f"{name!r}")
    if not schema.check(entry, where=document.places(*path), problems=problems):
        return None
    found: list[Parameter] = []
    with problems.collected(where, name):
        found.append(read_number(name, entry, origin=where))
        check_source(found[0].source, where, problems)
    return found[0] if found else None


def check_source(source: str, where: str, problems: Problems) -> None:
    """Note a source that is not in ``sources.toml``."""
    known = _known_sources()
    if source not in known and source not in ("fitted", "assumed"):
        problems.add(where, f"unknown source {source!r}{suggestion(source, known)}")


@lru_cache(maxsize=1)
def _known_sources() -> frozenset[str]:
    """Keys of the shipped sources, read once."""
    return frozenset(load_sources())
