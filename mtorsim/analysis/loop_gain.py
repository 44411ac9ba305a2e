"""How strongly each feedback loop acts at a given state: its open-loop gain.

The loop is opened where its reactions read the signal: they read a held copy F in place of the
signal S, and everything else stays. The gain is how far S comes to rest elsewhere, in per cent,
when F is raised by one per cent, to first order at the state:

    G = d ln S / d ln F = -(1/S) e_S' B (B' J B)^-1 B' N (dv/d ln F) ,

J being the Jacobian of the opened network and B a basis of the changes that its reactions can make.
Where the loop reads its signal without using it up, a change that would move S by x per cent with
the loop opened moves it by x / (1 - G) per cent with the loop closed (H. W. Bode, Network Analysis
and Feedback Amplifier Design, 1945, on the return difference; recalled). A loop that binds its
signal also loads it, which G leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.explanation_fluxes import rate_constants
from mtorsim.errors import InputError
from mtorsim.simulate.mass_action import MassActionTables
from mtorsim.simulate.network_description import NetworkDescription
from mtorsim.simulate.setting import read_doses
from mtorsim.simulate.settling import reachable_directions

if TYPE_CHECKING:
    from mtorsim.model import Model
    from mtorsim.network.loop import Loop
    from mtorsim.network.network import ReactionNetwork

Array = NDArray[np.float64]

LEFT_OVER = 1e-6
"""Share of a push that may be left over where the opened network comes to rest."""


@dataclass(frozen=True, slots=True)
class LoopGain:
    """The gain of one loop.

    Parameters
    ----------
    loop : id
    gain : per cent that the signal moves for one per cent; negative where the loop counteracts;
        NaN where there is none
    level : nM, the signal at the state (the sum of several)
    note : why there is no gain; empty where there is one
    """

    loop: str
    gain: float
    level: float
    note: str = ""

    @property
    def closed_loop_share(self) -> float:
        """What is left of a push on the signal when the loop is closed: 1 / (1 - gain)."""
        return 1.0 / (1.0 - self.gain) if self.gain != 1.0 else float("inf")


def loop_gains(
    model: Model,
    *,
    loops: Sequence[str] | None = None,
    drugs: Mapping[str, Any] | None = None,
    at: Any = None,
) -> tuple[LoopGain, ...]:
    """The gain of each loop, the others closed, linearised at one state.

    Parameters
    ----------
    loops : ids; None takes all of the model
    drugs : dose by drug, nM unless a unit is written
    at : time under the drugs, ``"24 h"`` or s; None where the model comes to rest under them. At a
        time the state is taken as if it stood still

    Raises
    ------
    UnknownNameError, UnitsError : a loop, drug, dose or time that means nothing
    InputError : a loop is clamped, so that it has no closed state
    SolverError : the model does not come to rest, or to ``at``
    """
    if not isinstance(model, NetworkDescription):
        raise InputError(f"{model!r} names no feedback loops: gains are those of a native model")
    if model.clamped_loops:
        raise InputError(
            f"{', '.join(model.clamped_loops)} clamped: gains are those of a model with no loop "
            "clamped"
        )
    chosen = [model.network.loop(name) for name in (model.loops if loops is None else loops)]
    doses = read_doses(drugs or {})
    dosed = model.with_drugs(*doses)
    if at is None:
        y = dosed.steady_state(drugs=doses).amounts
    else:
        y = dosed.simulate(at=[at], drugs=doses).amounts[-1]
    k = rate_constants(dosed, doses)
    return tuple(_gain(dosed.network, loop, y, k) for loop in chosen)


def _gain(network: ReactionNetwork, loop: Loop, y: Array, k: Array) -> LoopGain:
    """The gain of a loop at amounts ``y`` (n,) with rate constants ``k`` (r,) of the network."""
    signals = [network.dynamic_species.index(signal) for signal in loop.signals]
    level = float(y[signals].sum())
    if not level > 0.0:
        return LoopGain(loop.id, float("nan"), level, "the signal is absent")
    order, opened_k = np.zeros(len(k)), k.copy()
    for r, reaction in enumerate(network.reactions):
        if reaction.id in loop.clamp:
            for signal, i in zip(loop.signals, signals, strict=True):
                n_read = reaction.reactants.count(signal)
                order[r] += n_read
                opened_k[r] *= y[i] ** n_read
    tables = MassActionTables(network.clamped(loop.id).structure(), dense=True)
    basis = reachable_directions(tables, opened_k)
    push = basis.T @ tables.rhs(y, opened_k * order)
    matrix = basis.T @ (tables.jacobian(y, opened_k) @ basis)
    z = np.linalg.lstsq(matrix, -push, rcond=None)[0]
    left = np.abs(matrix @ z + push).max(initial=0.0)
    grows = np.linalg.eigvals(matrix).real.max(initial=-np.inf) > 0.0
    if grows or left > LEFT_OVER * np.abs(push).max(initial=0.0):
        # Other loops may need this one to be stable.
        return LoopGain(loop.id, float("nan"), level, "never at rest with this loop opened")
    return LoopGain(loop.id, float((basis @ z)[signals].sum()) / level, level)
