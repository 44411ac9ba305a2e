"""Columns put together to axes: the part of reading a sweep that does not depend on the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal

from mtorsim.errors import InputError
from mtorsim.simulate.axes import Axis, Column, check_names

Mode = Literal["grid", "zip"]

CONTEXT, MEMBER, ZIPPED = "context", "member", "trajectory"
RESERVED = ("time", "time_h", "status", CONTEXT, MEMBER, ZIPPED)
AXIS_NAME = re.compile(r"[A-Za-z]\w*")


def arrange_axes(
    given: Mapping[str, Any],
    *,
    mode: str,
    column: Callable[[str, Any], Column],
    known: Collection[str],
    example: str,
) -> tuple[Axis, ...]:
    """The axes of a sweep.

    Parameters
    ----------
    given : values by name. A name that the model does not have, with a mapping as its value, is
        an axis along which all names of the mapping vary together
    mode : ``"grid"`` for the product of all, ``"zip"`` to vary all together
    column : reads one name with its values
    known : names of the model, which an axis of several names can not have
    example : of axes, for error lines

    Raises
    ------
    InputError : nothing varies, or a name varies twice; and what ``column`` raises
    """
    if not given:
        raise InputError(f"a sweep needs at least one axis, like {example}")
    if mode == "zip":
        columns = tuple(column(name, values) for name, values in given.items())
        axes: tuple[Axis, ...] = (Axis(ZIPPED, columns),)
    elif mode == "grid":
        axes = tuple(_axis(name, values, column, known) for name, values in given.items())
    else:
        raise InputError(f"mode is {mode!r}: choose 'grid' or 'zip'")
    check_names(axes)
    return axes


def _axis(
    name: str, values: Any, column: Callable[[str, Any], Column], known: Collection[str]
) -> Axis:
    if not isinstance(values, Mapping):
        return Axis(name, (column(name, values),))
    if not values:
        raise InputError(f"axis {name}: nothing varies along it")
    if name in RESERVED or name in known or not AXIS_NAME.fullmatch(name):
        raise InputError(
            f"axis {name!r}: give an axis of several names a name of its own, of letters and digits"
        )
    return Axis(name, tuple(column(key, entry) for key, entry in values.items()))
