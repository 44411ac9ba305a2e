"""How growth is read off a model: ``models/growth/*.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mtorsim.modelfiles.document import Document, Problems
from mtorsim.modelfiles.schema import TABLE, TABLES, TEXT, TEXTS, Schema, table_at
from mtorsim.modelfiles.sourced import load_part, read_sourced
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


def load_growth(growth: str | Path = "arms") -> GrowthMapping:
    """A shipped mapping by name, or one from a path.

    Raises
    ------
    UnknownNameError : no shipped mapping of that name
    ModelError : the file is wrong, every mistake by line
    """
    return load_part(growth, kind="growth mapping", folder="growth", read=_read)


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
