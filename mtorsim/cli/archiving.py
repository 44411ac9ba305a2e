"""The contents of a COMBINE archive: a model, its simulations in SED-ML, and their results."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

import mtorsim as mt
from mtorsim.cli.parsing import time_with_unit
from mtorsim.interop.omex import FORMAT_URIS, ArchiveFile
from mtorsim.interop.sbml_export import sbml_ids
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.interop.sedml import Output, Scan, Simulations, write_sedml
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.quantities import read_times

MODEL_FILE, SIMULATION_FILE = "model.xml", "simulation.sedml"
#: of the demo: up to a day, the two-hour mark among the output times
DEFAULT_END, N_STEPS = "24 h", 12
N_STEPS_OF_OTHERS = 100
DOSES = (0.01, 1000.0, 26)
#: results are to be repeated by other tools to about 1e-6
OPTIONS = mt.SolverOptions(rtol=1e-9, atol=1e-11, method="rodas5p", precision="double")


def archive_files(
    sbml: str, model: mt.Model | None, doses: Mapping[str, float], *, end: str | None
) -> tuple[ArchiveFile, ...]:
    """Model, simulations and results.

    Parameters
    ----------
    sbml : the model; of a native one, at rest
    model : where it is a native one
    doses : nM by drug
    end : last time, with a unit for a native model, else in the unit of the file; None takes a day
        for a native model, and gives an archive without simulation for another

    Raises
    ------
    InputError : ``end`` is no time, or has no unit where one is needed
    """
    first = ArchiveFile(MODEL_FILE, sbml.encode(), FORMAT_URIS["sbml"], is_master=end is None)
    if model is not None:
        simulations, results = _native_runs(
            model, doses, time_with_unit(end or DEFAULT_END, option="--time")
        )
    elif end is not None:
        simulations, results = _other_runs(sbml, _number(end))
    else:
        return (first,)
    sedml = write_sedml(simulations).encode()
    return (
        ArchiveFile(MODEL_FILE, sbml.encode(), FORMAT_URIS["sbml"]),
        ArchiveFile(SIMULATION_FILE, sedml, FORMAT_URIS["sedml"], is_master=True),
        *(ArchiveFile(name, text.encode(), FORMAT_URIS["csv"]) for name, text in results.items()),
    )


def _number(end: str) -> float:
    try:
        value = float(end)
    except ValueError:
        value = -1.0
    if not 0.0 < value < float("inf"):
        raise mt.InputError(f"--time {end}: a number above 0, in the time unit of the file")
    return value


def _native_runs(
    model: mt.Model, doses: Mapping[str, float], end: str
) -> tuple[Simulations, dict[str, str]]:
    """A time course, and a dose-response of each drug at all its times."""
    span = float(read_times(end)[-1])
    times = np.linspace(0.0, span, N_STEPS + 1)
    readouts = [observable.id for observable in model.network.observables]
    course = model.simulate(list(times), drugs=doses, readouts=readouts, options=OPTIONS)
    columns = [course.times, *(course[name] for name in readouts)]
    results = {"results/course.csv": _csv(["time", *readouts], zip(*columns, strict=True))}
    grid = np.geomspace(DOSES[0], DOSES[1], int(DOSES[2]))
    scans = {}
    ids, row = sbml_ids(model.network), model.parameter_values[np.newaxis]
    for drug, dose in model.network.doses.items():
        others = {name: amount for name, amount in doses.items() if name != drug}
        sweep = model.sweep(
            {drug: grid}, at=list(times[1:]), drugs=others, readouts=readouts, options=OPTIONS
        )
        results[f"results/dose_response_{drug}.csv"] = _csv(
            [f"{drug}_nM", "time", *readouts],
            (
                [amount, time, *sweep.values[i, j]]
                for i, amount in enumerate(grid)
                for j, time in enumerate(sweep.times)
            ),
        )
        target = Output(ids.species[dose.species], "species", dose.species)
        factor = float(model.network.dose_amounts(drug, row)[0])
        scans[drug] = Scan(target, tuple(grid.tolist()), factor)
    outputs = tuple(Output(ids.observables[name], "parameter", name) for name in readouts)
    return Simulations(MODEL_FILE, span, N_STEPS, outputs, scans), results


def _other_runs(sbml: str, end: float) -> tuple[Simulations, dict[str, str]]:
    """A time course of all species of an imported model."""
    imported = ImportedEngine(read_sbml_text(sbml, origin=MODEL_FILE))
    times = np.linspace(0.0, end, N_STEPS_OF_OTHERS + 1)
    species = imported.species
    values = imported.simulate(times, outputs=species)
    rows = ([time, *row] for time, row in zip(times, values, strict=True))
    outputs = tuple(Output(sid, "species", sid) for sid in species)
    return (
        Simulations(MODEL_FILE, end, N_STEPS_OF_OTHERS, outputs, {}),
        {"results/course.csv": _csv(["time", *species], rows)},
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[float]]) -> str:
    """A table with numbers to ten digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"{float(value):.10g}" for value in row] for row in rows)
    return text.getvalue()
