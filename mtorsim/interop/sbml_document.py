"""Opens an SBML file with libSBML, after checks that keep a damaged or hostile file from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mtorsim.errors import MissingExtraError, ModelError
from mtorsim.interop.xml_scan import XmlScan

MAX_BYTES = 48 * 1024**2
#: packages that change nothing that is simulated, and libSBML's name for the mathematics of L3V2
HARMLESS = frozenset({"layout", "render", "groups", "req", "annot", "l3v2extendedmath"})
_SPACE = "http://www.sbml.org/sbml/level"
#: namespace -> the pairs (level, version) that it stands for
LEVELS = {
    f"{_SPACE}1": (("1", "1"), ("1", "2")),
    f"{_SPACE}2": (("2", "1"),),
    **{f"{_SPACE}2/version{v}": (("2", str(v)),) for v in range(2, 6)},
    **{f"{_SPACE}3/version{v}/core": (("3", str(v)),) for v in (1, 2)},
}
FEATURE_OF_PACKAGE = {
    "comp": "hierarchical models (package comp)",
    "fbc": "flux balance (package fbc)",
}


class UnsupportedFeatureError(ModelError):
    """A file needs something that is not supported; ``feature`` is its name."""

    def __init__(self, where: str, element: str, feature: str) -> None:
        self.feature = feature
        super().__init__(f"{where}: {element}: {feature}: this is not supported")


def read_document(path: Path) -> Any:
    """The libSBML document of a file.

    Raises
    ------
    ModelError : not there, not readable, not SBML, damaged, or needs a package that is not read
    MissingExtraError : python-libsbml is not installed
    """
    content = _content(path)
    return parse_document(content, origin=str(path))


def parse_document(content: bytes, *, origin: str) -> Any:
    """The libSBML document in ``content``; ``origin`` names it in messages."""
    document = open_document(content, origin=origin)
    for error in unsupported_packages(document, origin):
        raise error
    return document


def open_document(content: bytes, *, origin: str) -> Any:
    """As `parse_document`, whatever packages the document needs."""
    try:
        import libsbml
    except ImportError as error:
        raise MissingExtraError("python-libsbml", "sbml") from error
    check_xml(content, origin)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ModelError(f"{origin}:{line}: not a text file in UTF-8") from error
    document = libsbml.readSBMLFromString(text)
    _refuse_errors(libsbml, document, origin)
    if document.getModel() is None:
        raise ModelError(f"{origin}: there is no model in this file")
    return document


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise ModelError(f"{path}: a file is wanted, this is a folder") from error
    except OSError as error:
        raise ModelError(f"{path}: can not be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise ModelError(f"{path}: larger than {MAX_BYTES // 1024**2} MiB")
    return content


class _SbmlScan(XmlScan):
    """Also refuses what is not SBML of a level that exists: libSBML aborts on some of it."""

    def check_root(self, name: str, attributes: Mapping[str, str]) -> None:
        """Look at the outermost element."""
        space, _, local = name.rpartition(" ")
        if local != "sbml":
            raise ModelError(
                f"{self.where()}: not SBML: the outermost element is <{local[:40]}>, not <sbml>"
            )
        level, version = attributes.get("level", ""), attributes.get("version", "")
        if (level, version) not in LEVELS.get(space, ()):
            raise ModelError(
                f"{self.where()}: not SBML: level {level[:20]!r} version {version[:20]!r} in the "
                f"namespace {space[:80]!r}; Levels 1 to 3 are read"
            )


def check_xml(content: bytes, origin: str) -> None:
    """Refuse what is not well-formed, not SBML, declares entities, or nests too deeply."""
    _SbmlScan(origin).scan(content)


def _refuse_errors(libsbml: Any, document: Any, origin: str) -> None:
    """The first error that libSBML met while reading."""
    for number in range(document.getNumErrors()):
        error = document.getError(number)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR:
            text = " ".join(error.getShortMessage().split()) or "error"
            detail = " ".join(error.getMessage().split())[:200]
            raise ModelError(f"{origin}:{error.getLine()}: not valid SBML: {text}: {detail}")


def unsupported_packages(document: Any, origin: str) -> Iterator[UnsupportedFeatureError]:
    """An error for each package that the document needs and that is not read."""
    model = document.getModel()
    for number in range(document.getNumPlugins()):
        plugin = document.getPlugin(number)
        package = plugin.getPackageName()
        if package == "comp":
            used = _count(model, package, "getNumSubmodels") or _count_replaced(model)
        elif package == "fbc":
            used = _count(model, package, "getNumObjectives", "getNumFluxBounds")
        else:
            used = package not in HARMLESS and document.getPackageRequired(package)
        if used:
            feature = FEATURE_OF_PACKAGE.get(package, f"package {package}")
            where, element = f"{origin}:{model.getLine()}", f"model {model.getId()!r}"
            yield UnsupportedFeatureError(where, element, feature)
    for number in range(document.getNumUnknownPackages()):
        prefix = document.getUnknownPackagePrefix(number)
        if document.getPackageRequired(prefix):
            yield UnsupportedFeatureError(f"{origin}:1", "sbml", f"package {prefix}")


def _count(model: Any, package: str, *counters: str) -> int:
    plugin = model.getPlugin(package)
    return 0 if plugin is None else sum(getattr(plugin, counter)() for counter in counters)


def _count_replaced(model: Any) -> int:
    """Elements that a hierarchical model replaces, or that replace others."""
    total = 0
    for elements in (model.getListOfSpecies(), model.getListOfParameters()):
        for number in range(elements.size()):
            plugin = elements.get(number).getPlugin("comp")
            if plugin is not None:
                total += plugin.getNumReplacedElements() + bool(plugin.isSetReplacedBy())
    return total
