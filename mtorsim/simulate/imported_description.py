"""What an imported model is made of, in words and numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import mtorsim
from mtorsim.errors import InputError
from mtorsim.network.balance import ConservedMoiety
from mtorsim.network.general_model import GeneralModel, ModelReaction
from mtorsim.network.loop import Loop
from mtorsim.simulate import imported_listings as listings
from mtorsim.simulate.catalogue import Catalogue
from mtorsim.simulate.clock import Clock
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.imported_sweep import Readings
from mtorsim.simulate.own_units import clock_of
from mtorsim.simulate.readouts import check_readouts

if TYPE_CHECKING:
    from mtorsim.codegen.ensemble_kernel import EnsembleKernel


@dataclass(frozen=True, eq=False, repr=False)
class ImportedDescription:
    """Names, values and formulas of an imported model.

    Parameters
    ----------
    engine : the model made ready to run
    new_values : start values by id that replace those of the file
    reads_rules : whether a run reads out what rules compute and leaves the species out
    """

    engine: ImportedEngine
    new_values: Mapping[str, float] = field(default_factory=dict)
    reads_rules: bool = False

    @property
    def general(self) -> GeneralModel:
        """What was read, as plain data."""
        return self.engine.model

    @property
    def id(self) -> str:
        """Name of the model; that of the file where it has none."""
        return self.general.id or Path(self.general.origin).stem

    @property
    def title(self) -> str:
        """What the file says that it is about."""
        return self.general.name or self.id

    @property
    def time_unit(self) -> str:
        """Unit of times; empty where the file declares none."""
        return self.general.time_unit

    @property
    def drugs(self) -> tuple[str, ...]:
        """None: whatever a drug is in this model is a species or parameter of it."""
        return ()

    @property
    def loops(self) -> Catalogue[Loop]:
        """None: an imported model does not name its feedback loops."""
        return Catalogue("loop", (), {"id": lambda loop: loop.id})

    @property
    def species(self) -> Catalogue[listings.ImportedQuantity]:
        """Species with their values at the start."""
        return listings.list_own_species(self.general, self.start_values)

    @property
    def parameters(self) -> Catalogue[listings.ImportedQuantity]:
        """Parameters with their values at the start; local ones are ``reaction.parameter``."""
        return listings.list_own_parameters(self.general, self.start_values)

    @property
    def compartments(self) -> Catalogue[listings.ImportedQuantity]:
        """Compartments with their sizes at the start."""
        return listings.list_own_compartments(self.general, self.start_values)

    @property
    def reactions(self) -> Catalogue[ModelReaction]:
        """Reactions with their rate laws."""
        return listings.list_own_reactions(self.general)

    @property
    def observables(self) -> Catalogue[listings.ImportedReadout]:
        """What is read out where nothing is asked for: species, and what rules compute."""
        return listings.list_own_readouts(self.general, rules_alone=self.reads_rules)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each thing there are."""
        general = self.general
        return {
            "compartments": len(general.compartments),
            "species": len(general.species),
            "reactions": len(general.reactions),
            "parameters": len(general.parameters),
            "rules": len(general.rules) + len(general.rates),
            "events": len(general.events),
            "conserved_totals": len(self.conserved_moieties()),
        }

    @cached_property
    def start_values(self) -> dict[str, float]:
        """Value of everything at the start, by id."""
        return listings.start_values(self.engine, self.new_values)

    def equations(self, *, latex: bool = False) -> str:
        """Rates, differential equations, rules and events for people, as text or LaTeX."""
        from mtorsim.symbolic import general_equations

        if latex:
            return general_equations.general_equations_latex(self.general)
        return general_equations.general_equations_text(self.general)

    def conserved_moieties(self) -> tuple[ConservedMoiety, ...]:
        """Sums of amounts that reactions, rate rules and events leave alone."""
        return self.engine.moieties

    def kernel(self) -> EnsembleKernel:
        """What many trajectories run on, with its generated files."""
        return self.engine.kernel(self.new_values)

    def fingerprint(self) -> str:
        """SHA-256 of the formulas and of every number that a run reads."""
        values = json.dumps(dict(sorted(self.new_values.items())))
        return hashlib.sha256(f"{self.engine.system.fingerprint()}{values}".encode()).hexdigest()

    @property
    def clock(self) -> Clock:
        """The model's own time."""
        return clock_of(self.general)

    @property
    def notes(self) -> dict[str, str | int | float]:
        """What decides the numbers of a run, for people and for files."""
        return {
            "model": self.id,
            "model_title": self.title,
            "model_file": Path(self.general.origin).name,
            "model_fingerprint": self.fingerprint(),
            "new_values": json.dumps(dict(self.new_values)),
            "version_mtorsim": mtorsim.__version__,
        }

    @property
    def all_species(self) -> Readings:
        """Readings of every species, as the file's formulas mean them."""
        return self._read(tuple(self.engine.species))

    def readings(self, readouts: Sequence[str] | str | None) -> Readings:
        """What to read for the names that a caller gave.

        Raises
        ------
        UnknownNameError, InputError : a name that nothing has, or that stands twice; or none
        """
        if readouts is None:
            readouts = tuple(self.observables)
        if not isinstance(readouts, Iterable):
            raise InputError(f"readouts is {readouts!r}: give a name or a list of names")
        chosen = (readouts,) if isinstance(readouts, str) else tuple(readouts)
        check_readouts(chosen, self.engine.system.values)
        return self._read(chosen)

    def _read(self, chosen: tuple[str, ...]) -> Readings:
        """Ids in the meaning that they have in the file's formulas."""
        names = listings.names_of_quantities(self.general)
        return Readings(
            ids=chosen,
            titles=tuple(names.get(sid) or sid for sid in chosen),
            units=tuple(self.general.units.get(sid, "") for sid in chosen),
            formulas=tuple(self.engine.formulas(chosen)),
        )

    def __repr__(self) -> str:
        general = self.general
        said = [f"{len(general.species)} species", _counted(general.reactions, "reaction")]
        said += [_counted(general.events, "event")] if general.events else []
        said += [_counted(general.rules, "rule")] if general.rules else []
        said += [f"time in {self.time_unit}"] if self.time_unit else []
        return f"<ImportedModel {self.id}: {', '.join(said)}>"


def _counted(things: Sized, what: str) -> str:
    return f"{len(things)} {what}" + ("s" if len(things) != 1 else "")
