"""Steady states, and whether a small push dies out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import SolverError, UnknownNameError
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.kernels import kernel_of
from mtorsim.simulate.mass_action import MassActionTables
from mtorsim.simulate.outcome import REASONS
from mtorsim.simulate.problem import Problem
from mtorsim.simulate.readouts import plan_readouts
from mtorsim.simulate.rows import baseline_rows, dosed_rows, hold_signals
from mtorsim.simulate.setting import Setting, Treatment, make_problem
from mtorsim.simulate.settling import reachable_directions
from mtorsim.solvers.options import SolverOptions, Status

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class SteadyState:
    """Amounts that no longer change.

    Parameters
    ----------
    species : ids of the dynamic species
    amounts : (n,) nM
    readouts : value of each readout
    units : unit of each readout
    structure, k : of the network there, for its Jacobian
    """

    species: tuple[str, ...]
    amounts: Array
    readouts: Mapping[str, float]
    units: Mapping[str, str]
    structure: MassActionStructure
    k: Array

    @cached_property
    def residual(self) -> float:
        """Largest rate of change, nM/s."""
        slope = MassActionTables(self.structure).rhs(self.amounts, self.k)
        return float(np.abs(slope).max(initial=0.0))

    @cached_property
    def eigenvalues(self) -> NDArray[np.complex128]:
        """Eigenvalues of the Jacobian within the conserved totals, 1/s, the slowest mode first."""
        tables = MassActionTables(self.structure)
        basis = reachable_directions(tables, self.k)
        found = np.linalg.eigvals(basis.T @ (tables.jacobian(self.amounts, self.k) @ basis))
        return found[np.argsort(-found.real)].astype(np.complex128)

    @property
    def stable(self) -> bool:
        """Whether every small push that keeps the conserved totals dies out."""
        return bool((self.eigenvalues.real < 0).all())

    @property
    def slowest_time(self) -> float:
        """Time constant of the slowest mode, s; infinite where one does not decay."""
        slowest = -self.eigenvalues.real.max() if self.eigenvalues.size else np.inf
        return float(1.0 / slowest) if slowest > 0 else float("inf")

    def __getitem__(self, name: str) -> float:
        """A readout, or the amount (nM) of a species."""
        if name in self.readouts:
            return self.readouts[name]
        if name not in self.species:
            raise UnknownNameError("readout", name, (*self.readouts, *self.species))
        return float(self.amounts[self.species.index(name)])

    def __repr__(self) -> str:
        told = ", ".join(f"{name} = {value:.4g}" for name, value in self.readouts.items())
        return f"<SteadyState of {len(self.species)} species: {told}>"


def find_steady_state(
    setting: Setting,
    treatment: Treatment,
    *,
    readouts: Sequence[str] | str | None,
    options: SolverOptions,
) -> SteadyState:
    """The steady state reached from rest without drug, drugs and inputs held from then on.

    Raises
    ------
    SolverError : it does not settle, with or without drug
    """
    plan = plan_readouts(setting.network, readouts)
    problem = make_problem(setting, treatment, times=np.ones(1), readouts=plan, options=options)
    rows = baseline_rows(problem, (), ())
    network = problem.network
    rows.y0[:] = _settled(problem, network, rows.y0, rows.folded(network))
    hold_signals(problem, rows)
    dosed = dosed_rows(problem, rows, np.zeros(1, dtype=np.intp), (), ())
    y = _settled(problem, problem.running_network, dosed.y0, dosed.k)[0]
    return SteadyState(
        species=network.dynamic_species,
        amounts=y,
        readouts=dict(zip(plan.ids, plan.values(plan.weights @ y).tolist(), strict=True)),
        units=dict(zip(plan.ids, plan.units, strict=True)),
        structure=problem.running_network.structure(),
        k=dosed.k[0],
    )


def _settled(problem: Problem, network: ReactionNetwork, y0: Array, k: Array) -> Array:
    """Steady state (1, n) of the one row ``y0``."""
    options = problem.options
    solution = kernel_of(network, options=options).steady_state(y0, k, options=options)
    status = Status(int(solution.status[0]))
    if status == Status.INTERRUPTED:
        raise KeyboardInterrupt
    if status != Status.OK:
        time = float(solution.t_reached[0]) / 3600
        raise SolverError(f"no steady state after {time:.4g} h: {status.label}: {REASONS[status]}")
    return solution.final_state
