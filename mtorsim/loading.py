"""Models by name or file, whichever format they are in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mtorsim.errors import InputError
from mtorsim.interop.format_names import FORMATS
from mtorsim.model import Model
from mtorsim.modelfiles.compose import compose
from mtorsim.modelfiles.library import model_entry
from mtorsim.simulate.quantities import as_names

if TYPE_CHECKING:
    from mtorsim.imported_model import ImportedModel


def load(model: str | Path, *, drugs: Sequence[str] = ()) -> Model | ImportedModel:
    """A model by shipped name, or from a file in any format that can be read.

    Parameters
    ----------
    model : ``"mtor-core"``, or a path: ``.toml`` (native), ``.xml`` or ``.sbml`` (SBML), ``.ant``
        (Antimony), ``.net`` (BioNetGen) or ``.omex`` (COMBINE archive)
    drugs : of a native model, to be merged in at once; those named in a later call are merged in
        by themselves

    Returns
    -------
    A native model in its first context, where it names any; else the imported model, with the
    same face, in its own units

    Raises
    ------
    UnknownNameError, ModelError, InputError : no such model, or its files are wrong
    MissingExtraError : the library that reads its format is not installed
    """
    if not isinstance(model, str | Path):
        raise InputError(f"model is {model!r}: give the name of a shipped model, or a path")
    kind, drugs = _format(Path(model)), as_names("drug", drugs)
    if kind == "native":
        return load_native(model, drugs=drugs)
    if kind == "petab":
        raise InputError(f"{model}: a PEtab problem is not a model; mtorsim fit takes it")
    # readers of other formats take as long to import as a native model takes to run
    from mtorsim.imported_model import ImportedModel

    return ImportedModel.from_file(model).with_drugs(*drugs)


def load_native(model: str | Path, *, drugs: Sequence[str] = ()) -> Model:
    """As `load`, of a native model alone.

    Parameters
    ----------
    model : name of a shipped model, or path of a ``.toml`` file
    drugs : to be merged in at once

    Raises
    ------
    InputError : a file of another format
    """
    entry = model_entry(model)
    loaded = Model(compose(entry.path, drugs=as_names("drug", drugs)), entry=entry)
    return loaded.with_context(*entry.contexts[:1])


def _format(path: Path) -> str:
    """Format by the ending of a name; what has no known ending is taken for native."""
    for ending in ("".join(path.suffixes[-2:]), path.suffix):
        if ending.lower() in FORMATS:
            return FORMATS[ending.lower()]
    return "native"
