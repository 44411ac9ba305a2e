"""Which format a file is in, by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mtorsim.errors import InputError, suggestion

Format = Literal["native", "sbml", "antimony", "bngl", "omex", "petab"]

FORMATS: dict[str, Format] = {
    ".toml": "native",
    ".xml": "sbml",
    ".sbml": "sbml",
    ".ant": "antimony",
    ".antimony": "antimony",
    ".net": "bngl",
    ".net.gz": "bngl",
    ".omex": "omex",
    ".yaml": "petab",
    ".yml": "petab",
}
NAMES: dict[Format, str] = {
    "native": "mtorsim model",
    "sbml": "SBML",
    "antimony": "Antimony",
    "bngl": "BioNetGen network",
    "omex": "COMBINE archive",
    "petab": "PEtab problem",
}


def format_of(path: str | Path) -> Format:
    """The format that a file's name stands for; a name without an ending is that of a model.

    Raises
    ------
    InputError : an ending that none of the formats has
    """
    file = Path(path)
    if not file.suffix and len(file.parts) == 1:
        return "native"
    ending = "".join(file.suffixes[-2:]).lower()
    found = FORMATS.get(ending) or FORMATS.get(file.suffix.lower())
    if found is None:
        near = suggestion(file.suffix.lower(), FORMATS) or f"; known: {', '.join(FORMATS)}"
        raise InputError(f"{path}: no format has the ending {file.suffix!r}{near}")
    return found
