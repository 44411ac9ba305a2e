"""Small SBML documents for tests, written through libSBML from infix formulas."""

from __future__ import annotations

from collections.abc import Sequence

import libsbml
import numpy as np

from mtorsim.codegen.general_functions import general_functions
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.general import GeneralOptions, simulate_general
from mtorsim.symbolic.general_resolver import resolve


def formula(text: str) -> libsbml.ASTNode:
    tree = libsbml.parseL3Formula(text)
    assert tree is not None, libsbml.getLastParseL3Error()
    return tree


class Document:
    """A Level 3 Version 2 model in the making, or of another level where that is asked for."""

    def __init__(self, level: int = 3, version: int = 2) -> None:
        self.document = libsbml.SBMLDocument(level, version)
        self.model = self.document.createModel()
        self.model.setId("m")
        self.level = level

    def compartment(self, sid: str = "c", size: float = 1.0, *, constant: bool = True) -> Document:
        element = self.model.createCompartment()
        element.setId(sid)
        element.setSize(size)
        element.setSpatialDimensions(3)
        element.setConstant(constant)
        return self

    def species(
        self,
        sid: str,
        *,
        amount: float | None = None,
        concentration: float | None = None,
        compartment: str = "c",
        in_amount: bool = False,
        boundary: bool = False,
        factor: str | None = None,
    ) -> Document:
        element = self.model.createSpecies()
        element.setId(sid)
        element.setCompartment(compartment)
        if amount is not None:
            element.setInitialAmount(amount)
        if concentration is not None:
            element.setInitialConcentration(concentration)
        element.setHasOnlySubstanceUnits(in_amount)
        element.setBoundaryCondition(boundary)
        element.setConstant(False)
        if factor is not None:
            element.setConversionFactor(factor)
        return self

    def parameter(
        self, sid: str, value: float | None = None, *, constant: bool = False
    ) -> Document:
        element = self.model.createParameter()
        element.setId(sid)
        element.setConstant(constant)
        if value is not None:
            element.setValue(value)
        return self

    def reaction(
        self,
        sid: str,
        left: Sequence[str],
        right: Sequence[str],
        law: str,
        *,
        stoichiometry: float = 1.0,
        stoichiometry_id: str | None = None,
        local: dict[str, float] | None = None,
    ) -> Document:
        """A reaction; the stoichiometry given is that of the products."""
        element = self.model.createReaction()
        element.setId(sid)
        element.setReversible(False)
        element.setFast(False)
        for species in left:
            reference = element.createReactant()
            reference.setSpecies(species)
            reference.setStoichiometry(1.0)
            reference.setConstant(True)
        for species in right:
            reference = element.createProduct()
            reference.setSpecies(species)
            if stoichiometry_id is None:
                reference.setStoichiometry(stoichiometry)
            else:
                reference.setId(stoichiometry_id)
            reference.setConstant(stoichiometry_id is None)
        kinetics = element.createKineticLaw()
        kinetics.setMath(formula(law))
        for name, value in (local or {}).items():
            create = kinetics.createLocalParameter if self.level > 2 else kinetics.createParameter
            parameter = create()
            parameter.setId(name)
            parameter.setValue(value)
        return self

    def function(self, sid: str, text: str) -> Document:
        element = self.model.createFunctionDefinition()
        element.setId(sid)
        element.setMath(formula(text))
        return self

    def always(self, sid: str, text: str) -> Document:
        element = self.model.createAssignmentRule()
        element.setVariable(sid)
        element.setMath(formula(text))
        return self

    def rate(self, sid: str, text: str) -> Document:
        element = self.model.createRateRule()
        element.setVariable(sid)
        element.setMath(formula(text))
        return self

    def initially(self, sid: str, text: str) -> Document:
        element = self.model.createInitialAssignment()
        element.setSymbol(sid)
        element.setMath(formula(text))
        return self

    def event(
        self,
        sid: str,
        trigger: str,
        assignments: dict[str, str],
        *,
        delay: str | None = None,
        priority: str | None = None,
        initially_true: bool = True,
        persistent: bool = True,
        trigger_values: bool = True,
    ) -> Document:
        element = self.model.createEvent()
        element.setId(sid)
        element.setUseValuesFromTriggerTime(trigger_values)
        part = element.createTrigger()
        part.setInitialValue(initially_true)
        part.setPersistent(persistent)
        part.setMath(formula(trigger))
        if delay is not None:
            element.createDelay().setMath(formula(delay))
        if priority is not None:
            element.createPriority().setMath(formula(priority))
        for variable, text in assignments.items():
            assignment = element.createEventAssignment()
            assignment.setVariable(variable)
            assignment.setMath(formula(text))
        return self

    def text(self) -> str:
        return libsbml.writeSBMLToString(self.document)

    def run(self, *quantities: str, t_out: Sequence[float], seed: int = 0) -> np.ndarray:
        """Values of quantities, (n_times, n_quantities)."""
        system = resolve(read_sbml_text(self.text()))
        functions = general_functions(system, [system.values[sid] for sid in quantities])
        return simulate_general(system, functions, t_out=t_out, options=GeneralOptions(seed=seed))
