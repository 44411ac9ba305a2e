"""A thin layer over libSBML: a model of one compartment in nM and s, built part by part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal
from xml.sax.saxutils import escape

from mtorsim.errors import MissingExtraError
from mtorsim.network.monomial import Monomial

COMPARTMENT = "cell"
LEVEL, VERSION = 3, 2

SBO_RATE_CONSTANT = "SBO:0000009"
SBO_MASS_ACTION = "SBO:0000012"
SBO_BIOCHEMICAL_REACTION = "SBO:0000176"
SBO_PHYSICAL_COMPARTMENT = "SBO:0000290"

Weights = Sequence[tuple[str, float]]
Substance = Literal["nmol", "item"]


def import_libsbml() -> Any:
    """The libSBML module; MissingExtraError names the extra that brings it."""
    try:
        import libsbml
    except ImportError as error:
        raise MissingExtraError("python-libsbml", "sbml") from error
    return libsbml


class SbmlWriter:
    """Collects a model and writes it as text; ids are made fit for SBML and kept unique.

    Parameters
    ----------
    model_id, title : of the model
    substance : ``"nmol"`` in litres, or ``"item"`` where amounts are counted
    """

    def __init__(self, model_id: str, title: str = "", *, substance: Substance = "nmol") -> None:
        self._sbml, self._substance = import_libsbml(), substance
        self._document = self._sbml.SBMLDocument(LEVEL, VERSION)
        self._model = self._document.createModel()
        self._taken: set[str] = set()
        self._units: dict[tuple[int, int], str] = {(0, 0): "dimensionless", (0, 1): "second"}
        self._set_model_units()
        self._model.setId(self.unique_id(model_id, kind="model"))
        self._model.setName(title or model_id)

    def unique_id(self, name: str, *, kind: str = "") -> str:
        """An id for ``name``: letters, digits and ``_``; ``:`` becomes ``__``.

        One that is taken gets ``kind`` at its end, or a number.
        """
        base = re.sub(r"[^A-Za-z0-9_]", "_", name.replace(":", "__"))
        base = base if re.match(r"[A-Za-z_]", base) else f"_{base}"
        base = f"{base}_{kind}" if kind and base in self._taken else base
        candidate, number = base, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{base}_{number}"
        self._taken.add(candidate)
        return candidate

    def _set_model_units(self) -> None:
        """Amounts in nmol and volume in litres, so that concentrations are in nM; or counted."""
        if self._substance == "nmol":
            nmol = self._model.createUnitDefinition()
            nmol.setId("nmol")
            self._add_unit(nmol, self._sbml.UNIT_KIND_MOLE, 1, scale=-9)
        self._model.setSubstanceUnits(self._substance)
        self._model.setExtentUnits(self._substance)
        self._model.setVolumeUnits("litre" if self._substance == "nmol" else "dimensionless")
        self._model.setTimeUnits("second")
        compartment = self._model.createCompartment()
        compartment.setId(self.unique_id(COMPARTMENT))
        compartment.setSize(1.0)
        compartment.setSpatialDimensions(3)
        compartment.setConstant(True)
        compartment.setSBOTerm(SBO_PHYSICAL_COMPARTMENT)

    def _add_unit(self, definition: Any, kind: Any, exponent: int, *, scale: int = 0) -> None:
        unit = definition.createUnit()
        unit.setKind(kind)
        unit.setExponent(exponent)
        unit.setScale(scale)
        unit.setMultiplier(1.0)

    def unit(self, powers: tuple[int, int]) -> str:
        """Id of the unit ``nM^a s^b`` (or ``item^a s^b``), defined at its first use."""
        if powers not in self._units:
            nM_power, s_power = powers
            definition = self._model.createUnitDefinition()
            symbol = "nM" if self._substance == "nmol" else "items"
            definition.setId(_unit_name(symbol, nM_power, s_power))
            if nM_power and self._substance == "nmol":
                self._add_unit(definition, self._sbml.UNIT_KIND_MOLE, nM_power, scale=-9)
                self._add_unit(definition, self._sbml.UNIT_KIND_LITRE, -nM_power)
            elif nM_power:
                self._add_unit(definition, self._sbml.UNIT_KIND_ITEM, nM_power)
            if s_power:
                self._add_unit(definition, self._sbml.UNIT_KIND_SECOND, s_power)
            self._units[powers] = definition.getId()
        return self._units[powers]

    def add_parameter(
        self, sid: str, value: float | None, powers: tuple[int, int], *, name: str = ""
    ) -> Any:
        """A constant, or with ``value`` None a quantity that a rule sets."""
        parameter = self._model.createParameter()
        parameter.setId(sid)
        parameter.setConstant(value is not None)
        parameter.setUnits(self.unit(powers))
        if value is not None:
            parameter.setValue(value)
        if name:
            parameter.setName(name)
        return parameter

    def add_species(self, sid: str, amount: float, *, name: str, fixed: bool = False) -> Any:
        """A species in the compartment, ``amount`` in nM; a fixed one is held there."""
        species = self._model.createSpecies()
        species.setId(sid)
        species.setName(name)
        species.setCompartment(COMPARTMENT)
        species.setInitialConcentration(amount)
        species.setSubstanceUnits(self._substance)
        species.setHasOnlySubstanceUnits(False)
        species.setBoundaryCondition(fixed)
        species.setConstant(fixed)
        return species

    def add_reaction(
        self, sid: str, reactants: Sequence[str], products: Sequence[str], rate: Any
    ) -> Any:
        """An irreversible mass-action reaction of extent ``compartment * rate * reactants``."""
        reaction = self._model.createReaction()
        reaction.setId(sid)
        reaction.setReversible(False)
        reaction.setSBOTerm(SBO_BIOCHEMICAL_REACTION)
        for side, create in (
            (reactants, reaction.createReactant),
            (products, reaction.createProduct),
        ):
            for species in dict.fromkeys(side):
                reference = create()
                reference.setSpecies(species)
                reference.setStoichiometry(side.count(species))
                reference.setConstant(True)
        law = reaction.createKineticLaw()
        law.setSBOTerm(SBO_MASS_ACTION)
        factors = [
            self.power(species, reactants.count(species)) for species in dict.fromkeys(reactants)
        ]
        law.setMath(self.product([self.symbol(COMPARTMENT), rate, *factors]))
        return reaction

    def set_initially(self, sid: str, math: Any) -> None:
        """Let ``math`` set the initial value of a species (nM) or parameter."""
        assignment = self._model.createInitialAssignment()
        assignment.setSymbol(sid)
        assignment.setMath(math)

    def set_always(self, sid: str, math: Any) -> None:
        """Let ``math`` set a parameter at all times."""
        rule = self._model.createAssignmentRule()
        rule.setVariable(sid)
        rule.setMath(math)

    def add_model_notes(self, lines: Iterable[str]) -> None:
        """Plain text for people about the whole model."""
        self.add_notes(self._model, lines)

    def add_notes(self, element: Any, lines: Iterable[str]) -> None:
        """Plain text for people, a paragraph a line."""
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
        if paragraphs:
            element.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</body>')

    def annotate(self, element: Any, qualifier: str, resources: Sequence[str]) -> None:
        """A MIRIAM annotation; ``qualifier`` is ``is``, ``isVersionOf`` or ``hasPart``."""
        if not resources:
            return
        kinds = {
            "is": self._sbml.BQB_IS,
            "isVersionOf": self._sbml.BQB_IS_VERSION_OF,
            "hasPart": self._sbml.BQB_HAS_PART,
        }
        element.setMetaId(f"meta_{element.getId()}")
        term = self._sbml.CVTerm(self._sbml.BIOLOGICAL_QUALIFIER)
        term.setBiologicalQualifierType(kinds[qualifier])
        for resource in resources:
            term.addResource(resource)
        element.addCVTerm(term)

    def symbol(self, sid: str) -> Any:
        """Formula of one id."""
        node = self._sbml.ASTNode(self._sbml.AST_NAME)
        node.setName(sid)
        return node

    def number(self, value: float) -> Any:
        """Formula of a dimensionless number."""
        node = self._sbml.ASTNode(self._sbml.AST_REAL)
        node.setValue(value)
        node.setUnits("dimensionless")
        return node

    def power(self, sid: str, exponent: int) -> Any:
        """Formula of an id to a positive whole power."""
        if exponent == 1:
            return self.symbol(sid)
        node = self._sbml.ASTNode(self._sbml.AST_POWER)
        whole = self._sbml.ASTNode(self._sbml.AST_INTEGER)
        whole.setValue(exponent)
        node.addChild(self.symbol(sid))
        node.addChild(whole)
        return node

    def product(self, factors: Sequence[Any]) -> Any:
        """Formula of a product of formulas; of none, 1."""
        return self._joined(self._sbml.AST_TIMES, factors, empty=1.0)

    def quotient(self, above: Any, below: Any) -> Any:
        """Formula of a quotient."""
        return self._joined(self._sbml.AST_DIVIDE, [above, below], empty=1.0)

    def total(self, terms: Sequence[Any]) -> Any:
        """Formula of a sum of formulas; of none, 0."""
        return self._joined(self._sbml.AST_PLUS, terms, empty=0.0)

    def weighted_sum(self, weights: Weights) -> Any:
        """Formula of a sum of ids with dimensionless weights."""
        terms = [
            self.symbol(sid)
            if weight == 1
            else self.product([self.number(weight), self.symbol(sid)])
            for sid, weight in weights
        ]
        return self.total(terms)

    def monomial(self, monomial: Monomial) -> Any:
        """Formula of a monomial whose names are ids."""
        above = [self.power(name, power) for name, power in monomial.powers if power > 0]
        below = [self.power(name, -power) for name, power in monomial.powers if power < 0]
        if monomial.coefficient != 1:
            above.insert(0, self.number(monomial.coefficient))
        numerator = self.product(above)
        return self.quotient(numerator, self.product(below)) if below else numerator

    def _joined(self, kind: Any, parts: Sequence[Any], *, empty: float) -> Any:
        if not parts:
            return self.number(empty)
        if len(parts) == 1:
            return parts[0]
        node = self._sbml.ASTNode(kind)
        for part in parts:
            node.addChild(part)
        return node

    def text(self) -> str:
        """The document."""
        return str(self._sbml.writeSBMLToString(self._document))


def _unit_name(substance: str, substance_power: int, s_power: int) -> str:
    """``(-1, -1)`` as ``per_nM_per_s``, ``(1, -1)`` as ``nM_per_s``."""
    parts = []
    for symbol, power in ((substance, substance_power), ("s", s_power)):
        if power:
            size = "" if abs(power) == 1 else str(abs(power))
            parts.append((power < 0, f"{'per_' if power < 0 else ''}{symbol}{size}"))
    return "_".join(name for _, name in sorted(parts, key=lambda part: part[0]))
