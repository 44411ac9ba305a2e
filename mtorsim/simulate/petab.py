"""The objective of a PEtab problem: all conditions, for one or many parameter vectors, at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.errors import ModelError, UnknownNameError, suggestion
from mtorsim.interop.petab_tables import PetabMeasurement, PetabTables, read_petab_tables
from mtorsim.interop.sbml_formula import read_formula
from mtorsim.simulate.imported_engine import SETTLING_TIME, ImportedEngine
from mtorsim.simulate.petab_noise import negative_log_likelihood
from mtorsim.simulate.petab_priors import negative_log_prior
from mtorsim.simulate.slot_runs import SlotRuns
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]
Vectors = Mapping[str, Array]

_PLACEHOLDER = re.compile(r"\b(?:observable|noise)Parameter\d+_\w+")


@dataclass(frozen=True, slots=True)
class _Readout:
    """Formulas of an observable, its measurements, and what its placeholders stand for."""

    formula: int
    noise: int
    transformation: str
    distribution: str
    measurements: tuple[int, ...]


class PetabObjective:
    """Simulates a problem and compares it with its measurements.

    Parameters
    ----------
    tables : what `read_petab_tables` gives
    options : of the integration

    Raises
    ------
    ModelError : a condition, formula or measurement uses a name that nothing defines
    """

    def __init__(self, tables: PetabTables, *, options: SolverOptions | None = None) -> None:
        self.tables = tables
        self.options = options or SolverOptions(method="rodas5p", rtol=1e-8, atol=1e-12)
        self.model = ImportedEngine.from_sbml(tables.model_file)
        self.system = self.model.system
        self.pairs = list(
            dict.fromkeys((m.preequilibration, m.condition) for m in tables.measurements)
        )
        times = [SETTLING_TIME if math.isinf(m.time) else m.time for m in tables.measurements]
        self.times = np.unique(times)
        self._row = [self.pairs.index((m.preequilibration, m.condition)) for m in self.measured]
        self._column = np.searchsorted(self.times, times)
        self._names: dict[str, int] = {}
        self._readouts = [self._readout(number) for number in range(len(tables.observables))]
        self._check_conditions()

    @classmethod
    def from_file(cls, path: str | Path, *, options: SolverOptions | None = None) -> PetabObjective:
        """The objective of the problem that a YAML file describes."""
        return cls(read_petab_tables(path), options=options)

    @property
    def measured(self) -> tuple[PetabMeasurement, ...]:
        """The measurements, in file order."""
        return self.tables.measurements

    def nominal(self) -> dict[str, Array]:
        """The nominal parameters, as one vector."""
        return {p.id: np.array([p.nominal]) for p in self.tables.parameters}

    def negative_log_likelihood(self, vectors: Vectors | None = None) -> Array:
        """Objective of each parameter vector, (n_vectors,); infinite where a simulation failed.

        Parameters
        ----------
        vectors : parameter id -> (n_vectors,) on the linear scale; those left out are nominal
        """
        simulated, noise = self.simulate(vectors)
        total = np.zeros(simulated.shape[0])
        for readout in self._readouts:
            place = list(readout.measurements)
            measured = np.array([self.measured[i].value for i in place])
            terms = negative_log_likelihood(
                measured,
                simulated[:, place],
                noise[:, place],
                transformation=readout.transformation,
                distribution=readout.distribution,
            )
            total += terms.sum(axis=1)
        return np.where(np.isfinite(total), total, np.inf)

    def negative_log_prior(self, vectors: Vectors | None = None) -> Array:
        """-log of the priors of the estimated parameters, (n_vectors,)."""
        values = self._complete({} if vectors is None else vectors)
        total = np.zeros(max(value.size for value in values.values()) if values else 1)
        for parameter in self.tables.parameters:
            if parameter.estimate:
                total = total + negative_log_prior(parameter, values[parameter.id])
        return total

    def simulate(self, vectors: Vectors | None = None) -> tuple[Array, Array]:
        """Observable and noise at each measurement, both (n_vectors, n_measurements)."""
        values = self._complete({} if vectors is None else vectors)
        n_vectors = max(value.size for value in values.values()) if values else 1
        runs = self._run(values, n_vectors)
        simulated = np.full((n_vectors, len(self.measured)), np.nan)
        noise = np.full_like(simulated, np.nan)
        for readout in self._readouts:
            place = list(readout.measurements)
            slots = self._slots_at(runs, values, readout, n_vectors)
            roots, t = [readout.formula, readout.noise], self.times[self._column[place]]
            observable, sigma = evaluate(self.system.graph, roots, slots=slots, time=t[None, :])
            simulated[:, place], noise[:, place] = observable, sigma
        return simulated, noise

    def _readout(self, number: int) -> _Readout:
        observable = self.tables.observables[number]
        places = tuple(i for i, m in enumerate(self.measured) if m.observable == observable.id)
        placeholders = _PLACEHOLDER.findall(f"{observable.formula} {observable.noise}")
        names = [p.id for p in self.tables.parameters]
        known = {*self.system.values, *names, *placeholders}
        self._check_placeholders(observable.id, placeholders, places)
        graph, where = self.system.graph, observable.where
        formula = read_formula(observable.formula, graph, known=known, where=where)
        # noise may be a share of its observable
        noise = read_formula(observable.noise, graph, known={*known, observable.id}, where=where)
        noise = graph.substitute(noise, {graph.symbol(observable.id): formula})
        formula, noise = map(self._resolved, (formula, noise))
        return _Readout(formula, noise, observable.transformation, observable.distribution, places)

    def _resolved(self, node: int) -> int:
        """Symbols of the model as formulas of its slots, others as slots beyond those."""
        graph, values = self.system.graph, self.system.values
        replacements = {}
        for name in map(str, graph.leaves([node], "symbol")):
            if name in values:
                replacements[graph.symbol(name)] = values[name]
            else:
                number = self._names.setdefault(name, len(self.system.slots) + len(self._names))
                replacements[graph.symbol(name)] = graph.slot(number)
        return graph.substitute(node, replacements)

    def _check_placeholders(
        self, observable: str, names: Sequence[str], places: Sequence[int]
    ) -> None:
        for name in names:
            number = int(re.findall(r"\d+", name)[0])
            for i in places:
                given = self._given_for(name, i)
                if len(given) < number:
                    raise ModelError(
                        f"{self.measured[i].where}: {name} of observable {observable!r} "
                        "is not given"
                    )
                self._check_name(given[number - 1], self.measured[i].where)

    def _given_for(self, placeholder: str, measurement: int) -> tuple[str, ...]:
        row = self.measured[measurement]
        is_noise = placeholder.startswith("noise")
        return row.noise_parameters if is_noise else row.observable_parameters

    def _check_name(self, text: str, where: str) -> None:
        names = [p.id for p in self.tables.parameters]
        if _number(text) is None and text not in names:
            raise ModelError(f"{where}: {text[:40]!r} is no parameter{suggestion(text, names)}")

    def _check_conditions(self) -> None:
        for name, changes in self.tables.conditions.items():
            where = f"condition {name!r}"
            for quantity, text in changes.items():
                if quantity not in self.system.slots:
                    raise UnknownNameError("quantity", quantity, self.system.slots, where=where)
                self._check_name(text, where)

    def _complete(self, vectors: Vectors) -> dict[str, Array]:
        """All parameters, each with one value per vector or a single one."""
        values = self.nominal()
        for name, value in vectors.items():
            if name not in values:
                raise UnknownNameError("parameter", name, values)
            values[name] = np.atleast_1d(np.asarray(value, dtype=float))
        return values

    def _run(self, values: Vectors, n_vectors: int) -> SlotRuns:
        """Every pair of conditions for every vector; row = vector * n_pairs + pair."""
        conditions = [condition for _, condition in self.pairs]
        start, varied = self._start(conditions, values, n_vectors)
        before = [before for before, _ in self.pairs]
        if any(before):
            settled = self._settle(before, values, n_vectors)
            keeps = self._keeps_settled(n_vectors) & ~np.isnan(settled)
            n = self.system.n_continuous
            start[:, :n] = np.where(keeps, settled, start[:, :n])
        return self.model.run_rows(start, self.times, options=self.options, varied=varied)

    def _keeps_settled(self, n_vectors: int) -> NDArray[np.bool_]:
        """Which states go on from pre-equilibration, (n_rows, n_continuous): those not set anew."""
        names = self.system.slots[: self.system.n_continuous]
        rows = [
            [name not in self.tables.conditions[condition] for name in names]
            for _, condition in self.pairs
        ]
        return np.tile(np.array(rows, dtype=bool), (n_vectors, 1))

    def _settle(self, before: Sequence[str], values: Vectors, n_vectors: int) -> Array:
        """State after pre-equilibration, (n_rows, n_continuous); NaN where there is none."""
        wanted = [name for name in dict.fromkeys(before) if name]
        start, varied = self._start(wanted, values, n_vectors)
        runs = self.model.run_rows(start, [SETTLING_TIME], options=self.options, varied=varied)
        n = self.system.n_continuous
        settled = np.stack([runs.slots[i][:, -1] for i in range(n)], axis=1)
        settled = settled.reshape(n_vectors, len(wanted), n)
        rows = np.full((n_vectors, len(before), n), np.nan)
        for pair, name in enumerate(before):
            if name:
                rows[:, pair] = settled[:, wanted.index(name)]
        return rows.reshape(-1, n)

    def _start(
        self, conditions: Sequence[str], values: Vectors, n_vectors: int
    ) -> tuple[Array, set[str]]:
        """Start values of each vector in each condition, and the ids that were given."""
        shape = (n_vectors, len(conditions))
        given = {
            name: np.broadcast_to(value[:, None], shape).ravel()
            for name, value in values.items()
            if name in self.system.slots
        }
        changed = {sid for name in conditions for sid in self.tables.conditions[name]}
        for sid in sorted(changed):
            columns = np.empty(shape)
            for j, name in enumerate(conditions):
                text = self.tables.conditions[name].get(sid)
                columns[:, j] = self._default(sid) if text is None else self._value(text, values)
            given[sid] = columns.ravel()
        start = self.model.start(given)
        return np.broadcast_to(start, (shape[0] * shape[1], start.shape[1])).copy(), set(given)

    def _default(self, sid: str) -> float:
        """The model's own start value, where a condition leaves it."""
        slots = dict(enumerate(self.model.start()[0]))
        values = evaluate(self.system.graph, [self.system.values[sid]], slots=slots, time=0.0)
        return float(np.ravel(values[0])[0])

    def _value(self, text: str, values: Vectors) -> Array | float:
        number = _number(text)
        return values[text] if number is None else number

    def _slots_at(
        self, runs: SlotRuns, values: Vectors, readout: _Readout, n_vectors: int
    ) -> dict[int, Array]:
        """Slots and names that a readout's formulas use, each (n_vectors, n_measurements)."""
        place = list(readout.measurements)
        rows = np.array([self._row[i] for i in place], dtype=np.int64)
        shape = (n_vectors, len(self.pairs), -1)
        name_of = {number: name for name, number in self._names.items()}
        found = {}
        for leaf in self.system.graph.leaves([readout.formula, readout.noise], "slot"):
            slot = int(str(leaf))
            if slot in name_of:
                found[slot] = self._named(name_of[slot], place, values, n_vectors)
            else:
                by_row = runs.slots[slot].reshape(shape)
                columns = self._column[place] if by_row.shape[2] > 1 else np.zeros_like(rows)
                found[slot] = by_row[:, rows, columns]
        return found

    def _named(self, name: str, place: Sequence[int], values: Vectors, n_vectors: int) -> Array:
        """A parameter or placeholder at each measurement of an observable."""
        result = np.empty((n_vectors, len(place)))
        for j, i in enumerate(place):
            text = name
            if _PLACEHOLDER.fullmatch(name):
                text = self._given_for(name, i)[int(re.findall(r"\d+", name)[0]) - 1]
            result[:, j] = self._value(text, values)
        return result


def _number(text: str) -> float | None:
    """The number that a cell holds; None if it names a parameter."""
    try:
        return float(text)
    except ValueError:
        return None
