"""Slope and Jacobian of an imported model at one state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.simulate.imported_moieties import directions_of, reaction_changes
from mtorsim.symbolic.general_system import GeneralSystem
from mtorsim.symbolic.lane_form import LaneForm, jacobian_of

Array = NDArray[np.float64]

#: states at which a reaction is tried before it is taken for one that is switched off
N_TRIALS = 4


@dataclass(frozen=True, slots=True)
class ImportedDynamics:
    """How a state moves.

    Parameters
    ----------
    slots : (n_slots,) the state, and what does not change
    time : in the model's unit
    """

    system: GeneralSystem
    form: LaneForm
    slots: Array
    time: float

    def slope(self) -> Array:
        """Rate of change of each continuous slot, (n,) per unit of the model's time."""
        return self._values(list(self.form.rates))[: self.system.n_continuous]

    def reduced_jacobian(self) -> Array:
        """Jacobian in the directions that reactions which are not switched off can move it in."""
        n = self.system.n_continuous
        places = {place: node for place, node in jacobian_of(self.form).items() if max(place) < n}
        jacobian = np.zeros((n, n))
        entries = self._values(list(places.values()))
        for place, entry in zip(places, entries, strict=True):
            jacobian[place] = entry
        basis = directions_of(n, self._active_changes())
        return np.asarray(basis.T @ (jacobian @ basis))

    def _values(self, formulas: list[int]) -> Array:
        """Values of formulas of the lane form at the state."""
        by_slot = {i: np.asarray(value) for i, value in enumerate(self.slots)}
        form, n = self.form, self.system.n_continuous
        inputs = evaluate(form.graph, form.inputs, slots=by_slot, time=self.time)
        states = {i: by_slot[i] for i in range(n)}
        if form.has_time:
            states[n] = np.asarray(self.time)
        states |= {form.n_states + j: value for j, value in enumerate(inputs)}
        return np.array([float(v) for v in evaluate(form.graph, formulas, slots=states, time=0.0)])

    def _active_changes(self) -> list[tuple[tuple[int, int], ...]]:
        """Changes of reactions that are not 0 at all of some states around this one."""
        system, n = self.system, self.system.n_continuous
        changes = reaction_changes(system)
        index = {sid: i for i, sid in enumerate(system.slots[:n])}
        formulas = [
            system.rates[index[sid]] if sid in index else system.values[sid] for sid in changes
        ]
        factors = np.random.default_rng(0).lognormal(size=(self.slots.size, N_TRIALS))
        tried = {
            i: np.concatenate([[value], value * factors[i] + (i < n) * factors[i] * 1e-3])
            if i < n
            else np.full(N_TRIALS + 1, value)
            for i, value in enumerate(self.slots)
        }
        values = evaluate(system.graph, formulas, slots=tried, time=self.time)
        return [
            change for change, value in zip(changes.values(), values, strict=True) if value.any()
        ]
