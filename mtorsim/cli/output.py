"""Where results go: tables and JSON on stdout, and files that must be found writable first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from mtorsim.errors import InputError
from mtorsim.report.plain import plain_json
from mtorsim.report.whole_folder import check_writable

SHOWN_FAILURES = 5


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
    click.echo(json.dumps(plain_json(value), indent=2, allow_nan=False, ensure_ascii=False))


def print_failures(failures: Sequence[object]) -> int:
    """Name the first trajectories that failed on stderr; returns the exit code."""
    for failure in failures[:SHOWN_FAILURES]:
        click.echo(f"mtorsim: {failure}", err=True)
    if len(failures) > SHOWN_FAILURES:
        click.echo(f"mtorsim: and {len(failures) - SHOWN_FAILURES} more failed", err=True)
    return 1 if failures else 0


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


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    return ", ".join(map(str, value))
