"""What a native model is made of, with the numbers that it has at present."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import mtorsim
from mtorsim.modelfiles.compose import apply_contexts, load_context
from mtorsim.modelfiles.ensembles import ParameterEnsemble, chosen_members, load_ensemble
from mtorsim.modelfiles.library import ModelEntry, list_drugs
from mtorsim.network.balance import ConservedMoiety, conserved_moieties
from mtorsim.network.loop import Loop
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species
from mtorsim.simulate import listings
from mtorsim.simulate.axis_reading import split_context
from mtorsim.simulate.catalogue import Catalogue, HasId
from mtorsim.simulate.kernels import compiled_kernel
from mtorsim.simulate.setting import Setting

if TYPE_CHECKING:
    from mtorsim.codegen.kernel import CompiledKernel

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class NetworkDescription:
    """A network with its context, loops and numbers.

    Parameters
    ----------
    network : with the drugs merged in so far
    entry : head of the model file, None for a network from elsewhere
    contexts : ids of the contexts that act
    cut_loops, clamped_loops : loops whose reactions are off, and loops whose signals are held
    new_parameters : values that replace those of the contexts, nM and s
    new_amounts : initial amounts and inputs that replace those of the model, nM
    """

    network: ReactionNetwork
    entry: ModelEntry | None = None
    contexts: tuple[str, ...] = ()
    cut_loops: tuple[str, ...] = ()
    clamped_loops: tuple[str, ...] = ()
    new_parameters: Mapping[str, float] = field(default_factory=dict)
    new_amounts: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name of the model."""
        return self.network.id

    @property
    def title(self) -> str:
        """What the model is about."""
        return self.network.title

    @property
    def drugs(self) -> tuple[str, ...]:
        """Drugs that the model can be given."""
        if self.entry is None:
            return tuple(self.network.doses)
        listed = self.entry.drugs or tuple(entry.id for entry in list_drugs())
        return tuple(dict.fromkeys((*listed, *self.network.doses)))

    @property
    def parameters(self) -> Catalogue[Parameter]:
        """Parameters with present value, unit, spread and source."""
        return listings.list_parameters(self.network, self.parameter_values)

    @property
    def species(self) -> Catalogue[Species]:
        """Species with their initial amounts in nM."""
        return listings.list_species(self.network, self.initial_amounts)

    @property
    def reactions(self) -> Catalogue[Reaction]:
        """Reactions with their rates."""
        return listings.list_reactions(self.network)

    @property
    def observables(self) -> Catalogue[Observable]:
        """Readouts by name."""
        return listings.list_observables(self.network)

    @property
    def loops(self) -> Catalogue[Loop]:
        """Feedback loops that can be cut or clamped."""
        return listings.list_loops(self.network)

    @property
    def compartments(self) -> Catalogue[HasId]:
        """None: amounts are concentrations in one well-mixed volume."""
        return Catalogue("compartment", (), {"id": lambda compartment: compartment.id})

    @property
    def counts(self) -> dict[str, int]:
        """How many of each thing there are."""
        return {
            "species": len(self.network.dynamic_species),
            "inputs": len(self.network.fixed_species),
            "reactions": len(self.network.reactions),
            "parameters": len(self.network.parameters),
            "conserved_totals": len(self.conserved_moieties()),
        }

    @property
    def time_unit(self) -> str:
        """Unit of bare times."""
        return "s"

    @cached_property
    def parameter_values(self) -> Array:
        """Present values, (p,), nM and s."""
        return self._values_in(self.contexts)

    @property
    def initial_amounts(self) -> Array:
        """Present initial amounts of all species, (n,), nM."""
        return self._setting().initial_amounts()

    def equations(self, *, latex: bool = False) -> str:
        """The differential equations for people, as text or LaTeX."""
        from mtorsim.symbolic.system import OdeSystem

        system = OdeSystem.from_network(self.network)
        return system.equations_latex() if latex else system.equations_text()

    def conserved_moieties(self) -> tuple[ConservedMoiety, ...]:
        """Sums of species that no reaction changes, named by component."""
        return conserved_moieties(self.network)

    def ensemble(self) -> ParameterEnsemble:
        """Parameter sets that come with the model; InputError where it comes without."""
        return load_ensemble(self.entry, network=self.network, drugs=self.drugs)

    def kernel(self) -> CompiledKernel:
        """The compiled network, with its generated files."""
        names = self.network.dynamic_species, self.network.reaction_ids
        return compiled_kernel(self.network.structure(), names)

    def fingerprint(self) -> str:
        """SHA-256 of the network and of every number that a run without drug reads."""
        return self._setting().fingerprint()

    def _values_in(self, contexts: Sequence[str], values: Array | None = None) -> Array:
        """Parameter values (..., p) in ``contexts``, with the values set since."""
        loaded = [load_context(name, network=self.network) for name in contexts]
        values = apply_contexts(self.network, loaded, values=values)
        for name, value in self.new_parameters.items():
            values[..., self.network.parameter_ids.index(name)] = value
        return values

    def _setting(self, uncertainty: bool | int = False) -> Setting:
        """The model as it stands, with its parameter sets where they were asked for."""
        members = chosen_members(self.ensemble, uncertainty)
        sets = None if members is None else members.values_in(self.network)
        return Setting(
            network=self.network,
            values=self.parameter_values,
            members=None if sets is None else self._values_in(self.contexts, sets),
            cut=self.cut_loops,
            clamped=self.clamped_loops,
            amounts=self.new_amounts,
            provenance={
                "contexts": ", ".join(self.contexts),
                "new_parameters": json.dumps(dict(self.new_parameters)),
                "version_mtorsim": mtorsim.__version__,
                **({} if members is None else {"parameter_sets": members.description}),
            },
            values_in_contexts=lambda labels: np.array(
                [np.atleast_2d(self._values_in(split_context(label), sets)) for label in labels]
            ),
        )

    def __repr__(self) -> str:
        said = [f"{len(self.network.species)} species", f"{len(self.network.reactions)} reactions"]
        said += [f"in {', '.join(self.contexts)}"] if self.contexts else []
        said += [f"without {', '.join(self.cut_loops)}"] if self.cut_loops else []
        said += [f"{', '.join(self.clamped_loops)} clamped"] if self.clamped_loops else []
        said += [f"with {', '.join(self.network.doses)}"] if self.network.doses else []
        return f"<Model {self.id}: {', '.join(said)}>"
