"""Steady states, and whether a small push dies out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import SolverError, UnknownNameError
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.clock import SECONDS_SHOWN_AS_HOURS, Clock
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


class Dynamics(Protocol):
    """How a state moves, and what a small push does to it."""

    def slope(self) -> Array:
        """Rate of change of each species, (n,)."""

    def reduced_jacobian(self) -> Array:
        """Jacobian within the conserved totals, square."""


@dataclass(frozen=True, slots=True)
class MassActionDynamics:
    """Dynamics of a network at amounts ``y`` (n,) with rate constants ``k``."""

    structure: MassActionStructure
    k: Array
    y: Array

    def slope(self) -> Array:
        """Rate of change of each species, (n,) nM/s."""
        return MassActionTables(self.structure).rhs(self.y, self.k)

    def reduced_jacobian(self) -> Array:
        """Jacobian within the conserved totals, square, 1/s.

        Species that no reaction reads only count what others did (a drug eliminated so far): they
        are left out, for a push of a counter stays and means nothing.
        """
        tables = MassActionTables(self.structure)
        read = sorted({name for reactants in self.structure.reactants for name in reactants})
        pushes = reachable_directions(tables, self.k)[read]
        left, sizes, _ = np.linalg.svd(pushes, full_matrices=False)
        basis = left[:, sizes > 1e-9]
        jacobian = tables.jacobian(self.y, self.k)[np.ix_(read, read)]
        return np.asarray(basis.T @ (jacobian @ basis))


@dataclass(frozen=True, repr=False)
class SteadyState:
    """Amounts that no longer change.

    Parameters
    ----------
    species : ids of the dynamic species
    amounts : (n,) nM; of an imported model in its own units, as are rates and times
    readouts : value of each readout
    units : unit of each readout
    dynamics : of the model there
    clock : how times are shown
    """

    species: tuple[str, ...]
    amounts: Array
    readouts: Mapping[str, float]
    units: Mapping[str, str]
    dynamics: Dynamics
    clock: Clock = SECONDS_SHOWN_AS_HOURS

    @cached_property
    def residual(self) -> float:
        """Largest rate of change, nM/s."""
        return float(np.abs(self.dynamics.slope()).max(initial=0.0))

    @property
    def final_amounts(self) -> dict[str, float]:
        """Amount of each species; ``with_amounts`` of the model takes it."""
        return dict(zip(self.species, self.amounts.tolist(), strict=True))

    @cached_property
    def eigenvalues(self) -> NDArray[np.complex128]:
        """Eigenvalues of the Jacobian within the conserved totals, 1/s, the slowest mode first."""
        found = np.linalg.eigvals(self.dynamics.reduced_jacobian())
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
    k = dosed.k.dense()
    y = _settled(problem, problem.running_network, dosed.y0.dense(), k)[0]
    return SteadyState(
        species=network.dynamic_species,
        amounts=y,
        readouts=dict(zip(plan.ids, plan.values(plan.weights @ y).tolist(), strict=True)),
        units=dict(zip(plan.ids, plan.units, strict=True)),
        dynamics=MassActionDynamics(problem.running_network.structure(), k[0], y),
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
