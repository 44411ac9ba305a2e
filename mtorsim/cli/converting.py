"""What ``mtorsim convert`` reads and writes: a model as SBML text, and what is baked into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mtorsim as mt
from mtorsim.cli.archiving import archive_files
from mtorsim.cli.loading import ModelRequest
from mtorsim.interop.antimony import sbml_to_antimony
from mtorsim.interop.format_names import NAMES, Format, format_of
from mtorsim.interop.formats import as_level_3, read_as_sbml
from mtorsim.interop.omex import ArchiveFile, write_archive
from mtorsim.interop.sbml_export import network_to_sbml
from mtorsim.modelfiles.write import write_network
from mtorsim.simulate.files import whole_file
from mtorsim.simulate.setting import read_doses

#: what can be written; a network of BioNetGen and a PEtab problem can only be read
WRITTEN: tuple[Format, ...] = ("sbml", "antimony", "omex", "native")


@dataclass(frozen=True, slots=True)
class Source:
    """A model to be written.

    Parameters
    ----------
    sbml : Level 3 Version 2
    said : what is baked in, a clause each
    origin : for messages
    model : where it is a native one
    doses : nM by drug
    changes : what was asked for beyond the model and its drugs, as it was written
    """

    sbml: str
    said: tuple[str, ...]
    origin: str
    model: mt.Model | None = None
    doses: tuple[tuple[str, float], ...] = ()
    changes: tuple[str, ...] = ()

    def baked_into(self, kind: Format) -> tuple[str, ...]:
        """What a file of this format holds, a clause each."""
        return self.said if kind != "native" else ("contexts, loops, doses: taken when it is run",)


def target_format(path: str) -> Format:
    """The format to write, by the name of the file.

    Raises
    ------
    InputError : it has no known ending, or one that can only be read
    """
    kind = format_of(path)
    if kind not in WRITTEN or not Path(path).suffix:
        endings = ".xml, .sbml, .ant, .omex or .toml"
        raise mt.InputError(f"{path}: name a file to write that ends in {endings}")
    return kind


def read_source(request: ModelRequest, *, at_rest: bool) -> Source:
    """The model that a command line asks for.

    Raises
    ------
    InputError : changes are asked of a model that is not native
    MtorsimError : as of reading the model
    """
    kind = format_of(request.model)
    if kind == "native":
        return _native_source(request, at_rest=at_rest)
    changes = (request.contexts, request.without, request.settings, request.doses, request.drugs)
    if any(changes) or at_rest:
        raise mt.InputError(
            f"{request.model}: drugs, contexts, loops, values and rest are of mtorsim's own models "
            f"(.toml); this is a file of another format ({NAMES[kind]})"
        )
    text = as_level_3(read_as_sbml(request.model), origin=request.model)
    return Source(text, (), request.model)


def _native_source(request: ModelRequest, *, at_rest: bool) -> Source:
    model = request.load_in_context()
    doses = read_doses(request.drug_doses())
    amounts = dict(model.new_amounts)
    if at_rest:
        state = model.steady_state()
        amounts |= dict(zip(state.species, state.amounts.tolist(), strict=True))
    said = _baked_in(model, doses, at_rest=at_rest)
    sbml = network_to_sbml(
        model.network,
        values=model.parameter_values,
        doses=doses,
        amounts=amounts,
        cut=model.cut_loops,
        notes=[f"Written by mtorsim {mt.__version__} from {model.id}.", *said],
    )
    changes = (*request.contexts, *request.without, *request.settings, *request.doses)
    return Source(sbml, said, model.id, model, tuple(doses.items()), changes)


def _baked_in(model: mt.Model, doses: dict[str, float], *, at_rest: bool) -> tuple[str, ...]:
    """A clause for each choice that the written model holds."""
    drugs = [
        f"{drug} at {doses.get(drug, 0.0):g} nM (parameter dose_{drug})"
        for drug in model.network.doses
    ]
    said = [
        f"context: {' + '.join(model.contexts)}" if model.contexts else "",
        f"drugs: {', '.join(drugs)}" if drugs else "drugs: none merged in",
        f"loops cut: {', '.join(model.cut_loops)} (parameter loop_... set to 0)"
        if model.cut_loops
        else "",
        f"changed: {', '.join((*model.new_parameters, *model.new_amounts))}"
        if model.new_parameters or model.new_amounts
        else "",
        "start: at rest without drug, in numbers"
        if at_rest
        else "start: totals of the model, not yet at rest",
    ]
    return tuple(clause for clause in said if clause)


def write_target(source: Source, path: Path, *, force: bool, end: str | None) -> None:
    """Write a model in the format of the file's name, whole or not at all.

    Parameters
    ----------
    end : last time of the simulation that an archive holds, as written

    Raises
    ------
    InputError : the format can not hold the model, or the file is in the way
    """
    kind = target_format(str(path))
    if end is not None and kind != "omex":
        raise mt.InputError(f"{path}: --time is of the simulation in an archive (.omex)")
    files: tuple[ArchiveFile, ...] = ()
    text = ""
    if kind == "sbml":
        text = source.sbml
    elif kind == "antimony":
        text = sbml_to_antimony(source.sbml, origin=source.origin)
    elif kind == "native":
        text = _native_text(source)
    else:
        files = archive_files(source.sbml, source.model, dict(source.doses), end=end)
    with whole_file(path, force=force) as unfinished:
        if files:
            write_archive(unfinished, files)
        else:
            unfinished.write_text(text, encoding="utf-8")


def _native_text(source: Source) -> str:
    """TOML of a native model, drugs merged in, as its own parameters have it."""
    model = source.model
    if model is None:
        raise mt.InputError(
            f"{source.origin}: a native model (.toml) gives unit, spread and source of every "
            "constant, which this file does not; models/README.md shows the form"
        )
    if source.changes:
        raise mt.InputError(
            f"{source.origin}: a native model (.toml) takes contexts, loops, doses and values when "
            f"it is run; it can not be written with {', '.join(source.changes)} baked in"
        )
    return write_network(model.network)
