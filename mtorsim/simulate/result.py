"""Results with names: arrays by readout, failures by trajectory, xarray where asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import SolverError, UnknownNameError
from mtorsim.simulate.axes import Axis
from mtorsim.simulate.clock import SECONDS_SHOWN_AS_HOURS, Clock
from mtorsim.simulate.outcome import REASONS, Counters, Outcome, Timing
from mtorsim.solvers.options import Status

if TYPE_CHECKING:
    import pandas
    import xarray

Array = NDArray[np.float64]

SHOWN_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """A trajectory that did not come to its end.

    Parameters
    ----------
    trajectory : position in the sweep, the last axis running fastest
    point : value of each axis there, in nM and s, or the name of a context
    units : unit of each value
    time : s that was reached, or in the unit of the model
    status : how it ended
    before_drug : whether it was lost on the way to the steady state without drug
    clock : how the time is shown
    """

    trajectory: int
    point: Mapping[str, float | str]
    units: Mapping[str, str]
    time: float
    status: Status
    before_drug: bool
    clock: Clock = SECONDS_SHOWN_AS_HOURS

    @property
    def reason(self) -> str:
        """What happened, as a clause."""
        lead = "before the drug, " if self.before_drug else ""
        return lead + REASONS[self.status]

    def __str__(self) -> str:
        values = (
            f"{name} = {value}"
            if isinstance(value, str)
            else f"{name} = {value:.4g} {unit}".strip()
            for (name, value), unit in zip(self.point.items(), self.units.values(), strict=True)
        )
        where = f" ({', '.join(values)})" if self.point else ""
        when = "" if self.before_drug else f" at {self.clock.text(self.time)}"
        return f"trajectory {self.trajectory}{where}: {self.status.label}{when}: {self.reason}"


@dataclass(frozen=True)
class SweepResult:
    """Readouts over named axes and time.

    Parameters
    ----------
    axes : what was varied; their order is that of the dimensions
    times : (t,) s; of an imported model in its own unit
    readouts, titles, units : per readout
    outcome : bare arrays, trajectories in the order of the axes
    provenance : model, versions, options and what else decided the numbers
    clock : how times are shown
    """

    axes: tuple[Axis, ...]
    times: Array
    readouts: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    outcome: Outcome
    provenance: Mapping[str, str | int | float] = field(default_factory=dict)
    clock: Clock = SECONDS_SHOWN_AS_HOURS

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of the axes."""
        return tuple(axis.name for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of points of each axis."""
        return tuple(len(axis) for axis in self.axes)

    @property
    def values(self) -> Array:
        """All readouts, shape (axes..., times, readouts)."""
        return self.outcome.values.reshape(*self.shape, len(self.times), len(self.readouts))

    def __getitem__(self, readout: str) -> Array:
        """One readout, shape (axes..., times)."""
        if readout not in self.readouts:
            raise UnknownNameError("readout", readout, self.readouts)
        return self.values[..., self.readouts.index(readout)]

    def coordinates(self, name: str) -> NDArray[np.generic]:
        """Values along its axis of what was varied: nM, s, or names of contexts."""
        columns = {column.name: column for axis in self.axes for column in axis.columns}
        if name not in columns:
            raise UnknownNameError("axis", name, columns)
        return columns[name].coordinates

    @property
    def hours(self) -> Array:
        """(t,) output times, h; InputError where a model does not say what its time is in."""
        return self.clock.hours(self.times)

    @property
    def shown_times(self) -> Array:
        """(t,) output times in the unit of the clock."""
        return self.times / self.clock.per_unit

    @property
    def status(self) -> NDArray[np.int8]:
        """How each trajectory ended, values of ``Status``, shape (axes...)."""
        return self.outcome.status.reshape(self.shape)

    @property
    def ok(self) -> bool:
        """Whether every trajectory came to its end."""
        return bool((self.outcome.status == Status.OK).all())

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C left trajectories undone."""
        return bool((self.outcome.status == Status.INTERRUPTED).any())

    @property
    def message(self) -> str:
        """What became of the trajectories, in one line."""
        total, done = self.outcome.status.size, int((self.outcome.status == Status.OK).sum())
        undone = int((self.outcome.status == Status.INTERRUPTED).sum())
        failed = total - done - undone
        told = f"{failed} failed" if failed else "none failed"
        if undone:
            return (
                f"interrupted: {total - undone} of {total} trajectories finished and kept, {told}"
            )
        return f"{total} trajectories, {told}"

    @property
    def timing(self) -> Timing:
        """Seconds of compiling, of the steady states before the drug, and of the trajectories."""
        return self.outcome.timing

    @property
    def counters(self) -> Counters:
        """Steps and evaluations per trajectory, each of shape (axes...)."""
        return self.outcome.counters.reshaped(self.shape)

    @property
    def conservation_drift(self) -> Array:
        """Largest relative change of a conserved total, shape (axes...); NaN where it failed."""
        return self.outcome.drift.reshape(self.shape)

    def failures(self) -> list[Failure]:
        """Every trajectory that failed or was not finished, with its point, time and reason."""
        return list(self._failures())

    def _failures(self) -> Iterator[Failure]:
        columns = [(d, column) for d, axis in enumerate(self.axes) for column in axis.columns]
        units = {column.name: column.unit for _, column in columns}
        for trajectory in np.flatnonzero(self.outcome.status != Status.OK).tolist():
            at = np.unravel_index(trajectory, self.shape) if self.axes else ()
            yield Failure(
                trajectory=trajectory,
                point={column.name: column.coordinates[at[d]].item() for d, column in columns},
                units=units,
                time=float(self.outcome.t_reached[trajectory]),
                status=Status(int(self.outcome.status[trajectory])),
                before_drug=bool(self.outcome.failed_before_drug[trajectory]),
                clock=self.clock,
            )

    def raise_for_status(self) -> None:
        """Raise SolverError that names the first failures, if there are any."""
        failures = self.failures()
        if failures:
            lines = [str(failure) for failure in failures[:SHOWN_FAILURES]]
            if len(failures) > SHOWN_FAILURES:
                lines.append(f"and {len(failures) - SHOWN_FAILURES} more")
            raise SolverError("\n".join(lines))

    @cached_property
    def ds(self) -> xarray.Dataset:
        """The readouts and ``status`` as a labelled dataset; time as shown, units in attrs."""
        from mtorsim.simulate.dataset import build_dataset

        return build_dataset(self)

    def to_frame(self) -> pandas.DataFrame:
        """A row per trajectory and time: what was varied, ``time_h``, readouts, ``status``."""
        import pandas

        from mtorsim.simulate.table import table_columns

        return pandas.DataFrame(table_columns(self))

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the result whole or not at all: ``.nc`` (read by ``open_sweep``) or ``.csv``.

        Raises
        ------
        InputError : the file exists and ``force`` is not set, its folder can not be written to,
            or its ending is another
        """
        from mtorsim.simulate.files import save_result

        return save_result(self, Path(path), force=force)

    def __repr__(self) -> str:
        sizes = ", ".join(
            f"{name}: {size}" for name, size in zip(self.dims, self.shape, strict=True)
        )
        return (
            f"<{type(self).__name__} ({sizes}{', ' if sizes else ''}time: {len(self.times)}) "
            f"of {', '.join(self.readouts)}; {self.message}>"
        )


@dataclass(frozen=True, repr=False)
class Trajectory(SweepResult):
    """One run: readouts and all species over time.

    Parameters
    ----------
    species : ids of the dynamic species
    amounts : (t, n) nM
    """

    species: tuple[str, ...] = ()
    amounts: Array = field(default_factory=lambda: np.empty((0, 0)))

    def __getitem__(self, name: str) -> Array:
        """A readout, or the amount (nM) of a species, shape (times,)."""
        if name in self.readouts:
            return super().__getitem__(name)
        if name not in self.species:
            raise UnknownNameError("readout", name, (*self.readouts, *self.species))
        return self.amounts[:, self.species.index(name)]

    @property
    def final_amounts(self) -> dict[str, float]:
        """Amount of each species at the last time, nM; ``Model.with_amounts`` takes it."""
        return dict(zip(self.species, self.amounts[-1].tolist(), strict=True))
