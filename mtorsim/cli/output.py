"""Where results go: tables and JSON on stdout, and files that must be found writable first."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from mtorsim.errors import InputError


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns aligned by spaces: numbers to the right, words to the left."""
    values = [list(row) for row in rows]
    cells = [[_cell(value) for value in row] for row in values]
    columns = list(zip(headers, *cells, strict=True))
    numeric = [all(isinstance(row[i], int | float) for row in values) for i in range(len(headers))]
    widths = [max(map(len, column)) for column in columns]
    for line in zip(*columns, strict=True):
        padded = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def print_json(value: object) -> None:
    """Print JSON; numbers that are not finite become null."""
    click.echo(json.dumps(_plain(value), indent=2, allow_nan=False, ensure_ascii=False))


def check_file(path: str | Path, *, suffixes: Sequence[str], force: bool) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Raises
    ------
    InputError : unknown suffix, a file in the way, or a folder that can not be written
    """
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{file} is a folder; name a file")
    if file.suffix.lower() not in suffixes:
        raise InputError(f"{file}: name a file that ends in {' or '.join(suffixes)}")
    if file.exists() and not force:
        raise InputError(f"{file} exists; --force replaces it")
    check_writable(file.parent)


def check_writable(folder: str | Path) -> None:
    """Refuse a folder in which nothing can be made; it may itself be still to be made.

    Raises
    ------
    InputError : a file stands in the way, or the folder can not be written
    """
    place = Path(folder).absolute()
    existing = next(parent for parent in (place, *place.parents) if parent.exists())
    if not existing.is_dir():
        raise InputError(f"{folder} can not be made: {existing} is not a folder")
    try:
        with tempfile.TemporaryDirectory(dir=existing, prefix=".mtorsim-"):
            pass
    except OSError as error:
        raise InputError(f"{existing} can not be written ({error.strerror})") from None


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    return ", ".join(map(str, value))


def _plain(value: object) -> object:
    """The value in types that JSON has."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Path):
        return str(value)
    return _plain(value.item()) if hasattr(value, "item") else value
