"""Axes from what a caller wrote: names become drugs, parameters, species, inputs or contexts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnitsError, UnknownNameError
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import parse_unit, unit_text
from mtorsim.simulate.axes import Axis, Column
from mtorsim.simulate.axis_arranging import CONTEXT, MEMBER, arrange_axes
from mtorsim.simulate.quantities import as_names, is_single, read_numbers
from mtorsim.simulate.setting import check_mapping, input_names

Array = NDArray[np.float64]


def read_axes(network: ReactionNetwork, given: Mapping[str, Any], *, mode: str) -> tuple[Axis, ...]:
    """The axes of a sweep.

    Parameters
    ----------
    given : values by name. A name that is nothing in the network, with a mapping as its value, is
        an axis along which all names of the mapping vary together
    mode : ``"grid"`` for the product of all, ``"zip"`` to vary all together

    Raises
    ------
    UnknownNameError : a name that nothing in the network has
    InputError, UnitsError : values that are empty, negative, of another unit or unequal in number
    """
    return arrange_axes(
        given,
        mode=mode,
        column=lambda name, values: _read_column(network, name, values),
        known=(*known_names(network), *(entry.id for entry in network.observables)),
        example="{'everolimus': ['1 nM', '10 nM']}",
    )


def names_of_axes(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Every name that may vary, without looking at what it is."""
    check_mapping("axes", given, example="{'everolimus': ['1 nM', '10 nM']}")
    inner = [tuple(v) for v in given.values() if isinstance(v, Mapping)]
    return (*given, *(name for names in inner for name in names))


def known_names(network: ReactionNetwork) -> tuple[str, ...]:
    """All that a sweep can vary."""
    return (
        *network.doses,
        *network.parameter_ids,
        *network.dynamic_species,
        *input_names(network),
    )


def _read_column(network: ReactionNetwork, name: str, values: Any) -> Column:
    """One name with its values; a drug goes before a parameter, a parameter before a species."""
    if name == CONTEXT:
        return context_column(values)
    if name in network.doses:
        return Column(name, "drug", _concentrations(values, f"dose of {name}"), "nM")
    if name in network.parameter_ids:
        unit = unit_text(network.parameter(name).powers)
        return Column(name, "parameter", read_parameter_values(network, name, values), unit)
    if name in network.dynamic_species:
        return Column(name, "amount", _concentrations(values, f"amount of {name}"), "nM")
    if name in input_names(network):
        return Column(name, "input", _concentrations(values, f"level of {name}"), "nM")
    kind = "drug, parameter, species or input"
    raise UnknownNameError(kind, name, known_names(network))


def context_column(contexts: Any) -> Column:
    """Contexts as a column; several at once are written as a tuple, or joined by ``+``."""
    if is_single(contexts):
        raise InputError(f"contexts: give a list, like [{contexts!r}]")
    labels = tuple("+".join(split_context(entry)) for entry in contexts)
    if not labels:
        raise InputError("contexts: the list is empty")
    return Column(CONTEXT, "context", np.arange(len(labels), dtype=np.float64), "", labels)


def member_column(n_members: int) -> Column:
    """The members of a parameter ensemble as a column."""
    return Column(MEMBER, "member", np.arange(n_members, dtype=np.float64), "")


def split_context(entry: str | Sequence[str]) -> tuple[str, ...]:
    """The ids of contexts that act together."""
    parts = entry.split("+") if isinstance(entry, str) else as_names("context", entry)
    return tuple(part.strip() for part in parts if part.strip())


def _concentrations(values: Any, what: str) -> Array:
    if is_single(values):
        raise InputError(f"{what}: an axis needs a list of values; a single one stands elsewhere")
    return read_numbers(values, dimension="concentration", default_unit="nM", what=what)


def read_parameter_values(network: ReactionNetwork, name: str, values: Any) -> Array:
    """Values of a parameter in nM and s; bare numbers are, strings carry a unit.

    A value that makes no sense (NaN, infinite, negative) is let through: its trajectories get the
    status ``bad_input`` and leave the others alone.
    """
    if is_single(values):
        raise InputError(f"{name}: an axis needs a list of values; a single one stands elsewhere")
    if not isinstance(values, Sized):
        values = list(values)
    if len(values) == 0:
        raise InputError(f"{name}: the list is empty")
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "fiu":
        return values.astype(np.float64)
    return np.array([read_parameter_value(network, name, value) for value in values])


def read_parameter_value(network: ReactionNetwork, name: str, value: Any) -> float:
    """One value of a parameter in nM and s.

    Raises
    ------
    UnitsError : a string whose unit is unknown or has another dimension
    InputError : not a number
    """
    wanted = unit_text(network.parameter(name).powers)
    number, _, unit = value.strip().partition(" ") if isinstance(value, str) else (value, "", "")
    try:
        read = float(number)
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}: write it like '2e-4 {wanted}'") from None
    if not unit.strip():
        return read
    parsed = parse_unit(unit.strip())
    if parsed.powers != network.parameter(name).powers:
        raise UnitsError(f"{name} is {value!r}, but its unit is {wanted}")
    return read * parsed.factor
