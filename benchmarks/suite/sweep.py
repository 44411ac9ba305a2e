"""Ten thousand trajectories at once: time, costs that do not depend on the machine, memory."""

from __future__ import annotations

import numpy as np

import mtorsim as mt

READOUTS = ["pS6K1_T389", "p4EBP1", "pAKT_S473", "pAKT_T308", "PIP3_free"]


class DoseGrid:
    """100 by 100 doses of a rapalog and a dual inhibitor, 24 h from rest."""

    params = (1, 2)
    param_names = ("threads",)
    timeout = 120

    def setup(self, threads: int) -> None:
        """Compile before anything is timed."""
        self.model = mt.load("mtor-core", drugs=["everolimus", "vistusertib"])
        self.sweep(4, threads)

    def sweep(self, side: int, threads: int) -> mt.SweepResult:
        """A grid of ``side`` by ``side`` doses."""
        axes = {
            "everolimus": mt.doses("0.01 nM", "1 uM", side),
            "vistusertib": mt.doses("0.1 nM", "10 uM", side),
        }
        return self.model.sweep(axes, readouts=READOUTS, at=["2 h", "24 h"], threads=threads)

    def time_sweep(self, threads: int) -> None:
        """All of it, from doses to labelled results."""
        self.sweep(100, threads)

    def peakmem_sweep(self, threads: int) -> None:
        """The same, memory of the process."""
        self.sweep(100, threads)


class Rest:
    """2,000 states at rest, parameters scattered."""

    timeout = 120

    def setup(self) -> None:
        """Compile before anything is timed."""
        self.model = mt.load("mtor-core")
        self.values = 5.0 * np.geomspace(0.1, 10.0, 2000)
        self.settle(self.values[:8])

    def settle(self, values: np.ndarray) -> mt.SweepResult:
        """A sweep whose every trajectory has a rest of its own."""
        return self.model.sweep({"PI3K_total": values}, readouts=["pAKT_S473"], at=["1 s"])

    def time_steady_states(self) -> None:
        """Rest, then one second."""
        self.settle(self.values)


class Costs:
    """What 400 trajectories of the grid cost, counted: the same on every machine."""

    def setup_cache(self) -> dict[str, float]:
        """Means over trajectories, and the largest drift of a conserved total."""
        grid = DoseGrid()
        grid.setup(1)
        result = grid.sweep(20, 1)
        return {
            "steps": float(np.mean(result.counters.steps)),
            "rejected": float(np.mean(result.counters.rejected)),
            "factorisations": float(np.mean(result.counters.factorisations)),
            "drift": float(np.max(result.conservation_drift)),
        }

    def track_steps(self, costs: dict[str, float]) -> float:
        """Steps taken."""
        return costs["steps"]

    def track_rejected(self, costs: dict[str, float]) -> float:
        """Steps tried in vain."""
        return costs["rejected"]

    def track_factorisations(self, costs: dict[str, float]) -> float:
        """Matrices factored."""
        return costs["factorisations"]

    def track_conservation_drift(self, costs: dict[str, float]) -> float:
        """Largest relative change of a conserved total."""
        return costs["drift"]
