"""Where proteins stand in a diagram, read from ``models/diagrams/*.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mtorsim.modelfiles.document import Problems, read_document
from mtorsim.modelfiles.library import label_of, models_folder
from mtorsim.modelfiles.schema import PAIR, TABLE, TABLES, TEXT, TEXTS, Schema

_FILE = Schema("a diagram file", {"diagram": TABLE, "node": TABLES}, ("diagram", "node"))
_NODE = Schema("[[node]]", {"id": TEXT, "holds": TEXTS, "at": PAIR}, ("id", "holds", "at"))


@dataclass(frozen=True, slots=True)
class DiagramNode:
    """A box of a diagram.

    Parameters
    ----------
    id : what is written on it
    holds : components whose species it stands for
    at : (column, row), rows counted downwards
    """

    id: str
    holds: tuple[str, ...]
    at: tuple[float, float]


def load_diagram(path: Path | None = None) -> tuple[DiagramNode, ...]:
    """The boxes of a diagram file in order of precedence; the shipped one if no file is named.

    Raises
    ------
    ModelError : the file is wrong, every mistake by line
    """
    file = models_folder() / "diagrams" / "pathway.toml" if path is None else path
    problems = Problems()
    document = read_document(file, label=label_of(file), problems=problems)
    nodes: list[DiagramNode] = []
    if document is not None:
        _FILE.check(document.data, where=document.where, problems=problems)
        for i, entry in enumerate(document.array("node")):
            if not _NODE.check(entry, where=document.places("node", i), problems=problems):
                continue
            for other in nodes:
                for component in set(entry["holds"]) & set(other.holds):
                    where = document.where("node", i, "holds")
                    problems.add(where, f"{component} is held by {other.id} already")
            column, row = entry["at"]
            at = (float(column), float(row))
            nodes.append(DiagramNode(entry["id"], tuple(entry["holds"]), at))
    problems.raise_if_any()
    return tuple(nodes)
