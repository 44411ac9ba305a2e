"""What is installed here: versions, processor, compiled code on disk, threads."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import llvmlite.binding as llvm

import mtorsim as mt
from mtorsim._cache import wanted_cache_folder

REQUIRED = ("numpy", "scipy", "numba", "llvmlite", "sympy", "xarray", "click", "tqdm")
OPTIONAL = (
    "matplotlib",
    "plotly",
    "python-libsbml",
    "antimony",
    "python-libcombine",
    "python-libsedml",
    "pyyaml",
)

# All that mtorsim ever puts into its cache folder; nothing else there is deleted.
CACHE_PARTS = ("kernels", "driver")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` says what to do where it is not ok."""

    name: str
    found: str
    ok: bool = True
    advice: str = ""


def describe_cache() -> dict[str, object]:
    """Folder of compiled code, the number of kernels in it, and its size."""
    folder = wanted_cache_folder()
    parts = [folder / part for part in CACHE_PARTS]
    files = [path for part in parts for path in part.rglob("*") if path.is_file()]
    kernels = folder / "kernels"
    return {
        "folder": folder,
        "kernels": sum(1 for _ in kernels.iterdir()) if kernels.is_dir() else 0,
        "megabytes": sum(path.stat().st_size for path in files) / 1e6,
    }


def clear_cache() -> None:
    """Delete the compiled code."""
    for part in CACHE_PARTS:
        folder = wanted_cache_folder() / part
        if folder.is_dir():
            shutil.rmtree(folder)


def check_installation() -> tuple[Finding, ...]:
    """Look at everything that a run needs."""
    return (
        Finding("mtorsim", mt.__version__),
        Finding("python", f"{platform.python_version()} on {platform.platform()}"),
        _packages("libraries", REQUIRED, needed=True),
        _packages("extras", OPTIONAL, needed=False),
        _processor(),
        _threads(),
        _cache(),
        _models(),
    )


def _packages(name: str, packages: Sequence[str], *, needed: bool) -> Finding:
    """Versions of packages; a missing one is wrong only if it is needed."""
    found, missing = [], []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    text = ", ".join([*found, *(f"no {package}" for package in missing)])
    wrong = needed and bool(missing)
    return Finding(name, text, not wrong, "install mtorsim again" if wrong else "")


def _processor() -> Finding:
    """Name of the processor and the vector instructions that generated code can use."""
    features = llvm.get_host_cpu_features()
    vectors = [name for name in ("sse2", "avx2", "fma", "avx512f", "neon") if features.get(name)]
    return Finding("processor", f"{llvm.get_host_cpu_name()} ({', '.join(vectors) or 'scalar'})")


def _threads() -> Finding:
    """Processors that this process may use, of all."""
    count = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else count
    return Finding("threads", f"{usable} of {count} processors")


def _cache() -> Finding:
    """Whether compiled code can be kept."""
    cache = describe_cache()
    folder = Path(str(cache["folder"]))
    found = f"{folder}, {cache['kernels']} models, {cache['megabytes']:.1f} MB"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        advice = "set MTORSIM_CACHE_DIR to a folder that can be written"
        return Finding("cache", f"{folder}: {error.strerror}", False, advice)
    return Finding("cache", found)


def _models() -> Finding:
    """Whether the shipped models are found."""
    try:
        models = [entry.id for entry in mt.list_models()]
    except mt.MtorsimError as error:
        return Finding("models", str(error), False, "install mtorsim again")
    return Finding("models", ", ".join(models))


def describe_machine() -> dict[str, str]:
    """Processor and versions, for results that are kept."""
    described = {"processor": llvm.get_host_cpu_name(), "python": platform.python_version()}
    for package in ("numpy", "scipy", "numba", "llvmlite"):
        described[package] = version(package)
    return {**described, "mtorsim": mt.__version__}
