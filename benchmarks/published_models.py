"""Sweep of parameters of each published model, beside libRoadRunner at equal achieved error.

Every model gets the same parameter sets in both: constants that its rate laws use, scattered by
exp(0.3 z), but none that a start value or a switching time depends on. Results are taken at ten
evenly spaced times. Error is the worst over species and times, relative to the species' own peak in
that trajectory (at least 1e-6 of the model's largest), against LSODA at rtol 1e-12.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from benchmarks.ratios import ratios_at_most
from mtorsim.errors import InputError
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.general import GeneralOptions
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.solvers.options import SolverOptions, Status

Array = NDArray[np.float64]
#: outputs of the first so many sets at a relative tolerance
Solve = Callable[[float, int], Array]

#: end of the runs in the time of each file, as its reference has it
HORIZONS = {
    "BIOMD0000000581": 120.0,
    "BIOMD0000000580": 120.0,
    "BIOMD0000000640": 60.0,
    "BIOMD0000000822": 200.0,
    "BIOMD0000000823": 2000.0,
    "BIOMD0000000448": 60.0,
    "MODEL1204060000": 480.0,
    "BIOMD0000000264": 3600.0,
    "BIOMD0000000651": 2000.0,
}
FOLDER = Path(__file__).resolve().parents[2] / "shared" / "published"
N_TIMES = 10
N_REFERENCES = 16
SCATTER = 0.3
#: share of the largest peak below which a species counts as absent
FLOOR = 1e-6
METHODS: dict[str, dict[str, Any]] = {
    "auto": {},
    "rodas4": {"method": "rodas4", "precision": "double"},
    "rodas5p": {"method": "rodas5p", "precision": "double"},
    "extrapolation": {"method": "extrapolation", "precision": "double"},
}
OUR_TOLERANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
THEIR_TOLERANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)


@dataclass(frozen=True, slots=True)
class Sweep:
    """A model and the parameter sets of its sweep; ``floor`` is in its own unit."""

    name: str
    text: str
    model: ImportedEngine
    sets: dict[str, Array]
    times: Array
    species: tuple[str, ...]
    floor: float

    @property
    def n_sets(self) -> int:
        """How many trajectories there are."""
        return next(iter(self.sets.values())).size


@dataclass(slots=True)
class Case:
    """A solver at one tolerance: its function, its error, the times it took."""

    peer: str
    method: str
    rtol: float
    solve: Solve
    errors: Array
    seconds: list[float]

    def record(self, n_sets: int) -> dict[str, Any]:
        """The figures as they stand in result files."""
        return {
            "peer": self.peer,
            "method": self.method,
            "rtol": self.rtol,
            "error_median": float(np.median(self.errors)),
            "error_worst": float(self.errors.max()),
            "us_per_trajectory": 1e6 * median(self.seconds) / n_sets,
            "trajectories": n_sets,
            "rounds": len(self.seconds),
        }


def read_sweep(name: str, n_sets: int) -> Sweep:
    """The sweep of a model; its local parameters become global ones, for both engines."""
    import libsbml

    document = libsbml.readSBMLFromFile(str(FOLDER / f"{name}.xml"))
    document.convert(_promote(libsbml))
    text = libsbml.writeSBMLToString(document)
    model = ImportedEngine(read_sbml_text(text, origin=f"{name}.xml"))
    times = np.linspace(0.0, HORIZONS[name], N_TIMES + 1)[1:]
    species = tuple(s.id for s in model.model.species if not s.boundary and not s.constant)
    course = model.simulate(times, outputs=species)
    random = np.random.default_rng(0)
    start = model.start()[0]
    sets = {
        sid: start[model.slot_of[sid]] * np.exp(SCATTER * random.standard_normal(n_sets))
        for sid in scattered_parameters(model)
        if start[model.slot_of[sid]] > 0
    }
    return Sweep(name, text, model, sets, times, species, FLOOR * float(np.abs(course).max()))


def _promote(libsbml: Any) -> Any:
    properties = libsbml.ConversionProperties()
    properties.addOption("promoteLocalParameters", True)
    return properties


def scattered_parameters(model: ImportedEngine) -> list[str]:
    """Constant parameters of rates, but for exponents and what starts and switching times need."""
    system = model.system
    graph = system.graph
    powers = [node for node in graph.reachable(system.rates) if graph.nodes[node].kind == "pow"]
    exponents = [graph.nodes[node].operands[1] for node in powers]
    numbers = [graph.nodes[node] for node in graph.reachable(system.initial)]
    starts = {str(node.value) for node in numbers if node.kind == "slot"}
    switches = model.lane_kernels().form.switches
    left_out = starts | set(map(str, graph.leaves([*exponents, *switches], "slot")))
    used = set(map(str, graph.leaves(system.rates, "slot"))) - left_out
    slots = {p.id: model.slot_of.get(p.id, -1) for p in model.model.parameters}
    return [sid for sid, slot in slots.items() if slot >= system.n_continuous and str(slot) in used]


def reference(sweep: Sweep) -> Array:
    """The first trajectories, (m, t, n), by LSODA."""
    options = GeneralOptions(rtol=1e-12, atol=1e-13 * sweep.floor)
    return np.array(
        [
            sweep.model.simulate(
                sweep.times,
                outputs=sweep.species,
                given={sid: row[member] for sid, row in sweep.sets.items()},
                options=options,
            )
            for member in range(min(N_REFERENCES, sweep.n_sets))
        ]
    )


def errors_against(values: Array, wanted: Array, floor: float) -> Array:
    """Worst error of each trajectory; infinite where it failed."""
    peaks = np.maximum(np.abs(wanted).max(axis=1, keepdims=True), floor)
    errors = np.abs(values[: len(wanted)] - wanted) / peaks
    errors[~np.isfinite(errors)] = np.inf
    return errors.reshape(len(wanted), -1).max(axis=1)


def our_solver(sweep: Sweep, method: str) -> Solve:
    """One call for all sets."""

    def solve(rtol: float, n_sets: int) -> Array:
        options = SolverOptions(rtol=rtol, atol=rtol * sweep.floor, threads=1, **METHODS[method])
        runs = sweep.model.simulate_many(
            sweep.times,
            given={sid: values[:n_sets] for sid, values in sweep.sets.items()},
            outputs=sweep.species,
            options=options,
        )
        if runs.engine != "lanes":
            raise RuntimeError(f"{sweep.name}: runs one by one")
        runs.values[runs.status != Status.OK] = np.nan
        return runs.values

    return solve


def their_solver(sweep: Sweep) -> Solve:
    """Loaded once; for each set reset, parameters set by index in one call, CVODE."""
    import roadrunner

    runner = roadrunner.RoadRunner(sweep.text)
    model, integrator = runner.model, runner.getIntegrator()
    ids = list(model.getGlobalParameterIds())
    index = [ids.index(sid) for sid in sweep.sets]
    sets = np.stack(list(sweep.sets.values()), axis=1)
    runner.timeCourseSelections = [f"[{sid}]" for sid in sweep.species]
    times = [0.0, *sweep.times]

    def solve(rtol: float, n_sets: int) -> Array:
        integrator.setValue("stiff", True)
        integrator.setValue("relative_tolerance", rtol)
        integrator.setValue("absolute_tolerance", rtol * sweep.floor)
        integrator.setValue("maximum_num_steps", 1_000_000)
        values = np.full((n_sets, N_TIMES, len(sweep.species)), np.nan)
        for member, row in enumerate(sets[:n_sets]):
            runner.reset()
            model.setGlobalParameterValues(index, row)
            try:
                values[member] = np.asarray(runner.simulate(times=times))[1:]
            except RuntimeError:
                continue
        return values

    return solve


def prepare(sweep: Sweep) -> list[Case]:
    """Every solver at every tolerance, run once; also the warm-up."""
    wanted = reference(sweep)
    solvers = [("libroadrunner", "CVODE", their_solver(sweep), THEIR_TOLERANCES)]
    solvers += [("mtorsim", name, our_solver(sweep, name), OUR_TOLERANCES) for name in METHODS]
    cases = []
    for peer, method, solve, tolerances in solvers:
        try:
            for rtol in tolerances:
                errors = errors_against(solve(rtol, len(wanted)), wanted, sweep.floor)
                cases.append(Case(peer, method, rtol, solve, errors, []))
        except InputError as error:
            print(f"{sweep.name}, {method}: {error}", file=sys.stderr)
    return cases


def measure(name: str, *, n_sets: int, rounds: int) -> dict[str, Any]:
    """Records of one model, and how many times as long libRoadRunner takes."""
    print(name, file=sys.stderr)
    sweep = read_sweep(name, n_sets)
    cases = prepare(sweep)
    for number in range(rounds):
        for case in cases if number % 2 == 0 else reversed(cases):
            began = time.process_time()
            case.solve(case.rtol, n_sets)
            case.seconds.append(time.process_time() - began)
    records = [case.record(sweep.n_sets) for case in cases]
    return {
        "species": len(sweep.species),
        "states": sweep.model.lane_kernels().form.n_states,
        "parameters": len(sweep.sets),
        "is_mass_action": sweep.model.lane_kernels().mass_action is not None,
        **ratios_of(records),
        "records": records,
    }


def ratios_of(records: list[dict[str, Any]]) -> dict[str, dict[str, float | None]]:
    """How many times as long libRoadRunner takes, by target: against the best method and auto."""
    theirs = [record for record in records if record["peer"] == "libroadrunner"]
    ours = [record for record in records if record["peer"] == "mtorsim"]
    automatic = [record for record in ours if record["method"] == "auto"]
    return {
        "ratios": ratios_at_most(theirs, ours),
        "ratios_auto": ratios_at_most(theirs, automatic),
        "ratios_by_worst_error": ratios_at_most(theirs, ours, error="error_worst"),
    }


def main() -> None:
    """Print a line per model, and write the figures where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", default=",".join(HORIZONS), help="ids, with commas")
    parser.add_argument("--sets", type=int, default=1000, help="parameter sets of each model")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="file to write")
    arguments = parser.parse_args()
    result: dict[str, Any] = {
        "machine": machine(),
        "libroadrunner": version("libroadrunner"),
        "sets": arguments.sets,
        "models": {},
    }
    for name in arguments.models.split(","):
        figures = measure(name, n_sets=arguments.sets, rounds=arguments.rounds)
        result["models"][name] = figures
        shown = {label: _shown(figures["ratios"][label]) for label in figures["ratios"]}
        print(f"{name}: times libRoadRunner at median error {shown}", flush=True)
        if arguments.json:
            arguments.json.write_text(json.dumps(result, indent=1) + "\n")


def _shown(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.1f}"


if __name__ == "__main__":
    main()
