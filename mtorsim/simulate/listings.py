"""The parts of a network as catalogues, with the numbers that a model has at present."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.loop import Loop
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter, parse_unit
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species
from mtorsim.simulate.catalogue import Catalogue

Array = NDArray[np.float64]


def list_parameters(network: ReactionNetwork, values: Array) -> Catalogue[Parameter]:
    """Parameters at ``values`` (p,), in the units they are written in."""
    present = zip(network.parameters, values.tolist(), strict=True)
    return Catalogue(
        "parameter",
        (_with_value(parameter, value) for parameter, value in present),
        {
            "id": lambda p: p.id,
            "value": lambda p: float(p.value_as_written),
            "unit": lambda p: p.unit,
            "spread": lambda p: float(p.spread),
            "source": lambda p: p.source,
            "meaning": lambda p: p.meaning,
        },
    )


def _with_value(parameter: Parameter, value: float) -> Parameter:
    if value == parameter.value:
        return parameter
    written = value / parse_unit(parameter.unit).factor
    return replace(parameter, value=value, value_as_written=written)


def list_species(network: ReactionNetwork, amounts: Array) -> Catalogue[Species]:
    """Species with initial amounts (n,), nM."""
    initial = dict(zip(network.species_ids, amounts.tolist(), strict=True))
    return Catalogue(
        "species",
        network.species,
        {
            "id": lambda s: s.id,
            "initial nM": lambda s: initial[s.id],
            "kind": lambda s: "input" if s.fixed else "dynamic",
            "title": lambda s: s.title,
        },
    )


def list_reactions(network: ReactionNetwork) -> Catalogue[Reaction]:
    """Reactions with their rates."""
    return Catalogue(
        "reaction",
        network.reactions,
        {
            "id": lambda r: r.id,
            "module": lambda r: r.module,
            "equation": lambda r: f"{_side(r.reactants)} -> {_side(r.products)}",
            "rate": lambda r: str(r.rate),
        },
    )


def _side(species: tuple[str, ...]) -> str:
    return " + ".join(species) or "0"


def list_observables(network: ReactionNetwork) -> Catalogue[Observable]:
    """Readouts by name."""
    return Catalogue(
        "readout",
        network.observables,
        {"id": lambda o: o.id, "title": lambda o: o.title, "unit": lambda o: o.unit},
    )


def list_loops(network: ReactionNetwork) -> Catalogue[Loop]:
    """Feedback loops with what is known of them."""
    return Catalogue(
        "loop",
        network.loops,
        {
            "id": lambda loop: loop.id,
            "sign": lambda loop: loop.sign,
            "title": lambda loop: loop.title,
            "source": lambda loop: loop.source,
        },
    )
