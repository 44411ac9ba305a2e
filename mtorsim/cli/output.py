"""Where results go: tables and JSON on stdout, files that are whole or not there at all."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
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


def checked_file(path: str | Path, *, suffixes: Sequence[str], force: bool) -> Path:
    """The file to write, once it is sure that it can be written.

    Raises
    ------
    InputError : unknown suffix, a file in the way, or a folder that is missing or not writable
    """
    file = Path(path)
    if file.suffix not in suffixes:
        wanted = " or ".join(suffixes)
        raise InputError(
            f"{file}: do not know how to write {file.suffix or 'that'!r}; use {wanted}"
        )
    if not file.parent.is_dir():
        raise InputError(f"{file}: no folder {file.parent}")
    if file.is_dir():
        raise InputError(f"{file} is a folder")
    if file.exists() and not force:
        raise InputError(f"{file} exists; --force replaces it")
    _probe(file.parent)
    return file


def checked_folder(path: str | Path, *, files: Sequence[str], force: bool) -> Path:
    """The folder to fill with these files, once it is sure that it can be; it may not exist yet.

    Raises
    ------
    InputError : a file in the way, or a folder that is not writable
    """
    folder = Path(path)
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir():
        raise InputError(f"{folder}: {existing} is not a folder")
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise InputError(f"{folder / there[0]} exists; --force replaces it")
    _probe(existing)
    return folder


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, and rename it when it is complete."""
    with tempfile.TemporaryDirectory(prefix=f".{path.stem}.", dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        write(temporary)
        os.replace(temporary, path)


def _probe(folder: Path) -> None:
    """Refuse a folder in which no file can be made."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"{folder} is not writable ({error.strerror})") from None


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
