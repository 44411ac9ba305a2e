"""The benchmark problems, defined once: the same numbers for every solver.

A problem is a structure with one row of amounts and rate constants a trajectory. Errors are taken
relative to ``max(|y|, floor)``, and the absolute tolerance of every solver is ``rtol * floor``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.networks import Network, kinase_cascade, signalling_cascade
from benchmarks.settled import settled_states
from mtorsim.interop.bngl_net import read_bngl_net
from mtorsim.modelfiles.compose import compose
from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

DAY = 86400.0
PICOMOLAR = 1e-3
ONE_MOLECULE = 1.0
N_TIMES = 10
MAX_TRAJECTORIES = 10240
SHARED_NETWORKS = Path(__file__).resolve().parents[2] / "shared" / "networks"


@dataclass(frozen=True, slots=True)
class Problem:
    """Trajectories to be solved by all.

    Parameters
    ----------
    name : as given to ``load_problem``
    structure : the network
    species : (n,) names
    y0, k : (m, n) and (m, r), a row a trajectory
    t_out : (t,) output times, s
    floor : size below which errors are absolute, in the unit of the amounts
    known : (t, n) stored solution of trajectory 0 where there is one; else SciPy makes it
    """

    name: str
    structure: MassActionStructure
    species: tuple[str, ...]
    y0: Array
    k: Array
    t_out: Array
    floor: float
    known: Array | None = None

    @property
    def n_trajectories(self) -> int:
        """Number of trajectories."""
        return len(self.y0)

    def at_final_time(self) -> Problem:
        """The same trajectories with one output, at the end."""
        known = None if self.known is None else self.known[-1:]
        return replace(self, t_out=self.t_out[-1:], known=known)


def load_problem(name: str, n_trajectories: int) -> Problem:
    """A problem by name.

    Raises
    ------
    SystemExit : the name is unknown, or a network of the shared reference data is not there
    """
    if name not in PROBLEMS:
        raise SystemExit(f"unknown model {name!r}; known: {', '.join(PROBLEMS)}")
    if not 1 <= n_trajectories <= MAX_TRAJECTORIES:
        raise SystemExit(f"{n_trajectories} trajectories: choose 1 to {MAX_TRAJECTORIES}")
    return PROBLEMS[name](n_trajectories)


def output_times(t_end: float, *, first: float = 10.0) -> Array:
    """Times from ``first`` to ``t_end``, evenly spaced in the logarithm."""
    times = np.geomspace(first, t_end, N_TIMES)
    times[-1] = t_end
    return times


def cascade_draws(network: Network, n_trajectories: int, *, seed: int = 0) -> tuple[Array, Array]:
    """Rate constants and initial amounts of virtual cells under random doses.

    Rate constants scatter by exp(0.4 z), totals by exp(0.3 z), doses go from 0.01 to 1000 nM. All
    rows are drawn before the first are taken, so row i is the same whatever the number asked.
    """
    random = np.random.default_rng(seed)
    shape = (MAX_TRAJECTORIES, len(network.rate_constants))
    k = network.rate_constants * np.exp(0.4 * random.standard_normal(shape))
    y0 = np.repeat(network.initial_amounts[np.newaxis, :], MAX_TRAJECTORIES, axis=0)
    for drug in network.drugs:
        y0[:, network.species.index(drug)] = 10 ** random.uniform(-2, 3, MAX_TRAJECTORIES)
    totals = [
        i
        for i, (name, amount) in enumerate(
            zip(network.species, network.initial_amounts, strict=True)
        )
        if amount > 0 and name not in network.drugs
    ]
    scatter = random.standard_normal((MAX_TRAJECTORIES, len(totals)))
    y0[:, totals] *= np.exp(0.3 * scatter)
    return k[:n_trajectories].copy(), y0[:n_trajectories].copy()


def _cascade(
    name: str, make: Callable[[], Network], n_trajectories: int, *, settled: bool = False
) -> Problem:
    """A cascade over one day, from the totals or from its steady state without drug."""
    network = make()
    k, y0 = cascade_draws(network, n_trajectories)
    if settled:
        drugs = [network.species.index(drug) for drug in network.drugs]
        doses = y0[:, drugs]
        y0[:, drugs] = 0.0
        y0 = settled_states(network.structure, y0, k, floor=PICOMOLAR)
        y0[:, drugs] = doses
    return Problem(
        name, network.structure, network.species, y0, k, output_times(DAY), floor=PICOMOLAR
    )


def _mtor_core(name: str, n_trajectories: int, *, settled: bool) -> Problem:
    """The shipped core model with a rapalog and a dual inhibitor, one, the other or both dosed.

    Every parameter with a spread scatters by exp(0.4 z). Doses go from 0.01 to 1000 nM of the
    rapalog and 0.1 to 10000 nM of the dual inhibitor.
    """
    drugs = {"everolimus": (-2.0, 3.0), "vistusertib": (-1.0, 4.0)}
    network = compose("mtor-core", drugs=list(drugs))
    random = np.random.default_rng(0)
    spread = np.array([parameter.spread > 1 for parameter in network.parameters])
    scatter = random.standard_normal((MAX_TRAJECTORIES, len(spread)))
    doses = np.column_stack(
        [10 ** random.uniform(*bounds, MAX_TRAJECTORIES) for bounds in drugs.values()]
    )[:n_trajectories]
    values = network.parameter_values() * np.exp(0.4 * scatter[:n_trajectories] * spread)
    turn = np.arange(n_trajectories) % 3
    doses[turn == 1, 1] = 0.0
    doses[turn == 2, 0] = 0.0
    undosed = network.initial_amounts(values)
    amounts = undosed.copy()
    for column, drug in enumerate(drugs):
        species = network.species_ids.index(network.doses[drug].species)
        amounts[:, species] += doses[:, column] * network.dose_amounts(drug, values)
    k = network.rate_constants(values)
    y0 = amounts[:, network.dynamic_columns]
    if settled:
        start = undosed[:, network.dynamic_columns]
        k_undosed = network.fold_fixed(k, undosed[:, network.fixed_columns])
        rest = settled_states(network.structure(), start, k_undosed, floor=PICOMOLAR)
        y0 = rest + (y0 - start)
    k = network.fold_fixed(k, amounts[:, network.fixed_columns])
    return Problem(
        name, network.structure(), network.dynamic_species, y0, k, output_times(DAY), PICOMOLAR
    )


def _shared(file: str, t_end: float, only_stored: bool, n_trajectories: int) -> Problem:
    """A network of the shared reference data, in molecules.

    Trajectory 0 has the numbers of the file; in the others each different rate expression
    scatters by exp(0.2 z). Where a reference would take minutes a trajectory, only the stored one
    is solved, as often as asked.
    """
    path = SHARED_NETWORKS / file
    if not path.is_file():
        raise SystemExit(f"{file} is not there: it belongs to the shared reference data")
    network = read_bngl_net(path)
    k = np.repeat(network.rate_constants[np.newaxis, :], n_trajectories, axis=0)
    if not only_stored:
        expressions = list(dict.fromkeys(network.rate_expressions))
        column = [expressions.index(text) for text in network.rate_expressions]
        scatter = np.random.default_rng(0).standard_normal((MAX_TRAJECTORIES, len(expressions)))
        k[1:] *= np.exp(0.2 * scatter[1:n_trajectories, column])
    y0 = np.repeat(network.initial_amounts[np.newaxis, :], n_trajectories, axis=0)
    times = np.array([t_end]) if only_stored else t_end * np.arange(1, N_TIMES + 1) / N_TIMES
    known = stored_final_state(network.name)[np.newaxis, :] if only_stored else None
    return Problem(
        network.name, network.structure, network.species, y0, k, times, ONE_MOLECULE, known
    )


def stored_final_state(name: str) -> Array:
    """Final state (n,) of a shared network, as solved by SciPy when the data were collected."""
    with (SHARED_NETWORKS / f"{name}.final.csv").open() as lines:
        return np.array([float(row["value"]) for row in csv.DictReader(lines)])


def _kinase_cascade_of(n_species: int) -> tuple[str, Callable[[int], Problem]]:
    name = f"kinases-{n_species}"
    make = partial(kinase_cascade, (n_species - 5) // 5)
    return name, partial(_cascade, name, make)


SCALING_SIZES = (25, 50, 75, 100, 150, 200, 300, 400)

PROBLEMS: dict[str, Callable[[int], Problem]] = {
    "mtor-core": partial(_mtor_core, "mtor-core", settled=True),
    "mtor-core-raw": partial(_mtor_core, "mtor-core-raw", settled=False),
    "cascade-73": partial(_cascade, "cascade-73", signalling_cascade),
    "cascade-73-settled": partial(_cascade, "cascade-73-settled", signalling_cascade, settled=True),
    **dict(_kinase_cascade_of(n_species) for n_species in SCALING_SIZES),
    "multistate": partial(_shared, "multistate.net", 20.0, False),
    "multisite2": partial(_shared, "multisite2.net", 2.0, False),
    "egfr_net": partial(_shared, "egfr_net.net", 10.0, False),
    "BCR": partial(_shared, "BCR.net.gz", 20000.0, True),
    "fceri_gamma2": partial(_shared, "fceri_gamma2.net.gz", 150.0, True),
}
