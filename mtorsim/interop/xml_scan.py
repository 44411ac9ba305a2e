"""A first pass over XML that builds nothing, so that hostile files reach no other parser."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from mtorsim.errors import ModelError

#: libSBML and its converters recurse once per level
MAX_DEPTH = 400


class XmlScan:
    """Refuses XML that is not well-formed, declares entities, or nests too deeply."""

    def __init__(self, origin: str) -> None:
        self.origin, self.depth = origin, 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def scan(self, content: bytes) -> None:
        """Go through a document.

        Raises
        ------
        ModelError : what is wrong, with its line
        """
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "syntax error")
            raise ModelError(
                f"{self.origin}:{error.lineno}: not well-formed XML: {reason}"
            ) from error
        except (ValueError, LookupError) as error:
            raise ModelError(f"{self.origin}: the XML has an encoding that is not known") from error

    def where(self) -> str:
        """File and line that the scan has come to."""
        return f"{self.origin}:{self.parser.CurrentLineNumber}"

    def check_root(self, name: str, attributes: Mapping[str, str]) -> None:
        """Look at the outermost element; any will do."""

    def _doctype(self, *_: object) -> None:
        raise ModelError(f"{self.where()}: a DOCTYPE (entities) is not accepted in a model file")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self.depth:
            self.check_root(name, attributes)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ModelError(f"{self.where()}: elements are nested deeper than {MAX_DEPTH}")

    def _end(self, _: str) -> None:
        self.depth -= 1
