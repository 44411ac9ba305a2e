"""Generated code is found again when nothing has changed, and never when something has."""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from mtorsim import _cache
from mtorsim._cache import CacheWarning, cache_folder, source_hash
from mtorsim.codegen import kernel_folder
from mtorsim.codegen.kernel import compile_kernel
from mtorsim.codegen.kernel_folder import KernelFolder, kernel_hash, object_name
from mtorsim.codegen.mass_action import Labels
from mtorsim.codegen.native import Processor, host_processor
from mtorsim.solvers.options import SolverOptions, Status
from tests.solvers.comparisons import assert_same_bits
from tests.solvers.examples import EXCHANGE_TABLE, structure_of

EXCHANGE = structure_of(EXCHANGE_TABLE)
LABELS = Labels.numbered(EXCHANGE)
OPTIONS = SolverOptions("rodas4", lanes=2)


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An empty cache folder for the code of networks."""
    monkeypatch.setenv("MTORSIM_CACHE_DIR", str(tmp_path))
    cache_folder.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    cache_folder.cache_clear()


def solve():
    """A kernel made anew, and what it finds."""
    kernel = compile_kernel(EXCHANGE)
    solution = kernel.solve([[3.0, 1.0]], [[1.0, 2.0]], t_out=[1.0], options=OPTIONS)
    assert solution.status.tolist() == [Status.OK]
    return kernel, solution


def objects(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.o")}


def test_unchanged_network_is_not_compiled_again(empty_cache: Path, monkeypatch) -> None:
    first_kernel, first = solve()
    compiled = objects(empty_cache)
    assert len(compiled) == 2  # the scalar functions and the variant

    def refuse(*_, **__):
        raise AssertionError("compiled again")

    monkeypatch.setattr(kernel_folder, "compile_object", refuse)
    monkeypatch.setattr("mtorsim.codegen.kernel.plan_elimination", refuse)
    second_kernel, second = solve()
    assert second_kernel.folder == first_kernel.folder
    assert objects(empty_cache) == compiled
    assert_same_bits(first, second)


def test_another_structure_or_other_labels_have_another_folder() -> None:
    here = kernel_hash(EXCHANGE, LABELS)
    assert kernel_hash(structure_of("A -> B\nB -> A"), LABELS) == here
    assert kernel_hash(structure_of("A -> B\nA -> B"), LABELS) != here
    assert kernel_hash(EXCHANGE, Labels(("A", "B"), ("there", "back"))) != here


@pytest.fixture
def copied_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The package's sources, for changing, as what the hash is taken of."""
    package = tmp_path / "mtorsim"
    shutil.copytree(_cache.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(_cache, "PACKAGE", package)

    def forget() -> None:
        source_hash.cache_clear()
        kernel_folder.toolchain.cache_clear()

    forget()
    yield package, forget
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize(
    "source",
    [
        "codegen/step.py",
        "codegen/mass_action.py",
        "codegen/vector_printer.py",
        "codegen/prepared.py",
        "symbolic/elimination.py",
        "solvers/tableaus.py",
        "solvers/control.py",
        "network/null_space.py",
    ],
)
def test_changed_source_has_another_folder(copied_sources, source: str) -> None:
    package, forget = copied_sources
    before = kernel_hash(EXCHANGE, LABELS)
    path = package / source
    path.write_text(path.read_text() + "\n# changed\n")
    forget()
    assert kernel_hash(EXCHANGE, LABELS) != before


def test_changed_compiler_has_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    before = kernel_hash(EXCHANGE, LABELS)
    kernel_folder.toolchain.cache_clear()
    monkeypatch.setattr("importlib.metadata.version", lambda package: "0.0")
    assert kernel_hash(EXCHANGE, LABELS) != before
    monkeypatch.undo()
    kernel_folder.toolchain.cache_clear()


@pytest.mark.parametrize("what", ["name", "features"])
def test_object_of_another_processor_is_not_used(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    folder = KernelFolder(EXCHANGE, LABELS)
    (folder.path / object_name("scalar")).write_bytes(b"of this processor")
    assert folder.find_object("scalar") == b"of this processor"
    host = host_processor()
    other = {"name": host.name, "features": host.features, what: "another"}
    monkeypatch.setattr(kernel_folder, "host_processor", lambda: Processor(host.triple, **other))
    assert folder.find_object("scalar") is None


def test_folder_that_can_not_be_written_costs_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    monkeypatch.setenv("MTORSIM_CACHE_DIR", str(file / "cache"))
    cache_folder.cache_clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        (kernel, first), (_, second) = solve(), solve()
        assert kernel.folder.is_dir()
        assert list(kernel.folder.glob("*.o"))
    monkeypatch.undo()
    cache_folder.cache_clear()
    assert [warning.category for warning in caught] == [CacheWarning]
    assert "MTORSIM_CACHE_DIR" in str(caught[0].message)
    assert_same_bits(first, second)


READ_ONLY_SCRIPT = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    from tests.codegen.test_kernel_folder import solve
    solve()
    solve()
print(len([w for w in caught if w.category.__name__ == "CacheWarning"]), len(caught))
"""


@pytest.mark.slow
def test_process_without_a_cache_folder_works_with_one_warning(
    checkout: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    process = start(checkout, READ_ONLY_SCRIPT, cache=file / "cache")
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    assert out.split() == ["1", "1"]


def start(checkout: Path, script: str, *, cache: Path) -> subprocess.Popen[str]:
    """A process that keeps its code in ``cache``."""
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=checkout,
        env={**os.environ, "MTORSIM_CACHE_DIR": str(cache), "PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


TOGETHER_SCRIPT = """
import sys, numpy as np
from tests.solvers.examples import CASCADE_TABLE, cascade_rows, kernel_of
start, k = cascade_rows(4)
print("ready", flush=True)
sys.stdin.readline()
solution = kernel_of(CASCADE_TABLE).solve(start, k, t_out=[60.0])
print(solution.final_state.tobytes().hex())
"""


def test_two_processes_compile_the_same_network_at_once(checkout: Path, tmp_path: Path) -> None:
    # the driver is kept, as compiling it takes its time; the network's code is not
    driver = cache_folder() / "driver"
    if driver.is_dir():
        shutil.copytree(driver, tmp_path / "driver")
    processes = [start(checkout, TOGETHER_SCRIPT, cache=tmp_path) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=200) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    assert results[0][0] == results[1][0] != ""
    folders = [path for path in (tmp_path / "kernels").iterdir() if path.is_dir()]
    assert len(folders) == 1
    assert not list(folders[0].glob(".*"))  # nothing half written is left


def test_damaged_layout_is_written_anew(empty_cache: Path) -> None:
    kernel, first = solve()
    (layout,) = kernel.folder.glob("*.json")
    layout.unlink()
    _, second = solve()
    assert layout.exists()
    assert_same_bits(first, second)
