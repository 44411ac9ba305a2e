"""What it means for two ensembles to be the same."""

from __future__ import annotations

import numpy as np

from mtorsim.solvers.solution import EnsembleSolution


def assert_same_bits(
    first: EnsembleSolution, second: EnsembleSolution, rows: object = slice(None)
) -> None:
    """Trajectory ``rows[i]`` of the first is trajectory i of the second, to the last bit."""
    for name in ("values", "final_state", "t_reached", "status"):
        np.testing.assert_array_equal(
            getattr(first, name)[rows], getattr(second, name), err_msg=name, strict=True
        )
    for name in ("steps", "rejected", "rhs_evaluations", "factorisations"):
        np.testing.assert_array_equal(
            getattr(first.counters, name)[rows], getattr(second.counters, name), err_msg=name
        )
