"""What an SBML document contains, what of it is not supported, and what libSBML says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mtorsim.interop.sbml_document import UnsupportedFeatureError, unsupported_packages
from mtorsim.interop.sbml_writer import import_libsbml

Kind = Literal[
    "unsupported",
    "invalid",
    "units",
    "no value",
    "no rate law",
    "unused",
    "not mass action",
    "can go negative",
    "remark",
]
#: libSBML's numbers from here on say that units could not be checked, not that they are wrong
FIRST_UNCHECKED = 99500
#: and so begin those that say of an element that it has none
UNDECLARED = ("No units", "No substance units")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be known about a file.

    Parameters
    ----------
    kind : what sort of thing; a ``"remark"`` alone does not make a file look wrong
    where : ``file:line``, or the file
    text : element and what is the matter
    count : how many such things it stands for
    """

    kind: Kind
    where: str
    text: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def contents_of(document: Any) -> tuple[tuple[str, int], ...]:
    """Pairs (what, how many) of a document."""
    model = document.getModel()
    rules = [model.getRule(i) for i in range(model.getNumRules())]
    laws = [model.getReaction(i).getKineticLaw() for i in range(model.getNumReactions())]
    local = sum(law.getNumParameters() for law in laws if law is not None)
    return (
        ("compartments", model.getNumCompartments()),
        ("species", model.getNumSpecies()),
        ("parameters", model.getNumParameters() + local),
        ("reactions", model.getNumReactions()),
        ("assignment rules", sum(rule.isAssignment() for rule in rules)),
        ("rate rules", sum(rule.isRate() for rule in rules)),
        ("algebraic rules", sum(rule.isAlgebraic() for rule in rules)),
        ("initial assignments", model.getNumInitialAssignments()),
        ("events", model.getNumEvents()),
        ("function definitions", model.getNumFunctionDefinitions()),
    )


def unsupported_in(document: Any, origin: str) -> Iterator[Finding]:
    """Every feature that is known not to be supported, with its element and line."""
    for error in unsupported_packages(document, origin):
        yield finding_of(error)
    model, sbml = document.getModel(), import_libsbml()
    for i in range(model.getNumRules()):
        if model.getRule(i).isAlgebraic():
            yield _unsupported(model.getRule(i), "algebraic rules", origin)
    for i in range(model.getNumReactions()):
        reaction = model.getReaction(i)
        if reaction.isSetFast() and reaction.getFast():
            yield _unsupported(reaction, "fast reactions", origin)
    for element in _with_math(document):
        if _uses(element.getMath(), sbml.AST_FUNCTION_DELAY):
            yield _unsupported(element, "delay() (delay differential equations)", origin)


def _with_math(document: Any) -> Iterator[Any]:
    """Elements that have a formula."""
    elements = document.getListOfAllElements()
    for i in range(elements.getSize()):
        element = elements.get(i)
        if hasattr(element, "isSetMath") and element.isSetMath():
            yield element


def finding_of(error: UnsupportedFeatureError) -> Finding:
    """A refusal as a finding."""
    where, _, text = str(error).partition(": ")
    return Finding("unsupported", where, text)


def _unsupported(element: Any, feature: str, origin: str) -> Finding:
    where = f"{origin}:{element.getLine()}"
    return finding_of(UnsupportedFeatureError(where, _name_of(element), feature))


def _name_of(element: Any) -> str:
    """Kind and id of an element, or those of what it belongs to."""
    kind = element.getElementName()
    while element is not None:
        sid = element.getIdAttribute() or _variable(element)
        if sid:
            owner = element.getElementName()
            return f"{owner} {sid!r}" if owner == kind else f"{kind} of {owner} {sid!r}"
        element = element.getParentSBMLObject()
        if element is not None and element.getElementName() == "model":
            break
    return str(kind)


def _variable(element: Any) -> str:
    """The id that a rule or assignment sets."""
    for attribute in ("getVariable", "getSymbol"):
        if hasattr(element, attribute):
            return str(getattr(element, attribute)())
    return ""


def _uses(tree: Any, kind: int) -> bool:
    """Whether an operation occurs in a formula."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.getType() == kind:
            return True
        stack.extend(node.getChild(i) for i in range(node.getNumChildren()))
    return False


def consistency_findings(document: Any, origin: str) -> Iterator[Finding]:
    """What libSBML's consistency check says, one finding for each of its rules, the first shown.

    Modelling practice is left out. That units can not be checked is a remark.
    """
    sbml = import_libsbml()
    document.getErrorLog().clearLog()
    document.setConsistencyChecks(sbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    counts = Counter(error.getErrorId() for error in errors)
    for error in errors:
        number = counts.pop(error.getErrorId(), 0)
        if not number:
            continue
        # The last paragraph is of this element; those before say the rule at length.
        said = " ".join(error.getMessage().strip().split("\n")[-1].split())
        text = f"{' '.join(error.getShortMessage().split())}: {said}"[:300]
        yield Finding(_kind_of(sbml, error), f"{origin}:{error.getLine()}", text, number)


def _kind_of(sbml: Any, error: Any) -> Kind:
    if error.getCategory() != sbml.LIBSBML_CAT_UNITS_CONSISTENCY:
        return "invalid" if error.getSeverity() >= sbml.LIBSBML_SEV_ERROR else "remark"
    is_undeclared = error.getShortMessage().startswith(UNDECLARED)
    return "remark" if is_undeclared or error.getErrorId() >= FIRST_UNCHECKED else "units"
