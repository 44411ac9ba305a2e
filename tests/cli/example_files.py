"""The files that examples of the command line name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import libsbml

from tests.analysis.test_petab_fit import write_problem
from tests.interop.sbml_documents import Document


def write_model(path: Path) -> Path:
    """Reversible exchange of A and B, in items and minutes."""
    document = Document().compartment(size=1.0)
    sbml = document.model
    minute = sbml.createUnitDefinition()
    minute.setId("minute")
    per_minute = sbml.createUnitDefinition()
    per_minute.setId("per_minute")
    for definition, exponent in ((minute, 1), (per_minute, -1)):
        unit = definition.createUnit()
        unit.setKind(libsbml.UNIT_KIND_SECOND)
        unit.setExponent(exponent)
        unit.setScale(0)
        unit.setMultiplier(60.0)
    sbml.setTimeUnits("minute")
    sbml.setSubstanceUnits("item")
    sbml.setExtentUnits("item")
    sbml.setVolumeUnits("litre")
    document.parameter("k1", 1.0, constant=True).parameter("k2", 0.1, constant=True)
    for number in range(2):
        sbml.getParameter(number).setUnits("per_minute")
    document.species("A", amount=10.0, in_amount=True).species("B", amount=0.0, in_amount=True)
    document.reaction("forward", ["A"], ["B"], "k1 * A").reaction("back", ["B"], ["A"], "k2 * B")
    path.write_text(document.text())
    return path


def write_network(path: Path) -> Path:
    """A small BioNetGen network."""
    return Path(shutil.copy(Path(__file__).parents[1] / "interop" / "data" / "toy.net", path))


#: by name, what writes it
EXAMPLE_FILES: dict[str, Callable[[Path], object]] = {
    "model.xml": write_model,
    "core.xml": write_model,
    "network.net": write_network,
    "problem.yaml": lambda path: write_problem(path.parent),
}
