"""A network put together from a model's sections, loops and drugs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from mtorsim.errors import ModelError, UnknownNameError, suggestion
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.contexts import Context, apply_contexts, load_context
from mtorsim.modelfiles.document import (
    Document,
    Problems,
    Table,
    read_document,
    substitute,
)
from mtorsim.modelfiles.library import (
    ModelEntry,
    find_model,
    find_part,
    label_of,
    load_sources,
    read_model_entry,
    read_sources,
    search_folders,
)
from mtorsim.modelfiles.observables import resolve_observables
from mtorsim.modelfiles.read import Fragment, ObservableEntry, read_fragment
from mtorsim.modelfiles.schema import table_at
from mtorsim.network.consistency import find_problems, has_component
from mtorsim.network.dose import Dose
from mtorsim.network.loop import Loop
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.source import NOT_A_SOURCE, Source
from mtorsim.network.species import Species

__all__ = ["Context", "apply_contexts", "compose", "load_context"]

Part = TypeVar("Part", Parameter, Reaction, Loop, ObservableEntry)
_SIGNS = ("negative", "positive")


def compose(model: str | Path, *, drugs: Sequence[str] = ()) -> ReactionNetwork:
    """The network of a model together with drugs, in file order.

    Parameters
    ----------
    model : name of a shipped model, or path of a model file; its parts are sought in the folder of
        that file first, then among the shipped ones
    drugs : ids of drugs to add; their doses are 0 until set

    Raises
    ------
    UnknownNameError : no such model, or a drug that the model does not have
    ModelError : everything that is wrong with the files, one line each
    """
    path = find_model(model)
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    entry = read_model_entry(document, path, problems) if document else None
    if document is None or entry is None:
        raise ModelError(problems.lines)
    composer = _Composer(entry, document, problems)
    composer.add_model()
    for drug in dict.fromkeys(drugs):
        composer.add_drug(drug)
    return composer.network()


@dataclass(slots=True)
class _Composer:
    """Gathers the parts of one network; the only mutable object of a load."""

    entry: ModelEntry
    document: Document
    problems: Problems
    parameters: dict[str, Parameter] = field(default_factory=dict)
    species: dict[str, Species] = field(default_factory=dict)
    reactions: dict[str, Reaction] = field(default_factory=dict)
    observables: dict[str, ObservableEntry] = field(default_factory=dict)
    loops: dict[str, Loop] = field(default_factory=dict)
    doses: dict[str, Dose] = field(default_factory=dict)
    targets: list[tuple[str, str, str]] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """Folder of the model file."""
        return self.entry.path.parent

    def add_model(self) -> None:
        """Add what stands in the model file, its sections and its loops."""
        self.add_fragment(
            read_fragment(self.document, module=self.entry.id, problems=self.problems)
        )
        tables = self.document.data.get("loop", [])
        for i in range(len(tables) if isinstance(tables, list) else 0):
            self.add_loop(self.document, "loop", i)
        for drug, table in self.document.data.get("doses", {}).items():
            self.add_dose(drug, self.document, ("doses", drug), table)
        for name in self.entry.sections:
            section = self.open_listed(name, "sections", schema.SECTION_FILE)
            if section is None:
                continue
            head = table_at(section, "section", schema.SECTION, problems=self.problems)
            module = head.get("id", name)
            self.add_fragment(read_fragment(section, module=module, problems=self.problems))
        for name in self.entry.loops:
            loop = self.open_listed(name, "loops", schema.LOOP_FILE)
            if loop is not None and isinstance(loop.data.get("loop"), dict):
                self.add_loop(loop, "loop")

    def open_listed(self, name: str, key: str, file_schema: schema.Schema) -> Document | None:
        """The file of a section or loop that the model lists."""
        for folder in search_folders(self.folder):
            path = folder / f"{name}.toml"
            if path.is_file():
                return self.open(path, file_schema)
        folders = search_folders(self.folder)
        known = [
            path.relative_to(folder).with_suffix("").as_posix()
            for folder in folders
            for path in folder.glob("*/*.toml")
        ]
        near = suggestion(name, known)
        self.problems.add(self.document.where("model", key), f"no file {name}.toml{near}")
        return None

    def open(self, path: Path, file_schema: schema.Schema) -> Document | None:
        """A file whose tables are those of the schema."""
        document = read_document(path, label=label_of(path), problems=self.problems)
        if document is not None:
            file_schema.check(document.data, where=document.where, problems=self.problems)
        return document

    def add_drug(self, drug: str) -> None:
        """Add a drug file and its template."""
        if self.entry.drugs and drug not in self.entry.drugs:
            raise UnknownNameError("drug", drug, self.entry.drugs, where=f"model {self.entry.id}")
        path = find_part("drug", drug, folder=self.folder)
        document = self.open(path, schema.DRUG_FILE)
        if document is None:
            return
        head = table_at(document, "drug", schema.DRUG, problems=self.problems)
        if head.get("id", drug) != drug:
            where = document.where("drug", "id")
            self.problems.add(where, f'id is "{head["id"]}", but the file is {path.name}')
        bodies = [document]
        if "template" in head:
            template = self.open_template(head["template"], drug, document)
            bodies += [template] if template else []
        for body in bodies:
            self.add_fragment(read_fragment(body, module=drug, problems=self.problems))
        self.add_drug_dose(drug, bodies)

    def open_template(self, name: str, drug: str, document: Document) -> Document | None:
        """The template of a drug, with ``{drug}`` replaced."""
        for folder in search_folders(self.folder):
            path = folder / "drugs" / "templates" / f"{name}.toml"
            if path.is_file():
                body = self.open(path, schema.TEMPLATE_FILE)
                if body is None:
                    return None
                head = table_at(body, "template", schema.TEMPLATE, problems=self.problems)
                where = body.where("template", "targets")
                self.targets += [(where, drug, target) for target in head.get("targets", ())]
                return substitute(body, "{drug}", drug)
        known = [
            path.stem
            for folder in search_folders(self.folder)
            for path in (folder / "drugs" / "templates").glob("*.toml")
        ]
        where = document.where("drug", "template")
        self.problems.add(where, f'unknown template "{name}"{suggestion(name, known)}')
        return None

    def add_drug_dose(self, drug: str, bodies: list[Document]) -> None:
        """The dose of a drug, which its file or its template must give."""
        for body in bodies:
            table = table_at(body, "dose", schema.DOSE, problems=self.problems)
            if table:
                self.add_dose(drug, body, ("dose",), table)
                return
        self.problems.add(bodies[0].label, f'drug "{drug}" has no template and no [dose]')

    def add_dose(self, drug: str, document: Document, path: tuple[str, ...], table: Table) -> None:
        """One dose; whether its species is fixed is known once all are there."""
        where = document.where(*path)
        check = schema.DOSE
        if not check.check(table, where=document.places(*path), problems=self.problems):
            return
        try:
            amount = parse_monomial(table["amount"])
        except ModelError as error:
            self.problems.add(document.where(*path, "amount"), f'drug "{drug}": {error}')
            return
        self.doses[drug] = Dose(table["species"], amount, fixed=False, origin=where)

    def add_fragment(self, fragment: Fragment) -> None:
        """Add the parts of a file, and the species that its reactions name."""
        for parameter in fragment.parameters:
            self.add_part(self.parameters, parameter, "parameter")
        for species in fragment.species:
            self.declare_species(species)
        for reaction in fragment.reactions:
            self.add_part(self.reactions, reaction, "reaction")
            for name in (*reaction.reactants, *reaction.products):
                if name not in self.species:
                    self.species[name] = Species(name, origin=reaction.origin)
        for observable in fragment.observables:
            self.add_part(self.observables, observable, "observable")

    def add_part(self, parts: dict[str, Part], part: Part, kind: str) -> None:
        """Add a part once; what a template shares between two drugs is the same part."""
        first = parts.setdefault(part.id, part)
        if first is not part and (first != part or first.origin != part.origin):
            self.problems.add(
                part.origin, f'duplicate {kind} "{part.id}", first given at {first.origin}'
            )

    def declare_species(self, species: Species) -> None:
        """Add an entry of ``[species]``, which may be named by an earlier reaction."""
        first = self.species.get(species.id)
        if species.id not in self.declared:
            self.species[species.id] = species
            self.declared.add(species.id)
        elif first is not None and (first != species or first.origin != species.origin):
            self.problems.add(
                species.origin, f'duplicate species "{species.id}", first given at {first.origin}'
            )

    def add_loop(self, document: Document, *path: str | int) -> None:
        """One loop, from a file of its own or from the model file."""
        table: Any = document.data
        for part in path:
            table = table[part]
        check = schema.LOOP
        if not check.check(table, where=document.places(*path), problems=self.problems):
            return
        where = document.where(*path)
        if table["sign"] not in _SIGNS:
            what = f'loop "{table["id"]}": unknown sign "{table["sign"]}"'
            self.problems.add(
                document.where(*path, "sign"), what + suggestion(table["sign"], _SIGNS)
            )
        signal = table["signal"]
        loop = Loop(
            id=table["id"],
            title=table["title"],
            sign=table["sign"],
            signals=(signal,) if isinstance(signal, str) else tuple(signal),
            reactions=tuple(table["reactions"]),
            clamp=tuple(table.get("clamp", table["reactions"])),
            source=table["source"],
            why=table.get("why", ""),
            origin=where,
        )
        self.add_part(self.loops, loop, "loop")

    def network(self) -> ReactionNetwork:
        """The network, if nothing is wrong with it."""
        sources = self.cited_sources()
        self.mark_dose_species()
        observables = resolve_observables(
            self.observables.values(), self.species.values(), problems=self.problems
        )
        self.problems.raise_if_any()
        network = ReactionNetwork(
            id=self.entry.id,
            title=self.entry.title,
            species=tuple(self.species.values()),
            reactions=tuple(self.reactions.values()),
            parameters=tuple(self.parameters.values()),
            observables=observables,
            loops=tuple(self.loops.values()),
            doses=self.doses,
            sources=sources,
            folder=str(self.folder),
        )
        self.problems.lines.extend(find_problems(network))
        for where, drug, target in self.targets:
            if not has_component(network, target):
                self.problems.add(where, f'drug "{drug}": the model has no target "{target}"')
        self.problems.raise_if_any()
        return network

    def mark_dose_species(self) -> None:
        """Take over whether dose species are fixed."""
        for drug, dose in self.doses.items():
            species = self.species.get(dose.species)
            if species is None:
                hint = suggestion(dose.species, self.species)
                what = f'drug "{drug}": unknown dose species "{dose.species}"{hint}'
                self.problems.add(dose.origin, what)
            else:
                self.doses[drug] = Dose(dose.species, dose.amount, species.fixed, dose.origin)

    def cited_sources(self) -> dict[str, Source]:
        """The sources that parameters and loops cite, which must all exist."""
        known = dict(load_sources(self.folder))
        known.update(read_sources(self.document, ("sources",), self.problems))
        cited = [(p.origin, f'parameter "{p.id}"', p.source) for p in self.parameters.values()]
        cited += [
            (p.origin, f'parameter "{p.id}"', p.range_source)
            for p in self.parameters.values()
            if p.range_source
        ]
        cited += [(loop.origin, f'loop "{loop.id}"', loop.source) for loop in self.loops.values()]
        found = {}
        for where, what, key in cited:
            if key in known:
                found[key] = known[key]
            elif key not in NOT_A_SOURCE:
                hint = suggestion(key, (*known, *NOT_A_SOURCE))
                self.problems.add(where, f'{what}: unknown source "{key}"{hint}')
        return found
