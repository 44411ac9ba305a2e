"""The full model in another engine, with one drug of each class."""

from __future__ import annotations

import libsbml
import numpy as np
import pytest

import mtorsim as mt
from mtorsim.interop.sbml_export import network_to_sbml, sbml_ids
from mtorsim.modelfiles.library import list_drugs

pytestmark = pytest.mark.slow

TIGHT = mt.SolverOptions(method="rodas5p", rtol=1e-10, atol=1e-12, precision="double")
HOURS = (0.25, 2.0, 24.0)
DOSE = 50.0  # nM


def _one_of_each_class(model: mt.Model) -> dict[str, str]:
    """Class by drug, for the first drug of each class that the model has."""
    first: dict[str, str] = {}
    for drug in list_drugs():
        if drug.id in model.drugs:
            first.setdefault(drug.drug_class, drug.id)
    return {drug: kind for kind, drug in first.items()}


@pytest.fixture(scope="module")
def model() -> mt.Model:
    model = mt.load("mtor")
    model = model.with_drugs(*_one_of_each_class(model))
    rested = model.steady_state()
    return model.with_amounts(dict(zip(rested.species, rested.amounts.tolist(), strict=True)))


@pytest.fixture(scope="module")
def exported(model: mt.Model) -> str:
    return network_to_sbml(
        model.network, values=model.parameter_values, amounts=dict(model.new_amounts)
    )


def test_libsbml_has_no_complaint_of_units_or_anything_else(exported: str) -> None:
    document = libsbml.readSBMLFromString(exported)
    document.checkConsistency()
    errors = [document.getError(i).getMessage() for i in range(document.getNumErrors())]
    assert errors == []


def test_roadrunner_agrees_with_us_for_every_class_of_drug(model: mt.Model, exported: str) -> None:
    roadrunner = pytest.importorskip("roadrunner")
    drugs = list(_one_of_each_class(model))
    # a readout under the name of a species is an observable where there is one
    observables = {observable.id for observable in model.network.observables}
    species = [name for name in model.network.dynamic_species if name not in observables]
    doses = DOSE * np.eye(len(drugs))
    ours = model.sweep(
        {drug: doses[:, i] for i, drug in enumerate(drugs)},
        at=[f"{hours} h" for hours in HOURS],
        mode="zip",
        readouts=species,
        pre_equilibrate=False,
        options=TIGHT,
    ).values
    runner = roadrunner.RoadRunner(exported)
    runner.integrator.setValue("relative_tolerance", 1e-11)
    runner.integrator.setValue("absolute_tolerance", 1e-13)
    runner.integrator.setValue("maximum_num_steps", 200_000)
    record, ids = roadrunner.SelectionRecord, sbml_ids(model.network)
    everything = record.TIME | record.RATE | record.FLOATING | record.BOUNDARY
    runner.timeCourseSelections = [f"[{ids.species[name]}]" for name in species]
    for i, drug in enumerate(drugs):
        for j, other in enumerate(drugs):
            runner[ids.doses[other]] = doses[i, j]
        runner.reset(everything)
        theirs = np.array(runner.simulate(times=[0.0, *(3600.0 * h for h in HOURS)]))
        peaks = np.maximum(np.abs(theirs).max(axis=0), 1e-3)
        worst = np.abs(ours[i] - theirs[1:]) / peaks
        assert worst.max() <= 1e-6, (drug, species[int(worst.max(axis=0).argmax())], worst.max())
