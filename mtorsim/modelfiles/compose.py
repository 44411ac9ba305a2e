"""A network put together from a model's sections, loops and drugs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mtorsim.errors import ModelError, UnknownNameError, suggestion
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.assembly import Assembly, Target
from mtorsim.modelfiles.contexts import Context, apply_contexts, load_context
from mtorsim.modelfiles.document import Document, Problems, Table, read_document, substitute
from mtorsim.modelfiles.joint import joint_parts
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
from mtorsim.modelfiles.read import read_dose, read_fragment, read_loop
from mtorsim.modelfiles.schema import Schema, table_at
from mtorsim.network.network import ReactionNetwork

__all__ = ["Context", "apply_contexts", "compose", "load_context"]


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
    InputError : no file at the path
    ModelError : everything that is wrong with the files, one line each
    """
    path = find_model(model)
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    entry = read_model_entry(document, path, problems) if document else None
    if document is None or entry is None:
        raise ModelError(problems.lines)
    composer = _Composer(entry, document, Assembly(problems))
    composer.add_model()
    for drug in dict.fromkeys(drugs):
        composer.add_drug(drug)
    composer.add_joint_parts()
    composer.add_values()
    sources = load_sources(path.parent) | read_sources(document, ("sources",), problems)
    return composer.assembly.network(entry, sources=sources, folder=path.parent)


@dataclass(frozen=True, slots=True)
class _Composer:
    """Finds the files of a model and hands their parts to the assembly."""

    entry: ModelEntry
    document: Document
    assembly: Assembly
    drugs_of_template: dict[str, list[str]] = field(default_factory=dict)

    @property
    def problems(self) -> Problems:
        """What is wrong so far."""
        return self.assembly.problems

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where parts of the model are sought."""
        return search_folders(self.entry.path.parent)

    def add_model(self) -> None:
        """Add what stands in the model file, then its sections, then its loops."""
        self.add_fragment(self.document, module=self.entry.id)
        for i, table in enumerate(self.document.array("loop")):
            loops = read_loop(self.document, table, "loop", i, problems=self.problems)
            self.assembly.add_loops(loops)
        for drug, table in self.document.entries("doses", problems=self.problems):
            self.add_dose(drug, self.document, table, path=("doses", drug))
        for name in self.entry.sections:
            section = self.open_part(name, schema.SECTION_FILE, where=self.listed_at("sections"))
            if section is not None:
                head = table_at(section, "section", schema.SECTION, problems=self.problems)
                self.add_fragment(section, module=head.get("id", name))
        for name in self.entry.loops:
            file = self.open_part(name, schema.LOOP_FILE, where=self.listed_at("loops"))
            if file is not None and "loop" in file.data:
                loops = read_loop(file, file.table("loop"), "loop", problems=self.problems)
                self.assembly.add_loops(loops)

    def add_values(self) -> None:
        """Put the model's own values in place of those of its sections and drugs."""
        if not self.entry.values:
            return
        where = self.document.where("model", "values")
        file = self.open_part(self.entry.values, schema.VALUES_FILE, where=where)
        head = table_at(file, "fit", schema.FIT, problems=self.problems) if file else {}
        if file is not None and head:
            self.assembly.replace_values(file, fitted_to=head["fitted_to"])

    def listed_at(self, key: str) -> str:
        """Where the model file lists its sections or loops."""
        return self.document.where("model", key)

    def add_fragment(self, document: Document, *, module: str) -> None:
        """Add the parts that stand in a file."""
        self.assembly.add_fragment(read_fragment(document, module=module, problems=self.problems))

    def open_part(self, name: str, file_schema: Schema, *, where: str) -> Document | None:
        """The file of a part, ``name`` being its path without ``.toml``."""
        for folder in self.folders:
            path = folder / f"{name}.toml"
            if path.is_file():
                return self.open(path, file_schema)
        sought = Path(name)
        known = [
            path.stem for folder in self.folders for path in (folder / sought.parent).glob("*.toml")
        ]
        self.problems.add(where, f'no file "{name}.toml"{suggestion(sought.name, known)}')
        return None

    def open(self, path: Path, file_schema: Schema) -> Document | None:
        """A file whose tables are those of the schema."""
        document = read_document(path, label=label_of(path), problems=self.problems)
        if document is not None:
            file_schema.check(document.data, where=document.where, problems=self.problems)
        return document

    def add_drug(self, drug: str) -> None:
        """Add a drug file and its template."""
        if self.entry.drugs and drug not in self.entry.drugs:
            raise UnknownNameError("drug", drug, self.entry.drugs, where=f"model {self.entry.id}")
        path = find_part("drug", drug, folder=self.entry.path.parent)
        file = self.open(path, schema.DRUG_FILE)
        head = table_at(file, "drug", schema.DRUG, problems=self.problems) if file else {}
        if file is None or not head:
            return
        if head["id"] != drug:
            where = file.where("drug", "id")
            self.problems.add(where, f'id is "{head["id"]}", but the file is {path.name}')
        self.add_fragment(file, module=drug)
        bodies = [file]
        if "template" in head:
            where = file.where("drug", "template")
            name = f"drugs/templates/{head['template']}"
            template = self.open_part(name, schema.TEMPLATE_FILE, where=where)
            if template is None:
                return
            bodies.append(self.add_template(template, drug))
            self.drugs_of_template.setdefault(head["template"], []).append(drug)
        self.add_drug_dose(drug, bodies)

    def add_joint_parts(self) -> None:
        """Add what the drugs do only together, or with a section that not every model has."""
        parts = joint_parts(
            self.drugs_of_template,
            sections=self.entry.sections,
            folders=self.folders,
            problems=self.problems,
        )
        for document, module in parts:
            self.add_fragment(document, module=module)

    def add_template(self, template: Document, drug: str) -> Document:
        """Add what a template says of a drug; the template with the drug's name put in."""
        head = table_at(template, "template", schema.TEMPLATE, problems=self.problems)
        where = template.where("template", "targets")
        self.assembly.targets += [Target(drug, name, where) for name in head.get("targets", ())]
        body = substitute(template, "{drug}", drug)
        self.add_fragment(body, module=drug)
        return body

    def add_drug_dose(self, drug: str, bodies: Sequence[Document]) -> None:
        """The dose of a drug, which its own file or its template gives."""
        for body in bodies:
            if "dose" in body.data:
                self.add_dose(drug, body, body.table("dose"), path=("dose",))
                return
        self.problems.add(bodies[0].label, f'drug "{drug}" has no template and no [dose]')

    def add_dose(
        self, drug: str, document: Document, table: Table, *, path: tuple[str, ...]
    ) -> None:
        """A dose as written; whether its species is fixed shows once all species are there."""
        if not schema.DOSE.check(table, where=document.places(*path), problems=self.problems):
            return
        with self.problems.collected(document.where(*path, "amount"), f'dose of "{drug}"'):
            self.assembly.doses[drug] = read_dose(table, origin=document.where(*path))
