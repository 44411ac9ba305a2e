"""What a report says of the model behind its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

import mtorsim
from mtorsim.analysis.comparison import ModelRecord, ParameterChange
from mtorsim.modelfiles.contexts import Context, load_context
from mtorsim.modelfiles.library import list_drugs, load_sources
from mtorsim.network.quantity import parse_unit
from mtorsim.simulate.axis_reading import split_context

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.network.network import ReactionNetwork


def record_model(model: Model, *, drugs: Sequence[str], contexts: Sequence[str]) -> ModelRecord:
    """Size, fingerprint, sources and changed parameters of a model with its drugs.

    Parameters
    ----------
    contexts : ids, several that act together joined by ``+``; empty for the model as it stands
    """
    merged = model.with_drugs(*drugs)
    network = merged.network
    loaded = {
        name: load_context(name, network=network)
        for entry in contexts
        for name in (split_context(entry) or merged.contexts)
    }
    origins = [parameter.source for parameter in network.parameters]
    return ModelRecord(
        id=model.id,
        title=model.title,
        fingerprint=merged.fingerprint(),
        package_version=mtorsim.__version__,
        n_species=len(network.species),
        n_reactions=len(network.reactions),
        n_parameters=len(origins),
        n_fitted=origins.count("fitted"),
        n_assumed=origins.count("assumed"),
        changes=tuple(change for entry in contexts for change in _changes(merged, entry)),
        sources=_sources(network, list(loaded.values())),
        titles=_titles(network, drugs, loaded),
    )


def _changes(model: Model, context: str) -> list[ParameterChange]:
    """Parameters that differ from what the sections say, in the unit of the file."""
    cell = model.with_context(*split_context(context)) if context else model
    written, present = model.network.parameter_values(), cell.parameter_values
    changes = []
    for i in np.flatnonzero(present != written):
        parameter = model.network.parameters[i]
        unit = parse_unit(parameter.unit).factor
        changes.append(
            ParameterChange(
                context=context,
                id=parameter.id,
                value=float(present[i] / unit),
                default=parameter.value_as_written,
                unit=parameter.unit,
                meaning=parameter.meaning,
            )
        )
    return changes


def _sources(network: ReactionNetwork, contexts: Sequence[Context]) -> tuple[tuple[str, str], ...]:
    """(key, citation) of every source that a number or loop rests on, sorted."""
    numbers = [
        *network.parameters,
        *(n for c in contexts for n in (*c.factors.values(), *c.values.values())),
    ]
    keys = {number.source for number in numbers} | {loop.source for loop in network.loops}
    keys |= {number.range_source for number in numbers}
    known = load_sources(network.folder)
    return tuple((key, known[key].citation) for key in sorted(keys) if key in known)


def _titles(
    network: ReactionNetwork, drugs: Sequence[str], contexts: dict[str, Context]
) -> dict[str, str]:
    titles = {entry.id: entry.title for entry in network.observables}
    titles |= {entry.id: entry.title for entry in network.loops}
    titles |= {entry.id: entry.title for entry in list_drugs() if entry.id in drugs}
    return titles | {name: context.title for name, context in contexts.items()}
