from __future__ import annotations

import numpy as np

from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.symbolic.general_resolver import resolve
from mtorsim.symbolic.lane_form import LaneForm, lane_form
from mtorsim.symbolic.polynomial import mass_action_form
from tests.interop.sbml_documents import Document


def form_of(document: Document) -> LaneForm:
    return lane_form(resolve(read_sbml_text(document.text())))


def pathway(law: str, *, size: float = 1.0) -> Document:
    document = Document().compartment(size=size).parameter("k", 2.0).parameter("q", 3.0)
    for sid in ("A", "B", "C"):
        document.species(sid, concentration=1.0)
    return document.reaction("R", ["A", "B"], ["C"], law)


def test_a_reversible_law_is_two_reactions_of_the_same_effect() -> None:
    network = mass_action_form(form_of(pathway("c * k * (A * B - C / q)")))
    assert network is not None
    structure = network.structure
    assert sorted(structure.reactants) == [(0, 1), (2,)]
    changes = dict(zip(structure.reactants, structure.changes, strict=True))
    assert changes[0, 1] == ((0, -1), (1, -1), (2, 1))
    assert changes[2,] == ((0, 1), (1, 1), (2, -1))
    assert network.coefficients == (1.0, 1.0)


def test_a_modifier_reacts_and_does_not_change() -> None:
    network = mass_action_form(form_of(pathway("c * k * A * C")))
    assert network is not None
    assert network.structure.reactants == ((0, 2),)
    assert network.structure.changes == (((0, -1), (1, -1), (2, 1)),)


def test_volumes_of_unequal_size_split_a_reaction() -> None:
    document = pathway("k * A").compartment("d", 3.0).species("D", amount=1.0, compartment="d")
    document.reaction("Move", ["D"], ["C"], "0.3 * D")
    network = mass_action_form(form_of(document))
    assert network is not None
    matrix = network.structure.stoichiometry()
    assert set(np.unique(matrix)) <= {-1, 0, 1}


def test_a_fixed_volume_of_one_leaves_no_trace() -> None:
    form = form_of(pathway("c * k * A * B"))
    assert [form.graph.nodes[node].kind for node in form.inputs] == ["slot"]


def test_a_saturable_law_is_not_mass_action() -> None:
    assert mass_action_form(form_of(pathway("c * k * A / (q + A)"))) is None


def test_four_reactants_are_too_many() -> None:
    assert mass_action_form(form_of(pathway("c * k * A^2 * B^2"))) is None


def test_a_product_that_expands_without_end_is_left_general() -> None:
    document = Document().compartment()
    total = " + ".join(f"S{i}" for i in range(150))
    for i in range(150):
        document.species(f"S{i}", concentration=1.0)
    document.reaction("R", ["S0"], [], f"({total}) * ({total}) * ({total})")
    assert mass_action_form(form_of(document)) is None


def test_steady_parts_become_inputs_and_the_time_a_state() -> None:
    document = Document().parameter("x", 1.0).parameter("k", 2.0).parameter("n", 3.0)
    form = form_of(document.rate("x", "k^n * x + sin(time) + piecewise(1, time < 2, 0)"))
    assert form.has_time
    assert form.n_states == 2
    assert len(form.inputs) == 2  # k^n and the piecewise
    assert len(form.switches) == 1
    assert form.is_complete


def test_a_jump_at_moments_that_repeat_is_not_known_in_advance() -> None:
    document = Document().parameter("x", 1.0).rate("x", "floor(time) - x")
    assert not form_of(document).is_complete
