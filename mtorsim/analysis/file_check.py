"""Looks a file of any format over: what it contains, what can not be run, what looks wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mtorsim.analysis.imported_check import check_imported
from mtorsim.errors import MissingExtraError
from mtorsim.interop.bngl_net import read_bngl_net
from mtorsim.interop.format_names import NAMES, Format, format_of
from mtorsim.interop.formats import read_as_sbml
from mtorsim.interop.omex import read_archive
from mtorsim.interop.petab_tables import PetabTables
from mtorsim.interop.sbml_document import UnsupportedFeatureError, open_document
from mtorsim.interop.sbml_findings import (
    Finding,
    consistency_findings,
    contents_of,
    finding_of,
    unsupported_in,
)
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.interop.sedml import check_sedml
from mtorsim.modelfiles.compose import compose
from mtorsim.network.network import ReactionNetwork
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.petab import PetabObjective


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What was found in a file.

    Parameters
    ----------
    format : in words
    contents : pairs (what, how many)
    is_mass_action : whether the whole model runs on the mass-action engine; None where the model
        can not be run
    findings : the worst first
    """

    file: str
    format: str
    contents: tuple[tuple[str, int], ...]
    is_mass_action: bool | None
    findings: tuple[Finding, ...]

    @property
    def is_fine(self) -> bool:
        """Whether everything is supported and nothing looks wrong."""
        return all(finding.kind == "remark" for finding in self.findings)


def check_file(path: str | Path) -> FileCheck:
    """Look a file over by the format that its name stands for; nothing is simulated.

    Raises
    ------
    InputError : no format has this ending
    MtorsimError : the file can not be read
    MissingExtraError : a library is not installed
    """
    kind = format_of(path)
    if kind == "native":
        return _checked_network(str(path), compose(str(path)))
    if kind == "bngl":
        return _checked_bngl(Path(path))
    if kind == "petab":
        return _checked_problem(Path(path))
    if kind == "omex":
        return _checked_archive(Path(path))
    return checked_sbml(read_as_sbml(path), file=str(path), kind=kind)


def checked_sbml(text: str, *, file: str, kind: Format = "sbml") -> FileCheck:
    """The check of a model as SBML text; in Antimony's translation lines mean nothing."""
    document = open_document(text.encode(), origin=file)
    findings = list(unsupported_in(document, file))
    is_mass_action = None
    try:
        found = check_imported(ImportedEngine(read_sbml_text(text, origin=file)))
        is_mass_action = found.is_mass_action
        findings += [*found.findings, *consistency_findings(document, file)]
    except UnsupportedFeatureError as error:
        refusal = finding_of(error)
        features = {finding.text.partition(": ")[2] for finding in findings}
        if refusal.text.partition(": ")[2] not in features:
            findings.append(refusal)
    if kind == "antimony":
        findings = [replace(finding, where=file) for finding in findings]
    findings.sort(key=lambda finding: finding.kind == "remark")
    return FileCheck(file, NAMES[kind], contents_of(document), is_mass_action, tuple(findings))


def _checked_archive(path: Path) -> FileCheck:
    """The model of an archive, its other files, and what is wrong with its simulations."""
    archive = read_archive(path)
    model = archive.model()
    found = checked_sbml(model.text(), file=f"{path}/{model.name}", kind="omex")
    findings = list(found.findings)
    for file in archive.of_kind("sed-ml"):
        try:
            lines = check_sedml(file.text(), origin=f"{path}/{file.name}")
        except MissingExtraError as error:
            findings.append(Finding("remark", f"{path}/{file.name}", f"not looked at: {error}"))
            continue
        for line in lines:
            where, _, text = line.partition(": ")
            findings.append(Finding("invalid", where, text))
    files = (
        ("files", len(archive.files)),
        ("models", len(archive.of_kind("sbml"))),
        ("simulation files", len(archive.of_kind("sed-ml"))),
        ("tables", len(archive.of_kind("csv"))),
    )
    contents = (*files, *found.contents)
    return replace(found, file=str(path), contents=contents, findings=tuple(findings))


def _checked_network(file: str, network: ReactionNetwork) -> FileCheck:
    """A native model that loads has its units and balance checked by that."""
    contents = (
        ("species", len(network.species)),
        ("parameters", len(network.parameters)),
        ("reactions", len(network.reactions)),
        ("observables", len(network.observables)),
        ("loops", len(network.loops)),
        ("drugs", len(network.doses)),
    )
    return FileCheck(file, NAMES["native"], contents, True, tuple(_unused(file, network)))


def _unused(file: str, network: ReactionNetwork) -> Iterator[Finding]:
    monomials = [reaction.rate for reaction in network.reactions]
    monomials += [species.initial for species in network.species if species.initial]
    monomials += [dose.amount for dose in network.doses.values()]
    used = {name for monomial in monomials for name, _ in monomial.powers}
    for name in network.parameter_ids:
        if name not in used:
            yield Finding("unused", file, f"parameter {name!r} is not used")


def _checked_bngl(path: Path) -> FileCheck:
    network = read_bngl_net(path)
    contents = (
        ("species", len(network.species)),
        ("parameters", len(network.parameters)),
        ("reactions", len(network.structure.reactants)),
        ("groups", len(network.groups)),
    )
    start = np.asarray(network.initial_amounts)
    findings = []
    if not start.any():
        findings.append(Finding("no value", str(path), "every species starts at 0"))
    return FileCheck(str(path), NAMES["bngl"], contents, True, tuple(findings))


def _checked_problem(path: Path) -> FileCheck:
    """The tables of a PEtab problem, and its model."""
    objective = PetabObjective.from_file(path)
    tables = objective.tables
    model = checked_sbml(read_as_sbml(tables.model_file), file=str(tables.model_file))
    contents = (
        ("estimated parameters", sum(p.estimate for p in tables.parameters)),
        ("conditions", len(tables.conditions)),
        ("observables", len(tables.observables)),
        ("measurements", len(tables.measurements)),
        *model.contents,
    )
    formulas = " ".join(f"{o.formula} {o.noise}" for o in tables.observables)
    used = {f"parameter {name!r} is not used" for name in re.findall(r"\w+", formulas)}
    findings = (
        *_unmeasured(tables),
        *(f for f in model.findings if f.kind != "unused" or f.text not in used),
    )
    return FileCheck(str(path), NAMES["petab"], contents, model.is_mass_action, findings)


def _unmeasured(tables: PetabTables) -> Iterator[Finding]:
    measured = {measurement.observable for measurement in tables.measurements}
    for observable in tables.observables:
        if observable.id not in measured:
            text = f"observable {observable.id!r} is not measured"
            yield Finding("unused", observable.where, text)
