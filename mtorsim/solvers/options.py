"""What a caller may ask of the solvers, and what a trajectory can end with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from mtorsim.errors import InputError

Method = Literal[
    "auto",
    "rodas4",
    "rodas5p",
    "extrapolation",
    "dopri5",
    "rkc",
    "scipy-Radau",
    "scipy-BDF",
    "scipy-LSODA",
]
Precision = Literal["auto", "double", "mixed"]


class Status(IntEnum):
    """How a trajectory ended."""

    OK = 0
    MAX_STEPS = 1
    STEP_UNDERFLOW = 2
    NON_FINITE = 3
    BAD_INPUT = 4
    INTERRUPTED = 5
    NOT_SETTLED = 6

    @property
    def label(self) -> str:
        """Lower-case name as printed in tables and files."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class SolverOptions:
    """Settings of one solve; the defaults suit the shipped models.

    Parameters
    ----------
    method : ``"auto"`` takes Rodas5P, extrapolation for rtol <= 1e-7, and ``"rkc"``, which factors
        nothing, for networks of thousands of species
    rtol : relative tolerance, dimensionless, in [1e-13, 0.1]
    atol : absolute tolerance, nM, greater than 0
    max_steps : step attempts that a trajectory may take
    first_step : s; None lets the solver choose
    precision : ``"mixed"`` keeps state and right-hand side in float64 and the rest of a step in
        float32; ``"auto"`` uses it where the tolerance allows (rtol >= 1e-6)
    lanes : trajectories that advance together in one vector, in {1, 2, 4, 8, 16}; None chooses
    threads : worker threads; None takes the processors this process may use
    """

    method: Method = "auto"
    rtol: float = 1e-4
    atol: float = 1e-7
    max_steps: int = 100_000
    first_step: float | None = None
    precision: Precision = "auto"
    lanes: int | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        if not 1e-13 <= self.rtol <= 0.1:
            raise InputError(f"rtol is {self.rtol:g}: choose a value from 1e-13 to 0.1")
        if not self.atol > 0:
            raise InputError(f"atol is {self.atol:g} nM: choose a value above 0")
        if self.first_step is not None and not 0 < self.first_step < float("inf"):
            raise InputError(f"first_step is {self.first_step:g} s: choose a time above 0")
        if self.max_steps < 1:
            raise InputError(f"max_steps is {self.max_steps}: choose 1 or more")
        if self.lanes not in (None, 1, 2, 4, 8, 16):
            raise InputError(f"lanes is {self.lanes}: choose 1, 2, 4, 8 or 16")
        if self.threads is not None and self.threads < 1:
            raise InputError(f"threads is {self.threads}: choose 1 or more")
