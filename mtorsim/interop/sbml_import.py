"""SBML Levels 1 to 3 into a `GeneralModel`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtorsim.errors import ModelError, suggestion
from mtorsim.interop.sbml_document import UnsupportedFeatureError, parse_document, read_document
from mtorsim.interop.sbml_math import MathReader
from mtorsim.interop.sbml_units import read_units
from mtorsim.network.expression import ExpressionGraph
from mtorsim.network.general_model import (
    Compartment,
    GeneralModel,
    ModelEvent,
    ModelParameter,
    ModelReaction,
    ModelSpecies,
    Participant,
)


def read_sbml(path: str | Path) -> GeneralModel:
    """The model in an SBML file.

    Raises
    ------
    ModelError : damaged, inconsistent, or with a feature that is not supported; the message names
        file, line, element and feature
    MissingExtraError : python-libsbml is not installed
    """
    return _Importer(read_document(Path(path)), str(path)).model()


def read_sbml_text(text: str, *, origin: str = "<text>") -> GeneralModel:
    """As `read_sbml`, of the document itself."""
    return _Importer(parse_document(text.encode(), origin=origin), origin).model()


def _items(elements: Any) -> Iterator[Any]:
    """Elements of a libSBML list."""
    return (elements.get(i) for i in range(elements.size()))


class _Importer:
    """Goes through one document; the model is what it has collected."""

    def __init__(self, document: Any, origin: str) -> None:
        self.document, self.origin = document, origin
        self.sbml_model = document.getModel()
        self.level = document.getLevel()
        self.graph = ExpressionGraph()
        self.lines: dict[str, int] = {}
        self.rules: dict[str, int] = {}
        self.rates: dict[str, int] = {}
        functions = {f.getId(): f for f in _items(self.sbml_model.getListOfFunctionDefinitions())}
        self.math = MathReader(self.graph, functions, origin=origin)
        self.math.known = self.lines

    def model(self) -> GeneralModel:
        """The whole model."""
        source = self.sbml_model
        self._collect_ids()
        compartments = tuple(map(self._compartment, _items(source.getListOfCompartments())))
        species = tuple(map(self._species, _items(source.getListOfSpecies())))
        parameters = [self._parameter(p) for p in _items(source.getListOfParameters())]
        reactions = []
        for reaction in _items(source.getListOfReactions()):
            reactions.append(self._reaction(reaction, parameters))
        self._read_rules()
        events = _items(source.getListOfEvents())
        time_unit, units = read_units(source, level=self.level)
        return GeneralModel(
            id=source.getId(),
            name=source.getName(),
            graph=self.graph,
            compartments=compartments,
            species=species,
            parameters=tuple(parameters),
            reactions=tuple(reactions),
            events=tuple(self._event(event, i) for i, event in enumerate(events)),
            rules=self.rules,
            rates=self.rates,
            initial=self._initial_assignments(),
            conversion_factor=self._reference(source, "ConversionFactor", "parameter"),
            origin=self.origin,
            lines=self.lines,
            time_unit=time_unit,
            units=units,
        )

    def _collect_ids(self) -> None:
        source = self.sbml_model
        for elements in (
            source.getListOfCompartments(),
            source.getListOfSpecies(),
            source.getListOfParameters(),
            source.getListOfReactions(),
        ):
            for element in _items(elements):
                self._add_id(element)
        for reaction in _items(source.getListOfReactions()):
            for reference in self._references(reaction):
                # in Level 2 the id of a species reference is not a symbol that formulas may use
                if reference.isSetId():
                    self._add_id(reference)

    def _add_id(self, element: Any) -> None:
        sid, line = element.getId(), element.getLine()
        if not sid:
            raise self._error(element, f"{element.getElementName()} has no id")
        if sid in self.lines:
            raise self._error(element, f"the id {sid!r} is already used, in line {self.lines[sid]}")
        self.lines[sid] = line

    def _references(self, reaction: Any) -> Iterator[Any]:
        yield from _items(reaction.getListOfReactants())
        yield from _items(reaction.getListOfProducts())

    def _error(self, element: Any, text: str) -> ModelError:
        return ModelError(f"{self.origin}:{element.getLine()}: {text}")

    def _refuse(self, element: Any, feature: str) -> ModelError:
        sid = element.getId() or element.getMetaId()
        name = f"{element.getElementName()} {sid!r}" if sid else element.getElementName()
        return UnsupportedFeatureError(f"{self.origin}:{element.getLine()}", name, feature)

    def _known(self, element: Any, sid: str, kind: str) -> str:
        if sid not in self.lines:
            what = f"{element.getElementName()} {element.getId()!r}".replace(" ''", "")
            near = suggestion(sid, self.lines)
            raise self._error(element, f"{what}: there is no {kind} {sid!r}{near}")
        return sid

    def _reference(self, element: Any, attribute: str, kind: str) -> str | None:
        """The id that an attribute names; None where it is not set."""
        if not getattr(element, f"isSet{attribute}", lambda: False)():
            return None
        return self._known(element, getattr(element, f"get{attribute}")(), kind)

    def _formula(
        self, element: Any, what: str, *, local: dict[str, int] | None = None
    ) -> int | None:
        """The element's formula; None where it has none, as Level 3 Version 2 allows."""
        tree = element.getMath() if element.isSetMath() else None
        if tree is None:
            return None
        return self.math.read(tree, what=what, line=element.getLine(), local=local)

    def _compartment(self, source: Any) -> Compartment:
        dimensions = source.getSpatialDimensionsAsDouble() if self.level > 1 else 3.0
        has_size = source.isSetSize() or self.level == 1
        size = source.getSize() if has_size else None
        return Compartment(source.getId(), size, dimensions, source.getName())

    def _species(self, source: Any) -> ModelSpecies:
        amount, concentration = source.isSetInitialAmount(), source.isSetInitialConcentration()
        return ModelSpecies(
            id=source.getId(),
            name=source.getName(),
            compartment=self._known(source, source.getCompartment(), "compartment"),
            initial_amount=source.getInitialAmount() if amount else None,
            initial_concentration=source.getInitialConcentration() if concentration else None,
            in_amount=source.getHasOnlySubstanceUnits(),
            boundary=source.getBoundaryCondition(),
            constant=source.getConstant(),
            conversion_factor=self._reference(source, "ConversionFactor", "parameter"),
        )

    def _parameter(self, source: Any, *, prefix: str = "") -> ModelParameter:
        value = source.getValue() if source.isSetValue() else None
        constant = bool(prefix) or source.getConstant()
        return ModelParameter(prefix + source.getId(), value, constant, source.getName())

    def _reaction(self, source: Any, parameters: list[ModelParameter]) -> ModelReaction:
        if source.isSetFast() and source.getFast():
            raise self._refuse(source, "fast reactions")
        return ModelReaction(
            id=source.getId(),
            name=source.getName(),
            reactants=tuple(map(self._participant, _items(source.getListOfReactants()))),
            products=tuple(map(self._participant, _items(source.getListOfProducts()))),
            law=self._law(source, parameters),
            reversible=source.getReversible(),
        )

    def _law(self, reaction: Any, parameters: list[ModelParameter]) -> int | None:
        """Rate of a reaction; its local parameters join ``parameters`` under longer names."""
        law = reaction.getKineticLaw()
        if law is None:
            return None
        prefix = f"{reaction.getId()}."
        elements = law.getListOfLocalParameters() if self.level > 2 else law.getListOfParameters()
        local = {}
        for source in _items(elements):
            parameter = self._parameter(source, prefix=prefix)
            parameters.append(parameter)
            self.lines[parameter.id] = source.getLine()
            local[source.getId()] = self.graph.symbol(parameter.id)
        return self._formula(law, f"reaction {reaction.getId()!r}", local=local)

    def _participant(self, source: Any) -> Participant:
        species = self._known(source, source.getSpecies(), "species")
        sid = source.getId() if source.isSetId() else None
        if source.isSetStoichiometryMath():
            formula = self._formula(source.getStoichiometryMath(), f"stoichiometry of {species!r}")
            if formula is not None:
                sid = sid or f"stoichiometry.{len(self.lines)}"
                self.lines.setdefault(sid, source.getLine())
                self.rules[sid] = formula
                return Participant(species, None, sid)
        if self.level == 1:
            return Participant(species, source.getStoichiometry() / source.getDenominator(), sid)
        is_set = source.isSetStoichiometry() or self.level == 2
        return Participant(species, source.getStoichiometry() if is_set else None, sid)

    def _read_rules(self) -> None:
        for rule in _items(self.sbml_model.getListOfRules()):
            if rule.isAlgebraic():
                raise self._refuse(rule, "algebraic rules")
            variable = self._known(rule, rule.getVariable(), "quantity")
            formula = self._formula(rule, f"rule of {variable!r}")
            if variable in self.rules or variable in self.rates:
                raise self._error(rule, f"there are two rules for {variable!r}")
            if formula is not None:
                (self.rates if rule.isRate() else self.rules)[variable] = formula

    def _initial_assignments(self) -> dict[str, int]:
        initial = {}
        for source in _items(self.sbml_model.getListOfInitialAssignments()):
            symbol = self._known(source, source.getSymbol(), "quantity")
            formula = self._formula(source, f"initial assignment of {symbol!r}")
            if formula is not None:
                initial[symbol] = formula
        return initial

    def _event(self, source: Any, number: int) -> ModelEvent:
        name = source.getId() or f"event {number + 1}"
        what = f"event {name!r}"
        trigger = source.getTrigger()
        formula = None if trigger is None else self._formula(trigger, what)
        has_options = self.level > 2 and trigger is not None
        return ModelEvent(
            id=name,
            trigger=self.graph.number(0.0) if formula is None else formula,
            assignments=tuple(self._assignments(source, what)),
            delay=self._part(source.getDelay(), what),
            priority=self._part(source.getPriority(), what),
            initially_true=trigger.getInitialValue() if has_options else True,
            persistent=trigger.getPersistent() if has_options else True,
            uses_trigger_values=source.getUseValuesFromTriggerTime(),
        )

    def _part(self, element: Any, what: str) -> int | None:
        return None if element is None else self._formula(element, what)

    def _assignments(self, event: Any, what: str) -> Iterator[tuple[str, int]]:
        for source in _items(event.getListOfEventAssignments()):
            variable = self._known(source, source.getVariable(), "quantity")
            formula = self._formula(source, what)
            if formula is not None:
                yield variable, formula
