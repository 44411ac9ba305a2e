"""Sections and numbered lines of BioNetGen ``.net`` files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mtorsim.errors import ModelError, suggestion

_READ = ("parameters", "species", "reactions", "groups")
_WITHOUT_EFFECT = (
    "molecule types",
    "seed species",
    "observables",
    "reaction rules",
    "energy patterns",
)
_OUTSIDE = re.compile(r"(setOption|substanceUnits|version|setModelName)\s*\(.*\)\s*;?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a section, without its comment."""

    fields: list[str]
    where: str


def read_sections(text: str, file: str) -> dict[str, list[Line]]:
    """Lines of each section that is read; anything that would change the model is refused."""
    sections: dict[str, list[Line]] = {}
    current, began_at = "", 0
    for number, raw in enumerate(text.split("\n"), start=1):
        fields = raw.partition("#")[0].split()
        where = f"{file}:{number}"
        if fields and fields[0] in ("begin", "end"):
            name = " ".join(fields[1:])
            _check_boundary(fields[0], name, current, where)
            current, began_at = (name, number) if fields[0] == "begin" else ("", number)
            if current in sections:
                raise ModelError(f"{where}: section {current!r} stands twice")
            if current:
                sections[current] = []
        elif fields and current in _READ:
            sections[current].append(Line(fields, where))
        elif fields:
            _check_without_effect(fields, current, where)
    if current:
        raise ModelError(f"{file}:{began_at}: section {current!r} has no end: is the file cut off?")
    return sections


def _check_without_effect(fields: list[str], section: str, where: str) -> None:
    """Refuse a line that is not read and yet would change the model."""
    line = " ".join(fields)
    if section == "functions":
        raise ModelError(
            f"{where}: function {line[:40]!r}: rates that are functions are not mass action"
        )
    if not section and not _OUTSIDE.fullmatch(line):
        raise ModelError(f"{where}: {line[:40]!r} stands outside any section")


def _check_boundary(word: str, name: str, current: str, where: str) -> None:
    """Sections begin where none is open, end by their own name, and are of a known kind."""
    known = (*_READ, *_WITHOUT_EFFECT, "functions")
    if word == "begin" and current:
        raise ModelError(f"{where}: section {name!r} begins before {current!r} has ended")
    if word == "begin" and name not in known:
        hint = suggestion(name, known)
        raise ModelError(f"{where}: section {name!r} is not part of an expanded network{hint}")
    if word == "end" and name != current:
        raise ModelError(f"{where}: 'end {name}' where section {current or 'none'!r} is open")


def numbered(
    lines: list[Line], wanted: str, at_least: int, problems: list[str]
) -> Iterator[tuple[int, Line]]:
    """Lines with the position they are numbered by; others become problems."""
    for position, line in enumerate(lines):
        if len(line.fields) < at_least:
            problems.append(f"{line.where}: {' '.join(line.fields)!r}: wanted: {wanted}")
        elif line.fields[0] != str(position + 1):
            problems.append(
                f"{line.where}: index {line.fields[0]!r} where {position + 1} is next in order"
            )
        else:
            yield position, line
