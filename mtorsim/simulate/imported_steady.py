"""Where an imported model comes to rest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mtorsim.errors import InputError, SolverError
from mtorsim.simulate.clock import Clock
from mtorsim.simulate.imported_dynamics import ImportedDynamics
from mtorsim.simulate.imported_engine import SETTLING_TIME, ImportedEngine
from mtorsim.simulate.imported_sweep import Readings
from mtorsim.simulate.outcome import REASONS
from mtorsim.simulate.steady import SteadyState
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.tableaus import ROSENBROCK_TABLEAUS


def find_own_steady_state(
    engine: ImportedEngine,
    values: Mapping[str, float],
    *,
    species: Readings,
    readings: Readings,
    options: SolverOptions,
    clock: Clock,
) -> SteadyState:
    """The state that a model runs into from its start values.

    Parameters
    ----------
    values : by id, in place of the model's own

    Raises
    ------
    SolverError : it does not settle
    InputError : a method whose steps can not grow with the time
    """
    if options.method not in ("auto", *ROSENBROCK_TABLEAUS):
        raise InputError(
            f"method {options.method!r} can not find steady states: choose auto, "
            + ", ".join(ROSENBROCK_TABLEAUS)
        )
    runs = engine.settle_rows(engine.start(values), options=options, varied=values)
    status = Status(int(runs.status[0]))
    if status != Status.OK:
        time = clock.text(float(runs.solution.t_reached[0]))
        raise SolverError(f"no steady state after {time}: {status.label}: {REASONS[status]}")
    slots = np.array([runs.slots[i][0, -1] for i in range(engine.n_slots)])
    amounts = [float(row[0, -1]) for row in runs.evaluate(species.formulas)]
    read = [float(row[0, -1]) for row in runs.evaluate(readings.formulas)]
    return SteadyState(
        species=species.ids,
        amounts=np.array(amounts),
        readouts=dict(zip(readings.ids, read, strict=True)),
        units=dict(zip(readings.ids, readings.units, strict=True)),
        dynamics=ImportedDynamics(
            engine.system, engine.lane_kernels(values).form, slots, SETTLING_TIME
        ),
        clock=clock,
    )
