"""Files of any format as SBML text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtorsim.errors import InputError, ModelError
from mtorsim.interop.antimony import antimony_to_sbml
from mtorsim.interop.bngl_export import bngl_net_to_sbml
from mtorsim.interop.bngl_net import read_bngl_net
from mtorsim.interop.format_names import NAMES, format_of
from mtorsim.interop.omex import read_archive
from mtorsim.interop.sbml_document import MAX_BYTES, parse_document
from mtorsim.interop.sbml_writer import LEVEL, VERSION, import_libsbml
from mtorsim.interop.text_file import read_text


def read_as_sbml(path: str | Path) -> str:
    """The model of an SBML, Antimony, BioNetGen or COMBINE file as SBML text.

    Raises
    ------
    ModelError : it can not be read
    InputError : its format holds no such model
    MissingExtraError : a library is not installed
    """
    file, kind = Path(path), format_of(path)
    if kind == "sbml":
        return read_text(file, max_bytes=MAX_BYTES)
    if kind == "antimony":
        return antimony_to_sbml(read_text(file, max_bytes=MAX_BYTES), origin=str(path))
    if kind == "bngl":
        return bngl_net_to_sbml(read_bngl_net(file))
    if kind == "omex":
        return read_archive(file).model().text()
    raise InputError(f"{path}: a {NAMES[kind]} is not a file with a model to convert")


def as_level_3(text: str, *, origin: str) -> str:
    """An SBML document as Level 3 Version 2, by libSBML's converter.

    Raises
    ------
    ModelError : the document can not be read, or says what Level 3 can not
    """
    document = parse_document(text.encode(), origin=origin)
    if not document.setLevelAndVersion(LEVEL, VERSION, False, True):
        reason = next(iter(_complaints(document)), "the converter gives no reason")
        raise ModelError(f"{origin}: can not be written as SBML Level 3 Version 2: {reason}")
    return str(import_libsbml().writeSBMLToString(document))


def _complaints(document: Any) -> Sequence[str]:
    """What the converter says, one line each."""
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    return [" ".join(error.getMessage().split())[:200] for error in errors]
