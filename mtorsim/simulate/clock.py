"""The unit that the times of a result are in, and the one that they are shown in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clock:
    """How to show times.

    Parameters
    ----------
    unit : of times as shown; empty where a model declares none
    per_unit : of times as stored in one of those as shown
    seconds : in one of times as stored; None where that is not known
    """

    unit: str
    per_unit: float
    seconds: float | None

    @property
    def column(self) -> str:
        """Name of the column of times: ``time_h``, or ``time`` without a unit."""
        return f"time_{self.unit}" if self.unit.isidentifier() else "time"

    @property
    def heading(self) -> str:
        """Name of the time in tables for people: ``time (h)``."""
        return f"time ({self.unit})" if self.unit else "time"

    def text(self, time: float) -> str:
        """A time as stored, for a sentence: ``2.5 h``, or ``time 2.5`` without a unit."""
        shown = f"{time / self.per_unit:.4g}"
        return f"{shown} {self.unit}" if self.unit else f"time {shown}"

    def hours(self, times: Array) -> Array:
        """Times as stored in h.

        Raises
        ------
        InputError : the model does not say what its time is in
        """
        if self.seconds is None:
            raise InputError("the model declares no unit of time: read times, which are in its own")
        return times / (3600.0 / self.seconds)

    @property
    def is_native(self) -> bool:
        """Whether these are the seconds, shown as hours, of a native model."""
        return self == SECONDS_SHOWN_AS_HOURS


SECONDS_SHOWN_AS_HOURS = Clock("h", 3600.0, 1.0)
