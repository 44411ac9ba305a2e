import sys

import libsbml
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose

from mtorsim.errors import InputError, MissingExtraError, UnknownNameError
from mtorsim.interop.sbml_export import network_to_sbml, structure_to_sbml
from mtorsim.modelfiles.compose import apply_contexts, compose, load_context
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.mass_action import MassActionTables
from mtorsim.simulate.reference import solve_with_scipy
from tests.strategies import mass_action_networks

DRUGS = ("everolimus", "vistusertib")


def _complaints(text):
    """All that libSBML has to say, units and modelling practice included."""
    document = libsbml.readSBMLFromString(text)
    document.checkConsistency()
    return [document.getError(i).getMessage() for i in range(document.getNumErrors())]


@pytest.fixture(scope="module")
def core():
    return compose("mtor-core", drugs=DRUGS)


@pytest.fixture(scope="module")
def exported(core):
    return network_to_sbml(core, doses={"everolimus": 20.0})


@pytest.fixture(scope="module")
def model(exported):
    document = libsbml.readSBMLFromString(exported)
    yield document.getModel()
    del document


def _small_network(**changes):
    parameters = tuple(
        Parameter(name, value, unit, value, 1.0, "assumed")
        for name, value, unit in (("k", 2.0, "1/(nM*s)"), ("A", 3.0, "nM"), ("w", 4.0, "1"))
    )
    parts = {
        "id": "cell",
        "title": "",
        "species": (Species("A", initial=parse_monomial("2 * A * w")), Species("A:A")),
        "reactions": (
            Reaction("pairing", "", ("A", "A"), ("A:A",), parse_monomial("k * w^2 / (w * w)")),
        ),
        "parameters": parameters,
        "observables": (Observable("pairs", (("A:A", 2.0),), "A", (("A", 1.0), ("A:A", 2.0))),),
    }
    return ReactionNetwork(**{**parts, **changes})


@settings(max_examples=40)
@given(mass_action_networks())
def test_any_structure_exports_without_a_complaint_of_libsbml(network):
    text = structure_to_sbml(
        network.structure,
        rate_constants=network.k,
        initial_amounts=network.y0,
        species_names=network.species,
    )
    assert _complaints(text) == []


@settings(max_examples=6)
@given(mass_action_networks())
def test_roadrunner_finds_our_right_hand_side_in_a_structure(network):
    roadrunner = pytest.importorskip("roadrunner")
    text = structure_to_sbml(
        network.structure, rate_constants=network.k, initial_amounts=network.y0
    )
    runner = roadrunner.RoadRunner(text)
    ids = runner.model.getFloatingSpeciesIds()
    ours = MassActionTables(network.structure).rhs(network.y0, network.k)
    theirs = runner.model.getFloatingSpeciesConcentrationRates()
    scale = 1e-12 * np.abs(ours).max(initial=1e-12)
    assert_allclose(theirs, ours[[int(sid[1:]) for sid in ids]], rtol=1e-12, atol=scale)


def test_a_model_with_all_drugs_exports_without_a_complaint_of_libsbml(exported):
    assert _complaints(exported) == []


def test_level_version_and_units_of_the_model(exported, model):
    assert 'level="3" version="2"' in exported
    assert model.getSubstanceUnits() == "nmol"
    assert model.getTimeUnits() == "second"
    derived = model.getSpecies("AKT").getDerivedUnitDefinition()
    assert libsbml.UnitDefinition.areIdentical(derived, model.getUnitDefinition("nM"))


def test_all_parts_are_there_under_their_names(core, model):
    assert [s.getName() for s in model.getListOfSpecies()] == list(core.species_ids)
    assert [r.getName() for r in model.getListOfReactions()] == list(core.reaction_ids)
    assert model.getSpecies("mTOR__raptor_Rag__Rheb_GTP").getName() == "mTOR:raptor_Rag:Rheb_GTP"
    assert model.getParameter("k_on_fkbp12").getName() == "rapalog + FKBP12"


def test_provenance_of_a_parameter_is_in_its_notes(model):
    notes = model.getParameter("Kd_frb_everolimus").getNotesString()
    assert "source: assumed; spread: 1.1" in notes
    assert "the part that meets the FRB is the same" in notes


@pytest.mark.parametrize(
    ("species", "qualifier", "resources"),
    [
        ("FKBP12", libsbml.BQB_IS, ["uniprot:P62942"]),
        ("AKT_pT308", libsbml.BQB_IS_VERSION_OF, ["uniprot:P31749"]),
        ("mTOR__raptor", libsbml.BQB_HAS_PART, ["uniprot:P42345", "uniprot:Q8N122"]),
    ],
)
def test_species_carry_identifiers(model, species, qualifier, resources):
    element = model.getSpecies(species)
    term = element.getCVTerm(0)
    assert term.getBiologicalQualifierType() == qualifier
    found = [term.getResourceURI(i) for i in range(term.getNumResources())]
    assert found == [f"https://identifiers.org/{entry}" for entry in resources]


def test_reactions_are_marked_as_mass_action(model):
    assert {r.getKineticLaw().getSBOTermID() for r in model.getListOfReactions()} == {"SBO:0000012"}


