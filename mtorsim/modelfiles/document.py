"""A TOML file in memory that knows the lines of its keys, and the list of what is wrong so far."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from mtorsim.errors import ModelError
from mtorsim.modelfiles.lines import KeyPath, line_of_key

Table = Mapping[str, Any]

_AT_LINE = re.compile(r"^(.*?)\s*\(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problems:
    """One line for each thing that is wrong, in the order found."""

    lines: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note a problem once."""
        line = f"{where}: {what}"
        if line not in self.lines:
            self.lines.append(line)

    @contextmanager
    def collected(self, where: str, what: str) -> Iterator[None]:
        """Note the problems of a ModelError raised inside, and go on after the block."""
        try:
            yield
        except ModelError as error:
            for problem in error.problems:
                self.add(where, f"{what}: {problem}")

    def raise_if_any(self) -> None:
        """Raise all of them together."""
        if self.lines:
            raise ModelError(self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file.

    Parameters
    ----------
    label : the file as shown in messages
    data : what ``tomllib`` read
    lines : line of each key
    """

    label: str
    data: Table
    lines: Mapping[KeyPath, int]

    def where(self, *path: str | int) -> str:
        """``"file.toml:12"`` of the key, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return f"{self.label}:{self.lines[path[:length]]}"
        return self.label

    def table(self, *path: str) -> dict[str, Any]:
        """The table at a path; empty where there is none, or something else."""
        value: Any = self.data
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def entries(self, key: str, *, problems: Problems) -> list[tuple[str, dict[str, Any]]]:
        """Names and tables below ``[key]``; anything else there is a problem."""
        entries = []
        for name, entry in self.table(key).items():
            if isinstance(entry, dict):
                entries.append((name, entry))
            else:
                problems.add(self.where(key, name), f"{name!r} in [{key}] must be a table")
        return entries

    def array(self, key: str) -> list[dict[str, Any]]:
        """The tables of ``[[key]]``; empty where there is something else."""
        value = self.data.get(key)
        tables = value if isinstance(value, list) else []
        return tables if all(isinstance(table, dict) for table in tables) else []

    def places(self, *path: str | int) -> Callable[[str], str]:
        """Where each key of the table at ``path`` stands."""
        return lambda key: self.where(*path, key)


def read_document(path: Path, *, label: str, problems: Problems) -> Document | None:
    """Read a TOML file; None, with the problem noted, where it is not one."""
    text = read_text(path, label=label, problems=problems)
    return None if text is None else parse_document(text, label=label, problems=problems)


def read_text(path: Path, *, label: str, problems: Problems) -> str | None:
    """The text of a file; None, with the problem noted, where it can not be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        problems.add(label, f"can not be read: {error.strerror or error}")
    except UnicodeDecodeError:
        problems.add(label, "is not UTF-8 text")
    return None


def parse_document(text: str, *, label: str, problems: Problems) -> Document | None:
    """Parse TOML text; None, with the problem noted, where it is malformed."""
    document, problem = _parsed(text, label)
    if document is None:
        problems.add(*problem)
    return document


@lru_cache(maxsize=256)
def _parsed(text: str, label: str) -> tuple[Document | None, tuple[str, str]]:
    """A parsed file, or where and how it is malformed.

    A model is composed of some thirty files, and every change of its context or drugs reads some
    of them again. The text itself is the key, so that no change of a file is missed.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = _AT_LINE.match(str(error))
        message = match[1] if match else str(error)
        line = (match[2] if match else None) or str(text.count("\n") + 1)
        return None, (f"{label}:{line}", f"not valid TOML: {message}")
    return Document(label, data, line_of_key(text)), ("", "")


def substitute(document: Document, placeholder: str, replacement: str) -> Document:
    """The document with ``placeholder`` replaced in every text and key."""
    lines = {
        tuple(
            part.replace(placeholder, replacement) if isinstance(part, str) else part
            for part in path
        ): line
        for path, line in document.lines.items()
    }
    data = _substituted(document.data, placeholder, replacement)
    return Document(document.label, data, lines)


def _substituted(value: Any, placeholder: str, replacement: str) -> Any:
    if isinstance(value, str):
        return value.replace(placeholder, replacement)
    if isinstance(value, list):
        return [_substituted(item, placeholder, replacement) for item in value]
    if isinstance(value, dict):
        return {
            key.replace(placeholder, replacement): _substituted(item, placeholder, replacement)
            for key, item in value.items()
        }
    return value
