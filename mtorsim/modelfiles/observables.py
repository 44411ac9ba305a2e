"""From observables as written to weights over the species of a network."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mtorsim.errors import ModelError, suggestion
from mtorsim.modelfiles.document import Problems
from mtorsim.modelfiles.read import ObservableEntry
from mtorsim.network.observable import Observable
from mtorsim.network.species import Species, matches

Weights = tuple[tuple[str, float], ...]

_TERM = re.compile(r"\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*\*\s*)?(\S+)\s*")


def resolve_observables(
    entries: Iterable[ObservableEntry], species: Iterable[Species], *, problems: Problems
) -> tuple[Observable, ...]:
    """The observables over the species that change; fixed ones are inputs and never read out."""
    dynamic = [each.id for each in species if not each.fixed]
    resolved = []
    for entry in entries:
        with problems.collected(entry.origin, f'observable "{entry.id}"'):
            weights = _matching(entry.match, dynamic) if entry.match else _sum(entry.terms, dynamic)
            resolved.append(
                Observable(
                    id=entry.id,
                    weights=weights,
                    of=entry.of or None,
                    total_weights=_matching(entry.of, dynamic) if entry.of else (),
                    title=entry.title,
                    unit=entry.unit,
                    origin=entry.origin,
                )
            )
    return tuple(resolved)


def _matching(pattern: str, dynamic: list[str]) -> Weights:
    """Species that hold the pattern, weighted by how often."""
    counts = ((species, matches(pattern, species)) for species in dynamic)
    weights = tuple((species, float(count)) for species, count in counts if count)
    if not weights:
        raise ModelError(f'no species holds "{pattern}"{suggestion(pattern, dynamic)}')
    return weights


def _sum(terms: Iterable[str], dynamic: list[str]) -> Weights:
    """Species of a sum like ``["A", "2*B"]``."""
    weights: dict[str, float] = {}
    for term in terms:
        match = _TERM.fullmatch(term)
        name = match[2] if match else term
        if match is None or name not in dynamic:
            raise ModelError(f'no changing species "{name}"{suggestion(name, dynamic)}')
        weights[name] = weights.get(name, 0.0) + float(match[1] or 1)
    if not weights:
        raise ModelError("'sum' is empty")
    return tuple(weights.items())
