"""Numbers, times and axes of an imported model, which are in the model's own units."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnitsError, UnknownNameError
from mtorsim.network.general_model import GeneralModel
from mtorsim.network.quantity import UNIT_TABLE
from mtorsim.simulate.axes import Axis, Column
from mtorsim.simulate.axis_arranging import CONTEXT, RESERVED, arrange_axes
from mtorsim.simulate.clock import Clock
from mtorsim.simulate.quantities import POINTS_OF_A_SPAN, is_single
from mtorsim.symbolic.general_system import GeneralSystem

Array = NDArray[np.float64]

TIME_UNITS = {name: factor for name, (factor, _, s_power) in UNIT_TABLE.items() if s_power == 1}


def clock_of(model: GeneralModel) -> Clock:
    """The model's own time."""
    return Clock(model.time_unit, 1.0, TIME_UNITS.get(model.time_unit))


def check_settable(system: GeneralSystem, name: str) -> None:
    """Refuse a name that no value can be given to.

    Raises
    ------
    UnknownNameError : nothing has this name
    InputError : a rule or the reactions set it
    """
    if name in system.slots:
        return
    if name in system.values:
        what = "a rule sets it" if name in system.model.rules else "it follows from the state"
        raise InputError(f"{system.model.where(name)}: {name} can not be given a value: {what}")
    kind = "parameter, species or compartment"
    raise UnknownNameError(kind, name, system.slots, where=system.model.origin)


def read_value(model: GeneralModel, name: str, value: Any) -> float:
    """A number in the model's own unit; a string may carry that unit.

    Raises
    ------
    UnitsError : another unit than the one that the file declares
    InputError : not a number
    """
    number, _, unit = value.strip().partition(" ") if isinstance(value, str) else (value, "", "")
    is_number = isinstance(number, str | Real) and not isinstance(number, bool)
    try:
        read = float(number) if is_number else None
    except ValueError:
        read = None
    if read is None:
        raise InputError(f"{name} is {value!r}: give a number, in the model's own unit")
    declared = model.units.get(name, "")
    if unit.strip() and unit.strip() != declared:
        known = f"its unit is {declared}" if declared else "the file declares no unit for it"
        raise UnitsError(f"{name} is {value!r}, but {known}: give a bare number")
    return read


def read_values(system: GeneralSystem, given: Mapping[str, Any]) -> dict[str, float]:
    """Finite numbers by id, each for something that a value can be given to."""
    values = {}
    for name, value in given.items():
        check_settable(system, name)
        values[name] = read_value(system.model, name, value)
        if not np.isfinite(values[name]):
            raise InputError(f"{name} is {value!r}: give a finite number")
    return values


def read_times(model: GeneralModel, at: Any, *, what: str = "time") -> Array:
    """Output times in the model's own unit, ascending, each once.

    Parameters
    ----------
    at : numbers, or strings with a unit where the file declares what its time is in

    Raises
    ------
    InputError, UnitsError : no number, negative, infinite, none after 0, or a unit that can not be
        converted
    """
    given = [at] if is_single(at) else list(at)
    if not given:
        raise InputError(f"{what}: the list is empty")
    times = np.unique([_read_time(model, entry, what) for entry in given])
    if times[-1] <= 0.0:
        raise InputError(f"{what} is 0: choose one after 0")
    return times


def _read_time(model: GeneralModel, value: Any, what: str) -> float:
    text = value.strip() if isinstance(value, str) else value
    unit = next((u for u in sorted(TIME_UNITS, key=len, reverse=True) if _ends_in(text, u)), "")
    number = text.removesuffix(unit).strip() if unit else text
    is_number = isinstance(number, str | Real) and not isinstance(number, bool)
    try:
        time = float(number) if is_number else float("nan")
    except ValueError:
        time = float("nan")
    if not 0.0 <= time < np.inf:
        raise InputError(f"{what} is {value!r}: give a number, not negative, as 60")
    if not unit or unit == model.time_unit:
        return time
    if model.time_unit not in TIME_UNITS:
        found = f"is in {model.time_unit}" if model.time_unit else "has no unit in the file"
        raise UnitsError(f"{what} is {value!r}, but the model's time {found}: give a bare number")
    return time * TIME_UNITS[unit] / TIME_UNITS[model.time_unit]


def _ends_in(text: Any, unit: str) -> bool:
    """Whether a text is a number with this unit."""
    return isinstance(text, str) and text.endswith(unit) and text[: -len(unit)].strip() != ""


def read_span(model: GeneralModel, span: Any) -> Array:
    """Output times of a span: evenly spaced from 0 where only its end is given."""
    times = read_times(model, span, what="span")
    return np.linspace(0.0, times[-1], POINTS_OF_A_SPAN) if is_single(span) else times


def read_own_axes(
    system: GeneralSystem, given: Mapping[str, Any], *, mode: str
) -> tuple[Axis, ...]:
    """The axes of a sweep; errors as of `arrange_axes`, `check_settable` and `read_value`.

    A value that is not finite is let through: its trajectories get the status ``bad_input``.
    """
    return arrange_axes(
        given,
        mode=mode,
        column=lambda name, values: _column(system, name, values),
        known=tuple(system.values),
        example="{'k1': [0.1, 1.0, 10.0]}",
    )


def _column(system: GeneralSystem, name: str, values: Any) -> Column:
    if name == CONTEXT and name not in system.slots:
        raise InputError(f"{system.model.origin}: an imported model has no contexts")
    check_settable(system, name)
    if name in RESERVED:
        raise InputError(f"{name} can not vary: results use that name; set it with with_values")
    if is_single(values):
        raise InputError(f"{name}: an axis needs a list of values; a single one stands elsewhere")
    read = np.array([read_value(system.model, name, value) for value in values], dtype=np.float64)
    if not read.size:
        raise InputError(f"{name}: the list is empty")
    role = "amount" if name in system.amounts else "parameter"
    return Column(name, role, read, system.model.units.get(name, ""))  # type: ignore[arg-type]
