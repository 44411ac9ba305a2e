"""Files of sourced numbers beside a model: found by name or path, and read whole or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mtorsim.errors import ModelError, UnknownNameError
from mtorsim.modelfiles.document import Document, Problems, Table, read_document
from mtorsim.modelfiles.library import label_of, load_sources, models_folder
from mtorsim.modelfiles.numbers import read_number
from mtorsim.modelfiles.schema import parameter_schema
from mtorsim.network.quantity import Parameter
from mtorsim.network.source import source_complaint

Part = TypeVar("Part")


def shipped_names(folder: str) -> tuple[str, ...]:
    """Names of the shipped files of a folder."""
    return tuple(sorted(file.stem for file in (models_folder() / folder).glob("*.toml")))


def load_part(
    given: str | Path,
    *,
    kind: str,
    folder: str,
    read: Callable[[Document, Problems], Part | None],
) -> Part:
    """What stands in a shipped file of that name, or in the file of a path ending in ``.toml``.

    Parameters
    ----------
    kind : what the file holds, for error lines
    folder : where shipped ones are
    read : None where it can not be read, with the problems noted

    Raises
    ------
    UnknownNameError : no shipped file of that name
    ModelError : the file is wrong, every mistake by line
    """
    path = Path(given)
    if path.suffix != ".toml":
        if str(given) not in shipped_names(folder):
            raise UnknownNameError(kind, str(given), shipped_names(folder))
        path = models_folder() / folder / f"{given}.toml"
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    part = read(document, problems) if document is not None else None
    problems.raise_if_any()
    if part is None:
        raise ModelError(f"{label_of(path)}: can not be read")
    return part


def read_sourced(
    document: Document, path: tuple[str | int, ...], entry: Table, problems: Problems
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
    if complaint := source_complaint(source, load_sources()):
        problems.add(where, complaint)
