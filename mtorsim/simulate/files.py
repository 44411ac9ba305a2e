"""Results on disk: written whole or not at all."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mtorsim.errors import InputError
from mtorsim.simulate.table import table_columns
from mtorsim.solvers.options import Status

if TYPE_CHECKING:
    from mtorsim.simulate.result import SweepResult

ROWS_AT_ONCE = 10_000


def save_result(result: SweepResult, path: Path, *, force: bool = False) -> Path:
    """Write a result by the ending of ``path``: ``.nc`` or ``.csv``; returns the path."""
    writers: dict[str, Callable[[SweepResult, Path], None]] = {
        ".nc": _write_netcdf,
        ".csv": _write_csv,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise InputError(f"{path}: choose a file that ends in {' or '.join(writers)}")
    with whole_file(path, force=force) as unfinished:
        writer(result, unfinished)
    return path


def open_sweep(path: str | Path) -> SweepResult:
    """Read a result that was saved as ``.nc``.

    Parameters
    ----------
    path : a file ending in ``.nc``

    Raises
    ------
    InputError : no such file, or not one that ``SweepResult.save`` wrote
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    if file.suffix.lower() != ".nc":
        raise InputError(f"{file}: only .nc files hold all of a sweep; save it as .nc to open it")
    import xarray

    from mtorsim.simulate.dataset import result_of_dataset

    try:
        with xarray.open_dataset(file, engine="scipy", decode_times=False) as dataset:
            return result_of_dataset(dataset.load(), where=str(file))
    except (TypeError, ValueError, KeyError, OSError) as error:
        raise InputError(f"{file}: can not be read as a saved sweep ({error})") from error


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[Path]:
    """A temporary file that takes the name ``path`` when the block ends well, else is removed.

    Raises
    ------
    InputError : ``path`` exists and ``force`` is not set, or its folder can not be written to
    """
    if path.exists() and not force:
        raise InputError(f"{path} exists: choose another name, or overwrite it with force")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        os.close(handle)
    except OSError as error:
        raise InputError(f"{path}: can not be written ({error.strerror})") from error
    unfinished = Path(name)
    try:
        yield unfinished
        # mkstemp makes files for the owner alone; a result is as readable as any other file.
        mask = os.umask(0)
        os.umask(mask)
        unfinished.chmod(0o666 & ~mask)
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"{path}: can not be written ({error.strerror})") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _write_netcdf(result: SweepResult, path: Path) -> None:
    from mtorsim.simulate.dataset import dataset_with_diagnostics

    dataset = dataset_with_diagnostics(result)
    dataset.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")


def _write_csv(result: SweepResult, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        # What Ctrl-C left undone has no row.
        run = np.flatnonzero(result.outcome.status != Status.INTERRUPTED)
        for start in range(0, max(len(run), 1), ROWS_AT_ONCE):
            columns = table_columns(result, trajectories=run[start : start + ROWS_AT_ONCE])
            if start == 0:
                writer.writerow(columns)
            writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
