from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.codegen.array_evaluation import evaluate
from mtorsim.interop.sbml_export import network_to_sbml, structure_to_sbml
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.modelfiles.compose import compose
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.simulate.lane_inputs import input_segments
from mtorsim.simulate.mass_action import MassActionTables
from tests.strategies import mass_action_networks


def terms(structure: MassActionStructure) -> Counter[object]:
    """Reactions without their order; those that change nothing leave no trace in an ODE."""
    pairs = zip(structure.reactants, structure.changes, strict=True)
    return Counter((reactants, changes) for reactants, changes in pairs if changes)


@pytest.fixture(scope="module")
def network():
    return compose("mtor-core", drugs=("everolimus", "vistusertib"))


def test_a_model_comes_back_as_the_same_mass_action(network) -> None:
    imported = ImportedEngine(read_sbml_text(network_to_sbml(network)))
    back = imported.lane_kernels().mass_action
    assert back is not None
    assert terms(back.structure) == terms(network.structure())


def test_a_model_comes_back_with_the_same_right_hand_side(network) -> None:
    imported = ImportedEngine(read_sbml_text(network_to_sbml(network)))
    form = imported.lane_kernels().form
    back = imported.lane_kernels().mass_action
    assert back is not None
    start = imported.start()
    ((_, inputs),) = input_segments(imported.system, form, start, 1.0) or []
    k = np.array(
        [
            coefficient * np.prod(inputs[0, list(factors)])
            for coefficient, factors in zip(back.coefficients, back.inputs, strict=True)
        ]
    )
    values = network.parameter_values()[None, :]
    y = np.random.default_rng(0).lognormal(size=form.n_states)
    amounts = network.initial_amounts(values)
    place = {sid: i for i, sid in enumerate(network.species_ids)}
    fixed = amounts[:, [place[sid] for sid in network.fixed_species]]
    ours = MassActionTables(network.structure()).rhs(
        y, network.fold_fixed(network.rate_constants(values), fixed)[0]
    )
    theirs = MassActionTables(back.structure).rhs(y, k)
    np.testing.assert_allclose(theirs, ours, rtol=1e-11, atol=1e-13 * np.abs(ours).max())


@settings(max_examples=20)
@given(mass_action_networks())
def test_any_network_comes_back_as_the_same_equations(network) -> None:
    text = structure_to_sbml(
        network.structure, rate_constants=network.k, initial_amounts=network.y0
    )
    imported = ImportedEngine(read_sbml_text(text))
    system = imported.system
    start = imported.start()[0]
    at_start = imported.simulate([0.0], outputs=[s.id for s in imported.model.species])
    np.testing.assert_allclose(at_start[0], network.y0, rtol=1e-14)
    ours = MassActionTables(network.structure).rhs(network.y0, network.k)
    slots = {i: start[i : i + 1] for i in range(start.size)}
    rates = evaluate(system.graph, system.rates, slots=slots, time=0.0)
    theirs = np.zeros(len(imported.model.species))
    order = [s.id for s in imported.model.species]
    for sid, rate in zip(system.slots, rates, strict=False):
        theirs[order.index(sid)] = rate.item()
    scale = np.abs(ours).max(initial=1e-12)
    np.testing.assert_allclose(theirs, ours, rtol=1e-11, atol=1e-12 * scale)
