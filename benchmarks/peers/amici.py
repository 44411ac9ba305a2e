"""AMICI: the SBML model compiled to C++ around CVODES with the sparse direct solver KLU.

No observables and no sensitivity code, so that nothing is computed that is not asked for. Times
are of the whole call; ``solver_seconds`` is the part that AMICI counts as the solver's own.
"""

from __future__ import annotations

import os
import sysconfig
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.base import DECADES, Outcome, Peer, Prepared, mean
from benchmarks.problems import Problem
from mtorsim.interop.sbml_export import structure_to_sbml

Array = NDArray[np.float64]

MAX_STEPS = 1_000_000
FOLDER = Path("out") / "benchmarks" / "amici"


def prepare(problem: Problem, method: str) -> Prepared:
    """Compile the model (minutes for hundreds of species), or load what was compiled before."""
    del method
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from amici.sim.sundials import AMICI_SUCCESS, LinearSolver, SensitivityOrder, run_simulation

        model = _compiled_model(problem)
    constant_order = [int(sid[1:]) for sid in model.get_free_parameter_ids()]
    species_order = [int(sid[1:]) for sid in model.get_state_ids()]
    solver = model.create_solver()
    solver.set_sensitivity_order(SensitivityOrder.none)
    solver.set_linear_solver(LinearSolver.KLU)
    solver.set_max_steps(MAX_STEPS)
    # Detection of BDF's stability limit changes no step here and costs 8 %.
    solver.set_stability_limit_flag(False)

    def run(rtol: float, t_out: Array) -> Outcome:
        solver.set_relative_tolerance(rtol)
        solver.set_absolute_tolerance(rtol * problem.floor)
        model.set_timepoints(t_out)
        values = np.full((problem.n_trajectories, len(t_out), len(problem.species)), np.nan)
        counts, milliseconds = [], 0.0
        for member in range(problem.n_trajectories):
            model.set_free_parameters(problem.k[member][constant_order])
            model.set_initial_state(problem.y0[member][species_order])
            result = run_simulation(model, solver)
            if result.status == AMICI_SUCCESS:
                values[member][:, species_order] = result.x
            counts.append((result.numsteps[-1], result.num_rhs_evals[-1]))
            milliseconds += result.cpu_time
        steps, rhs_calls = np.array(counts).T
        return Outcome(values, mean(steps), mean(rhs_calls), solver_seconds=milliseconds / 1000)

    return Prepared(run, problem.n_trajectories)


def _compiled_model(problem: Problem) -> Any:
    """The model as a loaded extension, made at the first use of a structure."""
    import amici

    name = f"amici_{problem.structure.fingerprint()[:16]}"
    folder = FOLDER / name
    if not (folder / "complete").is_file():
        text = structure_to_sbml(
            problem.structure, rate_constants=problem.k[0], initial_amounts=problem.y0[0]
        )
        # The swig that AMICI installs stands beside the interpreter, which need not be on PATH.
        os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        importer = amici.SbmlImporter(text, from_file=False)
        importer.sbml2amici(
            name,
            folder,
            observation_model=[],
            compute_conservation_laws=False,
            generate_sensitivity_code=False,
        )
        (folder / "complete").touch()
    return amici.import_model_module(name, folder).get_model()


PEER = Peer(
    name="amici",
    library="amici",
    version=lambda: version("amici"),
    methods={"CVODES": DECADES},
    prepare=prepare,
)
