"""Arrays that take long to make, kept on disk under a name made of all they depend on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

FOLDER = Path("out") / "benchmarks" / "references"


def stored(name: str, depends_on: Iterable[str | ArrayLike], make: Callable[[], Array]) -> Array:
    """The array of ``make()``, from disk where it was made before from the same things."""
    digest = hashlib.sha256()
    for part in depends_on:
        is_text = isinstance(part, str)
        digest.update(part.encode() if is_text else np.asarray(part, np.float64).tobytes())
    file = FOLDER / f"{name}-{digest.hexdigest()[:16]}.npy"
    if not file.is_file():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.npy")
        np.save(unfinished, make())
        unfinished.replace(file)
    return np.asarray(np.load(file, allow_pickle=False), dtype=np.float64)
