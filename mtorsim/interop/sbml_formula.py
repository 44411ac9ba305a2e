"""Formulas written as text (PEtab's observables), through libSBML's parser, into a graph."""

from __future__ import annotations

from collections.abc import Collection

from mtorsim.errors import MissingExtraError, ModelError
from mtorsim.interop.sbml_math import MathReader
from mtorsim.network.expression import ExpressionGraph

#: libSBML's parser recurses
MAX_LENGTH = 20_000


def read_formula(text: str, graph: ExpressionGraph, *, known: Collection[str], where: str) -> int:
    """Node of a formula; names become symbols, ``log`` is the natural logarithm.

    Raises
    ------
    ModelError : not a formula, or with a name that is not known
    """
    try:
        import libsbml
    except ImportError as error:
        raise MissingExtraError("python-libsbml", "sbml") from error
    settings = libsbml.L3ParserSettings()
    settings.setParseLog(libsbml.L3P_PARSE_LOG_AS_LN)
    is_short = len(text) <= MAX_LENGTH
    # sympy's sign for a power is met in tables, too
    infix = text.replace("**", "^")
    tree = libsbml.parseL3FormulaWithSettings(infix, settings) if is_short else None
    if tree is None:
        raise ModelError(f"{where}: not a formula: {text[:60]!r}")
    origin, _, line = where.rpartition(":")
    reader = MathReader(graph, {}, origin=origin)
    reader.known = known
    return reader.read(tree, what=f"formula {text[:60]!r}", line=int(line))
