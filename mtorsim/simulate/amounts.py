"""Doses as people write them: a concentration in the medium, or a mass given to a person."""

from __future__ import annotations

import re
from typing import Any

from mtorsim.errors import InputError, UnitsError
from mtorsim.network.dose import DoseUnit
from mtorsim.network.quantity import parse_quantity

# mg in one of each
_MASS_UNITS = {"ng": 1e-6, "ug": 1e-3, "µg": 1e-3, "μg": 1e-3, "mcg": 1e-3, "mg": 1.0, "g": 1e3}
_MASS = re.compile(rf"\s*(.*?)\s*({'|'.join(_MASS_UNITS)})\s*(/.*)?", re.DOTALL)

_BARE = re.compile(r"\s*[-+.\deE]+\s*")


def read_amount(given: Any, *, unit: DoseUnit = "nM", what: str) -> tuple[float, DoseUnit]:
    """Amount of a dose, in nM or mg.

    Parameters
    ----------
    given : ``"20 nM"``, ``"10 mg"``, or a number in ``unit``
    what : the name for error lines

    Returns
    -------
    the amount, finite and not negative, and ``"nM"`` or ``"mg"``

    Raises
    ------
    InputError, UnitsError : it can not be read, is negative, or is per kg or per m2
    """
    match = _MASS.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        if unit == "mg" and (not isinstance(given, str) or _BARE.fullmatch(given)):
            return parse_quantity(given, dimension="dimensionless", what=what), "mg"
        return parse_quantity(given, default_unit="nM", what=what), "nM"
    number, mass, per = match.groups()
    if per:
        raise UnitsError(f"{what} is {given!r}: doses are for a whole person, like '10 mg'")
    try:
        value = float(number)
    except ValueError:
        raise InputError(f"{what} is {given!r}: write it like '10 mg'") from None
    milligrams = value * _MASS_UNITS[mass]
    return parse_quantity(milligrams, dimension="dimensionless", what=what), "mg"
