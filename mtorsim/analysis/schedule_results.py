"""What came of dosing schedules set side by side."""

from __future__ import annotations

from dataclasses import dataclass

from mtorsim.analysis.exposure import Exposure
from mtorsim.analysis.schedule_patients import PatientBands
from mtorsim.simulate.dosing import Dosing
from mtorsim.simulate.result import Trajectory


@dataclass(frozen=True, slots=True)
class Effect:
    """A readout in the window; inhibition is 1 less the level over that before the drug.

    Parameters
    ----------
    readout, title, unit : what is read
    before : level before the drug
    average, lowest, highest : level in the window
    average_inhibition : negative where the readout rises; NaN where it is 0 before the drug
    hours_above, share_above : time at or above the target inhibition, and its share of the window
    """

    readout: str
    title: str
    unit: str
    before: float
    average: float
    lowest: float
    highest: float
    average_inhibition: float
    hours_above: float
    share_above: float


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The bound fraction of a target in the window."""

    readout: str
    title: str
    average: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class ScheduleArm:
    """One schedule with its run.

    Parameters
    ----------
    name : for people
    dosing : as given, after any scaling
    factor : by which amounts were scaled for equal exposure, 1 where they were not
    run : readouts, occupancies and all species over time
    patients : how far patients differ, None where none were drawn
    """

    name: str
    dosing: tuple[Dosing, ...]
    factor: float
    run: Trajectory
    exposures: tuple[Exposure, ...]
    occupancies: tuple[Occupancy, ...]
    effects: tuple[Effect, ...]
    patients: PatientBands | None = None


@dataclass(frozen=True)
class ScheduleComparison:
    """Schedules over the same time in the same cell.

    Parameters
    ----------
    model, context : what was run
    window : start and end of what averages are over, s
    target : inhibition that time is counted above, a fraction
    equal : what was made equal, "" for nothing
    readouts : what effects are of
    arms : one per schedule, in the order given
    """

    model: str
    context: str
    window: tuple[float, float]
    target: float
    equal: str
    readouts: tuple[str, ...]
    arms: tuple[ScheduleArm, ...]

    @property
    def guessed(self) -> dict[str, tuple[str, ...]]:
        """By drug, the constants of its pharmacokinetics that no source gives."""
        found = {entry.drug: entry.guessed for arm in self.arms for entry in arm.exposures}
        return {drug: constants for drug, constants in found.items() if constants}
