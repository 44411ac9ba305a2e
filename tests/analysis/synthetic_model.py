"""A stand-in for a model: closed-form dose-response, so that what a comparison says is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from mtorsim.analysis.hill import hill_fraction
from mtorsim.errors import UnknownNameError
from mtorsim.modelfiles.contexts import apply_contexts, load_context
from mtorsim.network.loop import Loop
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter

IC50 = {"rapalog": 0.5, "dual": 50.0}
BASE = {"pS6K1_T389": 0.6, "p4EBP1": 0.5, "pAKT_S473": 0.2}
FEEDBACK_GAIN = 0.8
"""Rise of pAKT_S473 under full block of S6K1, in multiples of no drug, when the loop is on."""

NETWORK = ReactionNetwork(
    id="synthetic",
    title="a stand-in",
    species=(),
    reactions=(),
    parameters=(
        Parameter("PTEN_gene_dose", 1.0, "1", 1.0, 1.0, "author2004", meaning="copies of PTEN"),
        Parameter("uptake", 0.5, "1/min", 30.0, 2.0, "fitted"),
        Parameter("efflux", 0.5, "1/min", 30.0, 2.0, "assumed"),
    ),
    observables=(
        Observable("pS6K1_T389", (), title="S6K1 pT389", unit="1"),
        Observable("p4EBP1", (), title="4E-BP1, fully phosphorylated", unit="1"),
        Observable("pAKT_S473", (), title="AKT pS473", unit="1"),
    ),
    loops=(
        Loop("s6k1_irs1_feedback", "S6K1 -| IRS1", "negative", ("S6K1_p",), (), (), "author2004"),
        Loop("nfkb_pten_feedback", "NF-kB -| PTEN", "positive", ("NFkB",), (), (), "author2004"),
    ),
    folder=str(Path(__file__).parent / "synthetic"),
)


@dataclass(frozen=True)
class SyntheticModel:
    contexts: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    failing_dose: float | None = None
    interrupted: bool = False

    id: ClassVar = "synthetic"
    title: ClassVar = "a stand-in"
    entry: ClassVar = None
    network: ClassVar = NETWORK
    observables: ClassVar = {entry.id: entry for entry in NETWORK.observables}
    loops: ClassVar = {entry.id: entry for entry in NETWORK.loops}

    def fingerprint(self) -> str:
        return "f1e2d3"

    @property
    def parameter_values(self) -> np.ndarray:
        loaded = [load_context(name, network=NETWORK) for name in self.contexts]
        return apply_contexts(NETWORK, loaded)

    def with_drugs(self, *drugs: str) -> SyntheticModel:
        for drug in drugs:
            if drug not in IC50:
                raise UnknownNameError("drug", drug, IC50)
        return self

    def with_context(self, *contexts: str) -> SyntheticModel:
        changed = replace(self, contexts=contexts)
        assert changed.parameter_values.shape == (3,)
        return changed

    def without(self, *loops: str) -> SyntheticModel:
        for loop in loops:
            NETWORK.loop(loop)
        return replace(self, cut=loops)

    def sweep(
        self, doses: Mapping[str, np.ndarray], *, readouts: Sequence[str], at: Sequence[float]
    ) -> SyntheticSweep:
        ((drug, dose),) = doses.items()
        times = np.asarray(at, dtype=float)
        return SyntheticSweep(
            {name: self._response(drug, np.asarray(dose), times, name) for name in readouts},
            self._failures(drug, np.asarray(dose)),
            interrupted=self.interrupted,
        )

    def _response(self, drug: str, dose: np.ndarray, times: np.ndarray, name: str) -> np.ndarray:
        block = hill_fraction(dose, ic50=IC50[drug], slope=1.2)[:, None]
        block = block * (1.0 - np.exp(-times / 1200.0))
        slow = 1.0 - np.exp(-times / 18000.0)
        lost = "PTEN-lost" in self.contexts
        base = BASE[name] * (2.0 if lost and name == "pAKT_S473" else 1.0)
        if name == "pAKT_S473" and "nfkb_pten_feedback" in self.cut:
            base *= 0.9
        if name == "pS6K1_T389":
            left = 1.0 - 0.97 * block
        elif name == "p4EBP1":
            left = 1.0 - (0.45 if drug == "rapalog" else 1.0) * block
        else:
            gain = 0.0 if "s6k1_irs1_feedback" in self.cut else FEEDBACK_GAIN * (0.5 if lost else 1)
            rise = 1.0 + gain * block * slow
            left = rise if drug == "rapalog" else rise * (1.0 - 0.95 * block)
        values = base * left
        if self.failing_dose is not None:
            values[np.isclose(dose, self.failing_dose)] = np.nan
        return values

    def _failures(self, drug: str, dose: np.ndarray) -> list[str]:
        if self.failing_dose is None or not np.any(np.isclose(dose, self.failing_dose)):
            return []
        return [f"{drug} {self.failing_dose:g} nM: max_steps"]


@dataclass(frozen=True)
class SyntheticSweep:
    values: dict[str, np.ndarray]
    failed: list[str]
    interrupted: bool
    provenance: ClassVar = {"method": "rodas4", "rtol": 1e-4, "version_numpy": "2", "seed": 1}
    timing: ClassVar = SimpleNamespace(compile_s=0.5, equilibrate_s=0.02, run_s=0.1)

    def __getitem__(self, readout: str) -> np.ndarray:
        return self.values[readout]

    def failures(self) -> list[str]:
        return self.failed
