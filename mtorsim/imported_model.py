"""The face of a model from another tool: that of `Model`, in the model's own units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack

from mtorsim.errors import InputError
from mtorsim.interop.format_names import format_of
from mtorsim.interop.formats import read_as_sbml
from mtorsim.interop.sbml_import import read_sbml, read_sbml_text
from mtorsim.simulate.dosing import Regimen
from mtorsim.simulate.imported_description import ImportedDescription
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.imported_options import sweep_options, trajectory_options
from mtorsim.simulate.imported_steady import find_own_steady_state
from mtorsim.simulate.imported_sweep import ImportedProblem, simulate_imported, sweep_imported
from mtorsim.simulate.own_units import read_own_axes, read_span, read_times, read_values
from mtorsim.simulate.result import SweepResult, Trajectory
from mtorsim.simulate.setting import SolverSettings, check_mapping
from mtorsim.simulate.steady import SteadyState
from mtorsim.solvers.options import SolverOptions

Given = Mapping[str, Any] | None


@dataclass(frozen=True, eq=False, repr=False)
class ImportedModel(ImportedDescription):
    """A model read from SBML, Antimony, BioNetGen or a COMBINE archive; changes give another one.

    Times, amounts and parameters are in the units of the file: numbers are taken and given as
    they stand there. A species means an amount or a concentration, as it does in the file's
    formulas.

    Parameters
    ----------
    engine : the model made ready to run
    new_values : start values by id that replace those of the file
    reads_rules : whether a run reads out what rules compute and leaves the species out
    """

    @classmethod
    def from_file(cls, path: str | Path) -> ImportedModel:
        """The model in a file, by the ending of its name.

        Raises
        ------
        ModelError : it can not be read, or holds what is not supported; file, line and element
        MissingExtraError : a library is not installed
        InputError : the ending is not one of an imported model
        """
        kind = format_of(path)
        if kind == "sbml":
            return cls.from_sbml(path)
        model = read_sbml_text(read_as_sbml(path), origin=str(path))
        return cls(ImportedEngine(replace(model, lines={})), reads_rules=kind == "bngl")

    @classmethod
    def from_sbml(cls, path: str | Path) -> ImportedModel:
        """The model in an SBML file; errors as of `from_file`."""
        return cls(ImportedEngine(read_sbml(path)))

    def with_values(self, values: Given = None, **more: Any) -> ImportedModel:
        """With new start values of parameters, species or compartments.

        Initial assignments of the file are evaluated with them. Strings may carry the unit that
        the file declares.
        """
        read = read_values(self.engine.system, _named(values, more))
        return replace(self, new_values={**self.new_values, **read})

    def with_parameters(self, values: Given = None, **more: Any) -> ImportedModel:
        """With new values of parameters or compartments."""
        self._refuse_species(_named(values, more), "with_amounts")
        return self.with_values(values, **more)

    def with_amounts(self, amounts: Given = None, **more: Any) -> ImportedModel:
        """With new start values of species, as amounts or concentrations as the file means them."""
        named = _named(amounts, more)
        for name in named:
            if name not in self.engine.system.amounts:
                self.species[name]
        # What a rule computes follows; the final amounts of a run name it, too.
        rules = self.general.rules
        return self.with_values({sid: value for sid, value in named.items() if sid not in rules})

    def with_inputs(self, levels: Given = None, **more: Any) -> ImportedModel:
        """With boundary species, parameters or compartments held at new levels."""
        return self.with_values(levels, **more)

    def with_drugs(self, *drugs: str) -> ImportedModel:
        """Itself for no drug; an imported model has none."""
        self._refuse("drugs", drugs)
        return self

    def with_context(self, *contexts: str) -> ImportedModel:
        """Itself for no context; an imported model has none."""
        self._refuse("contexts", contexts)
        return self

    def with_genotype(self, *genotypes: str) -> ImportedModel:
        """Itself for no genotype; an imported model has none."""
        self._refuse("genotypes", genotypes)
        return self

    def without(self, *loops: str) -> ImportedModel:
        """Itself for no loop; an imported model names none."""
        self._refuse("feedback loops", loops)
        return self

    def clamped(self, *loops: str) -> ImportedModel:
        """Itself for no loop; an imported model names none."""
        return self.without(*loops)

    def simulate(
        self,
        span: Any = None,
        *,
        drugs: Given = None,
        inputs: Given = None,
        dosing: Regimen | Iterable[Regimen] = (),
        at: Any = None,
        readouts: Sequence[str] | str | None = None,
        pre_equilibrate: bool = False,
        options: SolverOptions | None = None,
        **solver: Unpack[SolverSettings],
    ) -> Trajectory:
        """One run from the start values, with events and jumps at their exact times.

        Parameters
        ----------
        span : end of evenly spaced output times from 0, or a list of times; numbers in the
            model's own unit, or ``"48 h"`` where the file declares one
        inputs : values of boundary species, parameters or compartments in this run
        at : output times instead of a span
        readouts : ids of species, parameters, compartments or reactions; None gives ``observables``
        drugs, dosing : refused, as an imported model has no drugs
        pre_equilibrate : refused; ``with_amounts(steady_state().final_amounts)`` starts at rest
        solver : ``method``, ``rtol``, ``atol``, ``max_steps``, over those of ``options``. ``auto``
            integrates with LSODA at a relative tolerance of 1e-10 unless another is given

        Raises
        ------
        InputError, UnitsError, UnknownNameError : a value or name can not be used
        SolverError, ModelError : the run did not come to its end
        """
        if (span is None) == (at is None):
            raise InputError("simulate needs a span, like 100, or times as at=[10, 100]")
        self._refuse_treatment(drugs, dosing, pre_equilibrate)
        times = read_times(self.general, at) if span is None else read_span(self.general, span)
        model = self.with_inputs(inputs)
        chosen = trajectory_options(options, solver, scale=model.engine.scale(model.new_values))
        problem = model._problem(times, readouts, chosen)
        return simulate_imported(problem, model.all_species)

    def sweep(
        self,
        axes: Given = None,
        *,
        at: Any,
        readouts: Sequence[str] | str | None = None,
        mode: str = "grid",
        contexts: Sequence[str | Sequence[str]] | None = None,
        drugs: Given = None,
        inputs: Given = None,
        dosing: Regimen | Iterable[Regimen] = (),
        pre_equilibrate: bool = False,
        uncertainty: bool | int = False,
        options: SolverOptions | None = None,
        progress: Callable[[int], None] | None = None,
        seed: int | None = None,
        **solver: Unpack[SolverSettings],
    ) -> SweepResult:
        """Runs over parameters, start values of species and sizes of compartments.

        Parameters
        ----------
        axes : values by id, in the model's own units. A name of your own with a mapping as its
            value is an axis along which the names of the mapping vary together
        at : output times, numbers in the model's own unit or with a unit that it declares
        mode : ``"grid"`` for the product of all axes, ``"zip"`` to vary all of them together
        inputs : what is the same in all runs
        contexts, drugs, dosing, uncertainty : refused, as an imported model has none of them,
            and comes without parameter sets
        pre_equilibrate : refused; ``with_amounts(steady_state().final_amounts)`` starts at rest
        progress : called with the number of trajectories finished so far
        seed : noted in the result, where the values of the axes were drawn at random
        solver : ``method``, ``rtol``, ``atol``, ``max_steps``, ``threads``; where lanes can not
            serve (events that depend on the state), ``auto`` runs one trajectory after the other

        Returns
        -------
        All trajectories; one that failed is NaN, with its status, and leaves the others alone.
        After Ctrl-C those that were finished, with a warning that says how many.

        Raises
        ------
        InputError, UnitsError, UnknownNameError : a value or name can not be used
        """
        self._refuse_treatment(drugs, dosing, pre_equilibrate)
        self._refuse("contexts", contexts or ())
        if uncertainty is not False:
            raise InputError(f"{self.general.origin}: it comes without parameter sets")
        times = read_times(self.general, at)
        if axes is not None:
            check_mapping("axes", axes, example="{'k1': [0.1, 1.0, 10.0]}")
        model = self.with_inputs(inputs)
        read = read_own_axes(self.engine.system, axes or {}, mode=mode)
        chosen = sweep_options(options, solver, scale=model.engine.scale(model.new_values))
        notes: dict[str, str | int | float] = {"sweep_mode": mode}
        if seed is not None:
            notes["seed"] = seed
        problem = model._problem(times, readouts, chosen)
        return sweep_imported(problem, read, notes=notes, progress=progress)

    def steady_state(
        self,
        *,
        drugs: Given = None,
        inputs: Given = None,
        readouts: Sequence[str] | str | None = None,
        options: SolverOptions | None = None,
        **solver: Unpack[SolverSettings],
    ) -> SteadyState:
        """Where the model comes to rest from its start values.

        Raises
        ------
        SolverError : it does not settle within a time of 1e8 in the model's own unit
        """
        self._refuse_treatment(drugs, (), False)
        model = self.with_inputs(inputs)
        chosen = sweep_options(options, solver, scale=model.engine.scale(model.new_values))
        return find_own_steady_state(
            model.engine,
            model.new_values,
            species=model.all_species,
            readings=model.readings(readouts),
            options=replace(chosen, precision="double"),
            clock=self.clock,
        )

    def _problem(
        self, times: Any, readouts: Sequence[str] | str | None, options: SolverOptions
    ) -> ImportedProblem:
        return ImportedProblem(
            engine=self.engine,
            values=self.new_values,
            times=times,
            readings=self.readings(readouts),
            options=options,
            clock=self.clock,
            notes=self.notes,
        )

    def _refuse_treatment(
        self, drugs: Given, dosing: Regimen | Iterable[Regimen], pre_equilibrate: bool
    ) -> None:
        self._refuse("drugs", drugs or ())
        if not isinstance(dosing, tuple) or dosing:
            self._refuse("drugs", ("dosing",))
        if pre_equilibrate:
            raise InputError(
                f"{self.general.origin}: an imported model starts from its own values; "
                "with_amounts(model.steady_state().final_amounts) starts at rest"
            )

    def _refuse(self, what: str, named: Iterable[Any]) -> None:
        """Refuse what only native models have."""
        given = [str(name) for name in named]
        if given:
            raise InputError(
                f"{self.general.origin}: {', '.join(given)}: an imported model has no {what}; "
                "set or vary its own parameters, species and compartments"
            )

    def _refuse_species(self, named: Mapping[str, Any], method: str) -> None:
        for name in named:
            if name in self.engine.system.amounts:
                raise InputError(f"{name} is a species: use {method}")


def _named(values: Given, more: Mapping[str, Any]) -> dict[str, Any]:
    """Values by id of a mapping and of keywords."""
    if values is not None:
        check_mapping("values", values, example="{'k1': 0.5}")
    return {**(values or {}), **more}
