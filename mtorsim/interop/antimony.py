"""Antimony text in and out, by way of SBML and the ``antimony`` library."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from mtorsim.errors import MissingExtraError, ModelError
from mtorsim.interop.sbml_document import MAX_BYTES
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.interop.text_file import read_text
from mtorsim.network.general_model import GeneralModel

#: Antimony's import statement opens any file that it names
_IMPORT = re.compile(r"(?:^|[;\n])[ \t]*import\b", re.MULTILINE)


def read_antimony(path: str | Path) -> GeneralModel:
    """The main model of an Antimony file.

    Raises
    ------
    ModelError : not Antimony, or with a feature that is not supported
    MissingExtraError : the library is not installed
    """
    text = read_text(Path(path), max_bytes=MAX_BYTES)
    return read_antimony_text(text, origin=str(path))


def read_antimony_text(text: str, *, origin: str = "<text>") -> GeneralModel:
    """As `read_antimony`, of the text itself."""
    return read_sbml_text(antimony_to_sbml(text, origin=origin), origin=origin)


def antimony_to_sbml(text: str, *, origin: str = "<text>") -> str:
    """The main model of an Antimony text as SBML."""
    statement = _IMPORT.search(text)
    if statement is not None:
        line = text.count("\n", 0, statement.end()) + 1
        raise ModelError(f"{origin}:{line}: import of other files: this is not supported")
    if not text.strip():
        raise ModelError(f"{origin}: the file is empty, there is no model in it")
    library = _library()
    library.clearPreviousLoads()
    if library.loadAntimonyString(text) < 0:
        raise ModelError(f"{origin}: not valid Antimony: {_last_error(library)}")
    return str(library.getSBMLString(library.getMainModuleName()))


def sbml_to_antimony(text: str, *, origin: str = "<text>") -> str:
    """An SBML document as Antimony text."""
    library = _library()
    library.clearPreviousLoads()
    if library.loadSBMLString(text) < 0:
        raise ModelError(f"{origin}: can not be written as Antimony: {_last_error(library)}")
    return str(library.getAntimonyString(library.getMainModuleName()))


def _library() -> ModuleType:
    try:
        import antimony
    except ImportError as error:
        raise MissingExtraError("antimony", "sbml") from error
    module: ModuleType = antimony
    return module


def _last_error(library: ModuleType) -> str:
    try:
        return " ".join(str(library.getLastError()).split())[:300]
    except UnicodeDecodeError:
        # it quotes single bytes of letters that have several
        return "a letter stands where none may"
