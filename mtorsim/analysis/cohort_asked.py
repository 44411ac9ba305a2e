"""What is asked of a cohort: its model, its drugs, and the doses at which tumours are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, ModelError, UnknownNameError
from mtorsim.modelfiles.cohorts import CohortDesign
from mtorsim.network.quantity import parse_quantity

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]


def in_conditions(model: Model, design: CohortDesign) -> Model:
    """The model in the conditions of the cohort.

    Raises
    ------
    UnknownNameError : it lacks the readout that tells of high p-mTOR
    InputError : it has clamped loops, whose held signals would differ from tumour to tumour; or
        does not take a context of the cohort
    """
    if design.high_readout not in model.observables:
        raise UnknownNameError("readout", design.high_readout, model.observables, where=model.id)
    if model.clamped_loops:
        raise InputError(f"{', '.join(model.clamped_loops)} is clamped: tumours have no held loops")
    for name in (*design.conditions, *(entry.context for entry in design.alterations)):
        try:
            model.with_context(name)
        except ModelError as error:
            raise InputError(
                f"cohort {design.id} is for {design.model}: {model.id} does not take its context "
                f"{name} ({error.problems[0]})"
            ) from None
    return model.with_context(*design.conditions)


def dose_axis(doses: tuple[float, float, int]) -> Array:
    """Doses from (low, high, number), nM, log-spaced; InputError where they make no sense."""
    low, high, number = doses
    if number < 2 or not 0.0 < low < high < np.inf:
        raise InputError(
            f"doses {low:g} to {high:g} nM in {number}: a log axis needs two or more doses, "
            "the lowest above 0 and below the highest"
        )
    return np.geomspace(low, high, number)


def reading_doses_of(
    design: CohortDesign, drugs: Sequence[str], asked: Mapping[str, Any]
) -> dict[str, tuple[float, str]]:
    """Dose and its basis by drug, where it is not to be found from the responses.

    Raises
    ------
    InputError : no drug, one that is named twice, a dose that makes no sense or is missing
    """
    _check_drugs(drugs, asked)
    known = {*drugs, *(name for drug in drugs for name in together(drug))}
    found = {drug: (dose.value, dose.why) for drug, dose in design.doses.items() if drug in known}
    for drug, dose in asked.items():
        number = parse_quantity(dose, default_unit="nM", what=f"dose of {drug}")
        if number == 0.0:
            raise InputError(f"dose of {drug} is 0: there is nothing to respond to")
        found[drug] = number, "as asked"
    for drug in drugs:
        for other in together(drug)[1:]:
            if other not in found:
                raise InputError(f"{drug}: say at which dose {other} is given beside the first")
    return found


def _check_drugs(drugs: Sequence[str], asked: Mapping[str, Any]) -> None:
    if not drugs:
        raise InputError("a cohort needs a drug: name one or more")
    for drug in drugs:
        if list(drugs).count(drug) > 1:
            raise InputError(f"drug {drug!r} is named twice")
    known = {*drugs, *(name for drug in drugs for name in together(drug))}
    for drug in asked:
        if drug not in known:
            raise InputError(f"a dose of {drug!r}, which is not given")


def together(drug: str) -> tuple[str, ...]:
    """The drugs of ``"everolimus+sorafenib"``; one alone is itself."""
    return tuple(name.strip() for name in drug.split("+"))
