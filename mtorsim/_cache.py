"""The folder where compiled code is kept between runs."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
import warnings
from pathlib import Path

PACKAGE = Path(__file__).parent


class CacheWarning(UserWarning):
    """Compiled code can not be kept, so every run compiles anew."""


@functools.cache
def cache_folder() -> Path | None:
    """The user's cache folder for mtorsim; None, after one warning, where it can not be written.

    ``MTORSIM_CACHE_DIR`` overrides the platform's place.
    """
    folder = wanted_cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        warnings.warn(
            f"cache folder {folder} can not be written ({error.strerror}): code is compiled "
            "anew in every run; set MTORSIM_CACHE_DIR to a folder that can be written",
            CacheWarning,
            stacklevel=2,
        )
        return None
    return folder


def wanted_cache_folder() -> Path:
    """Where compiled code would be kept, whether or not it can be."""
    override = os.environ.get("MTORSIM_CACHE_DIR")
    if override:
        return Path(override).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("mtorsim", appauthor=False))


@functools.cache
def source_hash(*folders: str) -> str:
    """SHA-256 over every Python file of these folders of the package, names and contents."""
    digest = hashlib.sha256()
    for folder in folders:
        place = PACKAGE / folder
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that no other process ever sees half of it."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
