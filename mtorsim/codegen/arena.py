"""The working memory of a step, and what a step program is made for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mtorsim.codegen.program import Precision
from mtorsim.solvers import control

Moieties = Sequence[Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class ArenaArray:
    """An array in the arena: ``count`` slots of one number per lane."""

    name: str
    count: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class StepSpecification:
    """What a step program is made for.

    Parameters
    ----------
    n_species, n_reactions, n_factor : sizes of state, rate constants and stored factorisation
    precision : of all but state and first right-hand side
    increment_form : whether the stage program takes increments (at most two reactants) or states
    moieties : conserved sums to be held exactly, per moiety the (species, weight) pairs
    scratch : per program the arrays it takes besides its own, for its own use
    """

    n_species: int
    n_reactions: int
    n_factor: int
    precision: Precision
    increment_form: bool = True
    moieties: Moieties = ()
    scratch: Mapping[str, tuple[ArenaArray, ...]] = field(default_factory=dict)

    def low(self, name: str) -> str:
        """Name of the copy of a float64 array in the precision of the method."""
        return f"{name}_low" if self.precision == "single" else name

    def scratch_names(self, program: str) -> tuple[str, ...]:
        """Names of a program's scratch arrays."""
        return tuple(array.name for array in self.scratch.get(program, ()))

    def scratch_arrays(self) -> list[ArenaArray]:
        """All scratch arrays, each once."""
        return list(dict.fromkeys(array for group in self.scratch.values() for array in group))


def common_arrays(specification: StepSpecification) -> list[ArenaArray]:
    """Arrays that every method has; in float64 the low-precision copies are not needed."""
    s = specification
    arrays = [
        ArenaArray("control", control.SIZE, "double"),
        ArenaArray("y", s.n_species, "double"),
        ArenaArray("k", s.n_reactions, "double"),
    ]
    if s.precision == "single":
        arrays += [
            ArenaArray("y_low", s.n_species, "single"),
            ArenaArray("k_low", s.n_reactions, "single"),
        ]
    if s.moieties:
        arrays.append(ArenaArray("total", len(s.moieties), "double"))
    return arrays
