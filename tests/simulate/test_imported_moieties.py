"""What imported models conserve."""

from __future__ import annotations

import numpy as np
import pytest

from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.imported_moieties import directions_of, moieties_of_system, reaction_changes
from mtorsim.symbolic.general_resolver import resolve
from mtorsim.symbolic.general_system import GeneralSystem
from tests.interop.sbml_documents import Document


def cycle() -> Document:
    document = Document().compartment().parameter("k", 1.0)
    for name in "ABC":
        document.species(name, amount=1.0, in_amount=True)
    return document.reaction("R1", ["A"], ["B"], "k * A").reaction("R2", ["B"], ["C"], "k * B")


def system(document: Document) -> GeneralSystem:
    return resolve(read_sbml_text(document.text()))


def sums(document: Document) -> list[dict[str, int]]:
    found = system(document)
    return [
        {sid: w for sid, w in zip(found.slots, moiety.weights, strict=False) if w}
        for moiety in moieties_of_system(found)
    ]


def test_a_closed_cycle_conserves_its_sum() -> None:
    assert sums(cycle()) == [{"A": 1, "B": 1, "C": 1}]


def test_whole_stoichiometries_weigh_the_sum() -> None:
    document = Document().compartment().parameter("k", 1.0)
    document.species("M", amount=2.0, in_amount=True).species("D", amount=0.0, in_amount=True)
    document.reaction("R", ["D"], ["M"], "k * D", stoichiometry=2.0)
    assert sums(document) == [{"M": 1, "D": 2}]


OPENED = {
    "a source": lambda d: d.reaction("In", [], ["A"], "k"),
    "an event": lambda d: d.event("E", "time > 1", {"B": "2"}),
    "a fraction": lambda d: d.reaction("R3", ["C"], ["A"], "k * C", stoichiometry=0.5),
    "a formula": lambda d: d.reaction("R3", ["C"], ["A"], "k * C", stoichiometry_id="n").always(
        "n", "2 + time"
    ),
}


@pytest.mark.parametrize("what", OPENED)
def test_what_opens_a_cycle_ends_its_sum(what: str) -> None:
    assert sums(OPENED[what](cycle())) == []


def test_a_boundary_species_is_a_reservoir() -> None:
    document = cycle().species("S", amount=1.0, in_amount=True, boundary=True)
    assert sums(document.reaction("In", ["S"], ["A"], "k * S")) == []


def test_directions_span_what_reactions_can_do() -> None:
    found = system(cycle())
    changes = list(reaction_changes(found).values())
    basis = directions_of(found.n_continuous, changes)
    assert basis.shape == (3, 2)
    np.testing.assert_allclose(basis.sum(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(basis.T @ basis, np.eye(2), atol=1e-14)
    assert directions_of(3, []).shape == (3, 0)
