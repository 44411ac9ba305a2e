"""Reader of BioNetGen ``.net`` files: reaction networks already expanded from rules.

Faeder, Blinov and Hlavacek, Methods Mol Biol 500:113 (2009), describe the tool and its files.
The rate of a reaction is its constant times the product of the amounts of its reactants; factors
for equal reactants are already in the constants. Amounts are in the unit of the file, most often
molecules per cell, and so are the results.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import ModelError, MtorsimError
from mtorsim.interop.bngl_expression import evaluate
from mtorsim.interop.bngl_sections import Line, numbered, read_sections
from mtorsim.interop.text_file import read_text
from mtorsim.network.structure import MassActionStructure

Array = NDArray[np.float64]

MAX_PROBLEMS = 20

_RATE_LAWS = ("MM", "Sat", "Hill", "Arrhenius", "FunctionProduct", "Ele")
_FIXED = re.compile(r"(@\w+:{1,2})?\$")


@dataclass(frozen=True, slots=True)
class Group:
    """A weighted sum of species, BioNetGen's observable.

    Parameters
    ----------
    name : as in the file
    species : indices, from 0
    weights : one a species
    """

    name: str
    species: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BioNetGenNetwork:
    """An expanded network; amounts in the unit of the file, time in s.

    Parameters
    ----------
    name : name of the file without its endings
    parameters : values by name, in file order
    species : patterns, in file order
    initial_amounts : (n,)
    fixed : (n,) bool; species that stay at their initial amount
    structure : reactants and net changes by index, species and reactions in file order
    rate_expressions : (r,) text of the constants
    rate_constants : (r,)
    groups : weighted sums of species
    """

    name: str
    parameters: Mapping[str, float]
    species: tuple[str, ...]
    initial_amounts: Array
    fixed: NDArray[np.bool_]
    structure: MassActionStructure
    rate_expressions: tuple[str, ...]
    rate_constants: Array
    groups: tuple[Group, ...]

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of the groups, in file order."""
        return tuple(group.name for group in self.groups)

    def group_matrix(self) -> Array:
        """Weights of the groups, (q, n); groups are ``group_matrix() @ y``."""
        matrix = np.zeros((len(self.groups), len(self.species)))
        for row, group in zip(matrix, self.groups, strict=True):
            np.add.at(row, list(group.species), group.weights)
        return matrix


def read_bngl_net(path: str | Path) -> BioNetGenNetwork:
    """Read an expanded BioNetGen network.

    Parameters
    ----------
    path : a ``.net`` file, or ``.net.gz``

    Raises
    ------
    ModelError : all problems of the file together, each with file and line; also a file that is
        missing, not text, or holds functions or rate laws that are not mass action
    """
    path = Path(path)
    sections = read_sections(read_text(path), path.name)
    for wanted in ("species", "reactions"):
        if wanted not in sections:
            raise ModelError(f"{path.name}: there is no section {wanted!r}: is this a .net file?")
    problems: list[str] = []
    parameters = _parameters(sections.get("parameters", []), problems)
    species, amounts, fixed = _species(sections["species"], parameters, problems)
    reactants, changes, expressions, constants = _reactions(
        sections["reactions"], parameters, fixed, problems
    )
    groups = _groups(sections.get("groups", []), len(species), problems)
    if problems:
        raise ModelError(_shortened(problems))
    return BioNetGenNetwork(
        name=path.name.split(".")[0],
        parameters=parameters,
        species=tuple(species),
        initial_amounts=np.array(amounts),
        fixed=np.array(fixed, dtype=bool),
        structure=MassActionStructure(len(species), tuple(reactants), tuple(changes)),
        rate_expressions=tuple(expressions),
        rate_constants=np.array(constants),
        groups=tuple(groups),
    )


def _shortened(problems: list[str]) -> list[str]:
    """The first problems, and how many more there are."""
    more = len(problems) - MAX_PROBLEMS
    return problems if more <= 0 else [*problems[:MAX_PROBLEMS], f"and {more} more problems"]


def _parameters(lines: list[Line], problems: list[str]) -> dict[str, float]:
    """Values by name; an expression may use the parameters above it."""
    values: dict[str, float] = {}
    for _, line in numbered(lines, "index name expression", 3, problems):
        name = line.fields[1]
        # A parameter that can not be read counts as 1, so that one mistake gives one message.
        value = 1.0
        with _noted(problems):
            if name in values:
                raise ModelError(f"{line.where}: parameter {name!r} stands twice")
            value = evaluate(" ".join(line.fields[2:]), values, where=line.where)
        values.setdefault(name, value)
    return values


