from __future__ import annotations

from mtorsim.analysis.imported_check import ImportedCheck, check_imported
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.imported import ImportedModel
from tests.interop.sbml_documents import Document


def check(document: Document) -> ImportedCheck:
    return check_imported(ImportedModel(read_sbml_text(document.text(), origin="m.xml")))


def decay(law: str) -> Document:
    document = Document().compartment().parameter("k", 1.0)
    return document.species("A", amount=1.0).reaction("R", ["A"], [], law)


def test_a_sound_model_is_counted_and_not_complained_of() -> None:
    found = check(decay("c * k * A"))
    assert found.notes == ()
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
    assert [note.partition(": ")[2] for note in found.notes] == [
        "parameter 'u' has no value",
        "parameter 'idle' is not used",
    ]
    assert all(note.startswith("m.xml:") for note in found.notes)


def test_a_reaction_that_goes_on_without_its_reactant_is_named() -> None:
    (note,) = check(decay("c * k")).notes
    assert "reaction 'R' goes on without its reactant 'A'" in note


def test_a_saturable_law_is_sound_though_not_mass_action() -> None:
    found = check(decay("c * k * A / (1 + A)"))
    assert found.notes == ()
    assert not found.is_mass_action
