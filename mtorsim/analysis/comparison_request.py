"""What is asked of a comparison, checked and with what was left out filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import index
from typing import TYPE_CHECKING, cast

from mtorsim.analysis.comparison import ComparisonOptions
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.modelfiles.ensembles import chosen_members, has_ensemble
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.quantities import as_names, is_single

if TYPE_CHECKING:
    from mtorsim.model import Model

DEFAULT_READOUTS = ("pS6K1_T389", "p4EBP1", "pAKT_S473", "pAKT_T308")
"""Outputs of mTORC1, then of mTORC2, then of PDK1: the three ways the drug classes differ."""

DEFAULT_DOSES = (1e-3, 1e4, 200)
"""Lowest and highest, nM, and number: the range of ``dose_response``."""

DEFAULT_TIMES = ("2 h", "24 h")
"""Direct block, and after feedback relief and loss of mTORC2."""


def comparison_options(
    model: Model,
    *,
    drugs: Sequence[str],
    contexts: Sequence[str],
    loops: Sequence[str] | None,
    readouts: Sequence[str] | None,
    doses: int | tuple[object, object, int],
    at: Sequence[object],
    reference: str,
    watched: str,
    inhibition: float,
    uncertainty: bool | int | None,
) -> ComparisonOptions:
    """What the caller asked for, with the model's own loops, readouts and sets where left out.

    Raises
    ------
    InputError, UnknownNameError : as of ``compare``
    """
    if not hasattr(model, "observables"):
        raise InputError(f"model is {model!r}: give a model, as mtorsim.load returns it")
    drugs, contexts = as_names("drug", drugs), as_names("context", contexts)
    loops = None if loops is None else as_names("loop", loops)
    if not drugs:
        raise InputError("compare needs a drug: name one or more")
    for kind, names in (("drug", drugs), ("context", contexts), ("loop", loops or ())):
        _refuse_repeats(kind, names)
    if not 0.0 < inhibition < 1.0:
        raise InputError(f"inhibition is {inhibition:g}: choose a share between 0 and 1")
    needed = _readouts(model, readouts, (reference, watched))
    return ComparisonOptions(
        drugs=drugs,
        contexts=contexts or ("",),
        readouts=needed,
        loops=tuple(model.loops if loops is None else loops),
        doses=dict.fromkeys(drugs, _dose_range(doses)),
        at=_times(at),
        reference=reference,
        watched=watched,
        inhibition=inhibition,
        n_sets=_n_sets(model, uncertainty),
    )


def _n_sets(model: Model, uncertainty: bool | int | None) -> int:
    """Number of parameter sets; all of a model that comes with some, where nothing is said."""
    wanted = has_ensemble(model.entry) if uncertainty is None else uncertainty
    members = chosen_members(model.ensemble, wanted) if wanted is not False else None
    return members.size if members else 0


def _readouts(
    model: Model, asked: Sequence[str] | None, always: tuple[str, ...]
) -> tuple[str, ...]:
    """Readouts to be computed, each known to the model."""
    if asked is None:
        asked = [name for name in DEFAULT_READOUTS if name in model.observables]
    needed = tuple(dict.fromkeys((*as_names("readout", asked), *always)))
    for name in needed:
        if name not in model.observables:
            raise UnknownNameError("readout", name, model.observables, where=model.id)
    return needed


def _times(at: object) -> tuple[float, ...]:
    """Ascending times in s."""
    given = [at] if is_single(at) else list(cast(Iterable[object], at))
    if not given:
        raise InputError("compare needs a time: for example at=['2 h', '24 h']")
    times = {parse_quantity(t, dimension="time", default_unit="s", what="time") for t in given}
    if min(times) <= 0.0:
        raise InputError("time is 0: choose one after the drug is given, like '2 h'")
    return tuple(sorted(times))


def _refuse_repeats(kind: str, names: Sequence[str]) -> None:
    repeated = sorted({name for name in names if list(names).count(name) > 1})
    if repeated:
        raise InputError(f"{kind} {repeated[0]!r} is named twice")


def _dose_range(doses: int | tuple[object, object, int]) -> tuple[float, float, int]:
    """(low, high, number) in nM."""
    try:
        low, high, number = (*DEFAULT_DOSES[:2], doses) if isinstance(doses, int) else doses
        number = index(number)
    except (TypeError, ValueError):
        raise InputError(
            f"doses is {doses!r}: give how many, like 200, or lowest, highest and how many, "
            "like ('0.1 nM', '1 uM', 60)"
        ) from None
    bottom = parse_quantity(low, default_unit="nM", what="lowest dose")
    top = parse_quantity(high, default_unit="nM", what="highest dose")
    if number < 2 or not 0.0 < bottom < top:
        raise InputError(
            f"doses {bottom:g} to {top:g} nM in {number}: a log axis needs two or more doses, "
            "the lowest above 0 and below the highest"
        )
    return bottom, top, number
