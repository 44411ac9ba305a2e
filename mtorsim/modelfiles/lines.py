"""On which line of a TOML text each key stands; the standard reader does not say."""

from __future__ import annotations

import re

KeyPath = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=(.*)", re.DOTALL)
_EACH_PART = re.compile(_PART)
# What may open or close something that spans lines, longest first.
_SPANNING = re.compile(
    r'''"""|\'\'\'|"(?:[^"\\]|\\.)*"|'[^']*'|\#.*|[\[\]{}]''',
)
# Most values hold none of these, and need no closer look.
_MAY_SPAN = re.compile(r"""[\[{]|\"{3}|'{3}""")


def line_of_key(text: str) -> dict[KeyPath, int]:
    """Line, from 1, of every table header and key of a well-formed TOML text.

    The entries of ``[[reaction]]`` have paths ``("reaction", 0)``, ``("reaction", 1)`` and so on.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    open_value = _OpenValue()
    for number, line in enumerate(text.split("\n"), start=1):
        if open_value.pending:
            open_value.feed(line)
        elif header := _HEADER.match(line):
            table = _resolve(_parts(header[2]), counts, is_array=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_parts(key[1])), number)
            open_value.feed(key[2])
    return lines


def _parts(dotted: str) -> KeyPath:
    """``a."b:c".d`` as ``("a", "b:c", "d")``."""
    if dotted.isidentifier():
        return (dotted,)
    return tuple(part.strip("\"'") for part in _EACH_PART.findall(dotted))


def _resolve(path: KeyPath, counts: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """The path with the index of the array entry that each array name stands for just now."""
    resolved: KeyPath = ()
    for position, part in enumerate(path):
        resolved = (*resolved, part)
        if is_array and position == len(path) - 1:
            counts[resolved] = counts.get(resolved, -1) + 1
        if resolved in counts:
            resolved = (*resolved, counts[resolved])
    return resolved


class _OpenValue:
    """Whether a value begun on an earlier line is still open."""

    def __init__(self) -> None:
        self.depth = 0
        self.quote = ""

    @property
    def pending(self) -> bool:
        """True inside a multi-line string, array or inline table."""
        return bool(self.depth or self.quote)

    def feed(self, text: str) -> None:
        """Take in one more line of the value."""
        if self.quote:
            _, found, text = text.partition(self.quote)
            if not found:
                return
            self.quote = ""
        if self.depth or _MAY_SPAN.search(text):
            self.scan(text)

    def scan(self, text: str) -> None:
        """Count what the text opens and closes."""
        for match in _SPANNING.finditer(text):
            token = match[0]
            if token in "[{":
                self.depth += 1
            elif token in "]}":
                self.depth -= 1
            elif token in ('"""', "'''"):
                self.quote = token
                self.feed(text[match.end() :])
                return
