"""libRoadRunner: the SBML model compiled once, then reset, set and run for each trajectory."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.base import DECADES, Outcome, Peer, Prepared
from benchmarks.problems import Problem
from mtorsim.interop.sbml_export import structure_to_sbml

Array = NDArray[np.float64]

MAX_STEPS = 1_000_000


def prepare(problem: Problem, method: str) -> Prepared:
    """Load the model; parameters and species are set by index, in one call each."""
    import roadrunner

    del method
    text = structure_to_sbml(
        problem.structure, rate_constants=problem.k[0], initial_amounts=problem.y0[0]
    )
    # In a compartment of size 1 amounts are concentrations, and save it a division: 5 % quicker.
    # Its compiler settings and its conserved-moiety analysis made no difference to the time of a
    # run; these load 3749 reactions in 11 s instead of 90. Values are set before each run anyway.
    config = roadrunner.Config
    config.setValue(config.LLVM_BACKEND, config.LLJIT)
    config.setValue(config.LLJIT_OPTIMIZATION_LEVEL, config.NONE)
    config.setValue(config.LOADSBMLOPTIONS_MUTABLE_INITIAL_CONDITIONS, False)
    amounts = text.replace('hasOnlySubstanceUnits="false"', 'hasOnlySubstanceUnits="true"')
    runner = roadrunner.RoadRunner(amounts)
    model, integrator = runner.model, runner.getIntegrator()
    species_order = [int(sid[1:]) for sid in model.getFloatingSpeciesIds()]
    constants = [sid for sid in model.getGlobalParameterIds() if sid.startswith("k")]
    constant_order = [int(sid[1:]) for sid in constants]
    index_of_parameter = {sid: i for i, sid in enumerate(model.getGlobalParameterIds())}
    constant_index = [index_of_parameter[sid] for sid in constants]
    runner.timeCourseSelections = [f"s{i}" for i in range(len(problem.species))]

    def run(rtol: float, t_out: Array) -> Outcome:
        integrator.setValue("stiff", True)
        integrator.setValue("relative_tolerance", rtol)
        integrator.setValue("absolute_tolerance", rtol * problem.floor)
        integrator.setValue("maximum_num_steps", MAX_STEPS)
        values = np.full((problem.n_trajectories, len(t_out), len(problem.species)), np.nan)
        times = [0.0, *t_out]
        for member in range(problem.n_trajectories):
            runner.reset()
            model.setGlobalParameterValues(constant_index, problem.k[member][constant_order])
            model.setFloatingSpeciesConcentrations(problem.y0[member][species_order])
            try:
                values[member] = np.asarray(runner.simulate(times=times))[1:]
            except RuntimeError:
                continue
        return Outcome(values)

    return Prepared(run, problem.n_trajectories)


PEER = Peer(
    name="libroadrunner",
    library="roadrunner",
    version=lambda: version("libroadrunner"),
    methods={"CVODE": DECADES},
    prepare=prepare,
)
