"""The face of a model: immutable, each method one call down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

from mtorsim.errors import InputError, UnknownNameError
from mtorsim.modelfiles.compose import compose, load_context
from mtorsim.modelfiles.library import check_drug
from mtorsim.simulate.axis_reading import names_of_axes
from mtorsim.simulate.dosing import InputStep, Regimen, drugs_in_mg, regimens
from mtorsim.simulate.network_description import NetworkDescription
from mtorsim.simulate.new_numbers import new_amounts, new_inputs, new_parameters
from mtorsim.simulate.pharmacokinetics import dosed_in_mg, drugs_in_bodies, with_metabolites
from mtorsim.simulate.quantities import read_span, read_times
from mtorsim.simulate.result import SweepResult, Trajectory
from mtorsim.simulate.setting import SolverSettings as Given
from mtorsim.simulate.setting import Treatment, check_ids, check_mapping, solver_options
from mtorsim.simulate.simulation import simulate, sweep
from mtorsim.simulate.steady import SteadyState, find_steady_state
from mtorsim.solvers.options import SolverOptions


@dataclass(frozen=True, repr=False)
class Model(NetworkDescription):
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
        if values is not None:
            check_mapping("values", values, example="{'AKT_total': '50 nM'}")
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
