"""Several files of one result in a folder: all of them or none."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mtorsim.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def check_files(folder: str | Path, names: Sequence[str], *, force: bool = False) -> None:
    """Refuse a folder that could not be filled, before anything is computed.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be made or written
    """
    path = Path(folder)
    if folder == "":
        raise InputError("the name of the folder to write to is empty")
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file: name a folder to write to")
    present = [name for name in names if (path / name).exists()]
    if present and not force:
        raise InputError(f"{path / present[0]} exists: use --force (force=True) to write over it")
    check_writable(path)


def check_drawn_files(folder: str | Path, names: Sequence[str], *, force: bool = False) -> None:
    """As `check_files`, where some of the files are pictures.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be made or written
    MissingExtraError : pictures can not be drawn here
    """
    check_files(folder, names, force=force)
    if find_spec("matplotlib") is None:
        raise MissingExtraError("matplotlib", "plots")


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
        # Permissions do not tell: of the superuser, of file systems that are read-only.
        with tempfile.TemporaryDirectory(dir=existing, prefix=".mtorsim-"):
            pass
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{existing} can not be written: {reason}") from None


def write_files(
    folder: str | Path, contents: Mapping[str, bytes | str], *, force: bool = False
) -> tuple[Path, ...]:
    """Write files beside those of the folder first, then rename them into place.

    Raises
    ------
    InputError : a file is in the way, or the folder can not be written
    """
    path = Path(folder)
    check_files(path, tuple(contents), force=force)
    made = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".mtorsim-", dir=path) as staging:
            for name, content in contents.items():
                data = content.encode("utf-8") if isinstance(content, str) else content
                (Path(staging) / name).write_bytes(data)
            for name in contents:
                os.replace(Path(staging) / name, path / name)
    except OSError as error:
        raise InputError(f"{path} can not be written: {error.strerror or error}") from error
    finally:
        if made and path.exists() and not any(path.iterdir()):
            shutil.rmtree(path)
    return tuple(path / name for name in contents)


def png(figure: Figure) -> bytes:
    """A figure as PNG at its own resolution; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white", metadata={"Software": "mtorsim"})
    return buffer.getvalue()
