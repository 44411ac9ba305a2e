"""The face of a model: immutable, each method one call down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

import mtorsim
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.modelfiles.compose import apply_contexts, compose, load_context
from mtorsim.modelfiles.ensembles import ParameterEnsemble, chosen_members, load_ensemble
from mtorsim.modelfiles.library import ModelEntry, check_drug, list_drugs
from mtorsim.network.balance import ConservedMoiety, conserved_moieties
from mtorsim.network.loop import Loop
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species
from mtorsim.simulate import listings
from mtorsim.simulate.axis_reading import names_of_axes, split_context
from mtorsim.simulate.catalogue import Catalogue
from mtorsim.simulate.dosing import InputStep, Regimen, drugs_in_mg, regimens
from mtorsim.simulate.kernels import compiled_kernel
from mtorsim.simulate.new_numbers import new_amounts, new_inputs, new_parameters
from mtorsim.simulate.pharmacokinetics import dosed_in_mg, drugs_in_bodies, with_metabolites
from mtorsim.simulate.quantities import read_span, read_times
from mtorsim.simulate.result import SweepResult, Trajectory
from mtorsim.simulate.setting import Setting, Treatment, check_ids, solver_options
from mtorsim.simulate.setting import SolverSettings as Given
from mtorsim.simulate.simulation import simulate, sweep
from mtorsim.simulate.steady import SteadyState, find_steady_state
from mtorsim.solvers.options import SolverOptions

if TYPE_CHECKING:
    from mtorsim.codegen.kernel import CompiledKernel

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """A network with its context, loops and numbers; every change gives another model.

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

    def with_drugs(self, *drugs: str) -> Model:
        """With drugs merged in at dose 0; models that share a kernel hold the same drugs."""
        check_ids("drug", drugs)
        for drug in drugs:
            check_drug(drug, model=self.id, known=self.drugs)
        missing = set(drugs) - set(self.network.doses)
        if not missing or self.entry is None:
            return self
        # Sorted, so that the order in which drugs are named does not make another kernel.
        merged = sorted({*self.network.doses, *missing})
        network = compose(self.entry.path, drugs=merged)
        return replace(self, network=dosed_in_mg(network, drugs_in_bodies(self.network)))

    def with_pharmacokinetics(self, *drugs: str) -> Model:
        """With these drugs, and what they form, given to a body in mg, not to the medium in nM."""
        check_ids("drug", drugs)
        model = self.with_drugs(*drugs)
        missing = [drug for drug in sorted(drugs) if model.network.doses[drug].unit != "mg"]
        model = model.with_drugs(*with_metabolites(missing))
        return replace(model, network=dosed_in_mg(model.network, missing))

    def with_context(self, *contexts: str) -> Model:
        """In these contexts instead of the present ones; none leaves the model's own numbers."""
        check_ids("context", contexts)
        self._values_in(contexts)
        return replace(self, contexts=tuple(contexts))

    def with_genotype(self, *genotypes: str) -> Model:
        """With these genotypes instead of the present ones; conditions and cell types stay."""
        check_ids("genotype", genotypes)
        named = (*self.contexts, *genotypes)
        kinds = {name: load_context(name, network=self.network).kind for name in named}
        for name in genotypes:
            if kinds[name] != "genotype":
                raise InputError(f"{name} is a {kinds[name]}, not a genotype: use with_context")
        others = [name for name in self.contexts if kinds[name] != "genotype"]
        return self.with_context(*genotypes, *others)

    def without(self, *loops: str) -> Model:
        """With these feedback loops cut, too: their reactions are off."""
        check_ids("loop", loops)
        self.network.without_loops(loops)
        return replace(self, cut_loops=tuple(dict.fromkeys((*self.cut_loops, *loops))))

    def clamped(self, *loops: str) -> Model:
        """With the signals of these loops held, too, at their level before the drug."""
        check_ids("loop", loops)
        self.network.without_loops(loops)
        return replace(self, clamped_loops=tuple(dict.fromkeys((*self.clamped_loops, *loops))))

    def with_parameters(self, values: Mapping[str, Any] | None = None, **more: Any) -> Model:
        """With new parameter values: numbers in nM and s, or strings with a unit."""
        new = new_parameters(self.network, values, more)
        return replace(self, new_parameters={**self.new_parameters, **new})

    def with_amounts(self, amounts: Mapping[str, Any] | None = None, **more: Any) -> Model:
        """With new initial amounts of species (nM, or strings with a unit)."""
        new = new_amounts(self.network, amounts, more)
        return replace(self, new_amounts={**self.new_amounts, **new})

    def with_values(self, values: Mapping[str, Any] | None = None, **more: Any) -> Model:
        """With new parameters, initial amounts or inputs, whichever each name is."""
        network, model = self.network, self
        for name, value in {**(values or {}), **more}.items():
            if name in network.parameter_ids:
                model = model.with_parameters({name: value})
            elif name in network.dynamic_species:
                model = model.with_amounts({name: value})
            elif name in network.fixed_species:
                model = model.with_inputs({name: value})
            else:
                known = (*network.parameter_ids, *network.species_ids)
                raise UnknownNameError("parameter, input or species", name, known)
        return model

    def with_inputs(self, levels: Mapping[str, Any] | None = None, **more: Any) -> Model:
        """With inputs held at new levels, also before the drug (nM, or strings with a unit)."""
        new = new_inputs(self.network, levels, more)
        return replace(self, new_amounts={**self.new_amounts, **new})

    def simulate(
        self,
        span: Any = None,
        *,
        drugs: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        dosing: Regimen | Iterable[Regimen] = (),
        at: Any = None,
        readouts: Sequence[str] | str | None = None,
        pre_equilibrate: bool = True,
        options: SolverOptions | None = None,
        **solver: Unpack[Given],
    ) -> Trajectory:
        """One run: at rest without drug, then drugs and inputs act from time 0.

        Parameters
        ----------
        span : ``"48 h"`` for evenly spaced output times from 0, or a list of times; bare
            numbers are s
        drugs : dose by drug: ``{"everolimus": "20 nM"}``; bare numbers are nM
        inputs : level by input from time 0 on
        dosing : ``Dosing``, ``washout``, ``input_step``, or a list of them
        at : output times instead of a span
        readouts : observables or species; None gives all observables
        pre_equilibrate : False starts from the initial amounts of the model
        solver : ``method``, ``rtol``, ``atol``, ``max_steps``, over those of ``options``

        Raises
        ------
        InputError, UnitsError, UnknownNameError : a value or name can not be used
        SolverError : the run did not come to its end
        """
        if (span is None) == (at is None):
            raise InputError("simulate needs a span, like '48 h', or times as at=['2 h', '24 h']")
        times = read_span(span) if at is None else read_times(at)
        treatment = Treatment(drugs or {}, inputs or {}, regimens(dosing), pre_equilibrate)
        model = self._with_drugs_of(treatment)
        return simulate(
            model._setting(),
            treatment,
            times=times,
            readouts=readouts,
            options=solver_options(options, **solver),
        )

    def sweep(
        self,
        axes: Mapping[str, Any] | None = None,
        *,
        at: Any,
        readouts: Sequence[str] | str | None = None,
        mode: str = "grid",
        contexts: Sequence[str | Sequence[str]] | None = None,
        drugs: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        dosing: Regimen | Iterable[Regimen] = (),
        pre_equilibrate: bool = True,
        uncertainty: bool | int = False,
        options: SolverOptions | None = None,
        progress: Callable[[int], None] | None = None,
        seed: int | None = None,
        **solver: Unpack[Given],
    ) -> SweepResult:
        """Runs over doses, inputs, parameters, initial amounts, contexts and parameter sets.

        Parameters
        ----------
        axes : values by name: doses of drugs (nM), levels of inputs, parameters (nM and s),
            initial amounts of species. A name of your own with a mapping as its value is an axis
            along which the names of the mapping vary together
        at : output times, ``"24 h"`` or a list; bare numbers are s
        mode : ``"grid"`` for the product of all axes, ``"zip"`` to vary all of them together
        contexts : a leading axis over contexts; several that act together as a tuple
        drugs, inputs : what is the same in all runs
        uncertainty : True for a first axis ``member`` over the parameter sets of ``ensemble()``,
            a number for so many of them; ``bands`` sums it up
        progress : called with the number of trajectories finished so far
        seed : noted in the result, where the values of the axes were drawn at random

        Returns
        -------
        All trajectories; one that failed is NaN, with its status, and leaves the others alone.
        After Ctrl-C those that were finished, with a warning that says how many.

        Raises
        ------
        InputError, UnitsError, UnknownNameError : a value or name can not be used
        """
        treatment = Treatment(drugs or {}, inputs or {}, regimens(dosing), pre_equilibrate)
        model = self._with_drugs_of(treatment, axes or {})
        return sweep(
            model._setting(uncertainty),
            axes or {},
            treatment,
            mode=mode,
            contexts=contexts,
            times=read_times(at),
            readouts=readouts,
            options=solver_options(options, **solver),
            progress=progress,
            seed=seed,
        )

    def steady_state(
        self,
        *,
        drugs: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        readouts: Sequence[str] | str | None = None,
        options: SolverOptions | None = None,
        **solver: Unpack[Given],
    ) -> SteadyState:
        """Where the model comes to rest, with drugs and inputs held where they are given.

        Raises
        ------
        SolverError : it does not settle
        InputError : a method whose steps can not grow with the time
        """
        treatment = Treatment(drugs or {}, inputs or {})
        return find_steady_state(
            self._with_drugs_of(treatment)._setting(),
            treatment,
            readouts=readouts,
            options=solver_options(options, **solver),
        )

    def _with_drugs_of(self, treatment: Treatment, axes: Mapping[str, Any] | None = None) -> Model:
        """With every drug merged in that a call names."""
        dosed = [entry.drug for entry in treatment.dosing if not isinstance(entry, InputStep)]
        varied = [name for name in names_of_axes(axes or {}) if name in self.drugs]
        merged = self.with_drugs(*treatment.drugs, *dosed, *varied)
        in_mg = drugs_in_mg(treatment.dosing)
        return merged.with_pharmacokinetics(*in_mg) if in_mg else merged

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