@pytest.mark.parametrize("context", ["PTEN-intact", "PTEN-lost"])
def test_roadrunner_finds_our_right_hand_side_at_random_states(core, context):
    roadrunner = pytest.importorskip("roadrunner")
    values = apply_contexts(core, [load_context(context, network=core)])
    rows = values[np.newaxis, :]
    runner = roadrunner.RoadRunner(network_to_sbml(core, values=values, doses={"vistusertib": 7.0}))
    amounts = core.initial_amounts(rows)
    amounts[0, core.species_ids.index("vistusertib")] = 7.0
    k = core.fold_fixed(core.rate_constants(rows), amounts[:, core.fixed_columns])[0]
    tables, random = MassActionTables(core.structure()), np.random.default_rng(0)
    names = [model_id_of(name) for name in core.dynamic_species]
    order = [names.index(sid) for sid in runner.model.getFloatingSpeciesIds()]
    for _ in range(3):
        y = 10.0 ** random.uniform(-3, 2, len(order))
        runner.model.setFloatingSpeciesConcentrations(y[order])
        ours = tables.rhs(y, k)
        rounding = 1e-14 * tables.fluxes(y, k).max()
        theirs = runner.model.getFloatingSpeciesConcentrationRates()
        assert_allclose(theirs, ours[order], rtol=1e-12, atol=rounding)


def model_id_of(name):
    return name.replace(":", "__")


@pytest.mark.parametrize("drug", DRUGS)
def test_roadrunner_gives_our_trajectory_for_each_class_of_drug(core, drug):
    roadrunner = pytest.importorskip("roadrunner")
    rows, t_out = core.parameter_values()[np.newaxis, :], np.array([600.0, 7200.0, 86400.0])
    amounts = core.initial_amounts(rows)
    amounts[:, core.species_ids.index(core.doses[drug].species)] += 20 * core.dose_amounts(
        drug, rows
    )
    k = core.fold_fixed(core.rate_constants(rows), amounts[:, core.fixed_columns])
    ours = solve_with_scipy(
        core.structure(), amounts[:, core.dynamic_columns], k, t_out=t_out, method="scipy-LSODA"
    ).values[0]
    runner = roadrunner.RoadRunner(network_to_sbml(core, doses={drug: 20.0}))
    runner.integrator.setValue("relative_tolerance", 1e-10)
    runner.integrator.setValue("absolute_tolerance", 1e-12)
    runner.timeCourseSelections = [f"[{model_id_of(name)}]" for name in core.dynamic_species]
    theirs = np.array(runner.simulate(times=[0.0, *t_out]))[1:]
    peaks = np.abs(theirs).max(axis=0)
    assert (np.abs(ours - theirs) <= 1e-6 * np.maximum(peaks, 1e-3)).all()


def test_doses_and_totals_can_be_changed_in_the_exported_model(core):
    roadrunner = pytest.importorskip("roadrunner")
    runner = roadrunner.RoadRunner(network_to_sbml(core))
    ratio = core.parameter("medium_volume_ratio").value
    assert runner["[everolimus_medium]"] == 0.0
    runner["dose_everolimus"] = 5.0
    runner["FKBP12_total"] = 123.0
    runner.reset()
    assert runner["[everolimus_medium]"] == pytest.approx(5.0 * ratio)
    assert runner["[FKBP12]"] == pytest.approx(123.0)


def test_observables_have_our_values(core):
    roadrunner = pytest.importorskip("roadrunner")
    runner = roadrunner.RoadRunner(network_to_sbml(core))
    y = np.linspace(1.0, 2.0, len(core.dynamic_species))
    names = [model_id_of(name) for name in core.dynamic_species]
    order = [names.index(sid) for sid in runner.model.getFloatingSpeciesIds()]
    runner.model.setFloatingSpeciesConcentrations(y[order])
    ids = [observable.id for observable in core.observables]
    numerators, denominators = core.observable_matrix(ids)
    totals = np.where(denominators.any(axis=1), denominators @ y, 1.0)
    taken = set(runner.model.getFloatingSpeciesIds())
    exported = [f"{name}_observable" if name in taken else name for name in ids]
    assert_allclose([runner[name] for name in exported], numerators @ y / totals, rtol=1e-12)


def test_ids_that_meet_are_told_apart_and_parameters_keep_theirs():
    text = network_to_sbml(_small_network())
    assert _complaints(text) == []
    model = libsbml.readSBMLFromString(text).getModel()
    assert model is not None
    assert 'parameter id="A"' in text
    assert '<species id="A_species" name="A"' in text
    assert 'model id="cell_model"' in text


def test_powers_quotients_and_numbers_of_a_rate_survive():
    document = libsbml.readSBMLFromString(network_to_sbml(_small_network()))
    model = document.getModel()
    law = libsbml.formulaToL3String(model.getReaction("pairing").getKineticLaw().getMath())
    assert law == "cell * k * A_species^2"
    initial = libsbml.formulaToL3String(model.getInitialAssignment(0).getMath())
    assert initial == "2 dimensionless * A * w"
    assert model.getSpecies("A_species").getInitialConcentration() == 24.0
    assert model.getReaction("pairing").getReactant(0).getStoichiometry() == 2


def test_a_dose_of_an_absent_drug_offers_the_nearest(core):
    with pytest.raises(UnknownNameError, match="'everolimuss'; did you mean 'everolimus'"):
        network_to_sbml(core, doses={"everolimuss": 1.0})


def test_a_structure_that_takes_more_than_it_has_is_refused():
    structure = MassActionStructure(1, ((0,),), (((0, -2),),))
    with pytest.raises(InputError, match="takes more than it has"):
        structure_to_sbml(structure, rate_constants=np.ones(1), initial_amounts=np.ones(1))


def test_without_libsbml_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'mtorsim\[sbml\]'"):
        network_to_sbml(_small_network())
