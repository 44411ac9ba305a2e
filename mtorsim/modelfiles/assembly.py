"""The parts of a network while it is put together, and the checks that need all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from mtorsim.errors import suggestion
from mtorsim.modelfiles.document import Document, Problems
from mtorsim.modelfiles.library import ModelEntry
from mtorsim.modelfiles.observables import resolve_observables
from mtorsim.modelfiles.read import Fragment, ObservableEntry
from mtorsim.network.consistency import find_problems
from mtorsim.network.dose import Dose
from mtorsim.network.loop import Loop
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import Parameter, parse_unit
from mtorsim.network.reaction import Reaction
from mtorsim.network.source import Source, source_complaint
from mtorsim.network.species import Species, composition

Part = TypeVar("Part", Parameter, Species, Reaction, Loop, ObservableEntry)


@dataclass(frozen=True, slots=True)
class Target:
    """A component that a drug needs in the model."""

    drug: str
    component: str
    origin: str


@dataclass(slots=True)
class Assembly:
    """Gathers parts in file order; a part that is given twice is a problem."""

    problems: Problems
    parameters: dict[str, Parameter] = field(default_factory=dict)
    species: dict[str, Species] = field(default_factory=dict)
    reactions: dict[str, Reaction] = field(default_factory=dict)
    observables: dict[str, ObservableEntry] = field(default_factory=dict)
    loops: dict[str, Loop] = field(default_factory=dict)
    doses: dict[str, Dose] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    _named_only: set[str] = field(default_factory=set)

    def add_fragment(self, fragment: Fragment) -> None:
        """Add the parts of a file: its species first, then those that its reactions name."""
        for parameter in fragment.parameters:
            self._add(self.parameters, parameter, "parameter")
        for species in fragment.species:
            self._declare(species)
        for reaction in fragment.reactions:
            self._add(self.reactions, reaction, "reaction")
            for name in (*reaction.reactants, *reaction.products):
                if name not in self.species:
                    self.species[name] = Species(name, origin=reaction.origin)
                    self._named_only.add(name)
        for observable in fragment.observables:
            self._add(self.observables, observable, "observable")

    def replace_values(self, file: Document, *, fitted_to: str) -> None:
        """Put fitted numbers in place of those of the same id; units and ranges stay.

        Values of drugs that are not composed are passed over.
        """
        for name, value in file.table("values").items():
            where = file.where("values", name)
            parameter = self.parameters.get(name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                self.problems.add(where, f"{name!r} must be a number, not negative")
            elif parameter is not None:
                self.parameters[name] = replace(
                    parameter,
                    value=value * parse_unit(parameter.unit).factor,
                    value_as_written=float(value),
                    source="fitted",
                    fitted_to=fitted_to,
                    origin=where,
                )

    def add_loops(self, loops: Iterable[Loop]) -> None:
        """Add feedback loops."""
        for loop in loops:
            self._add(self.loops, loop, "loop")

    def _declare(self, species: Species) -> None:
        """Add an entry of ``[species]``; an earlier reaction may have named the species."""
        if species.id in self._named_only:
            self._named_only.remove(species.id)
            self.species[species.id] = species
        else:
            self._add(self.species, species, "species")

    def _add(self, parts: dict[str, Part], part: Part, kind: str) -> None:
        """Add a part; what a template shares between two drugs is one and the same part."""
        first = parts.setdefault(part.id, part)
        if first != part or first.origin != part.origin:
            what = f'duplicate {kind} "{part.id}", first given at {first.origin}'
            self.problems.add(part.origin, what)

    def network(
        self, entry: ModelEntry, *, sources: Mapping[str, Source], folder: Path
    ) -> ReactionNetwork:
        """The network of all parts.

        Raises
        ------
        ModelError : everything that is wrong so far, or else with the parts taken together
        """
        cited = self._cited_sources(sources)
        # Where a part is missing, what names it would be a problem too: stop before that.
        self.problems.raise_if_any()
        self._settle_doses()
        observables = resolve_observables(
            self.observables.values(), self.species.values(), problems=self.problems
        )
        self.problems.raise_if_any()
        network = ReactionNetwork(
            id=entry.id,
            title=entry.title,
            species=tuple(self.species.values()),
            reactions=tuple(self.reactions.values()),
            parameters=tuple(self.parameters.values()),
            observables=observables,
            loops=tuple(self.loops.values()),
            doses=self.doses,
            sources=cited,
            folder=str(folder.resolve()),
        )
        self.problems.lines.extend(find_problems(network))
        self._check_targets()
        self.problems.raise_if_any()
        return network

    def _settle_doses(self) -> None:
        """Take over whether the dose species are fixed."""
        for drug, dose in self.doses.items():
            for name in filter(None, (dose.species, dose.infusion)):
                if name not in self.species:
                    hint = suggestion(name, self.species)
                    what = f'drug "{drug}": unknown dose species "{name}"{hint}'
                    self.problems.add(dose.origin, what)
            species = self.species.get(dose.species)
            if species is not None:
                self.doses[drug] = replace(dose, fixed=species.fixed)

    def _check_targets(self) -> None:
        """A drug without its target would do nothing, unseen."""
        components = {name for species in self.species for name in composition(species)}
        for target in self.targets:
            if target.component not in components:
                hint = suggestion(target.component, components)
                what = f'drug "{target.drug}": the model has no target "{target.component}"{hint}'
                self.problems.add(target.origin, what)

    def _cited_sources(self, known: Mapping[str, Source]) -> dict[str, Source]:
        """The sources that parameters and loops cite, which must all exist."""
        cited = {}
        for origin, what, key in self._citations():
            if key in known:
                cited[key] = known[key]
            elif complaint := source_complaint(key, known):
                self.problems.add(origin, f"{what}: {complaint}")
        return cited

    def _citations(self) -> Iterator[tuple[str, str, str]]:
        """Where, what, and the key that it cites."""
        for parameter in self.parameters.values():
            what = f'parameter "{parameter.id}"'
            yield parameter.origin, what, parameter.source
            if parameter.range_source:
                yield parameter.origin, what, parameter.range_source
        for loop in self.loops.values():
            yield loop.origin, f'loop "{loop.id}"', loop.source
