"""New values for parameters, initial amounts and inputs, as callers write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mtorsim.errors import InputError
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.axis_reading import read_parameter_value
from mtorsim.simulate.setting import check_input, check_mapping

Given = Mapping[str, Any] | None


def new_parameters(
    network: ReactionNetwork, given: Given, more: Mapping[str, Any]
) -> dict[str, float]:
    """Values in nM and s by parameter.

    Raises
    ------
    UnknownNameError, InputError, UnitsError : no such parameter, or no value for one
    """
    values = {}
    for name, value in _merged("parameters", given, more).items():
        read = read_parameter_value(network, name, value)
        if not (np.isfinite(read) and read >= 0):
            raise InputError(f"{name} is {value!r}: give a finite number, not negative")
        values[name] = read
    return values


def new_amounts(
    network: ReactionNetwork, given: Given, more: Mapping[str, Any]
) -> dict[str, float]:
    """Initial amounts in nM by dynamic species; errors as of ``new_parameters``."""
    amounts = {}
    for name, amount in _merged("amounts", given, more).items():
        if name not in network.dynamic_species:
            network.species_named(name)
            raise InputError(f"{name} is an input: use with_inputs")
        amounts[name] = parse_quantity(amount, default_unit="nM", what=f"amount of {name}")
    return amounts


def new_inputs(network: ReactionNetwork, given: Given, more: Mapping[str, Any]) -> dict[str, float]:
    """Levels in nM by input; errors as of ``new_parameters``."""
    levels = {}
    for name, level in _merged("inputs", given, more).items():
        check_input(network, name)
        levels[name] = parse_quantity(level, default_unit="nM", what=f"level of {name}")
    return levels


def _merged(what: str, given: Given, more: Mapping[str, Any]) -> dict[str, Any]:
    if given is not None:
        check_mapping(what, given, example="{'AKT_total': '50 nM'}")
    return {**(given or {}), **more}
