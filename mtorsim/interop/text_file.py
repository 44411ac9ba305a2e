"""Text files of other tools, plain or gzipped, read with one clear line for each way to fail."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from mtorsim.errors import ModelError

# The largest network files known are some ten megabytes; a bomb unpacks to far more.
MAX_BYTES = 512 * 1024 * 1024


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """Content of a UTF-8 file; one whose name ends in ``.gz`` is unpacked.

    Raises
    ------
    ModelError : no such file, not readable, not text, cut off, or larger than ``max_bytes``
    """
    try:
        content = _content(path, max_bytes)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise ModelError(f"{path}: a file is wanted, this is a folder") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ModelError(f"{path}: the gzip file is damaged or cut off ({error})") from error
    except OSError as error:
        raise ModelError(f"{path}: can not be read ({error.strerror})") from error
    if len(content) > max_bytes:
        raise ModelError(f"{path}: larger than {max_bytes // 1024**2} MiB")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ModelError(f"{path}:{line}: not a text file in UTF-8") from error


def _content(path: Path, max_bytes: int) -> bytes:
    """Bytes of the file, one more than ``max_bytes`` at most."""
    if path.suffix == ".gz":
        with gzip.open(path) as unpacked:
            return unpacked.read(max_bytes + 1)
    with path.open("rb") as plain:
        return plain.read(max_bytes + 1)
