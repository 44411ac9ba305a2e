"""What all tests share: a kernel cache of their own, repeatable draws, the shared data."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parents[1]

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Keep compiled kernels in pytest's own cache; the user's is neither read nor filled.

    Ctrl-C works as on a terminal even where the tests run in the background of a shell, which
    has its processes ignore it.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cache = getattr(config, "cache", None)
    folder = cache.mkdir("kernels") if cache else tempfile.mkdtemp(prefix="mtorsim-kernels-")
    os.environ["MTORSIM_CACHE_DIR"] = str(folder)
    os.environ["MPLBACKEND"] = "Agg"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what plain Python takes too long for."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        for item in items:
            if "compiled" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="NUMBA_DISABLE_JIT is set"))


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Folder of the source tree."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Folder of the shared reference data; the test is skipped where it is absent."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared reference data are not beside the checkout")
    return folder
