"""Runs models with arbitrary rate laws: one exactly, or many in lanes."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.general_functions import general_functions
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.interop.sbml_import import read_sbml
from mtorsim.network.balance import ConservedMoiety
from mtorsim.network.general_model import GeneralModel
from mtorsim.simulate.general import GeneralOptions, simulate_general
from mtorsim.simulate.imported_moieties import moieties_of_system
from mtorsim.simulate.imported_start import Values, start_of
from mtorsim.simulate.lane_inputs import input_segments
from mtorsim.simulate.lane_kernels import LaneKernels
from mtorsim.simulate.one_by_one import run_one, run_one_by_one
from mtorsim.simulate.slot_runs import SlotRuns
from mtorsim.simulate.timed_events import are_timed, first_execution, trigger_slots
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.symbolic.general_resolver import resolve
from mtorsim.symbolic.lane_form import lane_form

if TYPE_CHECKING:
    from mtorsim.codegen.ensemble_kernel import EnsembleKernel

Array = NDArray[np.float64]
#: time, in the model's unit, after which what still moves is taken for what always does
SETTLING_TIME = 1e8
#: a state that changes by less than this share of itself in half that time is at rest ...
SETTLED_CHANGE = 1e-6
#: ... or by less than that of this share of the largest state
SMALLEST_SHARE = 1e-9
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ImportedRuns:
    """Results of many trajectories.

    Parameters
    ----------
    values : (n_trajectories, n_times, n_outputs); NaN where a trajectory failed
    outputs : ids of the outputs
    status : (n_trajectories,) values of ``Status``
    engine : ``"lanes"``, or ``"single"`` where events or unforeseeable jumps need one run each
    """

    values: Array
    outputs: tuple[str, ...]
    status: NDArray[np.int8]
    engine: str


class ImportedEngine:
    """A `GeneralModel` made ready to run.

    Values can be given in place of the model's own under the id of a parameter, a compartment, a
    stoichiometry, or a species (then in the meaning that the species has in formulas). They take
    the place of an initial assignment too; other initial assignments are evaluated with them.
    """

    def __init__(self, model: GeneralModel) -> None:
        self.model, self.system = model, resolve(model)
        self.slot_of = {sid: i for i, sid in enumerate(self.system.slots)}
        self._kernels: dict[tuple[str, ...], LaneKernels] = {}
        self._first_executions: dict[tuple[float, ...], float] = {}

    @classmethod
    def from_sbml(cls, path: str | Path) -> ImportedEngine:
        """The model in an SBML file."""
        return cls(read_sbml(path))

    @property
    def n_slots(self) -> int:
        """Numbers that decide everything else."""
        return len(self.system.slots)

    @cached_property
    def moieties(self) -> tuple[ConservedMoiety, ...]:
        """Sums of amounts that stay, by continuous slot."""
        return moieties_of_system(self.system)

    @property
    def species(self) -> tuple[str, ...]:
        """Ids of the species, in file order."""
        return tuple(species.id for species in self.model.species)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Ids of the parameters; local ones are ``reaction.parameter``."""
        return tuple(parameter.id for parameter in self.model.parameters)

    def formulas(self, outputs: Sequence[str]) -> list[int]:
        """Nodes of outputs: ids, in the meaning that they have in formulas.

        Raises
        ------
        UnknownNameError : no quantity has this id
        """
        values = self.system.values
        for output in outputs:
            if output not in values:
                raise UnknownNameError("quantity", output, values, where=self.model.origin)
        return [values[output] for output in outputs]

    def start(self, given: Values | None = None) -> Array:
        """Start value of every slot, (n_trajectories, n_slots); errors as of `start_of`.

        Parameters
        ----------
        given : id -> a number, or one per trajectory
        """
        return start_of(self.system, given or {})

    def simulate(
        self,
        t_out: Array | Sequence[float],
        *,
        outputs: Sequence[str] | None = None,
        given: Values | None = None,
        options: GeneralOptions | None = None,
    ) -> Array:
        """One trajectory with every jump and event at its exact time, (n_times, n_outputs)."""
        functions = general_functions(self.system, self.formulas(outputs or self.species))
        start = self.start(given)
        if start.shape[0] != 1:
            raise InputError("one trajectory takes one value of each quantity")
        return simulate_general(
            self.system, functions, t_out=t_out, start=start[0].tolist(), options=options
        )

    def simulate_many(
        self,
        t_out: Array | Sequence[float],
        *,
        given: Values,
        outputs: Sequence[str] | None = None,
        options: SolverOptions | None = None,
    ) -> ImportedRuns:
        """Many trajectories, in lanes where the model allows.

        Parameters
        ----------
        t_out : (n_times,), ascending, from 0 on
        given : id -> a number, or one per trajectory
        """
        names = tuple(outputs or self.species)
        formulas = self.formulas(names)
        start = self.start(given)
        runs = self.run_rows(start, t_out, options=options, varied=given)
        values = np.stack(runs.evaluate(formulas), axis=2)
        return ImportedRuns(values, names, runs.status, runs.engine)

    def steady_state(
        self,
        *,
        given: Values | None = None,
        outputs: Sequence[str] | None = None,
        options: SolverOptions | None = None,
    ) -> ImportedRuns:
        """Outputs, (n_trajectories, 1, n_outputs), at the state that each trajectory runs into.

        One that still moves after a time of 1e8 (an oscillation) has the status not_settled.
        """
        given = {} if given is None else given
        names = tuple(outputs or self.species)
        formulas = self.formulas(names)
        runs = self.settle_rows(self.start(given), options=options, varied=given)
        values = np.stack(runs.evaluate(formulas), axis=2)
        return ImportedRuns(values[:, 1:], names, runs.status, runs.engine)

    def settle_rows(
        self,
        start: Array,
        *,
        options: SolverOptions | None = None,
        varied: Collection[str] = (),
    ) -> SlotRuns:
        """Every slot at half the settling time and at its end, as `run_rows`.

        What still moves between the two, or has spent all its steps, has the status not_settled.
        """
        options = options or SolverOptions(rtol=1e-6, atol=1e-9, precision="double")
        times = [0.5 * SETTLING_TIME, SETTLING_TIME]
        runs = self.run_rows(start, times, options=options, varied=varied)
        n, n_rows = self.system.n_continuous, start.shape[0]
        states = np.zeros((n_rows, 2, n))
        for i in range(n):
            states[:, :, i] = runs.slots[i]
        size = np.abs(states).max(axis=1)
        size = np.maximum(size, SMALLEST_SHARE * size.max(axis=1, initial=0.0)[:, None])
        moves = (np.abs(states[:, 1] - states[:, 0]) > SETTLED_CHANGE * size).any(axis=1)
        unsettled = (runs.status == Status.OK) & moves | (runs.status == Status.MAX_STEPS)
        status = np.where(unsettled, Status.NOT_SETTLED, runs.status).astype(np.int8)
        return replace(runs, solution=replace(runs.solution, status=status))

    def run_rows(
        self,
        start: Array,
        t_out: Array | Sequence[float],
        *,
        options: SolverOptions | None = None,
        varied: Collection[str] = (),
    ) -> SlotRuns:
        """Every slot over time, from start values as `start` gives them.

        Parameters
        ----------
        varied : ids whose start values are not the model's own

        Raises
        ------
        KeyboardInterrupt : Ctrl-C was pressed
        """
        runs = self.run_until_interrupted(start, t_out, options=options, varied=varied)
        if (runs.status == Status.INTERRUPTED).any():
            raise KeyboardInterrupt
        return runs

    def run_until_interrupted(
        self,
        start: Array,
        t_out: Array | Sequence[float],
        *,
        options: SolverOptions | None = None,
        varied: Collection[str] = (),
        progress: Progress | None = None,
    ) -> SlotRuns:
        """As `run_rows`, but after Ctrl-C what was finished, the rest with the status interrupted.

        Parameters
        ----------
        progress : called with the number of trajectories finished since the last call
        """
        times = np.atleast_1d(np.asarray(t_out, dtype=float))
        options = options or SolverOptions(rtol=1e-6, atol=1e-9)
        runs = self._in_lanes(start, times, options, self.lane_kernels(varied), progress)
        if runs is not None:
            return runs
        single = GeneralOptions(options.rtol, options.atol, options.max_steps)
        return self.run_one_by_one(start, times, options=single, progress=progress)

    def run_one(self, start: Array, times: Array, *, options: GeneralOptions) -> SlotRuns:
        """The one row of ``start``; errors as of `one_by_one.run_one`."""
        solution = run_one(self.system, start, times, options=options)
        return self._all_slots(times, solution)

    def run_one_by_one(
        self,
        start: Array,
        times: Array,
        *,
        options: GeneralOptions,
        progress: Progress | None = None,
    ) -> SlotRuns:
        """As `run_rows`, each row by itself with events and jumps at their exact times."""
        solution = run_one_by_one(self.system, start, times, options=options, progress=progress)
        return self._all_slots(times, solution)

    def _all_slots(self, times: Array, solution: EnsembleSolution) -> SlotRuns:
        slots = {i: solution.values[:, :, i] for i in range(self.n_slots)}
        return SlotRuns(self.system, times, slots, solution, "single")

    def kernel(self, varied: Collection[str] = ()) -> EnsembleKernel:
        """What lanes run on; InputError for a model in which nothing changes continuously."""
        if not self.system.n_continuous:
            raise InputError(f"{self.model.origin}: nothing in it changes continuously")
        return self.lane_kernels(varied).kernel()

    def scale(self, given: Values) -> float:
        """Size of the largest start value that changes continuously; 0 where there is none."""
        start = np.abs(self.start(given)[:, : self.system.n_continuous])
        return float(start[np.isfinite(start)].max(initial=0.0))

    def lane_kernels(self, varied: Collection[str] = ()) -> LaneKernels:
        """What runs many trajectories; ``varied`` are the ids that they may differ in."""
        sizes = {c.id for c in self.model.compartments} & set(varied)
        key = tuple(sorted(sizes))
        if key not in self._kernels:
            self._kernels[key] = LaneKernels(lane_form(self.system, varied=sizes))
        return self._kernels[key]

    def _events_are_out_of_the_way(self, start: Array, end: float) -> bool:
        """Whether no trajectory executes an event up to ``end``, as far as is known at once."""
        system = self.system
        if not system.events:
            return True
        if not are_timed(system):
            return False
        deciding = sorted(trigger_slots(system))
        if deciding and np.ptp(start[:, deciding], axis=0).any():
            return False
        # the search runs in Python, and takes longer than some sweeps of a thousand
        key = (end, *start[0, deciding].tolist())
        if key not in self._first_executions:
            self._first_executions[key] = first_execution(system, start[0].tolist(), end)
        return self._first_executions[key] == math.inf

    def _in_lanes(
        self,
        start: Array,
        times: Array,
        options: SolverOptions,
        kernels: LaneKernels,
        progress: Progress | None,
    ) -> SlotRuns | None:
        """Results of the lane engine; None where it can not serve."""
        n, form = self.system.n_continuous, kernels.form
        if n == 0 or not form.is_complete:
            return None
        if not self._events_are_out_of_the_way(start, float(times[-1])):
            return None
        segments = input_segments(self.system, form, start, float(times[-1]))
        if segments is None:
            return None
        y0 = np.zeros((start.shape[0], form.n_states))
        y0[:, :n] = start[:, :n]
        solution = kernels.solve(y0, segments, t_out=times, options=options, progress=progress)
        slots = {i: solution.values[:, :, i] for i in range(n)}
        slots |= {i: start[:, i, None] for i in range(n, start.shape[1])}
        return SlotRuns(self.system, times, slots, solution, "lanes")
