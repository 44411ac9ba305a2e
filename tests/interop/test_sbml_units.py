"""Units that an SBML file declares, as short texts."""

from __future__ import annotations

import libsbml
import pytest

from mtorsim.interop.sbml_import import read_sbml_text
from tests.interop.sbml_documents import Document

SECOND, MOLE, LITRE = libsbml.UNIT_KIND_SECOND, libsbml.UNIT_KIND_MOLE, libsbml.UNIT_KIND_LITRE
GRAM, BARE = libsbml.UNIT_KIND_GRAM, libsbml.UNIT_KIND_DIMENSIONLESS
Part = tuple[int, float, int, float]


def define(document: Document, name: str, *parts: Part) -> None:
    """A unit of parts (kind, exponent, scale, multiplier)."""
    definition = document.model.createUnitDefinition()
    definition.setId(name)
    for kind, exponent, scale, multiplier in parts:
        unit = definition.createUnit()
        unit.setKind(kind)
        unit.setExponent(exponent)
        unit.setScale(scale)
        unit.setMultiplier(multiplier)


TEXTS: list[tuple[tuple[Part, ...], str]] = [
    (((SECOND, 1, 0, 60.0),), "min"),
    (((SECOND, -1, 0, 3600.0),), "1/h"),
    (((MOLE, 1, -9, 1.0), (LITRE, -1, 0, 1.0)), "nM"),
    (((MOLE, 1, -6, 1.0), (LITRE, -1, -3, 1.0)), "mM"),
    (((LITRE, 1, 0, 1.0), (MOLE, -1, -9, 1.0), (SECOND, -1, 0, 1.0)), "1/(nM*s)"),
    (((GRAM, 1, -9, 1.0), (LITRE, -1, -3, 1.0)), "ng/ml"),
    (((SECOND, 1, 0, 7.0),), "7 s"),
    (((SECOND, 2, 0, 1.0),), "s^2"),
    (((BARE, 1, 0, 1.0),), "1"),
    (((BARE, 1, 0, 1.0), (SECOND, -1, 0, 1.0)), "1/s"),
]


@pytest.mark.parametrize(("parts", "text"), TEXTS)
def test_a_unit_is_written_in_the_symbols_of_the_field(parts: tuple[Part, ...], text: str) -> None:
    document = Document().parameter("k", 1.0)
    define(document, "u", *parts)
    document.model.getParameter(0).setUnits("u")
    assert read_sbml_text(document.text()).units["k"] == text


@pytest.mark.parametrize(("in_amount", "text"), [(True, "nmol"), (False, "nM")])
def test_a_species_has_the_unit_of_what_it_means(in_amount: bool, text: str) -> None:
    document = Document().compartment().species("A", amount=1.0, in_amount=in_amount)
    define(document, "nanomole", (MOLE, 1, -9, 1.0))
    document.model.setSubstanceUnits("nanomole")
    document.model.setVolumeUnits("litre")
    document.model.setTimeUnits("second")
    model = read_sbml_text(document.text())
    assert (model.units["A"], model.units["c"], model.time_unit) == (text, "l", "s")


def test_what_a_file_does_not_declare_has_no_unit() -> None:
    document = Document().compartment().species("A", amount=1.0).parameter("k", 1.0)
    model = read_sbml_text(document.text())
    assert model.time_unit == ""
    assert set(model.units.values()) == {""}


def test_level_2_declares_by_the_names_of_its_definitions() -> None:
    document = Document(2, 4).compartment().species("A", concentration=1.0)
    define(document, "time", (SECOND, 1, 0, 60.0))
    define(document, "substance", (MOLE, 1, -6, 1.0))
    assert read_sbml_text(document.text()).time_unit == "min"
    define(document, "volume", (LITRE, 1, 0, 1.0))
    assert read_sbml_text(document.text()).units["A"] == "uM"
