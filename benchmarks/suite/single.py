"""One run at a time, warm."""

from __future__ import annotations

import mtorsim as mt


class Single:
    """The core model with a rapalog."""

    def setup(self) -> None:
        """Compile before anything is timed."""
        self.model = mt.load("mtor-core", drugs=["everolimus"])
        self.time_simulate()
        self.time_steady_state()

    def time_simulate(self) -> None:
        """Rest, then 48 h under drug, 201 output times."""
        self.model.simulate("48 h", drugs={"everolimus": "20 nM"})

    def time_steady_state(self) -> None:
        """The state without drug, with its stability."""
        self.model.steady_state()
