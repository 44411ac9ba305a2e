"""Importing the package and reading a model."""

from __future__ import annotations

import subprocess
import sys


class Load:
    """What every use of the package pays first."""

    def time_import(self) -> None:
        """A new interpreter that imports the package."""
        subprocess.run([sys.executable, "-c", "import mtorsim"], check=True)

    def time_load_core(self) -> None:
        """Read, compose and check the core model with two drugs."""
        import mtorsim as mt

        mt.load("mtor-core", drugs=["everolimus", "vistusertib"])
