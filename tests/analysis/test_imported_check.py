from __future__ import annotations

import pytest

from mtorsim.analysis.imported_check import ImportedCheck, check_imported
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.imported_engine import ImportedEngine
from tests.interop.sbml_documents import Document


def check(document: Document) -> ImportedCheck:
    return check_imported(ImportedEngine(read_sbml_text(document.text(), origin="m.xml")))


def decay(law: str) -> Document:
    document = Document().compartment().parameter("k", 1.0)
    return document.species("A", amount=1.0).reaction("R", ["A"], [], law)


def test_a_sound_model_is_counted_and_not_complained_of() -> None:
    found = check(decay("c * k * A"))
    assert found.findings == ()
    assert found.is_mass_action
    assert dict(found.contents) == {
        "compartments": 1,
        "species": 1,
        "parameters": 1,
        "reactions": 1,
        "assignment rules": 0,
        "rate rules": 0,
        "initial assignments": 0,
        "events": 0,
    }


def test_an_unused_and_an_unset_parameter_are_named() -> None:
    found = check(decay("c * k * A * u").parameter("u").parameter("idle", 1.0))
    assert [(finding.kind, finding.text) for finding in found.findings] == [
        ("no value", "parameter 'u' has no value"),
        ("unused", "parameter 'idle' is not used"),
    ]
    assert all(finding.where.startswith("m.xml:") for finding in found.findings)


def test_a_reaction_that_goes_on_without_its_reactant_is_named() -> None:
    kinds = {finding.kind: finding.text for finding in check(decay("c * k")).findings}
    assert "reaction 'R' goes on without its reactant 'A'" in kinds["can go negative"]
    assert "not a product with its reactants" in kinds["not mass action"]


def test_a_saturable_law_is_named_as_not_mass_action() -> None:
    found = check(decay("c * k * A / (1 + A)"))
    assert [finding.kind for finding in found.findings] == ["not mass action"]
    assert not found.is_mass_action


@pytest.mark.parametrize(
    ("law", "is_mass_action"),
    [
        ("c * k * A * A", True),
        ("k * A^2 * E / c", True),
        ("(k + time) * A^2 - k * A^3", True),
        ("k * A", False),
        ("k * A^2.5", False),
        ("k * A^2 + k * E", False),
        ("k * exp(A)", False),
    ],
)
def test_mass_action_is_a_sum_of_products_with_all_reactants(
    law: str, is_mass_action: bool
) -> None:
    document = Document().compartment().parameter("k", 1.0)
    document.species("A", amount=1.0).species("E", amount=1.0).reaction("R", ["A", "A"], [], law)
    kinds = {finding.kind for finding in check(document).findings}
    assert ("not mass action" in kinds) != is_mass_action


def test_a_reversible_law_may_hold_the_products_instead() -> None:
    document = Document().compartment().parameter("k", 1.0)
    document.species("A", amount=1.0).species("B", amount=1.0)
    document.reaction("R", ["A"], ["B"], "k * A - k * B")
    found = {finding.kind for finding in check(document).findings}
    assert "not mass action" in found
    document.model.getReaction(0).setReversible(True)
    assert check(document).findings == ()