@contextmanager
def _noted(problems: list[str]) -> Iterator[None]:
    """Context in which an error of the input is noted down and reading goes on."""
    try:
        yield
    except MtorsimError as error:
        problems.append(str(error))


def _species(
    lines: list[Line], parameters: Mapping[str, float], problems: list[str]
) -> tuple[list[str], list[float], list[bool]]:
    """Patterns, initial amounts and which are fixed."""
    patterns, amounts, fixed = [], [], []
    value_of = _remembered(parameters)
    for _, line in numbered(lines, "index pattern amount", 3, problems):
        pattern, expression = line.fields[1], " ".join(line.fields[2:])
        mark = _FIXED.match(pattern)
        patterns.append(pattern.replace("$", "", 1) if mark else pattern)
        fixed.append(mark is not None)
        amounts.append(0.0)
        with _noted(problems):
            amounts[-1] = value_of(expression, line.where)
            if amounts[-1] < 0:
                problems.append(f"{line.where}: {pattern} starts at {amounts[-1]:g}, below 0")
    return patterns, amounts, fixed


def _remembered(parameters: Mapping[str, float]) -> Callable[[str, str], float]:
    """Evaluation that reads each different expression once."""
    known: dict[str, float] = {}

    def value(expression: str, where: str) -> float:
        if expression not in known:
            known[expression] = evaluate(expression, parameters, where=where)
        return known[expression]

    return value


Changes = tuple[tuple[int, int], ...]


def _reactions(
    lines: list[Line], parameters: Mapping[str, float], fixed: list[bool], problems: list[str]
) -> tuple[list[tuple[int, ...]], list[Changes], list[str], list[float]]:
    """Reactants, net changes, expressions and constants."""
    reactants: list[tuple[int, ...]] = []
    changes: list[Changes] = []
    expressions: list[str] = []
    constants: list[float] = []
    value_of = _remembered(parameters)
    for _, line in numbered(lines, "index reactants products rate", 4, problems):
        with _noted(problems):
            left = _indices(line.fields[1], len(fixed), line.where)
            right = _indices(line.fields[2], len(fixed), line.where)
            expression = " ".join(line.fields[3:])
            if line.fields[3] in _RATE_LAWS:
                raise ModelError(f"{line.where}: rate law {expression!r} is not mass action")
            constants.append(_rate_constant(value_of(expression, line.where), line))
            reactants.append(left)
            changes.append(_net_change(left, right, fixed))
            expressions.append(expression)
    return reactants, changes, expressions, constants


def _rate_constant(value: float, line: Line) -> float:
    if value < 0:
        raise ModelError(f"{line.where}: rate constant {line.fields[3]!r} is {value:g}, below 0")
    return value


def _indices(text: str, n_species: int, where: str) -> tuple[int, ...]:
    """Indices from 0, ascending, of ``"3,12"``; ``"0"`` is none."""
    if text == "0":
        return ()
    try:
        indices = sorted(int(field) - 1 for field in text.split(","))
    except ValueError as error:
        raise ModelError(
            f"{where}: {text!r}: species indices with commas between them are wanted"
        ) from error
    if not (indices[0] >= 0 and indices[-1] < n_species):
        wrong = indices[0] + 1 if indices[0] < 0 else indices[-1] + 1
        raise ModelError(f"{where}: there is no species {wrong}: indices go from 1 to {n_species}")
    return tuple(indices)


def _net_change(left: tuple[int, ...], right: tuple[int, ...], fixed: list[bool]) -> Changes:
    """Net changes of the species that are not held fixed."""
    net: dict[int, int] = {}
    for i in left:
        net[i] = net.get(i, 0) - 1
    for i in right:
        net[i] = net.get(i, 0) + 1
    return tuple(sorted((i, change) for i, change in net.items() if change and not fixed[i]))


def _groups(lines: list[Line], n_species: int, problems: list[str]) -> list[Group]:
    groups = []
    for _, line in numbered(lines, "index name weights", 2, problems):
        with _noted(problems):
            terms = [_term(term, line) for term in "".join(line.fields[2:]).split(",") if term]
            species = [_indices(index, n_species, line.where)[0] for _, index in terms]
            weights = tuple(weight for weight, _ in terms)
            groups.append(Group(line.fields[1], tuple(species), weights))
    return groups


def _term(text: str, line: Line) -> tuple[float, str]:
    """Weight and species index of ``"2*15"`` or ``"15"``."""
    weight, _, index = text.rpartition("*")
    try:
        if int(index) < 1:
            raise ValueError
        return float(weight) if weight else 1.0, index
    except ValueError as error:
        raise ModelError(f"{line.where}: {text!r}: wanted: weight*species, or species") from error
