"""All that a run needs except the values of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.network import ReactionNetwork, clamped_id
from mtorsim.simulate.dosing import Change
from mtorsim.simulate.readouts import ReadoutPlan
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """A network with its numbers, what is done to it, and what is read off.

    Parameters
    ----------
    network : with every drug of the run merged in
    value_table : (c, m, p) parameter values by point of a context axis and of a member axis; 1
        along what is not varied
    cut : loops whose reactions are off
    clamped : loops that read the level their signals have before the drug
    amounts : initial amounts and inputs that replace the model's, nM by species
    doses, inputs : nM by drug and by input, from time 0 on
    changes : what happens when, by time
    times : (t,) output times, s
    readouts : what is read off
    pre_equilibrate : whether each trajectory starts from the steady state without drug
    """

    network: ReactionNetwork
    value_table: Array
    times: Array
    readouts: ReadoutPlan
    cut: tuple[str, ...] = ()
    clamped: tuple[str, ...] = ()
    amounts: Mapping[str, float] = field(default_factory=dict)
    doses: Mapping[str, float] = field(default_factory=dict)
    inputs: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    pre_equilibrate: bool = True
    options: SolverOptions = field(default_factory=SolverOptions)

    @cached_property
    def running_network(self) -> ReactionNetwork:
        """The network from time 0 on; clamped loops read fixed species there."""
        network = self.network
        for loop_id in self.clamped:
            network = network.clamped(loop_id)
        return network

    @cached_property
    def held_signals(self) -> tuple[str, ...]:
        """Signals of the clamped loops, in the order of the fixed species that hold them."""
        added = self.running_network.fixed_species[len(self.network.fixed_species) :]
        signals = {s for loop_id in self.clamped for s in self.network.loop(loop_id).signals}
        signal_of_species = {clamped_id(signal): signal for signal in signals}
        return tuple(signal_of_species[name] for name in added)

    @cached_property
    def reaction_factors(self) -> Array:
        """(r,) 0 on reactions of loops that are cut, else 1."""
        return self.network.without_loops(self.cut)
